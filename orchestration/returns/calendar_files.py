"""What is due as a table, as CSV and as an iCalendar file (RFC 5545); the same dues give the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from orchestration.returns.due import Due
from orchestration.warehouse.build import Submitter

COLUMNS = (
    *("submitter_id", "return_id", "title", "period_label", "opens", "closes", "expected"),
    *("every_day", "handed_in_on", "note"),
)
WIDTH = 150


def as_csv(dues: Iterable[Due]) -> str:
    """Return one row per window; a day that is not known is blank."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for due in dues:
        values = {name: getattr(due, name) for name in COLUMNS} | {
            "every_day": "yes" if due.every_day else "no"
        }
        writer.writerow(["" if values[name] is None else values[name] for name in COLUMNS])
    return out.getvalue()


def as_table(submitter: Submitter, dues: Sequence[Due], counts: Iterable[str]) -> str:
    """Return what a submitter owes as a table to read on a screen, and how many windows it missed."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("Opens", "Last day", "Return", "Period", "State", "Note", box=box.SIMPLE_HEAD, expand=True)
    for due in dues:
        table.add_row(
            "not known"
            if due.opens is None
            else "every day"
            if due.every_day
            else f"{due.opens:%a} {due.opens}",
            f"{due.closes:%a} {due.closes}" if due.closes else "",
            due.return_id,
            due.period_label,
            f"handed in {due.handed_in_on}" if due.is_settled else "due",
            due.note,
        )
    out = io.StringIO()
    width = Console().width if Console().is_terminal else WIDTH
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    console.print(f"{submitter.name} ({submitter.submitter_id})")
    console.print(table if dues else "Nothing is due.")
    for line in counts:
        console.print(line)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def as_ics(dues: Iterable[Due]) -> str:
    """Return a calendar with an all-day event for each window, or for the month one is expected in.

    What is due without delay is an event of every day. A return of which no day is known has no event.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//mods-returns//returns calendar//EN")
    calendar.add("version", "2.0")
    for due in dues:
        first = due.opens or due.expected
        if first is not None:
            calendar.add_component(_event(due, first))
    return calendar.to_ical().decode()


def _event(due: Due, first: date) -> Event:
    last = due.closes or first
    event = Event()
    label = due.period_label or f"{first}"
    event.add("uid", f"{due.return_id}.{due.submitter_id}.{label}@mods-returns")
    # A clock would make other bytes of the same dues; the stamp is the day the event speaks of.
    event.add("dtstamp", datetime.combine(first, time(), UTC))
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    if due.every_day and due.until:
        event.add("rrule", {"freq": "daily", "until": due.until})
    settled = f" (handed in on {due.handed_in_on})" if due.is_settled else ""
    expected = "Expected: " if due.opens is None else ""
    period = f", {due.period_label}" if due.period_label else ""
    event.add("summary", f"{expected}{due.title}{period}: {due.submitter_name}{settled}")
    event.add("description", _description(due))
    event.add("transp", "TRANSPARENT")
    return event


def _description(due: Due) -> str:
    lines = [f"Return {due.return_id}, submitter {due.submitter_id}."]
    lines += [f"Last day: {due.closes}."] if due.closes else []
    lines += [due.note] if due.note else []
    return "\n".join(lines)
