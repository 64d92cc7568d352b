"""Dates of death, and which rows of a chosen file count (section 3)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_tables, event, row, service

YEAR = {"Reporting_Period_Start_Date": "2025-04-01", "Reporting_Period_End_Date": "2026-03-31"}
NUMBER = "N"


def rows():
    return [
        # death between start and end, on both days; on the day before and after
        service(1, "on start", "2025-06-01", "2025-06-30", Date_of_Death="2025-06-01"),
        service(1, "on end", "2025-06-01", "2025-06-30", Date_of_Death="2025-06-30"),
        service(1, "after end", "2025-06-01", "2025-06-30", Date_of_Death="2025-07-01"),
        service(1, "before start", "2025-06-02", "2025-06-30", Date_of_Death="2025-06-01"),
        # an open service ends with a death after its start, not with one on it
        service(1, "open", "2025-06-01", Date_of_Death="2025-06-02"),
        service(1, "open on start", "2025-06-01", Date_of_Death="2025-06-01"),
        # death before the period
        service(1, "died before", "2025-03-01", Date_of_Death="2025-03-31", **YEAR),
        service(1, "died on first", "2025-03-01", Date_of_Death="2025-04-01", **YEAR),
        # other events must end inside the period
        event("Request", 1, "ends first", "2025-03-01", "2025-04-01"),
        event("Request", 1, "ends early", "2025-03-01", "2025-03-31"),
        event("Request", 1, "ends last", "2026-03-31", "2026-03-31"),
        event("Request", 1, "ends late", "2026-03-31", "2026-04-01"),
        row(1, "open request", Event_Type="Request", Event_End_Date=None),
        # services must touch it
        service(1, "service ended first", "2025-03-01", "2025-04-01"),
        service(1, "service ended early", "2025-03-01", "2025-03-31"),
        service(1, "service starts last", "2026-03-31"),
        service(1, "service starts late", "2026-04-01"),
        row(1, "no start", Event_Start_Date=None, Event_End_Date="2025-06-30"),
        row(1, "no type", Event_Type=None, Event_End_Date="2025-06-30"),
        row(1, "typed services", Event_Type="Home SERVICES", Event_End_Date=None),
        row(1, None),
    ]


@pytest.fixture(scope="module", params=[JUNE, SEPTEMBER])
def tables(request):
    return build_tables(request.param, rows(), history_start="2025-04-01")


def end_of(tables, person):
    return tables.rows(
        "select der_event_end_date from core.cld_main__event where submission_set = 'single'"
        f" and la_person_unique_identifier = '{person}'"
    )


@pytest.mark.parametrize(
    ("person", "end"),
    [
        ("on start", "2025-06-01"),
        ("on end", "2025-06-30"),
        ("after end", "2025-06-30"),
        ("open", "2025-06-02"),
        ("open on start", None),
        ("died on first", "2025-04-01"),
        ("ends first", "2025-04-01"),
        ("ends last", "2026-03-31"),
        ("service ended first", "2025-04-01"),
        ("service starts last", None),
        ("typed services", None),
    ],
)
def test_rows_that_count_and_their_end(tables, person, end):
    assert end_of(tables, person) == [(date.fromisoformat(end) if end else None,)]


@pytest.mark.parametrize(
    "person",
    [
        "before start",
        "died before",
        "ends early",
        "ends late",
        "open request",
        "service ended early",
        "service starts late",
        "no start",
        "no type",
    ],
)
def test_rows_that_do_not_count(tables, person):
    assert end_of(tables, person) == []


def test_a_row_without_any_person_id_is_dropped(tables):
    assert tables.value("select count(*) from core.cld_main__event where person_key is null") == 0


def death_of(tables, person):
    return tables.value(
        "select death_date from core.cld_main__event where submission_set = 'single'"
        f" and la_person_unique_identifier = '{person}'"
    )


def test_september_the_register_decides_wherever_there_is_a_number():
    tables = build_tables(
        SEPTEMBER,
        [
            service(1, "registered", "2025-06-01", Der_NHS_Number_Pseudo="A", Date_of_Death="2025-08-01"),
            service(1, "alive", "2025-06-01", Der_NHS_Number_Pseudo="B", Date_of_Death="2025-08-01"),
            service(1, "no number", "2025-06-01", Date_of_Death="2025-08-01"),
            service(1, "traced", "2025-06-01", Der_NHS_Number_Traced_Pseudo="E", Der_NHS_Number_Pseudo="A"),
            service(1, "corrected", "2025-06-01", Der_NHS_Number_Pseudo="C"),
            service(1, "tie", "2025-06-01", Der_NHS_Number_Pseudo="D"),
            service(
                1,
                "dummy",
                "2025-06-01",
                Der_NHS_Number_Pseudo="CBCAE5BC1DABCA4E69B63AC2D6672C9E6C2FB2726D06B14200A4E0C6D979B862",
            ),
        ],
        deaths=[
            ("a", "2025-09-01", "2025-09-10"),
            ("C", "2025-12-01", "2025-12-10"),
            ("C", "2025-11-01", "2025-12-20"),
            ("D", "2025-11-01", "2025-12-20"),
            ("D", "2025-11-02", "2025-12-20"),
            ("CBCAE5BC1DABCA4E69B63AC2D6672C9E6C2FB2726D06B14200A4E0C6D979B862", "2025-09-01", "2025-09-10"),
        ],
    )
    found = {
        p: death_of(tables, p)
        for p in ("registered", "alive", "no number", "traced", "corrected", "tie", "dummy")
    }
    assert found == {
        "registered": date(2025, 9, 1),
        "alive": None,
        "no number": date(2025, 8, 1),
        "traced": None,
        "corrected": date(2025, 11, 1),
        "tie": date(2025, 11, 2),
        "dummy": None,
    }
