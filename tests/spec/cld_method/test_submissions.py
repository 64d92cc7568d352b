"""Which file a council's quarter, and its year, are taken from (section 2)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_tables, row


def file(council: int, imported: datetime, start: str = "2025-04-01", end: str = "2026-03-31"):
    return row(
        council, "p", ImportDate=imported, Reporting_Period_Start_Date=start, Reporting_Period_End_Date=end
    )


IN_TIME, LATER = datetime(2026, 4, 10, 9), datetime(2026, 4, 20, 9)


@pytest.fixture(scope="module")
def tables():
    return build_tables(
        JUNE,
        [
            file(1, IN_TIME),
            file(1, LATER),
            file(2, IN_TIME, start="2025-04-02"),
            file(3, IN_TIME, end="2026-03-30"),
            file(4, datetime(2026, 3, 31, 0, 0, 0)),  # midnight itself is too early
            file(5, datetime(2026, 3, 31, 0, 0, 1)),
            file(6, datetime(2026, 5, 5, 23, 59)),
            file(7, datetime(2026, 5, 6, 0, 0)),
            file(8, datetime(2026, 4, 23, 13, 28, 24, 253000)),
            file(9, datetime(2026, 4, 23, 13, 28, 24, 254000)),
            # One newer file for an inner quarter: the older one spans the gap.
            file(10, IN_TIME),
            file(10, LATER, "2025-07-01", "2025-09-30"),
        ],
    )


def chosen(tables, council: int, submission_set: str = "single"):
    return [
        r[0]
        for r in tables.rows(
            "select import_time from core.cld_main__chosen_file where la_name_key ="
            f" 'council {council}' and submission_set = '{submission_set}' order by import_time"
        )
    ]


def test_the_latest_file_wins(tables):
    assert chosen(tables, 1) == [LATER]


@pytest.mark.parametrize("council", [2, 3])
def test_a_file_must_cover_the_whole_period(tables, council):
    assert chosen(tables, council) == []


def test_a_file_must_be_imported_after_midnight_at_the_start_of_the_last_day(tables):
    assert chosen(tables, 4) == []
    assert chosen(tables, 5) == [datetime(2026, 3, 31, 0, 0, 1)]


def test_a_file_must_be_imported_by_the_end_of_the_cut_off_day(tables):
    assert chosen(tables, 6) == [datetime(2026, 5, 5, 23, 59)]
    assert chosen(tables, 7) == []


def test_a_file_with_known_issues_is_never_taken(tables):
    assert chosen(tables, 8) == []
    assert len(chosen(tables, 9)) == 1


def test_september_excludes_nine_files():
    tables = build_tables(SEPTEMBER, [file(1, IN_TIME)])
    assert (
        tables.value("select count(*) from staging.stg_cld__excluded_file where method_id = 'dhsc-2026-09'")
        == 9
    )


def test_a_file_that_serves_quarters_apart_keeps_one_period_that_spans_the_gap(tables):
    assert tables.rows(
        "select import_time, ref_period_start_date, ref_period_end_date from core.cld_main__chosen_file"
        " where la_name_key = 'council 10' and submission_set = 'joined' order by import_time"
    ) == [
        (IN_TIME, date(2025, 4, 1), date(2026, 3, 31)),
        (LATER, date(2025, 7, 1), date(2025, 9, 30)),
    ]


def test_a_council_without_a_file_is_named_for_each_window(tables):
    assert (
        tables.value(
            "select count(*) from core.cld_main__missing_window where la_name = 'Council 4'"
            " and submission_set = 'single'"
        )
        == 1
    )
