"""Compute every official table of the kit, for every method, and print what differs."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from orchestration.conformance.comparing import TableComparison, compare_folders
from orchestration.conformance.conform import conform

KIT = Path(__file__).parent / "cld"
EXPECTED = {"dhsc": KIT / "golden", "dhsc_s26": KIT / "golden_s26"}


def compare_kit(out: Path) -> dict[str, list[TableComparison]]:
    """Return the comparison of every table of every section of the kit."""
    conform(KIT, KIT / "lookups", out)
    return {section: compare_folders(folder, out / section) for section, folder in EXPECTED.items()}


def main() -> int:
    """Print one line per table and return 1 if any cell differs."""
    with tempfile.TemporaryDirectory() as out:
        compared = compare_kit(Path(out))
    different = 0
    for section, tables in compared.items():
        print(f"{section}\n{'table':40}{'rows':>8}{'cells':>10}{'different':>11}")
        for table in tables:
            print(
                f"{table.name:40}{table.rows:>8}{table.cells:>10}{table.different:>11}  {table.note}".rstrip()
            )
            different += table.different
        print(f"{'all':40}{'':8}{sum(t.cells for t in tables):>10}{sum(t.different for t in tables):>11}\n")
    return int(different > 0)


if __name__ == "__main__":
    sys.exit(main())
