"""What a late or corrected extract changes: the records that say something else, and the days of these."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.extracts.changes import ChangedClass, changed_classes
from orchestration.extracts.landing import land
from orchestration.extracts.loading import load
from orchestration.extracts.profile import load_profile
from tests.unit.extracts.tiny_extract import HOME, SERVICE, TinyExtract, provider, second

CLIENT = "north"
OTHER_SERVICE = second(SERVICE, subject_of_care="P2", service_start_date="2026-08-20")
STAFF_FILE = {"LOCALESTID": "1", "UNIQUEWORKERID": "w1", "STATUS": "UPDATE"}


def loaded(lake: Path, extract: TinyExtract, name: str, as_at: str = "2026-10-11T23:00:00Z") -> str:
    """Take an extract in and return its id."""
    extract.manifest["as_at"] = as_at
    landed = land(extract.write(lake.parent / name), CLIENT, lake)
    load(landed, CLIENT, lake)
    return landed.extract_id


def changes(lake: Path, *seen: str) -> dict[str, ChangedClass]:
    return changed_classes(CLIENT, lake, load_profile(), seen)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


@pytest.fixture
def first(lake: Path) -> str:
    return loaded(lake, provider(service=[SERVICE, OTHER_SERVICE]), "first")


def test_the_same_records_sent_again_change_nothing_in_whatever_order(lake: Path, first: str) -> None:
    loaded(lake, provider(service=[OTHER_SERVICE, SERVICE]), "again", "2026-11-11T00:00:00Z")
    assert changes(lake, first) == {}


def test_only_the_class_that_says_something_else_is_changed(lake: Path, first: str) -> None:
    corrected = SERVICE | {"service_end_date": "2026-09-30"}
    loaded(lake, provider(service=[corrected, OTHER_SERVICE]), "corrected", "2026-11-11T00:00:00Z")
    assert changes(lake, first) == {"service": ChangedClass("service", 1, date(2026, 1, 5))}


def test_a_record_that_is_new_speaks_of_its_own_days_alone(lake: Path, first: str) -> None:
    began = second(SERVICE, record_uid="ser-9", service_start_date="2026-11-03")
    loaded(lake, provider(service=[SERVICE, began]), "later", "2026-11-11T00:00:00Z")
    change = changes(lake, first)["service"]
    assert (change.records, change.earliest) == (1, date(2026, 11, 3))
    assert change.reaches(date(2026, 11, 3)) and not change.reaches(date(2026, 11, 2))


def test_a_planned_record_may_count_from_the_day_of_its_extract_on(lake: Path, first: str) -> None:
    planned = second(SERVICE, record_uid="ser-9", service_start_date="2026-12-01")
    loaded(lake, provider(service=[SERVICE, planned]), "later", "2026-11-11T12:00:00Z")
    change = changes(lake, first)["service"]
    assert change.reaches(date(2026, 11, 11)) and not change.reaches(date(2026, 11, 10))


def test_a_record_whose_date_moved_speaks_of_the_day_it_had_before(lake: Path, first: str) -> None:
    moved = OTHER_SERVICE | {"service_start_date": "2026-10-01"}
    loaded(lake, provider(service=[SERVICE, moved]), "moved", "2026-11-11T00:00:00Z")
    assert changes(lake, first)["service"].earliest == date(2026, 8, 20)


def test_a_record_that_never_had_a_date_may_count_on_any_day(lake: Path, first: str) -> None:
    undated = second(SERVICE, record_uid="ser-9", service_start_date="", service_end_date="2026-11-09")
    later = undated | {"service_end_date": ""}
    loaded(lake, provider(service=[SERVICE, later]), "undated", "2026-11-11T00:00:00Z")
    change = changes(lake, first)["service"]
    assert change.earliest is None and change.reaches(date(2020, 1, 1))


def test_a_late_extract_that_is_older_may_move_the_day_since_which_a_record_is_known(
    lake: Path, first: str
) -> None:
    loaded(lake, provider(service=[SERVICE, OTHER_SERVICE]), "late", "2026-09-11T00:00:00Z")
    assert changes(lake, first)["service"].records == 2


def test_a_correction_taken_back_is_a_change_though_both_were_known(lake: Path, first: str) -> None:
    wrong = SERVICE | {"care_funding_source": "self_funded"}
    second_id = loaded(lake, provider(service=[wrong, OTHER_SERVICE]), "wrong", "2026-10-12T00:00:00Z")
    loaded(lake, provider(service=[SERVICE, OTHER_SERVICE]), "right", "2026-10-13T00:00:00Z")
    assert changes(lake, first, second_id)["service"].records == 1


def test_an_extract_that_holds_two_versions_of_a_record_may_be_sent_again(lake: Path) -> None:
    ended = SERVICE | {"version_number": "2", "service_end_date": "2026-09-30"}
    seen = loaded(lake, provider(service=[SERVICE, ended]), "both")
    loaded(lake, provider(service=[ended, SERVICE]), "both_again", "2026-11-11T00:00:00Z")
    assert changes(lake, seen) == {}


def test_a_staff_file_is_one_record_and_a_row_less_is_a_change(lake: Path) -> None:
    workers = [STAFF_FILE, STAFF_FILE | {"UNIQUEWORKERID": "w2"}]
    seen = loaded(lake, provider(asc_wds_staff=workers), "two")
    loaded(lake, provider(asc_wds_staff=workers), "same", "2026-10-12T00:00:00Z")
    assert changes(lake, seen) == {}
    loaded(lake, provider(asc_wds_staff=workers[:1]), "one", "2026-10-13T00:00:00Z")
    assert changes(lake, seen) == {"asc_wds_staff": ChangedClass("asc_wds_staff", 1, None)}


def test_a_class_that_never_came_before_is_changed(lake: Path) -> None:
    seen = loaded(lake, TinyExtract({"care_provider": [HOME]}), "home")
    loaded(lake, provider(), "all")
    assert set(changes(lake, seen)) == {"alert", "service", "subject_of_care"}
