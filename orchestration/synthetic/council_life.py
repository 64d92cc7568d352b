"""How council records go in life: cancelled and unfinished events, and events handed over twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from orchestration.synthetic.chance import share
from orchestration.synthetic.tables import Row, Tables

PREFIXES = {"request": "req", "assessment": "asm", "service": "lsv", "review": "lrv"}


@dataclass(frozen=True, slots=True)
class Period:
    """The twelve months a council reports on."""

    start: date
    end: date


def reporting_period(as_at: date) -> Period:
    """Return the twelve months that end with the last quarter end before the day."""
    first_of_quarter = date(as_at.year, 3 * ((as_at.month - 1) // 3) + 1, 1)
    end = first_of_quarter - timedelta(days=1)
    return Period(date(first_of_quarter.year - 1, first_of_quarter.month, 1), end)


def add_life(tables: Tables, period: Period, rng: Random) -> None:
    """Add cancelled and unfinished events, and events that came over twice under two record uids."""
    for kind, part in (("request", 0.02), ("assessment", 0.02), ("service", 0.015), ("review", 0.015)):
        once = _single_versions(tables, f"cld_{kind}")
        for row in share(rng, once, part, at_least=1):
            row["event_status"] = "cancelled"
    for kind in ("request", "assessment", "review"):
        recent = [
            r for r in _single_versions(tables, f"cld_{kind}") if r["event_start_date"] >= str(period.start)
        ]
        for row in share(rng, recent, 0.03, at_least=1):
            row.pop("event_end_date", None)
            row["event_status"] = "open"
        for row in share(rng, [r for r in recent if r.get("event_status") == "completed"], 0.004, at_least=1):
            row["event_status"] = "open"
    for kind in PREFIXES:
        rows = [r for r in _single_versions(tables, f"cld_{kind}") if r.get("event_status") != "cancelled"]
        for row in share(rng, rows, 0.015, at_least=1):
            _again(tables, kind, row)


def _single_versions(tables: Tables, record_class: str) -> list[Row]:
    rows = tables.classes[record_class]
    twice = {r["record_uid"] for r in rows if r["version_number"] != "1"}
    return [r for r in rows if r["record_uid"] not in twice and r.get("event_status") != "cancelled"]


def _again(tables: Tables, kind: str, row: Row) -> None:
    uid = tables.uid(f"cld_{kind}", PREFIXES[kind])
    copy = {k: v for k, v in row.items() if k not in ("record_uid", "version_number", "event_reference")}
    tables.add(f"cld_{kind}", uid, 1, dict(copy))
    if kind != "service":
        return
    for cost in [c for c in tables.classes["cld_cost"] if c["service_record_uid"] == row["record_uid"]]:
        values = {k: v for k, v in cost.items() if k not in ("record_uid", "version_number")}
        same = values | {"service_record_uid": uid}
        tables.add("cld_cost", tables.uid("cld_cost", "cst"), 1, dict(same))
