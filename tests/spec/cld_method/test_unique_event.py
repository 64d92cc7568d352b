"""Cleaning, unique events, closing of vanished services, and which record stays (sections 4 and 5)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_tables, event, row, service

FIRST, SECOND = datetime(2025, 10, 10, 9), datetime(2026, 4, 10, 9)
EARLY = {
    "ImportDate": FIRST,
    "Reporting_Period_Start_Date": "2025-04-01",
    "Reporting_Period_End_Date": "2025-09-30",
}
LATE = {
    "ImportDate": SECOND,
    "Reporting_Period_Start_Date": "2025-10-01",
    "Reporting_Period_End_Date": "2026-03-31",
}
COST = {"Unit_Cost": 10.0, "Cost_Frequency_Unit_Type": "Weekly", "Planned_units_per_week": 1.0}


def rows():
    return [
        # case and trailing blanks never part events
        service(1, "same", "2025-06-01", Service_Component="Day support"),
        service(1, "same", "2025-06-01", Service_Component="DAY SUPPORT  "),
        # Release 1 and Release 2 wording
        service(1, "reworded", "2025-06-01", Client_Type="Carer"),
        service(1, "reworded", "2025-06-01", Client_Type="Unpaid carer"),
        # unmapped values are all null, which invalid is not
        service(1, "unmapped", "2025-06-01", Service_Component="odd"),
        service(1, "unmapped", "2025-06-01", Service_Component="odder"),
        service(1, "unmapped", "2025-06-01", Service_Component="Misc"),
        # the end date parts other events, not services
        service(1, "two ends", "2025-06-01", "2025-07-01"),
        service(1, "two ends", "2025-06-01"),
        event("Review", 1, "two reviews", "2025-06-01", "2025-07-01"),
        event("Review", 1, "two reviews", "2025-06-01", "2025-07-02"),
        # route parts requests only
        event(
            "Request",
            1,
            "routes",
            "2025-06-01",
            "2025-06-02",
            Request_Route_of_Access="Community or other route",
        ),
        event(
            "Request",
            1,
            "routes",
            "2025-06-01",
            "2025-06-02",
            Request_Route_of_Access="Discharge from hospital",
        ),
        event(
            "Review",
            1,
            "no routes",
            "2025-06-01",
            "2025-06-02",
            Request_Route_of_Access="Community or other route",
        ),
        event(
            "Review",
            1,
            "no routes",
            "2025-06-01",
            "2025-06-02",
            Request_Route_of_Access="Discharge from hospital",
        ),
        # an event type no mapping knows
        event("Chat", 1, "chat", "2025-06-01", "2025-07-01"),
        event("Chat", 1, "chat", "2025-06-01", "2025-07-02"),
        # costs part services in the single table only
        service(1, "cost", "2025-06-01", **COST),
        service(1, "cost", "2025-06-01", **{**COST, "Unit_Cost": 11.0}),
        service(1, "cost", "2025-06-01", **{**COST, "Unit_Cost": 10.004}),
        # the text NULL
        service(1, "text null", "2025-06-01", Service_Component="null ", Gender="NULL"),
        event("Review", 1, "planned", "2025-06-01", "2025-06-02", Review_Reason="Annual"),
        event("Review", 1, "unplanned", "2025-06-01", "2025-06-02", Review_Reason="Unplanned - Hospital"),
        event(
            "Review",
            1,
            "short term",
            "2025-06-01",
            "2025-06-02",
            Review_Reason="Review of short term support",
        ),
        event("Review", 1, "invalid reason", "2025-06-01", "2025-06-02", Review_Reason="Ad hoc"),
        event("Review", 1, "no reason", "2025-06-01", "2025-06-02"),
    ]


@pytest.fixture(scope="module", params=[JUNE, SEPTEMBER])
def tables(request):
    built = build_tables(request.param, rows())
    built.method = request.param
    return built


def kept(tables, person, submission_set="joined"):
    return tables.value(
        f"select count(*) from core.cld_main__event where submission_set = '{submission_set}'"
        f" and la_person_unique_identifier = '{person}'"
    )


@pytest.mark.parametrize(
    ("person", "june", "september"),
    [
        ("same", 1, 1),
        ("reworded", 2, 1),
        ("unmapped", 3, 2),
        ("two ends", 1, 1),
        ("two reviews", 2, 2),
        ("routes", 2, 2),
        ("no routes", 1, 1),
        ("chat", 2, 1),
    ],
)
def test_what_makes_one_event(tables, person, june, september):
    assert kept(tables, person) == (june if tables.method == JUNE else september)


def test_costs_part_services_in_the_single_table_only_and_to_the_penny(tables):
    assert kept(tables, "cost") == 1
    assert kept(tables, "cost", "single") == 2


def test_the_text_null_is_a_null_in_september_only(tables):
    spelling = tables.rows(
        "select distinct raw_key from core.cld_main__spelling where lower(trim(spelling)) = 'null'"
    )
    assert spelling == [("null",)] if tables.method == JUNE else spelling == [(None,)]


@pytest.mark.parametrize(
    ("person", "review_type"),
    [
        ("planned", "Planned review of long term support"),
        ("unplanned", "Unplanned"),
        ("short term", "Review of short term support"),
        ("invalid reason", "Review Type Unknown"),
        ("no reason", None),
    ],
)
def test_review_type(tables, person, review_type):
    assert (
        tables.value(
            "select review_type from core.cld_main__labelled_event where submission_set = 'joined'"
            f" and la_person_unique_identifier = '{person}'"
        )
        == review_type
    )


def test_september_a_row_whose_event_type_is_unmapped_has_no_age_and_an_unknown_review_type(tables):
    found = tables.rows(
        "select distinct der_working_age_band, review_type from core.cld_main__labelled_event"
        " where la_person_unique_identifier = 'chat'"
    )
    assert found == (
        [("65 and above", None)] if tables.method == JUNE else [("Unknown", "Review Type Unknown")]
    )


def test_person_id_is_the_traced_number_then_the_submitted_one_then_council_and_local_id():
    tables = build_tables(
        JUNE,
        [
            row(1, "a", Der_NHS_Number_Traced_Pseudo="T", Der_NHS_Number_Pseudo="S"),
            row(1, "b", Der_NHS_Number_Pseudo="S"),
            row(1, "c"),
        ],
    )
    assert tables.rows(
        "select la_person_unique_identifier, person_id from core.cld_main__event"
        " where submission_set = 'joined' order by 1"
    ) == [("a", "T"), ("b", "S"), ("c", "1_c")]


@pytest.fixture(scope="module")
def two_files():
    def both(person, start="2025-06-01", **values):
        return [
            service(1, person, start, **{**values, **EARLY}),
            service(1, person, start, **{**values, **LATE}),
        ]

    return build_tables(
        JUNE,
        [
            *both("stays"),
            service(1, "vanishes", "2025-06-01", **EARLY),
            service(1, "ends later", "2025-06-01", "2025-12-01", **EARLY),
            service(1, "ended in time", "2025-06-01", "2025-09-30", **EARLY),
            service(1, "last file", "2025-11-01", **LATE),
        ],
        history_start="2025-04-01",
    )


@pytest.mark.parametrize(
    ("person", "end", "closed"),
    [
        ("stays", None, False),
        ("vanishes", date(2025, 9, 30), True),
        ("ends later", date(2025, 9, 30), True),
        ("ended in time", date(2025, 9, 30), False),
        ("last file", None, False),
    ],
)
def test_a_service_absent_from_the_next_file_is_closed_at_the_end_of_its_period(
    two_files, person, end, closed
):
    assert two_files.rows(
        "select der_event_end_date, was_closed from core.cld_main__event where submission_set = 'joined'"
        f" and la_person_unique_identifier = '{person}'"
    ) == [(end, closed)]


def test_of_one_event_the_latest_period_stays(two_files):
    assert two_files.value(
        "select ref_period_end_date from core.cld_main__event where submission_set = 'joined'"
        " and la_person_unique_identifier = 'stays'"
    ) == date(2026, 3, 31)


RANKED = {
    "open": ({"Event_End_Date": "2025-07-01"}, {"Event_End_Date": None}),
    "later end": ({"Event_End_Date": "2025-07-01"}, {"Event_End_Date": "2025-07-02"}),
    "an outcome": ({"Event_Outcome": None}, {"Event_Outcome": "NFA: Other"}),
    "higher outcome": ({"Event_Outcome": "NFA: Other"}, {"Event_Outcome": "Admitted to hospital"}),
    "conversation": ({"Der_Conversation": 0}, {"Der_Conversation": 1}),
    "a flag": ({"Der_Conversation": None}, {"Der_Conversation": 0}),
}


def test_of_one_event_open_then_later_then_outcome_then_conversation_then_record_decides():
    # The better record is loaded first, so that the record id would choose the other.
    pairs = [
        r
        for person, (worse, better) in RANKED.items()
        for r in (row(1, person, **better), row(1, person, **worse))
    ]
    tables = build_tables(JUNE, [*pairs, row(1, "last loaded"), row(1, "last loaded")])
    kept_ids = dict(
        tables.rows(
            "select la_person_unique_identifier, der_unique_record_id from core.cld_main__event"
            " where submission_set = 'joined'"
        )
    )
    assert kept_ids == {person: 2 * n + 1 for n, person in enumerate(RANKED)} | {
        "last loaded": 2 * len(RANKED) + 2
    }
