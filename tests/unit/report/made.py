"""Small made returns with figures, released under a profile, for the tests of what is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from orchestration.quality.gate import Decision
from orchestration.report.contents import Contents
from orchestration.report.disclosure import protect
from orchestration.report.disclosure_profiles import load_profiles
from orchestration.report.facts import OwedReturn, Period, RunFacts, Sender
from orchestration.report.packs_read import Figure, Pack
from orchestration.report.quality_tables import TAKEN_IN, WHAT_BECAME
from orchestration.report.release import Gathering, profile_of, release
from orchestration.report.return_pages import ReturnState
from orchestration.report.tidy import NOT_APPLICABLE, TOTAL, Dimension, Row, TidyTable
from orchestration.returns.definitions import ReturnDefinition, load_definition, return_folders

AS_AT = date(2026, 10, 12)
Answer = tuple[str, str, str, str, str]
"""cell, label, unit, value or a mark, and `numerator/denominator` or nothing."""


@cache
def definition() -> ReturnDefinition:
    """A definition of the project; the tests read nothing of it but its titles and its method."""
    return load_definition(return_folders()["capacity_tracker"])


def _row(answer: Answer) -> Row:
    cell, label, unit, value, made_of = answer
    numerator, _, denominator = made_of.partition("/")
    number = None if value.startswith("[") or not value else Decimal(value)
    return Row(
        (cell, "Beds", label),
        unit,
        number,
        Decimal(numerator) if numerator else None,
        Decimal(denominator) if denominator else None,
        value if value.startswith("[") else "",
    )


def state(
    periods: dict[str, Sequence[Answer]], *, profile: str = "none", name: str = "Oakfield", number: int = 1
) -> ReturnState:
    """One submitter with the answers of some periods, all released together."""
    submitter = f"1-90000000{number}"
    dimensions = (Dimension("cell_id", "Cell"), Dimension("table", "Part"), Dimension("label", "Answer"))
    tables = [
        TidyTable(f"{submitter}_{label}", label, dimensions, tuple(_row(a) for a in answers))
        for label, answers in periods.items()
    ]
    packs = tuple(_pack(label, answers) for label, answers in periods.items())
    last = list(periods)[-1]
    owed = OwedReturn(
        definition=definition(),
        period=Period(last, AS_AT, AS_AT, AS_AT, AS_AT, "1"),
        submitter_id=submitter,
        submitter_name=name,
        decision=Decision(definition().return_id, submitter, ()),
        verdicts=(),
        faults=(),
        senders=("oakfield",),
    )
    return ReturnState(owed, packs, tuple(protect(tables, load_profiles()[profile])), (), (), ())


def _pack(label: str, answers: Sequence[Answer]) -> Pack:
    figures = tuple(
        Figure(
            cell_id=cell,
            item_id=cell,
            label=text,
            table="Beds",
            row="",
            column="",
            measure=cell.split(".")[0],
            unit=unit,
            source_elements="",
            missing_item="",
            evidence="READ",
            numerator=None,
            denominator=None,
            value=None,
            value_text="",
            outcome="not_applicable" if value == NOT_APPLICABLE else "filled",
            reason="",
        )
        for cell, text, unit, value, _ in answers
    )
    return Pack(Path("no pack"), label, {"version": "v", "method": {"version": "1", "sections": {}}}, figures)


def contents(*states: ReturnState, client: str = "Northmere", profile: str = "none") -> Contents:
    """A run with one sender and some states."""
    sender = Sender("oakfield", "Oakfield Care", "provider", "CareNotes 4.2", AS_AT)
    owed = tuple(s.owed for s in states)
    facts = RunFacts("northmere", client, "2026-10", AS_AT, True, {"oakfield": sender}, owed, (), (), {}, {})
    gathered = Gathering()
    gathered.add(_taken_in())
    return Contents(facts, release(gathered, profile_of(profile)), states)


def _taken_in() -> TidyTable:
    rows = tuple(
        Row((sender, TOTAL, what), "rows", Decimal(number))
        for sender in ("oakfield", TOTAL)
        for what, number in zip(WHAT_BECAME, (100, 90, 10), strict=True)
    )
    names = ("sender_id", "record_class", "what")
    return TidyTable(TAKEN_IN, "Taken in", tuple(Dimension(n, n) for n in names), rows, scope=TAKEN_IN)
