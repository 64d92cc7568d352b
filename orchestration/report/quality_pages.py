"""How good the records are, by sender and class, with whom to ask; and how records became people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.extracts.profile import STANDARDS, read_rows
from orchestration.report import words
from orchestration.report.aggregates import read
from orchestration.report.facts import RunFacts
from orchestration.report.identity_tables import (
    BY_SENDER,
    CONFLICTS,
    COUNTS,
    MISSING,
    NUMBER_STATES,
    PEOPLE,
    PEOPLE_BY_KIND,
    PERSON_RECORDS,
    REPEATED,
    REVIEWS,
    SET_ASIDE,
    VERIFIED,
)
from orchestration.report.pages import Page
from orchestration.report.quality_tables import (
    ANSWERED,
    COMPLETE,
    FAULTS,
    FILLED,
    KNOWN,
    LABELS,
    NOT_KNOWN,
    RECORDS,
    REQUIRED,
    SCORECARD,
    UNIQUE,
    VALID,
)
from orchestration.report.release import Released
from orchestration.report.tables import text_of
from orchestration.report.tidy import TOTAL, Row

INDEX = "quality.html"
MOST_FAULTS, MOST_FIELDS, MOST_SHOWN = 25, 60, 10
KINDS = {
    "verified_number": "NHS number verified by a trace",
    "claimed_number": "NHS number given by a sender, not yet traced",
    "demographic_group": "several records joined by name and birth date",
    "single_record": "one record, no usable number",
}
STATES = {
    "verified": "verified by a trace",
    "valid": "right in form, not verified",
    "replaced": "replaced by a newer number",
    "missing": "missing",
    "format": "set aside: not ten digits",
    "check_digit": "set aside: fails its check digit",
    "repeated_digit": "set aside: one digit repeated",
    "not_english": "set aside: of another country’s range",
    "out_of_range": "set aside: outside the ranges issued",
    "cross_check_failed": "set aside: belongs to somebody else",
    "trace_invalid": "set aside: the trace says it is not valid",
}


def quality_pages(facts: RunFacts, lake: Path, released: Released) -> Iterator[Page]:
    """Yield the page of the scorecards and top faults, and a page for each sender, class by class."""
    days = {
        (c["sender_id"], c["record_class"]): (
            c["newest_on"],
            c["days_since_sent"],
            c["fields_used"],
            c["fields"],
        )
        for c in read(lake, facts.client_id, "agg__class_scorecard")
    }
    senders = []
    for sender in facts.record_senders:
        own = {key[1]: facts_of for key, facts_of in days.items() if key[0] == sender.sender_id}
        if own:
            senders.append(_sender_card(sender.sender_id, sender.name, own, released))
    fields = _not_known(facts, released)
    yield Page(
        INDEX,
        "Data quality",
        "quality.html.j2",
        "quality",
        {
            "senders": senders,
            "most_shown": MOST_SHOWN,
            "faults": _top_faults(facts, released),
            "not_known": fields[:MOST_FIELDS],
            "more_fields": max(0, len(fields) - MOST_FIELDS),
        },
    )
    for card in senders:
        title = f"{card['name']}: every class"
        trail = (("Data quality", INDEX),)
        yield Page(card["path"], title, "quality_sender.html.j2", "quality", {"sender": card}, trail)


def _not_known(facts: RunFacts, released: Released) -> list[Mapping[str, Any]]:
    """Fields filled with a code for not known, those with most first, those held back last."""
    counted = [r for r in released.table(KNOWN).rows if r.keys[3] == NOT_KNOWN]
    counted.sort(key=lambda r: (-(r.value or 0), r.keys))
    return [
        {
            "sender": facts.name_of(row.keys[0]),
            "record_class": words.sentence(row.keys[1]),
            "field": row.keys[2],
            "filled": _dash(released.row(KNOWN, (*row.keys[:3], FILLED))),
            "known": _dash(released.row(KNOWN, (*row.keys[:3], ANSWERED))),
            "not_known": text_of(row),
        }
        for row in counted
    ]


def _dash(row: Row | None) -> str:
    """A released number as text; a dash where there is nothing to tell a share of."""
    return "–" if row is None or (row.value is None and not row.mark) else text_of(row)


def _sender_card(
    sender_id: str, name: str, own: Mapping[str, tuple[Any, ...]], released: Released
) -> Mapping[str, Any]:
    def at(record_class: str, measure: str) -> str:
        return _dash(released.row(SCORECARD, (sender_id, record_class, measure)))

    def newest(record_class: str, day: date | None) -> str:
        """The newest day in a class of few records is a day of one of few people."""
        records = released.row(SCORECARD, (sender_id, record_class, RECORDS))
        if records is not None and records.mark:
            return records.mark
        return words.day(day) or "no dates"

    days = [sent for _, sent, _, _ in own.values() if sent is not None]
    return {
        "path": f"quality/{sender_id}.html",
        "name": name,
        "complete": at(TOTAL, COMPLETE),
        "required": at(TOTAL, REQUIRED),
        "valid": at(TOTAL, VALID),
        "unique": at(TOTAL, UNIQUE),
        "sent": words.several(max(days), "day") if days else "not known",
        "classes": [
            {
                "name": words.sentence(record_class),
                "records": at(record_class, RECORDS),
                "complete": at(record_class, COMPLETE),
                "required": at(record_class, REQUIRED),
                "used": f"{used or 0} of {fields or 0}",
                "valid": at(record_class, VALID),
                "labels": at(record_class, LABELS),
                "unique": at(record_class, UNIQUE),
                "newest": newest(record_class, day),
            }
            for record_class, (day, _, used, fields) in sorted(own.items())
        ],
    }


def _top_faults(facts: RunFacts, released: Released) -> list[Mapping[str, Any]]:
    """The rules with most failing rows of one sender; one rule of several returns is told once."""
    rules = {r.rule_id: r for owed in facts.owed for r in owed.definition.rules}
    found: dict[tuple[str, str, str], Row] = {}
    for row in released.table(FAULTS).rows:
        _, _, rule_id, sender_id, record_class = row.keys
        known = found.setdefault((rule_id, sender_id, record_class), row)
        if (row.value or 0) > (known.value or 0):
            found[rule_id, sender_id, record_class] = row
    order = {"error": 0, "warning": 1, "information": 2}
    ranked = sorted(
        ((key, row) for key, row in found.items() if key[0] in rules),
        key=lambda entry: (order.get(rules[entry[0][0]].severity, 3), -(entry[1].value or 0), entry[0]),
    )
    return [
        {
            "severity": rules[rule_id].severity,
            "message": rules[rule_id].message,
            "next_step": rules[rule_id].next_step,
            "sender": facts.name_of(sender_id),
            "record_class": words.sentence(record_class),
            "rows": text_of(row),
        }
        for (rule_id, sender_id, record_class), row in ranked[:MOST_FAULTS]
    ]


def _why_waiting(reason: str) -> str:
    """Why a record waits for a reviewer, in the words of the list of reasons."""
    told = {row["reason"]: row["meaning"] for row in read_rows(STANDARDS / "pds" / "review_reasons.csv")}
    meaning = told.get(reason, words.sentence(reason))
    return meaning[:1].upper() + meaning[1:]


def identity_page(facts: RunFacts, released: Released) -> Page:
    """Return the page of how records became people: counts alone, and no person."""
    counts = released.table(COUNTS)
    people = released.table(BY_SENDER)

    def total(name: str) -> str:
        return text_of(released.row(COUNTS, (name, TOTAL)))

    def listed(name: str, told: Callable[[str], str]) -> list[tuple[str, str]]:
        rows = [r for r in counts.rows if r.keys[0] == name and r.keys[1] != TOTAL]
        rows.sort(key=lambda r: (-(r.value or 0), r.keys))
        return [(told(r.keys[1]), text_of(r)) for r in rows]

    def at(keys: tuple[str, ...], measure: str) -> str:
        return _dash(released.row(BY_SENDER, (*keys, measure)))

    return Page(
        "identity.html",
        "Records and people",
        "identity.html.j2",
        "identity",
        {
            "records": total(NUMBER_STATES),
            "people": total(PEOPLE_BY_KIND),
            "waiting": total(REVIEWS),
            "set_aside": total(SET_ASIDE),
            "kinds": listed(PEOPLE_BY_KIND, lambda k: KINDS.get(k, k)),
            "states": listed(NUMBER_STATES, lambda k: STATES.get(k, k)),
            "conflicts": listed(CONFLICTS, words.sentence),
            "reviews": listed(REVIEWS, _why_waiting),
            "senders": [
                {
                    "name": facts.name_of(keys[0]),
                    "kind": words.sentence(keys[1]),
                    "records": at(keys, PERSON_RECORDS),
                    "people": at(keys, PEOPLE),
                    "repeated": at(keys, REPEATED),
                    "verified": at(keys, VERIFIED),
                    "missing": at(keys, MISSING),
                }
                for keys in dict.fromkeys(row.keys[:2] for row in people.rows)
            ],
        },
    )
