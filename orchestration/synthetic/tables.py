"""The rows of one extract on their way to files: text as it will be written, by class."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

Row = dict[str, str]


class Tables:
    """The classes of one extract; every row gets a record uid of its class and a version."""

    def __init__(self) -> None:
        self.classes: dict[str, list[Row]] = defaultdict(list)
        self._count: dict[str, int] = defaultdict(int)

    def uid(self, record_class: str, prefix: str) -> str:
        """Return the next record uid of a class: letters and a short number, never like an NHS number."""
        self._count[record_class] += 1
        return f"{prefix}-{self._count[record_class]:06d}"

    def add(self, record_class: str, record_uid: str, version: int, values: dict[str, object]) -> Row:
        """Add a row; dates become ISO text and empty values stay out."""
        row = {"record_uid": record_uid, "version_number": str(version)}
        row.update((k, text(v)) for k, v in values.items() if v is not None and v != "")
        self.classes[record_class].append(row)
        return row

    def newest(self, record_class: str) -> list[Row]:
        """Return the newest version of each record of a class, in the order of first sight."""
        best: dict[str, Row] = {}
        for row in self.classes.get(record_class, []):
            kept = best.get(row["record_uid"])
            if kept is None or int(row["version_number"]) > int(kept["version_number"]):
                best[row["record_uid"]] = row
        return list(best.values())


def text(value: object) -> str:
    """Return a value as extracts write it."""
    return value.isoformat() if isinstance(value, date) else str(value)


def money(pence: int) -> str:
    """Return pence as pounds with two places."""
    return f"{pence // 100}.{pence % 100:02d}"


def moment(day: date, minute: int) -> str:
    """Return a moment of a day in UTC, its minute counted from midnight; more than a day runs on."""
    day += timedelta(days=minute // 1440)
    minute %= 1440
    return f"{day.isoformat()}T{minute // 60:02d}:{minute % 60:02d}:00Z"


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV: UTF-8, comma, quotes only where needed, one line feed per row."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
