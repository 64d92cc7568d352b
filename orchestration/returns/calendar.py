"""The period and the window of a return, from its own rules and the run's parameters."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from orchestration.returns import period_rules as rules
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


def periods_between(first: str, last: str) -> list[str]:
    """Return the reporting periods from one to another, oldest first; none where the last is before it."""
    day, end = month_bounds(first)[0], month_bounds(last)[0]
    found = []
    while day <= end:
        found.append(f"{day:%Y-%m}")
        day = _last_day(day.year, day.month) + timedelta(days=1)
    return found


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def last_quarter_end_before(day: date) -> date:
    """Return the newest end of a calendar quarter that lies strictly before a day."""
    first_of_quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first_of_quarter - timedelta(days=1)


def twelve_months_to(end: date) -> tuple[date, date]:
    """Return the twelve whole months that end with a month's last day."""
    return _last_day(end.year - 1, end.month) + timedelta(days=1), end


def twelve_months_to_day(end: date) -> tuple[date, date]:
    """Return the twelve months that end with a day: from the day after the same day a year before."""
    a_year_before = date(end.year - 1, end.month, min(end.day, _last_day(end.year - 1, end.month).day))
    return a_year_before + timedelta(days=1), end


def period_bounds(rule: str, reporting_period: str, as_at_date: date) -> tuple[date, date, str]:
    """Return the first day, the last day and the label of the period a rule gives for a run."""
    if rule == rules.CALENDAR_MONTH:
        return *month_bounds(reporting_period), reporting_period
    if rule in (rules.AS_AT_DAY, rules.DAY):
        return as_at_date, as_at_date, f"{as_at_date}"
    if rule == rules.TWELVE_MONTHS_TO_AS_AT:
        start, end = twelve_months_to_day(as_at_date)
        return start, end, f"{start}_{end}"
    start, end = twelve_months_to(last_quarter_end_before(as_at_date))
    return start, end, f"{start:%Y-%m}_{end:%Y-%m}"


def window_bounds(
    window: Window, start: date, end: date, holidays: frozenset[date], dates: Mapping[str, date] | None = None
) -> tuple[date | None, date | None]:
    """Return the day a window opens and the last day of it, None for a day that no rule or date gives.

    `dates` are the dates the settings give for one submitter; without them a window that starts with a
    request has no days.
    """
    opens: date | None = None
    closes: date | None = None
    if window.rule == rules.DAYS_OF_THE_MONTH:
        opens, closes = start.replace(day=window.opens_day), start.replace(day=window.closes_day)
    elif window.rule == rules.MONTH_AFTER_QUARTER_END:
        opens = end + timedelta(days=1)
        closes = opens.replace(day=window.closes_day)
    elif window.rule == rules.REFRESH_EACH_YEAR:
        opens = newest_day_of_the_year(window.refresh_from, end)
    elif window.rule == rules.DAYS_AFTER_REQUEST:
        opens = (dates or {}).get(window.request_date)
        closes = opens + timedelta(days=window.days) if opens else None
    else:
        opens = end
    if window.roll and closes:
        closes = next_working_day(closes, holidays)
    return opens, closes


def newest_day_of_the_year(month_and_day: str, day: date) -> date:
    """Return the newest day written `04-01` that lies on or before a day."""
    this_year = date.fromisoformat(f"{day.year}-{month_and_day}")
    return this_year if this_year <= day else date.fromisoformat(f"{day.year - 1}-{month_and_day}")


def periods_for(
    definition: ReturnDefinition,
    reporting_period: str,
    as_at_date: date,
    holidays: frozenset[date] | None = None,
) -> ReturnPeriod:
    """Return the period, window and method version one run fills a return for.

    The method is the version in force on the as-at date: what a return asks is settled when it is handed in.
    A window that each submitter has for itself is left open here.
    """
    month_bounds(reporting_period)
    start, end, label = period_bounds(definition.period_rule, reporting_period, as_at_date)
    version = definition.version_at(as_at_date)
    if version is None:
        first = min(v.valid_from for v in definition.versions)
        raise CalendarError(
            f"return {definition.return_id}: no version was in force on {as_at_date}; "
            f"the first starts {first}"
        )
    opens, closes = (
        window_bounds(definition.window, start, end, bank_holidays() if holidays is None else holidays)
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
