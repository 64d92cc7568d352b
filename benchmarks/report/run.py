"""Time the pages and workbooks of a large council, in a lake that is thrown away afterwards.

    python -m benchmarks.report.run [--people 30000] [--providers 150] [--profile none] [--lake DIR]

Makes the council, runs its road, then writes its site alone and times that. With --lake a finished lake with
`made/clients.toml` beside it is measured as it stands. Ends with 1 when the site takes more
processor time than LONGEST, or a page weighs more than HEAVIEST.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from orchestration.cli import app
from orchestration.report.earlier_site import record_of_site
from orchestration.report.site import write_site
from orchestration.returns.definitions import load_definitions
from orchestration.settings import load_settings

LONGEST, HEAVIEST = 60, 300 * 1024


def main() -> int:
    """Make the council where none is given, write its site, and print how long it took and what it weighs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--providers", type=int, default=150)
    parser.add_argument("--profile", default="suppress_under_5")
    parser.add_argument("--lake", type=Path)
    chosen = parser.parse_args()
    if chosen.lake:
        return _measured(chosen.lake, chosen.lake.parent / "made", chosen.profile)
    with tempfile.TemporaryDirectory(prefix="returns_report_") as scratch:
        made, lake = Path(scratch) / "made", Path(scratch) / "lake"
        size = ["--people", str(chosen.people), "--providers", str(chosen.providers)]
        app(["synthesise", "--seed", "11", *size, "--out", str(made), "--quiet"], standalone_mode=False)
        road = ["--clients", str(made / "clients.toml"), "--extracts", str(made), "--lake", str(lake)]
        app(["run", *road, "--quiet"], standalone_mode=False)
        return _measured(lake, made, chosen.profile)


def _measured(lake: Path, made: Path, profile: str) -> int:
    settings = load_settings(lake, made / "clients.toml")
    client = settings.only_client(None)
    # Pages that stand would stay.
    record_of_site(lake, client.client_id).unlink(missing_ok=True)
    worked, passed = time.process_time(), time.monotonic()
    site = write_site(lake, client.client_id, client.name, load_definitions(), profile)
    worked, passed = time.process_time() - worked, time.monotonic() - passed
    folder = site.index.parent
    shared = sum(p.stat().st_size for p in (folder / "static").iterdir())
    weights = {p: p.stat().st_size + shared for p in folder.rglob("*.html")}
    heaviest = max(weights, key=lambda p: weights[p])
    books = sum(p.stat().st_size for p in folder.rglob("*.xlsx"))
    print(
        f"{site.pages} pages, {site.ready + site.blocked} returns, profile {profile}: {worked:.0f} s of "
        f"processor time, {passed:.0f} s in all; heaviest page {heaviest.relative_to(folder)} with "
        f"{weights[heaviest] // 1024} KB; workbooks {books // 1024} KB"
    )
    return 1 if worked > LONGEST or weights[heaviest] > HEAVIEST else 0


if __name__ == "__main__":
    sys.exit(main())
