"""The period and the window of a return, from its own rules and the run's parameters."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from orchestration.returns.definition_checks import MONTH_AFTER_QUARTER_END
from orchestration.returns.definitions import PROJECT, ReturnDefinition, Window
from orchestration.warehouse.build import ReturnPeriod

BANK_HOLIDAYS = PROJECT / "data" / "reference" / "bank_holidays_england.csv"


class CalendarError(ValueError):
    """The period or the window of a return cannot be told; nothing is guessed."""


@cache
def bank_holidays(path: Path = BANK_HOLIDAYS) -> frozenset[date]:
    """Return the bank holidays of England that are listed with the project."""
    with path.open(encoding="utf-8", newline="") as handle:
        return frozenset(date.fromisoformat(row["holiday_date"]) for row in csv.DictReader(handle))


def next_working_day(day: date, holidays: frozenset[date]) -> date:
    """Return the day itself when it is a working day, else the first working day after it."""
    if day.year not in {holiday.year for holiday in holidays}:
        raise CalendarError(
            f"the bank holidays of {day.year} are not listed; add them to data/reference/{BANK_HOLIDAYS.name}"
        )
    while day.weekday() >= 5 or day in holidays:
        day += timedelta(days=1)
    return day


def month_bounds(reporting_period: str) -> tuple[date, date]:
    """Return the first and last day of a reporting period written `2026-10`."""
    if not re.fullmatch(r"(19|20)\d{2}-(0[1-9]|1[0-2])", reporting_period):
        raise CalendarError(f"the reporting period is {reporting_period!r}; it must look like 2026-10")
    year, month = (int(part) for part in reporting_period.split("-"))
    return date(year, month, 1), _last_day(year, month)


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def last_quarter_end_before(day: date) -> date:
    """Return the newest end of a calendar quarter that lies strictly before a day."""
    first_of_quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first_of_quarter - timedelta(days=1)


def twelve_months_to(end: date) -> tuple[date, date]:
    """Return the twelve whole months that end with a month's last day."""
    return _last_day(end.year - 1, end.month) + timedelta(days=1), end


def _window(window: Window, start: date, end: date, holidays: frozenset[date]) -> tuple[date, date]:
    if window.rule == MONTH_AFTER_QUARTER_END:
        opens = end + timedelta(days=1)
        closes = opens.replace(day=window.closes_day)
    else:
        opens, closes = start.replace(day=window.opens_day), start.replace(day=window.closes_day)
    if window.roll:
        closes = next_working_day(closes, holidays)
    return opens, closes


def periods_for(
    definition: ReturnDefinition,
    reporting_period: str,
    as_at_date: date,
    holidays: frozenset[date] | None = None,
) -> ReturnPeriod:
    """Return the period, window and method version one run fills a return for.

    The method is the version in force on the as-at date: what a return asks is settled when it is handed in.
    """
    month_start, month_end = month_bounds(reporting_period)
    if definition.period_rule == "calendar_month":
        start, end, label = month_start, month_end, reporting_period
    else:
        start, end = twelve_months_to(last_quarter_end_before(as_at_date))
        label = f"{start:%Y-%m}_{end:%Y-%m}"
    version = definition.version_at(as_at_date)
    if version is None:
        first = min(v.valid_from for v in definition.versions)
        raise CalendarError(
            f"return {definition.return_id}: no version was in force on {as_at_date}; "
            f"the first starts {first}"
        )
    opens, closes = (
        _window(definition.window, start, end, bank_holidays() if holidays is None else holidays)
        if definition.window
        else (None, None)
    )
    return ReturnPeriod(
        return_id=definition.return_id,
        title=definition.title,
        submitted_by=definition.submitted_by,
        period_label=label,
        period_start=start,
        period_end=end,
        window_opens=opens,
        window_closes=closes,
        method_version=version.version_id,
    )
