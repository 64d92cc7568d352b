"""The window of the Capacity Tracker: day 8 to day 14, the last day rolled to a working day in England."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from orchestration.returns.calendar import CalendarError, bank_holidays, next_working_day
from orchestration.returns.definitions import load_definition
from orchestration.returns.due import owed_by
from orchestration.warehouse.build import Submitter
from tests.returns.example_warehouse import RETURNS

HOME = Submitter("1-1", "location", "1-1", "Oak House")


def window(month: str) -> tuple[str, str]:
    first = date.fromisoformat(f"{month}-10")
    (due,) = owed_by([load_definition(RETURNS / "capacity_tracker")], HOME, first, first)
    return f"{due.opens}", f"{due.closes}"


@pytest.mark.parametrize(
    ("month", "closes", "why"),
    [
        ("2026-10", "2026-10-14", "a Wednesday"),
        ("2024-07", "2024-07-15", "the 14th is a Sunday; as published"),
        ("2024-09", "2024-09-16", "the 14th is a Saturday; as published"),
        ("2024-12", "2024-12-16", "the 14th is a Saturday; as published"),
        ("2027-02", "2027-02-15", "the 14th is a Sunday"),
        ("2028-04", "2028-04-18", "the 14th is Good Friday: over the weekend and Easter Monday"),
        ("2031-04", "2031-04-15", "the 14th is Easter Monday"),
    ],
    ids=lambda value: value if len(str(value)) == 7 else "",
)
def test_the_window_opens_on_day_8_and_closes_with_the_first_working_day_from_day_14(
    month: str, closes: str, why: str
) -> None:
    assert window(month) == (f"{month}-08", closes), why


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-12-25", "2026-12-29"),  # Friday, Saturday Boxing Day, Sunday, Monday in place of Boxing Day
        ("2027-12-25", "2027-12-29"),  # Saturday and Sunday, given back on Monday and Tuesday
        ("2022-12-26", "2022-12-28"),  # Boxing Day; Tuesday in place of Christmas Day on a Sunday
        ("2028-01-01", "2028-01-04"),  # Saturday, Sunday, Monday in place of New Year's Day
        ("2026-05-04", "2026-05-05"),  # the early May bank holiday
        ("2026-12-24", "2026-12-24"),  # a working day stays
    ],
)
def test_a_last_day_moves_over_christmas_and_substitute_days(day: str, working: str) -> None:
    assert next_working_day(date.fromisoformat(day), bank_holidays()) == date.fromisoformat(working)


def test_no_window_of_a_listed_year_closes_on_a_day_off() -> None:
    days = [date(year, month, 10) for year in range(2024, 2033) for month in range(1, 13)]
    closing = [date.fromisoformat(window(f"{day:%Y-%m}")[1]) for day in days]
    assert [d for d in closing if d.weekday() >= 5 or d in bank_holidays()] == []
    assert all(timedelta() <= d - d.replace(day=14) <= timedelta(days=4) for d in closing)


def test_a_year_that_is_not_listed_is_refused_and_not_guessed() -> None:
    with pytest.raises(CalendarError, match="bank holidays of 2040 are not listed"):
        next_working_day(date(2040, 4, 14), bank_holidays())
