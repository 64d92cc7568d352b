"""Which returns read what: a changed class touches those alone."""

from __future__ import annotations

from orchestration.returns.definitions import load_definitions
from orchestration.touched import classes_read, says_who_people_are


def read_by(record_class: str) -> set[str]:
    return {r for r, definition in load_definitions().items() if record_class in classes_read(definition)}


def test_a_class_touches_the_returns_whose_models_read_it() -> None:
    assert read_by("vaccination") == {"capacity_tracker"}
    assert read_by("cld_cost") == {"cld"}
    assert read_by("incident") == {"cqc_notifications"}
    assert read_by("visit") == {"cqc_pir"}
    assert read_by("asc_wds_training") == {"asc_wds"}


def test_what_says_who_people_are_touches_every_return_about_people() -> None:
    everything = set(load_definitions())
    assert read_by("subject_of_care") == read_by("cld_request") == read_by("trace_response") == everything
    assert says_who_people_are("trace_response") and says_who_people_are("unpaid_carer")


def test_a_service_tells_of_its_own_days() -> None:
    assert not says_who_people_are("service")


def test_a_class_no_return_reads_touches_none() -> None:
    assert read_by("about_me") == set()
