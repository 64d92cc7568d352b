"""Who entered, left or changed between two periods, and which change of data did it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.extracts.profile import STANDARDS, read_rows
from orchestration.preview.movement import UNCHANGED, find_data_changes, find_movement

STORE = read_rows(STANDARDS / "cld" / "store_columns.csv")
OLD, NEW = "2026-01-12", "2026-04-12"
# Person, submission, the event's type, start and end, and what else the row says.
SUBMITTED = [
    ("stays", OLD, "Service", "2025-05-01", None, {}),
    ("stays", NEW, "Service", "2025-05-01", None, {}),
    (
        "settles",
        OLD,
        "Service",
        "2025-05-01",
        None,
        {"Accommodation_Status": "Unknown", "Der_Birth_Year": 1950},
    ),
    (
        "settles",
        NEW,
        "Service",
        "2025-05-01",
        None,
        {"Accommodation_Status": "Tenant", "Der_Birth_Year": 1951},
    ),
    ("arrives", NEW, "Service", "2026-02-01", None, {}),
    ("ended long ago", OLD, "Service", "2025-01-05", "2025-02-01", {}),
    ("withdrawn", OLD, "Service", "2025-09-01", None, {}),
    ("time alone", OLD, "Service", "2025-06-01", None, {"Gender": "female"}),
    ("time alone", NEW, "Service", "2025-06-01", None, {"Gender": "FEMALE "}),
    ("after the cut-off", "2026-06-01", "Service", "2026-02-01", None, {}),
]
# Person, role last quarter, role now.
STOOD = [
    ("stays", "numerator", "numerator"),
    ("settles", "denominator", "numerator"),
    ("arrives", None, "denominator"),
    ("ended long ago", "numerator", None),
    ("withdrawn", "numerator", None),
    ("time alone", "excluded", "denominator"),
]


@pytest.fixture
def compared() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        columns = ", ".join(f"{row['column'].lower()} {row['type']}" for row in STORE)
        connection.execute(f"create schema raw; create table raw.cld_submission_row ({columns})")
        connection.execute("create table raw.cld_run as select date '2026-05-05' as as_at")
        for number, (person, imported, kind, start, end, more) in enumerate(SUBMITTED):
            values = {
                "Der_Unique_Record_ID": number, "LA_Code": "901", "ImportDate": imported, "Event_Type": kind,
                "Der_NHS_Number_Traced_Pseudo": person, "LA_Person_Unique_Identifier": f"L{person[0]}",
                "Reporting_Period_Start_Date": "2025-04-01" if imported == NEW else "2025-01-01",
                "Event_Start_Date": start, "Event_End_Date": end, **more,
            }  # fmt: skip
            connection.execute(
                f"insert into raw.cld_submission_row ({', '.join(values)})"
                f" values ({', '.join('?' for _ in values)})",
                list(values.values()),
            )
        connection.execute(
            "create table cells as select unnest(['before', 'now']) as period_id, period_id as cell_id,"
            " 'm' as item_id, 'Total' as breakdown, '901' as council"
        )
        connection.execute(
            "create table members (cell_id varchar, person_key varchar, role varchar, reason varchar,"
            " evidence varchar)"
        )
        for person, before, now in STOOD:
            for cell, role in (("before", before), ("now", now)):
                if role:
                    connection.execute(
                        "insert into members values (?, ?, ?, null, 'seen')", [cell, person, role]
                    )
        find_movement(connection, "cells", "members", now="now", before="before")
        find_data_changes(connection, ["901"])
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql).fetchall()


def test_people_enter_leave_or_change_and_who_stays_in_a_role_did_not_move(compared) -> None:
    found = rows(compared, "select person_key, movement, role_before, role_now from moved order by 1")
    assert found == [
        ("arrives", "entered", "not in the measure", "denominator"),
        ("ended long ago", "left", "numerator", "not in the measure"),
        ("settles", "changed", "denominator", "numerator"),
        ("time alone", "entered", "excluded", "denominator"),
        ("withdrawn", "left", "numerator", "not in the measure"),
    ]


def test_each_movement_has_its_cause_in_the_data_or_says_that_there_is_none(compared) -> None:
    assert dict(rows(compared, "select person_key, cause from cause")) == {
        "arrives": "event is new",
        "ended long ago": "event ended before the new file begins",
        "settles": "field changed: accommodation_status; field changed: der_birth_year",
        "time alone": UNCHANGED,
        "withdrawn": "event is gone",
    }


def test_a_changed_field_is_shown_with_both_values_but_for_birth_dates(compared) -> None:
    found = rows(compared, "select field, before, now from data_change where field is not null order by 1")
    assert found == [
        ("accommodation_status", "Unknown", "Tenant"),
        ("der_birth_year", "(not shown)", "(not shown)"),
    ]
