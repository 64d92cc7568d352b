"""The words a return.toml may use for its period and its window, and the mistakes made with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

CALENDAR_MONTH = "calendar_month"
ROLLING_QUARTERS = "rolling_12_months_to_quarter_end"
AS_AT_DAY = "as_at_day"
TWELVE_MONTHS_TO_AS_AT = "twelve_months_to_as_at"
DAY = "day"

DAYS_OF_THE_MONTH = "days_of_the_month"
MONTH_AFTER_QUARTER_END = "month_after_quarter_end"
REFRESH_EACH_YEAR = "refresh_each_year"
DAYS_AFTER_REQUEST = "days_after_request"
WITHOUT_DELAY = "without_delay"

# The window each period rule goes with: a window is counted from the period it belongs to.
WINDOW_OF_PERIOD = {
    CALENDAR_MONTH: DAYS_OF_THE_MONTH,
    ROLLING_QUARTERS: MONTH_AFTER_QUARTER_END,
    AS_AT_DAY: REFRESH_EACH_YEAR,
    TWELVE_MONTHS_TO_AS_AT: DAYS_AFTER_REQUEST,
    DAY: WITHOUT_DELAY,
}
PERIOD_RULES = tuple(WINDOW_OF_PERIOD)
WINDOW_RULES = tuple(WINDOW_OF_PERIOD.values())
WINDOW_KEYS = {
    DAYS_OF_THE_MONTH: {"opens_day", "closes_day", "roll"},
    MONTH_AFTER_QUARTER_END: {"closes_day", "roll"},
    REFRESH_EACH_YEAR: {"refresh_from"},
    DAYS_AFTER_REQUEST: {"days", "request_date", "anniversary_date", "roll"},
    WITHOUT_DELAY: set(),
}
KEYS_OF_EVERY_WINDOW = {"rule", "note"}
LAST_DAY_AFTER_QUARTER = 30
LIMITS = ("running", "in_twelve_months")
CADENCES = ("monthly", "quarterly", "yearly", "any_time", "daily")
# The name of a date that the settings give for a submitter.
DATE_NAME = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
MONTH_AND_DAY = re.compile(r"^(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$")


def one_of(value: object, allowed: Sequence[str], what: str, place: str) -> Iterator[str]:
    """Yield the mistake when a value is none of those allowed."""
    if value not in allowed:
        yield f"{place}: {what} is {value!r}; it must be one of {', '.join(allowed)}"


def calendar_mistakes(form: Mapping[str, Any], here: str) -> Iterator[str]:
    """Yield the mistakes in the cadence, period and window of a return.toml, in words."""
    cadence = form.get("cadence")
    if cadence is not None:
        yield from one_of(cadence, CADENCES, "cadence", here)
    period = form.get("period")
    rule = period.get("rule") if isinstance(period, dict) else None
    yield from one_of(rule, PERIOD_RULES, "[period] rule", here)
    window = form.get("window")
    if cadence == "any_time" and not (isinstance(window, dict) and window.get("refresh_from")):
        yield f"{here}: cadence any_time needs a [window] that says from which day it is refreshed"
    limits = form.get("missed_windows")
    if limits is not None and not _are_limits(limits, window):
        yield (
            f"{here}: [missed_windows] needs whole numbers {' and '.join(LIMITS)}, and a [window] by days of"
            " the month"
        )
    unchanged = form.get("unchanged_data")
    if unchanged is not None and not (
        isinstance(unchanged, dict) and _is_number(unchanged.get("months"), 12) and rule == CALENDAR_MONTH
    ):
        yield f"{here}: [unchanged_data] needs months, from 1 to 12, and a [period] by calendar month"
    if window is None:
        return
    if not isinstance(window, dict):
        yield f"{here}: [window] must be a table"
        return
    yield from _window_mistakes(window, rule, here)


def _window_mistakes(window: Mapping[str, Any], period_rule: object, here: str) -> Iterator[str]:
    rule = window.get("rule", DAYS_OF_THE_MONTH)
    yield from one_of(rule, WINDOW_RULES, "[window] rule", here)
    if rule not in WINDOW_RULES:
        return
    if isinstance(period_rule, str) and WINDOW_OF_PERIOD.get(period_rule, rule) != rule:
        needed = next(p for p, w in WINDOW_OF_PERIOD.items() if w == rule)
        yield f"{here}: [window] rule {rule} needs [period] rule {needed}"
    for key in sorted(set(window) - WINDOW_KEYS[rule] - KEYS_OF_EVERY_WINDOW):
        yield f"{here}: [window] {key} says nothing under the rule {rule}"
    yield from KEYS_OF_RULE[rule](window, here)
    if window.get("roll", "") not in ("", "next_working_day"):
        yield f"{here}: [window] roll is {window['roll']!r}; it must be next_working_day or absent"


def _days_of_the_month(window: Mapping[str, Any], here: str) -> Iterator[str]:
    for key in ("opens_day", "closes_day"):
        if not _is_number(window.get(key), 28):
            yield f"{here}: [window] {key} must be a day from 1 to 28"


def _month_after_quarter_end(window: Mapping[str, Any], here: str) -> Iterator[str]:
    if not _is_number(window.get("closes_day", LAST_DAY_AFTER_QUARTER), LAST_DAY_AFTER_QUARTER):
        yield f"{here}: [window] closes_day must be a day from 1 to {LAST_DAY_AFTER_QUARTER}"


def _refresh_each_year(window: Mapping[str, Any], here: str) -> Iterator[str]:
    if not MONTH_AND_DAY.match(str(window.get("refresh_from", ""))):
        yield f'{here}: [window] refresh_from must be a month and a day of it, like "04-01"'


def _days_after_request(window: Mapping[str, Any], here: str) -> Iterator[str]:
    if not _is_number(window.get("days"), 366):
        yield f"{here}: [window] days must be a number of days from 1 to 366"
    for key in ("request_date", "anniversary_date"):
        if not DATE_NAME.match(str(window.get(key, ""))):
            yield f"{here}: [window] {key} must name a date of the submitter, like cqc_pir_request"


def _nothing_more(window: Mapping[str, Any], here: str) -> Iterator[str]:
    yield from ()


KEYS_OF_RULE: dict[str, Callable[[Mapping[str, Any], str], Iterator[str]]] = {
    DAYS_OF_THE_MONTH: _days_of_the_month,
    MONTH_AFTER_QUARTER_END: _month_after_quarter_end,
    REFRESH_EACH_YEAR: _refresh_each_year,
    DAYS_AFTER_REQUEST: _days_after_request,
    WITHOUT_DELAY: _nothing_more,
}


def _are_limits(limits: object, window: object) -> bool:
    return (
        isinstance(limits, dict)
        and set(limits) == set(LIMITS)
        and all(_is_number(limit, 12) for limit in limits.values())
        and isinstance(window, dict)
        and window.get("rule", DAYS_OF_THE_MONTH) == DAYS_OF_THE_MONTH
    )


def _is_number(value: object, most: int) -> bool:
    return type(value) is int and 1 <= value <= most
