"""Trace requests: the allowed columns, the records that need it, nothing a spreadsheet would run."""

import csv

import pytest

from orchestration.identity.trace_requests import TraceRequestError, write_trace_request
from tests.unit.identity.small_lake import load_rows, small_lake


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_only_records_without_a_settling_answer_are_asked_about(tmp_path):
    small_lake(tmp_path)
    request = write_trace_request("oakshire", tmp_path, tmp_path / "out" / "request.csv", synthetic=True)
    asked = [row["UNIQUE REFERENCE"] for row in rows_of(request.path)]
    assert asked == [
        "fern_care:p2", "fern_care:p3", "fern_care:p4", "oakshire_council:la1", "oakshire_council:la2",
    ]  # fmt: skip
    assert (request.needed, request.answered, request.too_little) == (5, 3, 0)
    assert request.path.stat().st_mode & 0o777 == 0o600


def test_a_request_has_the_allowed_columns_and_only_well_formed_numbers(tmp_path):
    small_lake(tmp_path)
    request = write_trace_request("oakshire", tmp_path, tmp_path / "request.csv", synthetic=True)
    rows = rows_of(request.path)
    assert list(rows[0]) == [
        "UNIQUE REFERENCE", "NHS_NO", "FAMILY_NAME", "GIVEN_NAME", "GENDER", "DATE_OF_BIRTH", "POST_CODE",
    ]  # fmt: skip
    assert [row["NHS_NO"] for row in rows] == ["", "", "", "9990000018", ""]
    assert list(rows[0].values()) == [
        "fern_care:p2", "", "ASHBOTTOM", "LEOFRIC", "1", "19510930", "ZQ1 1AB"
    ]  # fmt: skip


def test_a_name_that_looks_like_a_formula_is_written_as_a_name(tmp_path):
    load_rows(
        tmp_path, "oakshire", "fern", "e1", "subject_of_care",
        """
        uid | v | person | given | family | born
        u1 | 1 | p1 | =CMD()!A1 | -O'Neil-Smythe | 1940-02-13
        u2 | 1 | p2 | @Ann      | +Marsh         | 1940-02-13
        """,
    )  # fmt: skip
    request = write_trace_request("oakshire", tmp_path, tmp_path / "request.csv", synthetic=True)
    assert [(row["GIVEN_NAME"], row["FAMILY_NAME"]) for row in rows_of(request.path)] == [
        ("CMDA", "O'NEIL-SMYTHE"),
        ("ANN", "MARSH"),
    ]


def test_a_record_without_birth_date_or_marked_as_not_to_be_traced_is_left_out(tmp_path):
    load_rows(
        tmp_path, "oakshire", "fern", "e1", "subject_of_care",
        """
        uid | v | person | family | born | status
        u1 | 1 | p1 | Marsh |            |
        u2 | 1 | p2 | Marsh | 1940-02-13 | 07
        """,
    )  # fmt: skip
    request = write_trace_request("oakshire", tmp_path, tmp_path / "request.csv", synthetic=True)
    assert (request.needed, request.not_required, request.too_little) == (0, 1, 1)


def test_the_fuller_layout_leaves_what_is_not_needed_empty(tmp_path):
    small_lake(tmp_path)
    request = write_trace_request("oakshire", tmp_path, tmp_path / "request.csv", "mps", synthetic=True)
    row = rows_of(request.path)[0]
    assert len(row) == 23
    assert {name for name, value in row.items() if value} == {
        "UNIQUE REFERENCE", "FAMILY_NAME", "GIVEN_NAME", "GENDER", "DATE_OF_BIRTH", "POSTCODE",
    }  # fmt: skip


def test_an_unknown_layout_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(TraceRequestError, match="Known layouts: mps, pds_mesh"):
        write_trace_request("oakshire", tmp_path, tmp_path / "request.csv", "fax", synthetic=True)
