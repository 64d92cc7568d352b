"""A preview shows what the official method gives, for the three periods at once."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.returns.published import COLUMNS
from tests.conformance.run_kit import KIT

CLIENTS = """
[[client]]
id = "ambershire"
name = "Ambershire"
kind = "council_area"
synthetic = true
senders = ["ambershire"]
[[client.submitter]]
kind = "council"
code = "901"
name = "Ambershire"
"""


def official(table: str) -> dict[tuple[str, str], tuple[str, str]]:
    with (KIT / "golden_s26" / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        own = [row for row in csv.DictReader(handle) if row["LA_Code"] == "901"]
    return {
        (row.get("Description", "")[:2], row["Group"]): (row["Numerator"], row["Denominator"]) for row in own
    }


def test_now_and_last_quarter_are_the_official_latest_and_previous(tmp_path: Path) -> None:
    (tmp_path / "clients.toml").write_text(CLIENTS, encoding="utf-8")
    published = tmp_path / "published.csv"
    figure = "3d_1a,Total,901,2024-04-01,2025-03-31,61.5,a report,2025-12-11,READ"
    published.write_text(f"{','.join(COLUMNS)}\n{figure}\n", encoding="utf-8")
    out = tmp_path / "out"
    asked = ["preview", "--clients", str(tmp_path / "clients.toml"), "--published", str(published)]
    asked += ["--cld-store", str(KIT / "cld_raw.parquet"), "--deaths", str(KIT / "ons_deaths.parquet")]
    asked += ["--lookups", str(KIT / "lookups"), "--as-at", "2026-05-05", "--out", str(out)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    with (out / "preview.csv").open(encoding="utf-8", newline="") as handle:
        rows = {(r["item_id"], r["breakdown"]): r for r in csv.DictReader(handle)}
    assert {r["council"] for r in rows.values()} == {"901"}
    for when, period in (("now", "latest"), ("last_quarter", "previous")):
        golden = official(f"ascof_3d_{period}")
        assert len(golden) == 12
        for (item, group), expected in golden.items():
            row = rows[f"3d_{item}", group]
            assert (row[f"numerator_{when}"], row[f"denominator_{when}"]) == expected
    # 3D counts people: whoever entered or left is the difference of the denominators.
    for (item, _), row in rows.items():
        if item.startswith("3d"):
            moved = int(row["entered"]) - int(row["left"])
            assert int(row["denominator_now"]) - int(row["denominator_last_quarter"]) == moved
    assert rows["3d_1a", "Total"]["published_outcome"] == "61.5"
    assert rows["3d_1a", "Total"]["denominator_a_year_ago"] != ""
    # Hospital spells were not given: 2D is left out, and that is said.
    assert not any(item.startswith("2d") for item, _ in rows)
    assert "no hospital spells were given" in done.output
    for name in ("movement.csv", "data_changes.csv"):
        assert stat.S_IMODE((out / name).stat().st_mode) == 0o600
