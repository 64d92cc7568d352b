"""Rows that hold between two days: which of them are in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class _Dated(Protocol):
    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


DatedRow = TypeVar("DatedRow", bound=_Dated)


def in_force(rows: Iterable[DatedRow], day: date) -> list[DatedRow]:
    """Return the rows whose validity covers a day, in the order given; an open end covers everything."""
    return [
        row
        for row in rows
        if (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)
    ]
