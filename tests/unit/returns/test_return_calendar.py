"""Periods and windows of returns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.returns.calendar import (
    CalendarError,
    bank_holidays,
    last_quarter_end_before,
    next_working_day,
    periods_for,
    window_bounds,
)
from orchestration.returns.definitions import ReturnDefinition, load_definition
from tests.unit.returns import folders
from tests.unit.returns.folders import meals_folder

QUARTERLY = folders.FORM.replace("calendar_month", "rolling_12_months_to_quarter_end").replace(
    'opens_day = 8\ncloses_day = 14\nroll = "next_working_day"', 'rule = "month_after_quarter_end"'
)
REFRESHED = folders.calendar_form(
    "any_time", "as_at_day", 'rule = "refresh_each_year"\nrefresh_from = "04-01"'
)
ASKED_FOR = folders.calendar_form(
    "yearly",
    "twelve_months_to_as_at",
    'rule = "days_after_request"\ndays = 28\nrequest_date = "asked_on"\nanniversary_date = "first_visit"',
)
DAILY = folders.calendar_form("daily", "day", 'rule = "without_delay"')


@pytest.fixture
def monthly(tmp_path: Path) -> ReturnDefinition:
    return load_definition(meals_folder(tmp_path))


@pytest.fixture
def quarterly(tmp_path: Path) -> ReturnDefinition:
    return load_definition(meals_folder(tmp_path, form=QUARTERLY))


@pytest.mark.parametrize(
    ("period", "closes", "why"),
    [
        ("2024-07", 15, "the 14th is a Sunday"),
        ("2024-08", 14, "the 14th is a Wednesday"),
        ("2024-09", 16, "the 14th is a Saturday"),
        ("2024-12", 16, "the 14th is a Saturday"),
        ("2026-10", 14, "the 14th is a Wednesday"),
        ("2026-12", 14, "the 14th is a Monday"),
        ("2027-01", 14, "the 14th is a Thursday"),
        ("2027-02", 15, "the 14th is a Sunday"),
        ("2027-03", 15, "the 14th is a Sunday"),
        ("2028-04", 18, "the 14th is Good Friday, the 17th Easter Monday"),
    ],
)
def test_the_window_closes_on_the_next_working_day(
    monthly: ReturnDefinition, period: str, closes: int, why: str
) -> None:
    found = periods_for(monthly, period, date(2030, 1, 1))
    assert found.window_opens is not None and found.window_opens.day == 8
    assert found.window_closes == found.window_opens.replace(day=closes), why


def test_a_calendar_month_is_its_own_label(monthly: ReturnDefinition) -> None:
    found = periods_for(monthly, "2024-02", date(2024, 2, 29))
    assert (found.period_label, found.period_start, found.period_end) == (
        "2024-02",
        date(2024, 2, 1),
        date(2024, 2, 29),
    )
    assert (found.return_id, found.submitted_by, found.method_version) == ("meals", "location", "2024")


@pytest.mark.parametrize(
    ("as_at", "label", "start", "end", "closes"),
    [
        (date(2026, 10, 11), "2025-10_2026-09", date(2025, 10, 1), date(2026, 9, 30), date(2026, 10, 30)),
        (date(2026, 9, 30), "2025-07_2026-06", date(2025, 7, 1), date(2026, 6, 30), date(2026, 7, 30)),
        (date(2026, 10, 1), "2025-10_2026-09", date(2025, 10, 1), date(2026, 9, 30), date(2026, 10, 30)),
        (date(2027, 1, 1), "2026-01_2026-12", date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 30)),
        (date(2024, 4, 2), "2023-04_2024-03", date(2023, 4, 1), date(2024, 3, 31), date(2024, 4, 30)),
    ],
)
def test_twelve_months_end_with_the_last_quarter_before_the_as_at_date(
    quarterly: ReturnDefinition, as_at: date, label: str, start: date, end: date, closes: date
) -> None:
    found = periods_for(quarterly, "2026-10", as_at)
    assert (found.period_label, found.period_start, found.period_end) == (label, start, end)
    assert found.window_opens is not None and (found.window_opens - end).days == 1
    assert found.window_closes == closes


def test_every_day_of_a_quarter_looks_back_to_the_same_quarter_end() -> None:
    for month in (1, 2, 3):
        assert last_quarter_end_before(date(2026, month, 1)) == date(2025, 12, 31)
        assert last_quarter_end_before(date(2026, month, 28)) == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("as_at", "opened"),
    [
        (date(2026, 10, 11), date(2026, 4, 1)),
        (date(2027, 3, 31), date(2026, 4, 1)),
        (date(2027, 4, 1), date(2027, 4, 1)),
    ],
)
def test_figures_of_a_day_are_refreshed_on_or_after_the_newest_first_of_april(
    tmp_path: Path, as_at: date, opened: date
) -> None:
    found = periods_for(load_definition(meals_folder(tmp_path, form=REFRESHED)), f"{as_at:%Y-%m}", as_at)
    assert (found.period_label, found.period_start, found.period_end) == (f"{as_at}", as_at, as_at)
    assert (found.window_opens, found.window_closes) == (opened, None)


@pytest.mark.parametrize(
    ("as_at", "start"),
    [
        (date(2026, 10, 11), date(2025, 10, 12)),
        (date(2026, 12, 31), date(2026, 1, 1)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2029, 2, 28), date(2028, 2, 29)),
    ],
)
def test_twelve_months_up_to_the_day_begin_the_day_after_the_same_day_a_year_before(
    tmp_path: Path, as_at: date, start: date
) -> None:
    found = periods_for(load_definition(meals_folder(tmp_path, form=ASKED_FOR)), f"{as_at:%Y-%m}", as_at)
    assert (found.period_start, found.period_end) == (start, as_at)
    assert found.period_label == f"{start}_{as_at}"


def test_a_return_that_is_asked_for_is_due_28_days_after_the_request_and_not_known_without(
    tmp_path: Path,
) -> None:
    window = load_definition(meals_folder(tmp_path, form=ASKED_FOR)).window
    assert window is not None
    day, holidays = date(2026, 10, 11), bank_holidays()
    asked = {"asked_on": date(2026, 10, 5), "first_visit": date(2021, 10, 14)}
    assert window_bounds(window, day, day, holidays, asked) == (date(2026, 10, 5), date(2026, 11, 2))
    assert window_bounds(window, day, day, holidays, {"first_visit": date(2021, 10, 14)}) == (None, None)
    assert window_bounds(window, day, day, holidays) == (None, None)


def test_a_work_list_of_a_day_is_due_without_delay_and_has_no_last_day(tmp_path: Path) -> None:
    day = date(2026, 10, 11)
    found = periods_for(load_definition(meals_folder(tmp_path, form=DAILY)), "2026-10", day)
    assert (found.period_label, found.period_start, found.period_end) == ("2026-10-11", day, day)
    assert (found.window_opens, found.window_closes) == (day, None)


def test_a_return_without_a_window_has_none(tmp_path: Path) -> None:
    form = folders.FORM.replace('[window]\nopens_day = 8\ncloses_day = 14\nroll = "next_working_day"\n', "")
    found = periods_for(load_definition(meals_folder(tmp_path, form=form)), "2026-10", date(2026, 10, 11))
    assert (found.window_opens, found.window_closes) == (None, None)


@pytest.mark.parametrize("period", ["2026-13", "2026-1", "October", "2026-10-01", ""])
def test_a_reporting_period_that_is_none_is_refused(monthly: ReturnDefinition, period: str) -> None:
    with pytest.raises(CalendarError, match="must look like 2026-10"):
        periods_for(monthly, period, date(2026, 10, 11))


def test_no_version_in_force_is_told_not_guessed(monthly: ReturnDefinition) -> None:
    with pytest.raises(
        CalendarError, match="no version was in force on 2023-05-01; the first starts 2024-01-01"
    ):
        periods_for(monthly, "2023-05", date(2023, 5, 1))


def test_a_year_without_listed_bank_holidays_is_refused(monthly: ReturnDefinition) -> None:
    with pytest.raises(CalendarError, match="bank holidays of 2090 are not listed"):
        periods_for(monthly, "2090-05", date(2090, 5, 1))


def test_substitute_days_are_holidays_and_ordinary_mondays_are_not() -> None:
    holidays = bank_holidays()
    assert next_working_day(date(2026, 12, 25), holidays) == date(2026, 12, 29)
    assert next_working_day(date(2021, 12, 25), holidays) == date(2021, 12, 29)
    assert next_working_day(date(2026, 10, 12), holidays) == date(2026, 10, 12)
