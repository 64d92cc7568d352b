"""Returns are computed ahead of their windows and while these are open, until they are handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration.returns.confirmations import Confirmation, record
from orchestration.returns.definitions import ReturnDefinition, load_definition, return_folders
from orchestration.returns.due import Due
from orchestration.schedules import AHEAD, dues_to_run, period_to_run, run_kind, tags_of
from orchestration.settings import DEFAULT_CLIENTS, SAMPLE, Settings, load_settings

OPEN = Due("meals", "Meals", "1-1", "Oak", "2026-10", date(2026, 10, 8), date(2026, 10, 14))


def run_days(due: Due, ahead: timedelta = AHEAD) -> list[int]:
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]
    return [day.day for day in days if run_kind(due, day, ahead)]


def test_a_window_is_run_three_days_ahead_and_each_day_it_is_open() -> None:
    assert run_days(OPEN) == [5, 8, 9, 10, 11, 12, 13, 14]
    assert run_days(OPEN, timedelta()) == [8, 9, 10, 11, 12, 13, 14]


def test_a_run_says_whether_it_is_ahead_a_reminder_or_the_last() -> None:
    days = {day: run_kind(OPEN, date(2026, 10, day), AHEAD) for day in (4, 5, 8, 13, 14, 15)}
    assert days == {4: None, 5: "lead_time", 8: "reminder", 13: "reminder", 14: "final", 15: None}


def test_a_run_for_several_windows_speaks_for_the_most_urgent(settings: Settings) -> None:
    later = replace(OPEN, submitter_id="1-2", opens=date(2026, 10, 12), closes=date(2026, 10, 20))
    tags = tags_of(definition("capacity_tracker"), [later, OPEN], date(2026, 10, 14))
    assert tags == {
        "returns/asked_by": "schedule",
        "returns/return": "capacity_tracker",
        "returns/kind": "final",
        "returns/window_closes": "2026-10-14",
    }


def test_what_was_handed_in_is_run_no_more() -> None:
    assert run_days(replace(OPEN, handed_in_on=date(2026, 10, 9))) == []


def test_a_window_without_a_last_day_is_run_when_it_opens_and_then_once_a_month() -> None:
    assert run_days(replace(OPEN, opens=date(2026, 4, 1), closes=None)) == [1]
    assert run_days(replace(OPEN, opens=date(2026, 10, 8), closes=None)) == [5, 8]


def test_what_is_due_without_delay_is_run_every_day() -> None:
    assert len(run_days(replace(OPEN, closes=None, every_day=True))) == 31


def test_what_is_only_expected_is_run_on_the_first_day_of_its_month() -> None:
    assert run_days(replace(OPEN, opens=None, closes=None, expected=date(2026, 10, 1))) == [1]
    assert run_days(replace(OPEN, opens=None, closes=None)) == []


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path / "lake", DEFAULT_CLIENTS, SAMPLE, {})


def definition(return_id: str) -> ReturnDefinition:
    return load_definition(return_folders()[return_id])


def test_a_client_is_run_until_the_last_of_its_submitters_has_handed_in(settings: Settings) -> None:
    tracker, client = definition("capacity_tracker"), settings.client("northmere")
    day = date(2026, 10, 9)
    locations = [s.submitter_id for s in client.submitters if s.kind == "location"]
    assert [due.submitter_id for due in dues_to_run(tracker, client, settings, day)] == locations
    for submitter_id in locations[:-1]:
        record(settings.lake, "northmere", Confirmation("capacity_tracker", submitter_id, "2026-10", day))
    left = dues_to_run(tracker, client, settings, day)
    assert [due.submitter_id for due in left] == locations[-1:]
    assert period_to_run(tracker, left, day) == "2026-10"
    record(settings.lake, "northmere", Confirmation("capacity_tracker", locations[-1], "2026-10", day))
    assert dues_to_run(tracker, client, settings, day) == []


def test_a_year_that_has_not_ended_is_not_computed_ahead(settings: Settings) -> None:
    cld, client = definition("cld"), settings.client("northmere")
    assert dues_to_run(cld, client, settings, date(2026, 9, 28)) == []
    assert len(dues_to_run(cld, client, settings, date(2026, 10, 1))) == 1
