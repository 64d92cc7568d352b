"""The figures of the returns, and who stands in them, as tidy tables, gathered before any is released."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from orchestration.report import words
from orchestration.report.facts import OwedReturn, RunFacts
from orchestration.report.packs_read import Figure, Pack, Standing, pack_history, standings
from orchestration.report.release import Gathering
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


def figure_table(owed: OwedReturn, pack: Pack) -> TidyTable:
    """Return the figures of a pack as a tidy table: one row per cell."""
    return TidyTable(
        f"figures_{owed.definition.return_id}_{owed.submitter_id}_{pack.period_label}",
        f"{owed.definition.title}: {owed.submitter_name}, {words.label_words(pack.period_label)}",
        (Dimension("cell_id", "Cell"), Dimension("table", "Part"), Dimension("label", "Answer")),
        tuple(_row(f) for f in pack.figures),
        scope=f"{owed.definition.return_id} {owed.submitter_id} {pack.period_label}",
    )


def _row(figure: Figure) -> Row:
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
