"""All tables of one site, gathered in a first pass and handed out protected together in a second."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from orchestration.report.disclosure import protect
from orchestration.report.disclosure_profiles import DisclosureError, DisclosureProfile
from orchestration.report.disclosure_system import Relation
from orchestration.report.tidy import Row, TidyTable


class Gathered:
    """Tables that are read side by side.

    Pages are made twice: first with `gather` in the place of a release, which notes each table and returns it
    as it is, then with `release`, which returns the same table protected beside all the others. What the
    first pass draws must not be written anywhere.
    """

    def __init__(self, profile: DisclosureProfile, relations: Iterable[Relation] = ()) -> None:
        self._profile = profile
        self._relations = tuple(relations)
        self._names: dict[tuple[str, tuple[Row, ...]], str] = {}
        self._tables: list[TidyTable] = []
        self._released: dict[str, TidyTable] | None = None

    def gather(self, table: TidyTable) -> TidyTable:
        """Note a table and return it unchanged. Raises DisclosureError once tables have been released."""
        if self._released is not None:
            raise DisclosureError(f"table {table.table_id} came after the others were released")
        known = (table.table_id, table.rows)
        if known not in self._names:
            same_id = sum(table_id == table.table_id for table_id, _ in self._names)
            name = f"{table.table_id}#{same_id + 1}" if same_id else table.table_id
            self._names[known] = name
            self._tables.append(replace(table, table_id=name))
        return table

    def release(self, table: TidyTable) -> TidyTable:
        """Return a gathered table as it may be read beside the others. Raises DisclosureError for another."""
        if self._released is None:
            protected = protect(self._tables, self._profile, self._relations)
            self._released = {t.table_id: t for t in protected}
        name = self._names.get((table.table_id, table.rows))
        if name is None:
            raise DisclosureError(f"table {table.table_id} was not gathered with the others")
        found = self._released[name]
        return replace(table, rows=found.rows, released_by=found.released_by)
