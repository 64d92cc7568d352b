"""How records became people, as tidy tables: counts alone, and no person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.extracts.places import place
from orchestration.report.aggregates import read
from orchestration.report.disclosure_system import DENOMINATOR, NUMERATOR, Part, Relation
from orchestration.report.quality_tables import RECORDS, SCORECARD
from orchestration.report.release import Gathering
from orchestration.report.tidy import TOTAL, Dimension, Row, TidyTable

COUNTS, BY_SENDER = "identity_counts", "person_records"
PEOPLE_BY_KIND, NUMBER_STATES = "people_by_kind", "records_by_number_state"
CONFLICTS, REVIEWS = "conflicts", "reviews"
SET_ASIDE = "numbers set aside"
_UNITS = {
    PEOPLE_BY_KIND: "people",
    NUMBER_STATES: "records",
    CONFLICTS: "people",
    REVIEWS: "records",
    SET_ASIDE: "records",
}
PERSON_RECORDS, PEOPLE, REPEATED = "Records", "People", "Held twice"
VERIFIED, MISSING = "Number verified", "Number missing"


def gather_identity(gathered: Gathering, lake: Path, client_id: str) -> None:
    """Gather how many records are how many people, how surely, and what waits for a decision."""
    file = place(lake, "identity", client_id) / "summary.json"
    summary = json.loads(file.read_text(encoding="utf-8"))
    counts = gathered.add(
        TidyTable(
            *(COUNTS, "Records and people: how sure, which numbers, what waits"),
            (Dimension("list", "List"), Dimension("name", "Name")),
            tuple(_counts(summary)),
            scope=COUNTS,
        )
    )
    senders = read(lake, client_id, "agg__sender_people")
    by_sender = gathered.add(
        TidyTable(
            *(BY_SENDER, "Person records, by sender and kind"),
            (Dimension("sender_id", "Sender"), Dimension("source_class", "Kind"), Dimension("measure", "")),
            tuple(row for sender in senders for row in _sender(sender)),
            scope=BY_SENDER,
        )
    )
    cards = next(t for t in gathered.tables if t.table_id == SCORECARD)
    gathered.tie(_sums(counts, by_sender, cards))


def _counts(summary: Mapping[str, Any]) -> Iterator[Row]:
    lists = {
        PEOPLE_BY_KIND: (summary["people_by_kind"], summary["people"]),
        NUMBER_STATES: (summary["records_by_number_state"], summary["records"]),
        CONFLICTS: (summary["conflicts_by_field"], None),
        REVIEWS: (summary["review_by_reason"], summary["review_records"]),
        SET_ASIDE: ({}, summary["numbers_set_aside"]),
    }
    for name, (parts, total) in lists.items():
        for key, number in sorted(parts.items()):
            yield Row((name, key), _UNITS[name], Decimal(number))
        if total is not None:
            yield Row((name, TOTAL), _UNITS[name], Decimal(total))


def _sender(sender: Mapping[str, Any]) -> Iterator[Row]:
    keys = (sender["sender_id"], sender["source_class"])
    records = Decimal(sender["person_records"])
    yield Row((*keys, PERSON_RECORDS), "records", records)
    yield Row((*keys, PEOPLE), "people", Decimal(sender["people"]))
    yield Row((*keys, REPEATED), "records", Decimal(sender["repeated_records"]))
    for name, column in ((VERIFIED, "numbers_verified"), (MISSING, "numbers_missing")):
        number = Decimal(sender[column])
        yield Row((*keys, name), "share", number / records, number, records)


def _sums(counts: TidyTable, by_sender: TidyTable, cards: TidyTable) -> Iterator[Relation]:
    """Senders' records add up to all; numbers set aside are a part; a card counts the same records."""
    there = {row.keys for row in counts.rows}
    records, people = (
        Part(COUNTS, (NUMBER_STATES, TOTAL), "records"),
        Part(COUNTS, (PEOPLE_BY_KIND, TOTAL), "people"),
    )
    aside = Part(COUNTS, (SET_ASIDE, TOTAL), "records")
    yield Relation(records, (people,))
    yield Relation(records, (aside,))
    unset = {"verified", "valid", "missing", "replaced"}
    states = [k for k in there if k[0] == NUMBER_STATES and k[1] not in (TOTAL, *unset)]
    if states:
        yield Relation(aside, tuple(Part(COUNTS, k, "records") for k in sorted(states)))
    reviews = Part(COUNTS, (REVIEWS, TOTAL), "records")
    yield Relation(records, (reviews,))
    for key in sorted(k for k in there if k[0] == CONFLICTS):
        yield Relation(people, (Part(COUNTS, key, "people"),))
    own = sorted({row.keys[:2] for row in by_sender.rows})

    def at(keys: tuple[str, ...], measure: str, unit: str, name: str = "value") -> Part:
        return Part(BY_SENDER, (*keys, measure), unit, name)

    if own:
        yield Relation(records, tuple(at(k, PERSON_RECORDS, "records") for k in own))
        yield Relation(people, tuple(at(k, PEOPLE, "people") for k in own))
        for name, state in ((VERIFIED, "verified"), (MISSING, "missing")):
            if (NUMBER_STATES, state) in there:
                parts = tuple(at(k, name, "share", NUMERATOR) for k in own)
                yield Relation(Part(COUNTS, (NUMBER_STATES, state), "records"), parts)
    card_rows = {row.keys: row for row in cards.rows}
    for keys in own:
        yield Relation(
            at(keys, PERSON_RECORDS, "records"),
            (at(keys, PEOPLE, "people"), at(keys, REPEATED, "records")),
        )
        for name in (VERIFIED, MISSING):
            yield Relation(at(keys, PERSON_RECORDS, "records"), (at(keys, name, "share", DENOMINATOR),))
        card = card_rows.get((*keys, RECORDS))
        if card is not None:
            yield Relation(Part(SCORECARD, card.keys, card.unit), (at(keys, PERSON_RECORDS, "records"),))
