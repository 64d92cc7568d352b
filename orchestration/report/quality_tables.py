"""How good the records are, as tidy tables: what was taken in, scorecards, what rules found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.report.aggregates import read
from orchestration.report.disclosure_system import DENOMINATOR, NUMERATOR, Part, Relation
from orchestration.report.facts import RunFacts
from orchestration.report.release import Gathering
from orchestration.report.tidy import TOTAL, Dimension, Row, TidyTable

TAKEN_IN, SCORECARD, KNOWN, FINDINGS, FAULTS = "taken_in", "scorecard", "known_answers", "findings", "faults"
WHAT_BECAME = RECEIVED, LOADED, SET_ASIDE = "Received", "Loaded", "Set aside"
RECORDS, COMPLETE, REQUIRED, VALID = "Records", "Complete", "Required", "Valid"
UNIQUE, LABELS = "Unique", "Labels not in list"
FILLED, ANSWERED, NOT_KNOWN = "Filled", "Known", "Not known"
ROWS, SHARE, LINES, SHARE_OF_LINES = "rows", "share", "lines", "share_of_lines"
# Rows of these say nothing of anybody: they are about places. Every other class is about people.
ABOUT_PLACES = frozenset({"care_provider", "asc_wds_workplace", "location", "care_organisation", "occupancy"})
_FINE = Decimal("0.001")


def gather_quality(gathered: Gathering, facts: RunFacts, lake: Path) -> None:
    """Gather what was sent, how good it is, and what rules found in it."""
    cards = read(lake, facts.client_id, "agg__class_scorecard")
    people = {s.sender_id for s in facts.record_senders} & {sender for sender, _ in facts.classes}
    taken = gathered.add(_taken_in(facts, people))
    card_rows = [r for sender in people for r in _cards([c for c in cards if c["sender_id"] == sender])]
    by = (Dimension("sender_id", "Sender"), Dimension("record_class", "Class"))
    scorecard = gathered.add(
        TidyTable(
            *(SCORECARD, "Scorecard, by sender and class", (*by, Dimension("measure", "Measure"))),
            tuple(sorted(card_rows, key=lambda r: r.keys)),
            scope=SCORECARD,
        )
    )
    fields = [f for f in read(lake, facts.client_id, "agg__field_count") if f["not_known"]]
    known = gathered.add(
        TidyTable(
            *(KNOWN, "Fields filled with a code for not known, by sender and class"),
            (*by, Dimension("field", "Field"), Dimension("measure", "Measure")),
            tuple(row for f in fields for row in _known(f)),
            scope=KNOWN,
        )
    )
    gathered.tie(_taken_sums(taken, scorecard))
    gathered.tie(_everybody(people))
    gathered.tie(_known_sums(known, scorecard))
    gather_findings(gathered, facts)


def unit_of(record_class: str) -> str:
    """Return what the rows of a class count: people's records, or lines about places."""
    return LINES if record_class in ABOUT_PLACES else ROWS


def _taken_in(facts: RunFacts, people: set[str]) -> TidyTable:
    """Rows by sender and class; totals of senders are of those who sent records of people."""
    rows: list[Row] = []
    whole = [0, 0, 0]
    for sender in sorted({s for s, _ in facts.classes}):
        own = {c: counts for (s, c), counts in facts.classes.items() if s == sender}
        total = [sum(counts[n] for counts in own.values()) for n in range(3)]
        for record_class, counts in (*sorted(own.items()), (TOTAL, total)):
            rows += _counts((sender, record_class), unit_of(record_class), counts)
        if sender in people:
            whole = [a + b for a, b in zip(whole, total, strict=True)]
    rows += _counts((TOTAL, TOTAL), ROWS, whole)
    dimensions = (Dimension("sender_id", "Sender"), Dimension("record_class", "Class"))
    title = "Rows received, loaded and set aside, by sender and class"
    return TidyTable(
        TAKEN_IN, title, (*dimensions, Dimension("what", "What became of them")), tuple(rows), scope=TAKEN_IN
    )


def _counts(keys: tuple[str, str], unit: str, counts: Iterable[int]) -> list[Row]:
    named = zip(WHAT_BECAME, counts, strict=True)
    return [Row((*keys, what), unit, Decimal(number)) for what, number in named]


def _cards(own: list[dict[str, Any]]) -> Iterator[Row]:
    """The card of one sender: a line for each class, and one for all of them."""
    numbers = (
        *("records", "repeats", "values_filled", "values_not_known", "values_possible", "required_known"),
        *("required_possible", "loaded", "received", "labels_invalid"),
    )
    if own:
        total = {name: sum(card[name] or 0 for card in own) for name in numbers}
        total |= {"sender_id": own[0]["sender_id"], "record_class": TOTAL}
        for card in (*own, total):
            yield from _card(card)


def _card(card: dict[str, Any]) -> Iterator[Row]:
    keys, unit = (card["sender_id"], card["record_class"]), unit_of(card["record_class"])
    share = SHARE_OF_LINES if unit == LINES else SHARE
    records = int(card["records"] or 0)
    known = (card["values_filled"] or 0) - (card["values_not_known"] or 0)
    yield Row((*keys, RECORDS), unit, Decimal(records))
    yield _answers((*keys, COMPLETE), share, known, card["values_possible"], records)
    yield _answers((*keys, REQUIRED), share, card["required_known"], card["required_possible"], records)
    yield _share((*keys, VALID), share, card["loaded"], card["received"])
    yield _share((*keys, UNIQUE), share, records - int(card["repeats"] or 0), records)
    yield Row((*keys, LABELS), unit, Decimal(card["labels_invalid"] or 0))


def _share(keys: tuple[str, ...], unit: str, part: Any, whole: Any) -> Row:
    if not whole:
        return Row(keys, unit, None)
    return Row(keys, unit, Decimal(int(part or 0)) / int(whole), Decimal(int(part or 0)), Decimal(int(whole)))


def _answers(keys: tuple[str, ...], unit: str, known: Any, possible: Any, records: int) -> Row:
    """A share of answers counts nobody; it is about so many records, and of few of them it is held back."""
    if not possible or not records:
        return Row(keys, unit, None)
    value = (Decimal(int(known or 0)) / int(possible)).quantize(_FINE)
    return Row(keys, unit, value, denominator=Decimal(records))


def _taken_sums(taken: TidyTable, scorecard: TidyTable) -> Iterator[Relation]:
    """What was received is loaded or set aside, and the scorecard counts the same rows."""
    units = {row.keys: row.unit for row in taken.rows}
    cards = {row.keys: row for row in scorecard.rows}
    for keys, unit in units.items():
        at = {what: Part(TAKEN_IN, (*keys[:2], what), unit) for what in WHAT_BECAME}
        if keys[2] == RECEIVED:
            yield Relation(at[RECEIVED], (at[LOADED], at[SET_ASIDE]))
            valid = cards.get((*keys[:2], VALID))
            if valid is not None and valid.denominator is not None:
                yield Relation(at[LOADED], (Part(SCORECARD, valid.keys, valid.unit, NUMERATOR),))
                yield Relation(at[RECEIVED], (Part(SCORECARD, valid.keys, valid.unit, DENOMINATOR),))
    for what in WHAT_BECAME:
        yield from _across_units(taken, what)
    for what in (RECORDS, COMPLETE, REQUIRED, UNIQUE, LABELS, VALID):
        yield from _across_units(scorecard, what)
    for keys, card in cards.items():
        if keys[2] in (COMPLETE, REQUIRED, UNIQUE) and card.denominator is not None:
            records = Part(SCORECARD, (*keys[:2], RECORDS), cards[*keys[:2], RECORDS].unit)
            yield Relation(records, (Part(SCORECARD, keys, card.unit, DENOMINATOR),))


def _everybody(people: set[str]) -> Iterator[Relation]:
    if people:
        for what in WHAT_BECAME:
            own = tuple(Part(TAKEN_IN, (sender, TOTAL, what), ROWS) for sender in sorted(people))
            yield Relation(Part(TAKEN_IN, (TOTAL, TOTAL, what), ROWS), own)


def _across_units(table: TidyTable, what: str) -> Iterator[Relation]:
    """The total of a sender is of its classes about people and of those about places."""
    rows = [row for row in table.rows if row.keys[2] == what]
    for name in ("value", NUMERATOR, DENOMINATOR):
        own: dict[str, list[Part]] = {}
        totals: dict[str, Part] = {}
        for row in rows:
            if _holds(row, name):
                part, (sender, record_class, _) = Part(table.table_id, row.keys, row.unit, name), row.keys
                if record_class != TOTAL:
                    own.setdefault(sender, []).append(part)
                elif sender != TOTAL:
                    totals[sender] = part
        for sender, total in totals.items():
            if sender in own:
                yield Relation(total, tuple(own[sender]))


def _holds(row: Row, name: str) -> bool:
    if name == "value":
        return row.value is not None and row.numerator is None and row.denominator is None
    return (row.numerator if name == NUMERATOR else row.denominator) is not None


def _known(field: dict[str, Any]) -> Iterator[Row]:
    keys = (field["sender_id"], field["record_class"], field["element"])
    lines = field["record_class"] in ABOUT_PLACES
    share = SHARE_OF_LINES if lines else SHARE
    yield _share((*keys, FILLED), share, field["filled"], field["records"])
    yield _share((*keys, ANSWERED), share, field["filled"] - field["not_known"], field["records"])
    yield Row((*keys, NOT_KNOWN), LINES if lines else ROWS, Decimal(int(field["not_known"])))


def _known_sums(known: TidyTable, scorecard: TidyTable) -> Iterator[Relation]:
    """Filled fields are known or not known; all are shares of the records of their class."""
    cards = {row.keys: row.unit for row in scorecard.rows}
    for row in known.rows:
        sender, record_class, _, measure = row.keys
        if measure == NOT_KNOWN:
            share = SHARE_OF_LINES if row.unit == LINES else SHARE
            filled, answered = (Part(KNOWN, (*row.keys[:3], m), share, NUMERATOR) for m in (FILLED, ANSWERED))
            yield Relation(filled, (answered, Part(KNOWN, row.keys, row.unit)))
        elif (sender, record_class, RECORDS) in cards:
            records = Part(SCORECARD, (sender, record_class, RECORDS), cards[sender, record_class, RECORDS])
            yield Relation(records, (Part(KNOWN, row.keys, row.unit, DENOMINATOR),))


def gather_findings(gathered: Gathering, facts: RunFacts) -> None:
    """Gather how many rows break each rule, and whose rows they are."""
    by = (
        Dimension("return_id", "Return"),
        Dimension("submitter_id", "Submitter"),
        Dimension("rule_id", "Rule"),
    )
    found: dict[tuple[str, ...], Row] = {}
    for verdict in facts.verdicts:
        if verdict.failing:
            keys = (verdict.return_id, verdict.submitter_id or "", verdict.rule_id)
            found.setdefault(
                keys, _share(keys, SHARE, verdict.failing, max(verdict.checked, verdict.failing))
            )
    gathered.add(TidyTable(FINDINGS, "Rows that break a rule", by, tuple(found.values()), scope=FINDINGS))
    faults: dict[tuple[str, ...], int] = {}
    for fault in facts.faults:
        own = (fault.return_id, fault.submitter_id, fault.rule_id, fault.sender_id, fault.record_class)
        faults[own] = faults.get(own, 0) + fault.rows
    whose = (*by, Dimension("sender_id", "Sender"), Dimension("record_class", "Class"))
    rows = tuple(Row(own, ROWS, Decimal(number)) for own, number in faults.items())
    gathered.add(TidyTable(FAULTS, "Rows that break a rule, by sender and class", whose, rows, scope=FAULTS))
    gathered.tie(_finding_sums(found, faults))


def _finding_sums(
    found: dict[tuple[str, ...], Row], faults: dict[tuple[str, ...], int]
) -> Iterator[Relation]:
    """Rows that break a rule are those of its senders; one rule of two returns finds the same rows."""
    own: dict[tuple[str, ...], list[Part]] = {}
    for keys in faults:
        own.setdefault(keys[:3], []).append(Part(FAULTS, keys, ROWS))
    for keys, parts in own.items():
        if keys in found:
            yield Relation(Part(FINDINGS, keys, SHARE, NUMERATOR), tuple(parts))
    first: dict[tuple[object, ...], Part] = {}
    for keys, number in faults.items():
        part = Part(FAULTS, keys, ROWS)
        known = first.setdefault((keys[1:], number), part)
        if known != part:
            yield Relation(known, (part,))
    for keys, row in found.items():
        for name, counted in ((NUMERATOR, row.numerator), (DENOMINATOR, row.denominator)):
            part = Part(FINDINGS, keys, SHARE, name)
            known = first.setdefault((name, keys[1:], counted), part)
            if known != part:
                yield Relation(known, (part,))
