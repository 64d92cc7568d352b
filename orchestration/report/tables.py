"""Tidy tables as the tables of a page: one column a list of values, another spread over the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orchestration.report import words
from orchestration.report.tidy import CONFIDENTIAL, NOT_AVAILABLE, TOTAL, Row, TidyTable

NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class ShownRow:
    """One row of a shown table: its head and its cells as text."""

    head: str
    cells: tuple[str, ...]
    is_total: bool


@dataclass(frozen=True)
class ShownTable:
    """A table as a page shows it."""

    title: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    note: str = ""

    @property
    def label(self) -> str:
        """What a screen reader calls the region that scrolls."""
        return f"Table: {self.title}"


def text_of(row: Row | None) -> str:
    """Return a released number as text: its mark where it is held back, nothing at all as zero people."""
    if row is None:
        return "0"
    if row.mark or row.value is None:
        return row.mark or NOT_AVAILABLE
    return words.number(row.value, row.unit)


def made_of(row: Row | None) -> str:
    """Return what a released share is made of: 8 of 10; its mark where it is held back."""
    if row is None or row.mark or row.numerator is None or row.denominator is None:
        return CONFIDENTIAL if row is not None and row.mark == CONFIDENTIAL else ""
    return f"{words.count(row.numerator)} of {words.count(row.denominator)}"


def rows_text(row: Row | None) -> str:
    """Return a released count of records in words: 1 record, 12 records, [c] records."""
    text = text_of(row)
    return f"{text} {'record' if text == '1' else 'records'}"


def total_of(rows: Iterable[Row | None]) -> Decimal | None:
    """Return the sum of released numbers, or None where one of them is held back."""
    found = list(rows)
    if any(row is None or row.value is None for row in found):
        return None
    return sum((row.value for row in found if row is not None and row.value is not None), Decimal(0))


def spread(
    table: TidyTable,
    down: str,
    across: str,
    *,
    by_size: bool = True,
    named: Callable[[str], str] = lambda value: value,
    note: str = "",
) -> ShownTable:
    """Return a table of two dimensions: values of one as rows, of the other as columns, totals last."""
    names = [d.name for d in table.dimensions]
    labels = {d.name: d.label for d in table.dimensions}
    columns = ordered(table, across, across=down, by_size=True)
    rows = ordered(table, down, across=across, by_size=by_size)
    found = {(r.keys[names.index(down)], r.keys[names.index(across)]): r for r in table.rows}
    return ShownTable(
        title=table.title,
        corner=labels[down],
        columns=tuple(named(c) for c in columns),
        rows=tuple(
            ShownRow(named(v), tuple(text_of(found.get((v, c))) for c in columns), v == TOTAL) for v in rows
        ),
        note=note,
    )


def ordered(table: TidyTable, dimension: str, across: str, *, by_size: bool) -> list[str]:
    """Return the values of a dimension as people expect them: largest first or by name, the total last."""
    names = [d.name for d in table.dimensions]
    place, other = names.index(dimension), names.index(across)
    sizes = {r.keys[place]: r.value for r in table.rows if r.keys[other] == TOTAL}
    values = table.values(dimension)

    def weight(value: str) -> tuple[int, float, tuple[int, str]]:
        last = 2 if value == TOTAL else 1 if value == "not_known" else 0
        size = -float(sizes.get(value) or 0) if by_size else 0.0
        return last, size, (0 if value.startswith("Under") else 1, value)

    return sorted(values, key=weight)


def plain_table(
    title: str, corner: str, columns: Sequence[str], rows: Sequence[ShownRow], note: str = ""
) -> ShownTable:
    """Return a table whose columns are measures rather than values of a dimension."""
    return ShownTable(title, corner, tuple(columns), tuple(rows), note)
