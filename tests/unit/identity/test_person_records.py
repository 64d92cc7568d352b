"""Person records: one row per person as one sender knows them."""

from pathlib import Path

import duckdb

from orchestration.identity.person_records import create_person_records, loaded_files
from tests.unit.identity.small_lake import load_rows, small_lake


def person_records(lake: Path, columns: str, table: str = "person_record") -> list[tuple]:
    with duckdb.connect() as connection:
        create_person_records(connection, loaded_files("oakshire", lake))
        return connection.execute(f"select {columns} from {table} order by all").fetchall()


def test_a_lake_with_nothing_loaded_has_no_person_records(tmp_path):
    assert person_records(tmp_path, "person_record_key") == []


def test_keys_are_sender_and_local_id(tmp_path):
    small_lake(tmp_path)
    keys = [key for (key,) in person_records(tmp_path, "person_record_key")]
    assert keys == [
        "fern_care:p1", "fern_care:p2", "fern_care:p3", "fern_care:p4", "fern_care:p5",
        "oakshire_council:la1", "oakshire_council:la2", "oakshire_council:la3",
    ]  # fmt: skip


def test_the_newest_version_of_the_newest_extract_is_the_record(tmp_path):
    header = "uid | v | person | family | sex\n"
    load_rows(
        tmp_path, "oakshire", "fern", "e1", "subject_of_care", header + "u1 | 1 | p1 | Old | 2", "2026-01-01"
    )
    load_rows(
        tmp_path, "oakshire", "fern", "e2", "subject_of_care", header + "u1 | 3 | p1 | New | 2", "2026-02-01"
    )
    load_rows(
        tmp_path, "oakshire", "fern", "e3", "subject_of_care", header + "u1 | 2 | p1 | Late | 2", "2026-03-01"
    )
    assert person_records(tmp_path, "family_name, gender") == [("New", "f")]


def test_a_councils_details_come_from_the_newest_row_that_has_them(tmp_path):
    load_rows(
        tmp_path, "oakshire", "council", "e1", "cld_service",
        """
        uid | v | la_person | last_name | postcode | born | started
        s1 | 1 | la1 | Before | ZQ1 1AA | 1940-02-13 | 2024-01-01
        s2 | 1 | la1 | After  |         | 1940-02-14 | 2025-01-01
        """,
    )  # fmt: skip
    load_rows(
        tmp_path, "oakshire", "council", "e1", "cld_carer",
        """
        uid | v | la_person | last_name | postcode
        c1 | 1 | la1 | Undated | ZQ9 9ZZ
        """,
    )  # fmt: skip
    assert person_records(tmp_path, "family_name, postcode, first_seen::text, last_seen::text") == [
        ("After", "ZQ1 1AA", "2024-01-01", "2025-01-01")
    ]
    variants = person_records(tmp_path, "field, value", "person_record_variant")
    assert variants == [("date_of_birth", "1940-02-13"), ("date_of_birth", "1940-02-14")]


def test_activity_after_the_extract_and_cancelled_events_are_no_sign_of_life(tmp_path):
    load_rows(
        tmp_path, "oakshire", "council", "e1", "cld_service",
        """
        uid | v | la_person | started | event_status
        s1 | 1 | la1 | 2025-01-01 | completed
        s2 | 1 | la1 | 2025-06-01 | cancelled
        s3 | 1 | la1 | 2027-01-01 |
        """,
    )  # fmt: skip
    assert person_records(tmp_path, "last_seen::text") == [("2025-01-01",)]


def test_the_one_text_of_a_carers_name_is_read_both_ways_round(tmp_path):
    load_rows(
        tmp_path, "oakshire", "fern", "e1", "unpaid_carer",
        """
        uid | v | person_cared_for | name
        c1 | 1 | p1 | Mrs Anna Maria Marsh
        c2 | 1 | p1 | Marsh, Thomas
        c3 | 1 | p1 | Joan
        """,
    )  # fmt: skip
    assert person_records(tmp_path, "person_record_key, family_name, given_name") == [
        ("fern:unpaid_carer:c1", "Marsh", "Anna Maria"),
        ("fern:unpaid_carer:c2", "Marsh", "Thomas"),
        ("fern:unpaid_carer:c3", None, None),
    ]
