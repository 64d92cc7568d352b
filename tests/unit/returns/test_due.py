"""What is due when, what was handed in, and which windows were missed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import icalendar
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.returns.calendar_files import as_ics, as_table
from orchestration.returns.confirmations import (
    Confirmation,
    ConfirmationError,
    confirmations_file,
    read_confirmations,
    record,
)
from orchestration.returns.definitions import DefinitionError, ReturnDefinition, load_definition
from orchestration.returns.due import Due, owed_by
from orchestration.returns.missed import MissedWindows, missed_windows
from orchestration.warehouse.build import Submitter
from tests.unit.returns import folders
from tests.unit.returns.folders import calendar_form, meals_folder

OAK = Submitter("1-1", "location", "1-1", "Oak; House, the")
LIMITS = folders.FORM.replace(
    "[[version]]", "[missed_windows]\nrunning = 3\nin_twelve_months = 4\n\n[[version]]", 1
)
ASKED = calendar_form(
    "yearly",
    "twelve_months_to_as_at",
    'rule = "days_after_request"\ndays = 28\nrequest_date = "asked_on"\nanniversary_date = "first_visit"',
)
REFRESHED = calendar_form("any_time", "as_at_day", 'rule = "refresh_each_year"\nrefresh_from = "04-01"')
DAILY = calendar_form("daily", "day", 'rule = "without_delay"')


def meals(folder: Path, form: str = LIMITS) -> ReturnDefinition:
    return load_definition(meals_folder(folder, form=form))


def handed_in(*days: str, label: str | None = None) -> list[Confirmation]:
    return [Confirmation("meals", "1-1", label or day[:7], date.fromisoformat(day)) for day in days]


def windows(dues: list[Due]) -> list[tuple[str, str, str]]:
    return [(due.period_label, f"{due.opens}", f"{due.closes}") for due in dues]


def test_windows_that_touch_the_days_are_listed_rolled_over_weekends(tmp_path: Path) -> None:
    found = owed_by([meals(tmp_path)], OAK, date(2027, 1, 15), date(2027, 3, 8))
    assert windows(found) == [
        ("2027-02", "2027-02-08", "2027-02-15"),
        ("2027-03", "2027-03-08", "2027-03-15"),
    ]
    rolled = owed_by([meals(tmp_path / "b")], OAK, date(2027, 2, 15), date(2027, 2, 15))
    assert windows(rolled) == [("2027-02", "2027-02-08", "2027-02-15")]


def test_a_submitter_of_another_kind_owes_nothing(tmp_path: Path) -> None:
    council = Submitter("999", "council", "999", "Northshire")
    assert owed_by([meals(tmp_path)], council, date(2027, 1, 1), date(2027, 12, 31)) == []


def test_a_quarter_is_listed_once_in_the_month_after_it(tmp_path: Path) -> None:
    form = calendar_form("quarterly", "rolling_12_months_to_quarter_end", 'rule = "month_after_quarter_end"')
    found = owed_by([meals(tmp_path, form)], OAK, date(2026, 10, 1), date(2027, 1, 2))
    assert windows(found) == [
        ("2025-10_2026-09", "2026-10-01", "2026-10-30"),
        ("2026-01_2026-12", "2027-01-01", "2027-01-30"),
    ]


def test_what_was_handed_in_is_settled_for_its_own_period_and_submitter(tmp_path: Path) -> None:
    own = handed_in("2026-10-09")
    others = [Confirmation("meals", "1-2", "2026-11", date(2026, 11, 9))]
    found = owed_by([meals(tmp_path)], OAK, date(2026, 10, 1), date(2026, 11, 30), own + others)
    assert [due.handed_in_on for due in found] == [date(2026, 10, 9), None]


def test_a_yearly_refresh_is_settled_by_any_day_on_or_after_it(tmp_path: Path) -> None:
    definition = meals(tmp_path, REFRESHED)
    days = (date(2026, 10, 1), date(2027, 6, 30))
    found = owed_by([definition], OAK, *days, handed_in("2026-03-31", "2026-05-02", label="x"))
    assert [(due.opens, due.closes, due.handed_in_on) for due in found] == [
        (date(2026, 4, 1), None, date(2026, 5, 2)),
        (date(2027, 4, 1), None, None),
    ]


def test_a_return_that_is_asked_for_says_what_is_not_known(tmp_path: Path) -> None:
    definition = meals(tmp_path, ASKED)
    days = (date(2026, 9, 1), date(2027, 8, 31))
    (unknown,) = owed_by([definition], OAK, *days)
    assert (unknown.opens, unknown.closes) == (None, None)
    assert unknown.note == "not known: supply asked_on once asked, and first_visit to be told the month"
    told = Submitter("1-1", "location", "1-1", "Oak", {"first_visit": date(2020, 3, 9)})
    (expected,) = owed_by([definition], told, *days)
    assert (expected.opens, expected.expected) == (None, date(2027, 3, 1))
    asked = Submitter("1-1", "location", "1-1", "Oak", {**told.dates, "asked_on": date(2027, 3, 5)})
    (known,) = owed_by([definition], asked, *days)
    assert (known.opens, known.closes) == (date(2027, 3, 5), date(2027, 4, 2))
    (settled,) = owed_by([definition], asked, *days, handed_in("2027-03-30", label="x"))
    assert settled.is_settled


def count(folder: Path, day: date, *days: str) -> MissedWindows:
    found = missed_windows(meals(folder), OAK, day, handed_in(*days))
    assert found is not None
    return found


def test_windows_before_anything_was_confirmed_are_not_known_and_not_missed(tmp_path: Path) -> None:
    nothing = count(tmp_path / "a", date(2026, 10, 20))
    assert (nothing.counted, nothing.running, nothing.is_reached) == (0, 0, False)
    assert nothing.text == "meals: missed windows not known, for nothing was ever confirmed."
    one = count(tmp_path / "b", date(2026, 10, 20), "2026-09-09")
    assert (one.counted, one.running, one.in_twelve) == (2, 1, 1)


def test_three_running_reach_the_limit_and_a_return_handed_in_ends_the_row(tmp_path: Path) -> None:
    three = count(tmp_path / "a", date(2026, 10, 20), "2026-07-09")
    assert (three.running, three.in_twelve, three.is_reached) == (3, 3, True)
    ended = count(tmp_path / "b", date(2026, 10, 20), "2026-07-09", "2026-10-10")
    assert (ended.running, ended.in_twelve, ended.is_reached) == (0, 2, False)


def test_four_in_twelve_reach_the_limit_also_apart(tmp_path: Path) -> None:
    done = ["2025-11-10", "2026-01-09", "2026-03-09", "2026-05-11", "2026-07-09", "2026-08-10", "2026-09-09"]
    four = count(tmp_path / "a", date(2026, 10, 20), *done, "2026-10-09")
    assert (four.counted, four.running, four.in_twelve, four.is_reached) == (12, 0, 4, True)
    three = count(tmp_path / "b", date(2026, 10, 20), *done, "2026-10-09", "2026-06-09")
    assert (three.in_twelve, three.is_reached) == (3, False)


def test_the_last_day_is_in_time_and_the_day_after_is_missed(tmp_path: Path) -> None:
    assert count(tmp_path / "a", date(2026, 10, 20), "2026-08-10", "2026-09-09", "2026-10-14").in_twelve == 0
    assert count(tmp_path / "b", date(2026, 10, 20), "2026-08-10", "2026-09-09", "2026-10-15").in_twelve == 1


def test_a_window_that_is_still_open_is_not_missed(tmp_path: Path) -> None:
    assert count(tmp_path / "a", date(2026, 10, 14), "2026-09-09").in_twelve == 0
    assert count(tmp_path / "b", date(2026, 10, 15), "2026-09-09").in_twelve == 1


def test_limits_that_are_none_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"\[missed_windows\] needs whole numbers"):
        meals(tmp_path, LIMITS.replace("running = 3", 'running = "three"'))


def test_the_calendar_file_can_be_read_by_others_and_is_the_same_twice(tmp_path: Path) -> None:
    definitions = [meals(tmp_path / "a"), meals(tmp_path / "b", DAILY), meals(tmp_path / "c", ASKED)]
    dues = owed_by(definitions, OAK, date(2026, 10, 1), date(2026, 11, 1))
    text = as_ics(dues)
    assert text == as_ics(dues)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "Oak\\; House\\, the" in text.replace("\r\n ", "")
    monthly, daily = sorted(icalendar.Calendar.from_ical(text).walk("VEVENT"), key=lambda e: "RRULE" in e)
    assert (monthly["DTSTART"].dt, monthly["DTEND"].dt) == (date(2026, 10, 8), date(2026, 10, 15))
    assert monthly["SUMMARY"] == "Meals served, 2026-10: Oak; House, the"
    assert daily["RRULE"]["FREQ"] == ["DAILY"]


def test_the_table_tells_what_is_settled(tmp_path: Path) -> None:
    dues = owed_by([meals(tmp_path)], OAK, date(2026, 10, 1), date(2026, 11, 30), handed_in("2026-10-09"))
    shown = as_table(OAK, dues, ["a count"])
    assert "handed in 2026-10-09" in shown and "Mon 2026-11-16" in shown and shown.endswith("a count\n")


def test_a_confirmation_is_kept_once_and_a_spoiled_file_is_named(tmp_path: Path) -> None:
    (one,) = handed_in("2026-10-09")
    assert record(tmp_path, "north", one) is True
    assert record(tmp_path, "north", one) is False
    assert read_confirmations(tmp_path, "north") == [one]
    file = confirmations_file(tmp_path, "north")
    file.write_text(file.read_text(encoding="utf-8").replace("2026-10-09", "soon"), encoding="utf-8")
    with pytest.raises(ConfirmationError, match="row 2: handed_in_on must be a date"):
        read_confirmations(tmp_path, "north")


def test_the_commands_record_and_show_what_was_handed_in(tmp_path: Path) -> None:
    where = ["--submitter", "1-900000002", "--lake", str(tmp_path)]
    words = ["confirm", "capacity_tracker", *where, "--period", "2026-10", "--on", "2026-10-09"]
    assert "Recorded: capacity_tracker of Oakfield House, 2026-10" in CliRunner().invoke(app, words).output
    assert "Known already" in CliRunner().invoke(app, words).output
    shown = CliRunner().invoke(app, ["calendar", *where, "--from", "2026-10-10", "--to", "2026-11-30"]).output
    assert "handed in 2026-10-09" in shown
    assert "capacity_tracker: 0 missed" not in shown
    later = CliRunner().invoke(app, ["calendar", *where, "--from", "2026-11-20", "--to", "2026-12-30"]).output
    assert "capacity_tracker: 1 missed of the last 2 closed windows, 1 of them running" in later


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"capacity_tracker": "cld"}, "is not owed by Oakfield House"),
        ({"2026-10": "October"}, "'October' is no period of capacity_tracker"),
        ({"1-900000002": "1-1"}, "has no submitter '1-1'"),
    ],
)
def test_what_cannot_have_been_handed_in_is_refused(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    words = ["confirm", "capacity_tracker", "--submitter", "1-900000002", "--period", "2026-10"]
    words = [change.get(w, w) for w in words] + ["--on", "2026-10-09", "--lake", str(tmp_path)]
    ended = CliRunner().invoke(app, words)
    assert ended.exit_code != 0
    assert said in ended.output + str(ended.exception)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"\x89\xff", "is not text; put it back from a copy"), (b"return_id\0", "damaged .* put it back")],
)
def test_confirmations_that_a_disk_has_spoiled_are_named(tmp_path: Path, content: bytes, told: str) -> None:
    file = confirmations_file(tmp_path, "north")
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(ConfirmationError, match=told):
        read_confirmations(tmp_path, "north")
