"""Waiting times from a new request to the first response and to the first service."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_waiting_times, event, service

ONWARD, SERVICES = (
    "Progress to assessment, review or reassessment",
    "Progress to support planning or services",
)
LONG, ST_MAX, LOW = (
    "Long term support: Community",
    "Short term support: ST-Max",
    "Short term support: Ongoing low level",
)


def aged(values, age=75):
    return {"Der_Age_Event_Start_Date": age, **values}


def asked(person: str, start: str = "2025-08-01", council: int = 1, **values):
    return event("Request", council, person, start, start, **aged({"Event_Outcome": ONWARD, **values}))


def assessment(person: str, start: str, council: int = 1, **values):
    given = {"Assessment_Type": "Long term assessment", "Event_Outcome": SERVICES}
    return event("Assessment", council, person, start, start, **aged({**given, **values}))


def support(person: str, start: str, end=None, kind: str = LONG, council: int = 1, **values):
    return service(council, person, start, end, Service_Type=kind, **aged(values))


# person: (rows, for each request that counts (response, days to it, days to service))
CASES = {
    "assessed then served": (
        [
            asked("assessed then served"),
            assessment("assessed then served", "2025-08-11"),
            support("assessed then served", "2025-08-21"),
        ],
        [("Assessment", 10, 20)],
    ),
    "served first": (
        [
            asked("served first"),
            assessment("served first", "2025-08-21"),
            support("served first", "2025-08-11"),
        ],
        [("Service", 10, 10)],
    ),
    "same day": (
        [asked("same day"), assessment("same day", "2025-08-01"), support("same day", "2025-08-01")],
        [("Assessment", 0, 0)],
    ),
    "nothing yet": ([asked("nothing yet")], [(None, None, None)]),
    "carer assessment": (
        [
            asked("carer assessment"),
            assessment("carer assessment", "2025-08-11", Assessment_Type="Unpaid carer assessment"),
        ],
        [(None, None, None)],
    ),
    # an assessment block that leads to no service ends the wait for one
    "assessed in vain": (
        [
            asked("assessed in vain"),
            assessment("assessed in vain", "2025-08-11", Event_Outcome="NFA: Other"),
            support("assessed in vain", "2025-08-21"),
        ],
        [("Assessment", 10, None)],
    ),
    "second in block": (
        [
            asked("second in block"),
            assessment("second in block", "2025-08-11", Event_Outcome="NFA: Other"),
            assessment("second in block", "2025-08-12"),
            support("second in block", "2025-08-21"),
        ],
        [("Assessment", 10, 20)],
    ),
    # a conversation answers a Release 1 request
    "conversation": (
        [asked("conversation", "2025-06-30", Der_Conversation=1), assessment("conversation", "2025-07-10")],
        [("Request", 0, None)],
    ),
    "release 2": (
        [asked("release 2", "2025-07-01", Der_Conversation=1), assessment("release 2", "2025-07-10")],
        [("Assessment", 9, None)],
    ),
    "no progress": (
        [
            asked("no progress", "2025-06-30", Der_Conversation=1, Event_Outcome="Caravan"),
            assessment("no progress", "2025-07-10"),
        ],
        [],
    ),
    "conversation the same day": (
        [
            asked("conversation the same day", "2025-06-30", Der_Conversation=1),
            assessment("conversation the same day", "2025-06-30"),
        ],
        [("Assessment", 0, None)],
    ),
    # outcomes that do not progress, and none at all
    "nfa": ([asked("nfa", Event_Outcome="NFA: Other"), assessment("nfa", "2025-08-11")], []),
    "hospital": (
        [asked("hospital", Event_Outcome="Admitted to hospital"), assessment("hospital", "2025-08-11")],
        [],
    ),
    "no outcome": ([asked("no outcome", Event_Outcome=None), assessment("no outcome", "2025-08-11")], []),
    # existing clients
    "long term 12 months": (
        [asked("long term 12 months"), support("long term 12 months", "2024-05-01", "2024-08-01")],
        [],
    ),
    "long term a day more": (
        [asked("long term a day more"), support("long term a day more", "2024-05-01", "2024-07-31")],
        [(None, None, None)],
    ),
    "st-max 3 months": (
        [asked("st-max 3 months"), support("st-max 3 months", "2025-04-01", "2025-05-01", ST_MAX)],
        [],
    ),
    "st-max a day more": (
        [asked("st-max a day more"), support("st-max a day more", "2025-04-01", "2025-04-30", ST_MAX)],
        [(None, None, None)],
    ),
    "low level": ([asked("low level"), support("low level", "2025-04-01", None, LOW)], [(None, None, None)]),
    "starts with it": (
        [asked("starts with it"), support("starts with it", "2025-08-01")],
        [("Service", 0, 0)],
    ),
    # ages, client types
    "24": ([asked("24", Der_Age_Event_Start_Date=24)], []),
    "carer": ([asked("carer", Client_Type="Carer")], []),
    # a request made while an earlier one is followed up
    "overlap": (
        [asked("overlap"), asked("overlap", "2025-08-05"), assessment("overlap", "2025-08-11")],
        [("Assessment", 10, None), ("Assessment", None, None)],
    ),
    "one after the other": (
        [
            asked("one after the other"),
            assessment("one after the other", "2025-08-03"),
            asked("one after the other", "2025-08-05"),
            assessment("one after the other", "2025-08-11"),
        ],
        [("Assessment", 2, None), ("Assessment", 6, None)],
    ),
}


@pytest.fixture(scope="module", params=[JUNE, SEPTEMBER])
def tables(request):
    medians = [
        *[
            r
            for n, day in enumerate(("11", "12", "14"), 1)
            for r in (asked(f"m{n}", council=2), assessment(f"m{n}", f"2025-08-{day}", council=2))
        ],
        asked("even", council=3),
        assessment("even", "2025-08-11", council=3),
        asked("even 2", council=3),
        assessment("even 2", "2025-08-12", council=3),
        asked("next quarter", council=3),
        assessment("next quarter", "2025-10-01", council=3),
        asked("young", council=3, Der_Birth_Year=1990, Der_Age_Event_Start_Date=35),
        assessment("young", "2025-09-30", council=3, Der_Birth_Year=1990, Der_Age_Event_Start_Date=35),
    ]
    return build_waiting_times(request.param, [r for rows, _ in CASES.values() for r in rows] + medians)


@pytest.mark.parametrize("person", list(CASES))
def test_response_and_waits(tables, person):
    assert (
        tables.rows(
            "select response_event_type, part1_wait_time, part2_wait_time from returns.waiting_times__request"
            f" where person_key = '1_{person}' order by request_start_date"
        )
        == CASES[person][1]
    )


def test_median_and_count_by_quarter_of_the_response_and_age_band(tables):
    found = tables.rows(
        "select la_code, cast(statistical_reporting_period_start as varchar), age_band, median_waiting_time,"
        " number_of_waiting_times_identified from returns.waiting_times__council where la_code in ('2', '3')"
        " order by all"
    )
    assert found == [
        ("2", "2025-07-01", "65 and above", 11.0, 3),
        ("3", "2025-07-01", "25 to 64", 60.0, 1),
        ("3", "2025-07-01", "65 and above", 10.5, 2),
        ("3", "2025-10-01", "65 and above", 61.0, 1),
    ]


def test_of_two_events_on_one_day_the_later_loaded_is_first():
    tables = build_waiting_times(
        JUNE,
        [
            asked("p"),
            assessment("p", "2025-08-11", Event_Outcome="NFA: Other"),
            assessment("p", "2025-08-11", Assessment_Type="Short term assessment"),
        ],
    )
    assert tables.value("select response_record_id from returns.waiting_times__request") == 3


def test_requests_before_april_2023_are_left_out():
    file = {
        "Reporting_Period_Start_Date": "2023-01-01",
        "Reporting_Period_End_Date": "2023-12-31",
        "ImportDate": datetime(2024, 1, 10),
    }
    tables = build_waiting_times(
        JUNE,
        [asked("before", "2023-03-31", **file), asked("first day", "2023-04-01", **file)],
        history_start="2023-01-01",
    )
    assert tables.rows("select person_key from returns.waiting_times__request") == [("1_first day",)]
