"""How good the records are, by sender and class, with whom to ask; and how records became people."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.extracts.places import place
from orchestration.report import words
from orchestration.report.aggregates import counted_table, read
from orchestration.report.facts import RunFacts
from orchestration.report.pages import Page
from orchestration.report.tidy import TidyTable

Release = Callable[[TidyTable], TidyTable]
Built = tuple[Page, list[TidyTable]]
MOST_FAULTS, MOST_FIELDS = 25, 60
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


def _share(part: int | None, whole: int | None) -> str:
    return words.percent(Decimal(part or 0) / whole) if whole else "–"


def quality_page(facts: RunFacts, lake: Path, release: Release) -> Built:
    """Return the page of the scorecards and top faults, and the tables behind it."""
    cards = read(lake, facts.client_id, "agg__class_scorecard")
    fields = read(lake, facts.client_id, "agg__field_count")
    senders = []
    for sender in facts.record_senders:
        own = [c for c in cards if c["sender_id"] == sender.sender_id]
        if own:
            senders.append(_sender_card(sender.sender_id, sender.name, own))
    looked_through = sorted(
        (f for f in fields if f["not_known"]),
        key=lambda f: (-f["not_known"], f["sender_id"], f["record_class"], f["field"]),
    )
    page = Page(
        "quality.html",
        "Data quality",
        "quality.html.j2",
        "quality",
        {
            "senders": senders,
            "faults": _top_faults(facts),
            "not_known": [
                {
                    "sender": facts.name_of(f["sender_id"]),
                    "record_class": words.sentence(f["record_class"]),
                    "field": f["element"],
                    "filled": _share(f["filled"], f["records"]),
                    "known": _share(f["filled"] - f["not_known"], f["records"]),
                    "not_known": words.count(f["not_known"]),
                }
                for f in looked_through[:MOST_FIELDS]
            ],
            "more_fields": max(0, len(looked_through) - MOST_FIELDS),
        },
    )
    by = {"sender_id": "Sender", "record_class": "Class", "element": "Field"}
    tables = [
        release(
            counted_table(
                "known_answers", "Answers known, by sender, class and field", known, by, "known", "rows"
            )
        )
        for known in [[{**f, "known": f["filled"] - f["not_known"]} for f in fields]]
    ]
    return page, tables


def _sender_card(sender_id: str, name: str, own: list[dict[str, Any]]) -> Mapping[str, Any]:
    def total(column: str) -> int:
        return sum(c[column] or 0 for c in own)

    days = [c["days_since_sent"] for c in own if c["days_since_sent"] is not None]
    return {
        "anchor": words.slug(sender_id),
        "name": name,
        "complete": _share(total("values_filled") - total("values_not_known"), total("values_possible")),
        "required": _share(total("required_known"), total("required_possible")),
        "valid": _share(total("loaded"), total("received")),
        "unique": _share(total("records") - total("repeats"), total("records")),
        "sent": words.several(max(days), "day") if days else "not known",
        "classes": [
            {
                "name": words.sentence(c["record_class"]),
                "records": words.count(c["records"] or 0),
                "complete": _share(
                    (c["values_filled"] or 0) - (c["values_not_known"] or 0), c["values_possible"]
                ),
                "required": _share(c["required_known"], c["required_possible"]),
                "used": f"{c['fields_used'] or 0} of {c['fields'] or 0}",
                "valid": _share(c["loaded"], c["received"]),
                "labels": words.count(c["labels_invalid"]),
                "unique": _share((c["records"] or 0) - (c["repeats"] or 0), c["records"]),
                "newest": words.day(c["newest_on"]) or "no dates",
            }
            for c in own
        ],
    }


def _top_faults(facts: RunFacts) -> list[Mapping[str, Any]]:
    """The rules with most failing rows of one sender; one rule of several returns is told once."""
    rules = {r.rule_id: r for owed in facts.owed for r in owed.definition.rules}
    found: dict[tuple[str, str, str], int] = {}
    for fault in facts.faults:
        key = (fault.rule_id, fault.sender_id, fault.record_class)
        found[key] = max(found.get(key, 0), fault.rows)
    order = {"error": 0, "warning": 1, "information": 2}
    ranked = sorted(
        ((key, rows) for key, rows in found.items() if key[0] in rules),
        key=lambda entry: (order.get(rules[entry[0][0]].severity, 3), -entry[1], entry[0]),
    )
    return [
        {
            "severity": rules[rule_id].severity,
            "message": rules[rule_id].message,
            "next_step": rules[rule_id].next_step,
            "sender": facts.name_of(sender_id),
            "record_class": words.sentence(record_class),
            "rows": words.count(rows),
        }
        for (rule_id, sender_id, record_class), rows in ranked[:MOST_FAULTS]
    ]


def identity_page(facts: RunFacts, lake: Path, release: Release) -> Built:
    """Return the page of how records became people: counts alone, and no person."""
    summary = json.loads(
        (place(lake, "identity", facts.client_id) / "summary.json").read_text(encoding="utf-8")
    )
    senders = read(lake, facts.client_id, "agg__sender_people")
    table = release(
        counted_table(
            *("person_records", "Person records, by sender and kind", senders),
            *({"sender_id": "Sender", "source_class": "Kind"}, "person_records", "people"),
        )
    )
    page = Page(
        "identity.html",
        "Records and people",
        "identity.html.j2",
        "identity",
        {
            "summary": summary,
            "kinds": [(KINDS.get(k, k), n) for k, n in _largest(summary["people_by_kind"])],
            "states": [(STATES.get(k, k), n) for k, n in _largest(summary["records_by_number_state"])],
            "conflicts": [(words.sentence(k), n) for k, n in _largest(summary["conflicts_by_field"])],
            "reviews": [(words.sentence(k), n) for k, n in _largest(summary["review_by_reason"])],
            "senders": [
                {
                    "name": facts.name_of(s["sender_id"]),
                    "kind": words.sentence(s["source_class"]),
                    "records": words.count(s["person_records"]),
                    "people": words.count(s["people"]),
                    "repeated": words.count(s["repeated_records"]),
                    "verified": _share(s["numbers_verified"], s["person_records"]),
                    "missing": _share(s["numbers_missing"], s["person_records"]),
                }
                for s in senders
            ],
        },
    )
    return page, [table]


def _largest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
