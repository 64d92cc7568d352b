"""The figures of the returns, and who stands in them, as tidy tables, gathered before any is released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from orchestration.report import words
from orchestration.report.demand_tables import BANDS, PACKAGE_COSTS, PACKAGE_HOURS
from orchestration.report.disclosure_system import NUMERATOR, VALUE, Part, Relation
from orchestration.report.facts import OwedReturn, RunFacts
from orchestration.report.packs_read import Figure, Pack, Standing, pack_history, standings
from orchestration.report.quality_tables import FAULTS, FINDINGS
from orchestration.report.release import Gathering
from orchestration.report.submitter_sums import Count, alike, counts_of, is_of_places, standing_sums, sums_of
from orchestration.report.tidy import NOT_APPLICABLE, NOT_AVAILABLE, Dimension, Row, TidyTable

_MARKS = {"not_applicable": NOT_APPLICABLE, "not_fillable": NOT_AVAILABLE}


@dataclass(frozen=True)
class OwedTables:
    """One owed return with its packs, bare of numbers, and the names of the tables that hold those."""

    owed: OwedReturn
    history: tuple[Pack, ...]
    figures: tuple[str, ...]
    standing: str

    @property
    def is_current(self) -> bool:
        """True where there is a pack of the period owed."""
        last = self.history[-1].period_label if self.history else ""
        return self.owed.is_ready and last == self.owed.period.label


def gather_return(gathered: Gathering, facts: RunFacts, owed: OwedReturn, lake: Path) -> OwedTables:
    """Gather the figures of every period of one owed return and who stands in those of the last."""
    packs = pack_history(lake, facts.client_id, owed)
    tables = [gathered.add(figure_table(owed, pack)) for pack in packs]
    found = OwedTables(owed, tuple(p.without_numbers() for p in packs), tuple(t.table_id for t in tables), "")
    if not found.is_current:
        return found
    standing = gathered.add(standing_table(owed, standings(packs[-1])))
    return OwedTables(owed, found.history, found.figures, standing.table_id)


def submitter_relations(gathered: Gathering, owed: Sequence[OwedTables]) -> Iterator[Relation]:
    """Yield what ties the tables about each submitter, over all its returns, its places and its findings."""
    tables = {t.table_id: t for t in gathered.tables}
    by_submitter: dict[str, list[OwedTables]] = {}
    for one in owed:
        by_submitter.setdefault(one.owed.submitter_id, []).append(one)
    for own in by_submitter.values():
        # Returns have periods of their own; those the same number of periods back belong to one run.
        for back in range(max(len(one.history) for one in own)):
            counts = [
                count
                for one in own
                if back < len(one.history)
                for count in counts_of(
                    one.owed.definition.return_id,
                    one.history[-1 - back],
                    tables[one.figures[-1 - back]],
                )
            ]
            yield from sums_of(counts)
            if back == 0:
                for one in own:
                    if one.standing:
                        yield from standing_sums(counts, one.owed.definition.return_id, tables[one.standing])
                yield from alike((*_told_of(counts), *_elsewhere(own[0].owed, tables)))


def _told_of(counts: Sequence[Count]) -> Iterator[tuple[str, Decimal, Part]]:
    """Counts of people of a submitter, whatever the unit of the page they may stand on elsewhere."""
    return (("", c.number, c.part) for c in counts if c.part.name == VALUE and c.kind != "staff")


def _elsewhere(owed: OwedReturn, tables: Mapping[str, TidyTable]) -> Iterator[tuple[str, Decimal, Part]]:
    """What other pages count about the same place: people by location, packages, rows that break a rule."""
    for name, place in (("providers_by_place", 0), (PACKAGE_HOURS, 0), (PACKAGE_COSTS, 0), (BANDS, 1)):
        for row in tables[name].rows if name in tables else ():
            if row.keys[place] == owed.submitter_name and row.counts_people and row.value is not None:
                yield "", row.value, Part(name, row.keys, row.unit)
    for name, part in ((FINDINGS, NUMERATOR), (FAULTS, VALUE)):
        for row in tables[name].rows:
            number = row.numerator if part == NUMERATOR else row.value
            if row.keys[1] == owed.submitter_id and number is not None:
                yield "", number, Part(name, row.keys, row.unit, part)


def figure_table(owed: OwedReturn, pack: Pack) -> TidyTable:
    """Return the figures of a pack as a tidy table: one row per cell."""
    return TidyTable(
        f"figures_{owed.definition.return_id}_{owed.submitter_id}_{pack.period_label}",
        f"{owed.definition.title}: {owed.submitter_name}, {words.label_words(pack.period_label)}",
        (Dimension("cell_id", "Cell"), Dimension("table", "Part"), Dimension("label", "Answer")),
        tuple(_row(owed.definition.return_id, f) for f in pack.figures),
        scope=f"{owed.definition.return_id} {owed.submitter_id} {pack.period_label}",
    )


def _row(return_id: str, figure: Figure) -> Row:
    """A plain count is its own numerator in a pack; here only shares, rates and means are made of two."""
    numerator = figure.numerator
    if figure.denominator is None and numerator == figure.value:
        numerator = None
    return Row(
        (figure.cell_id, figure.table, figure.label),
        figure.unit,
        figure.value,
        numerator,
        figure.denominator,
        _MARKS.get(figure.outcome, ""),
        of_places=is_of_places(return_id, figure.cell_id),
    )


def standing_table(owed: OwedReturn, found: Iterable[Standing]) -> TidyTable:
    """Return who stands in the figures as a tidy table: rows and people by measure, cell, role and reason."""
    rows = []
    for s in found:
        keys = (s.measure, s.cell_id, s.role, s.reason)
        rows.append(Row((*keys, "rows"), "rows", Decimal(s.rows)))
        rows.append(Row((*keys, "people"), "people", Decimal(s.people)))
    names = ("measure", "cell_id", "role", "reason", "counted")
    dimensions = tuple(Dimension(name, words.sentence(name)) for name in names)
    return TidyTable(
        f"standing_{owed.definition.return_id}_{owed.submitter_id}_{owed.period.label}",
        f"Who stands in the figures: {owed.definition.title}, {owed.submitter_name}",
        dimensions,
        tuple(rows),
        scope=f"standing {owed.definition.return_id} {owed.submitter_id}",
    )
