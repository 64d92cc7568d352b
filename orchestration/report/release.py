"""The edge at which numbers leave: all tables of a site are gathered, then released together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from orchestration.report.disclosure import protect
from orchestration.report.disclosure_profiles import DisclosureError, DisclosureProfile, load_profiles
from orchestration.report.disclosure_system import Relation
from orchestration.report.tidy import TOTAL, Row, TidyTable


def profile_of(profile_id: str) -> DisclosureProfile:
    """Return a profile by its name. Raises DisclosureError that names those there are."""
    profiles = load_profiles()
    if profile_id not in profiles:
        raise DisclosureError(
            f"there is no disclosure profile '{profile_id}'; there is: {', '.join(sorted(profiles))}."
        )
    return profiles[profile_id]


@dataclass
class Gathering:
    """Tables with true numbers, to be released together, and the sums between them that no table shows."""

    tables: list[TidyTable] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)

    def add(self, table: TidyTable) -> TidyTable:
        """Take in a table and return it. Raises DisclosureError where another has its name."""
        if any(known.table_id == table.table_id for known in self.tables):
            raise DisclosureError(f"two tables are named {table.table_id}")
        self.tables.append(table)
        return table

    def tie(self, relations: Iterable[Relation]) -> None:
        """Take in what holds between counts of any of the tables."""
        self.relations.extend(relations)


@dataclass(frozen=True)
class Released:
    """All tables of a site as others may read them; pages and files take their numbers from here alone."""

    profile: DisclosureProfile
    tables: Mapping[str, TidyTable]
    _rows: dict[str, dict[tuple[str, ...], Row]] = field(default_factory=dict, repr=False, compare=False)

    def table(self, table_id: str) -> TidyTable:
        """Return a table by its name. Raises DisclosureError for one that was not gathered."""
        if table_id not in self.tables:
            raise DisclosureError(f"table {table_id} was not gathered, so it is not released")
        return self.tables[table_id]

    def row(self, table_id: str, keys: tuple[str, ...]) -> Row | None:
        """Return the row of a table at some dimension values, or None where it has none."""
        if table_id not in self._rows:
            self._rows[table_id] = {row.keys: row for row in self.table(table_id).rows}
        return self._rows[table_id].get(keys)

    def starting(self, start: str) -> list[TidyTable]:
        """Return the tables whose names start alike, in the order they were gathered."""
        return [table for name, table in self.tables.items() if name.startswith(start)]


def release(gathered: Gathering, profile: DisclosureProfile) -> Released:
    """Return all gathered tables under a profile. Raises DisclosureError where one cannot be protected."""
    # Rounded, a nought says nothing of whether there is really nobody.
    hides_zeros = not (profile.hides_nothing or profile.zeros_shown or profile.round_to)
    tables = [_with_zeros(table) if hides_zeros else table for table in gathered.tables]
    found = protect(tables, profile, gathered.relations)
    return Released(profile, {table.table_id: table for table in found})


def _with_zeros(table: TidyTable) -> TidyTable:
    """A table of two dimensions with its zeros written out: a cell left out reads as none."""
    units = {row.unit for row in table.rows}
    crossed = len(table.dimensions) == 2 and any(row.keys == (TOTAL, TOTAL) for row in table.rows)
    if not crossed or len(units) != 1:
        return table
    there = {row.keys for row in table.rows}
    every = product(*(table.values(dimension.name) for dimension in table.dimensions))
    zeros = (Row(keys, next(iter(units)), Decimal(0)) for keys in every if keys not in there)
    return table.with_rows((*table.rows, *zeros))
