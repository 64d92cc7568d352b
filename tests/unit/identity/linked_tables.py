"""Drawn tables as files for `returns link`, and its links read back."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.spec.identity.small_people import read_table


def table(folder: Path, text: str, name: str = "people.csv") -> Path:
    """Write a drawn table as CSV."""
    rows = read_table(text)
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(rows[0])
        writer.writerows([cell or "" for cell in row.values()] for row in rows)
    return folder / name


def links(out: Path) -> dict[str, str]:
    """Return each record's person."""
    return {
        r["record_id"]: r["person_key"] for r in csv.DictReader((out / "links.csv").open(encoding="utf-8"))
    }
