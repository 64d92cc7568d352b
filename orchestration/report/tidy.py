"""Tidy tables: every number of a page stands in one, so that disclosure control has one place to work on.

A row is one number at one combination of dimensions. Where a dimension holds `TOTAL` the row is the sum over
that dimension, so which cells could be worked out by subtraction can be told from the table alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

TOTAL = "Total"

# Shorthand of the Government Analysis Function for a number that is not there.
CONFIDENTIAL, NOT_APPLICABLE, NOT_AVAILABLE, LOW = "[c]", "[z]", "[x]", "[low]"
MARKS = {
    CONFIDENTIAL: "confidential: held back so that nobody can be recognised",
    NOT_APPLICABLE: "not applicable",
    NOT_AVAILABLE: "not available: the records do not say",
    LOW: "more than nothing, but rounds to zero",
}

# Whatever is not listed here is taken for a count of people or of their events, records and visits. Beds, and
# lines about places, are nobody; where people can be worked out from them they are held back as well.
NOBODY = frozenset({"beds", "places", "lines", "share_of_lines"})
_PLACES = frozenset({"places", "lines", "share_of_lines"})
_AMOUNTS = {"hours", "hours_per_week", "minutes", "days", "pounds", "pounds_per_week", "pounds_per_hour"}
_QUOTIENTS = {"share", "percent", "rate"}
_WORDS = {"code", "text", "yes_no", ""}
NOT_PEOPLE = frozenset({*NOBODY, *_AMOUNTS, *_QUOTIENTS, *_WORDS})


@dataclass(frozen=True)
class Dimension:
    """A column that says what a number is about."""

    name: str
    label: str


@dataclass(frozen=True)
class Row:
    """One number, with what it is about and, for a share, what it is made of.

    `of_people` says of how many people an amount of hours or money is: one of few tells of each of them.
    `of_places` marks a number of a place, such as its beds: it gives way last of all to another number.
    """

    keys: tuple[str, ...]
    unit: str
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    mark: str = ""
    of_people: Decimal | None = None
    of_places: bool = False

    @property
    def is_of_places(self) -> bool:
        """True where the number tells of places and of nobody in them."""
        return self.of_places or self.unit in _PLACES

    @property
    def counts_people(self) -> bool:
        """True where the number, or what it is made of, counts people or their events."""
        made_of = self.numerator is not None or self.denominator is not None
        return self.unit not in NOBODY and (self.unit not in NOT_PEOPLE or made_of)


@dataclass(frozen=True)
class TidyTable:
    """Numbers of one kind, with the dimensions they are broken down by.

    Two tables of one `scope` count the same: equal numbers at the same dimension values are one number.
    """

    table_id: str
    title: str
    dimensions: tuple[Dimension, ...]
    rows: tuple[Row, ...]
    about: str = ""
    source: str = ""
    released_by: str = field(default="")
    scope: str = ""

    def where(self, **wanted: str) -> TidyTable:
        """Return the rows at some dimension values, without those dimensions."""
        names = [d.name for d in self.dimensions]
        places = {names.index(name): value for name, value in wanted.items()}
        kept = [i for i in range(len(names)) if i not in places]
        rows = tuple(
            replace(r, keys=tuple(r.keys[i] for i in kept))
            for r in self.rows
            if all(r.keys[i] == value for i, value in places.items())
        )
        return self.with_rows(rows, tuple(self.dimensions[i] for i in kept))

    def with_rows(self, rows: Iterable[Row], dimensions: Sequence[Dimension] | None = None) -> TidyTable:
        """Return the same table with other rows."""
        return replace(self, dimensions=tuple(dimensions or self.dimensions), rows=tuple(rows))

    def values(self, dimension: str) -> list[str]:
        """Return the values of a dimension in the order they appear, the total last."""
        place = [d.name for d in self.dimensions].index(dimension)
        found = list(dict.fromkeys(r.keys[place] for r in self.rows))
        return [v for v in found if v != TOTAL] + [v for v in found if v == TOTAL]

    def at(self, *keys: str) -> Row | None:
        """Return the row at one combination of dimension values, or None."""
        return next((r for r in self.rows if r.keys == keys), None)
