"""The reporting period of a file is derived from its end dates, never the stated one (section 1)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_tables, event, row

TYPES = ("Request", "Assessment", "Service")


def ends(council: int, kind: str, month: str, count: int, **values):
    return [event(kind, council, f"{kind}{n}", f"{month}-01", f"{month}-15", **values) for n in range(count)]


def even(council: int, months: list[str], count: int = 10, **values):
    return [r for month in months for kind in TYPES for r in ends(council, kind, month, count, **values)]


def period_of(tables, council: int):
    return tables.rows(
        "select derived_start, derived_end, missing_required_event_type, reporting_period_has_gaps"
        f" from core.cld_main__reporting_period where la_code = '{council}'"
    )[0]


def whole(first: str, last: date):
    return date.fromisoformat(f"{first}-01"), last


@pytest.fixture(scope="module")
def by_share():
    rows = [
        # 99 end dates: every month counts, however thin.
        *ends(1, "Service", "2025-05", 98),
        *ends(1, "Service", "2025-11", 1),
        # 100 end dates: a month needs two in a hundred.
        *ends(2, "Service", "2025-05", 98),
        *ends(2, "Service", "2025-11", 2),
        *ends(3, "Service", "2025-05", 99),
        *ends(3, "Service", "2025-11", 1),
        # A month may lack one of the types of the fullest month, not two.
        *even(4, ["2025-05"], 30),
        *ends(4, "Service", "2025-06", 5),
        *ends(4, "Request", "2025-06", 5),
        *even(5, ["2025-05"], 30),
        *ends(5, "Service", "2025-06", 10),
        # The month of import and later do not count.
        *ends(6, "Service", "2026-03", 3),
        *ends(6, "Service", "2026-04", 3),
        *ends(6, "Service", "2026-05", 3),
        # Gaps between the first and the last month do not matter.
        *ends(7, "Service", "2024-05", 50),
        *ends(7, "Service", "2026-01", 50),
        # No end date at all: no period.
        row(8, "open", Event_End_Date=None),
    ]
    return build_tables(JUNE, rows, derive_periods=True)


@pytest.mark.parametrize(
    ("council", "start", "end"),
    [
        (1, "2025-05-01", "2025-11-30"),
        (2, "2025-05-01", "2025-11-30"),
        (3, "2025-05-01", "2025-05-31"),
        (4, "2025-05-01", "2025-06-30"),
        (5, "2025-05-01", "2025-05-31"),
        (6, "2026-03-01", "2026-03-31"),
        (7, "2024-05-01", "2026-01-31"),
    ],
)
def test_june_months_with_a_share_of_the_file_make_the_period(by_share, council, start, end):
    assert period_of(by_share, council)[:2] == (date.fromisoformat(start), date.fromisoformat(end))


def test_june_a_file_without_end_dates_has_no_period(by_share):
    assert period_of(by_share, 8)[:2] == (None, None)


@pytest.fixture(scope="module")
def by_month():
    spring = ["2025-04", "2025-05", "2025-06"]
    rows = [
        *even(1, spring),  # ten of each type a month is enough
        *even(2, spring[:2]),
        *ends(2, "Request", "2025-06", 9),
        *ends(2, "Assessment", "2025-06", 10),
        *ends(2, "Service", "2025-06", 10),  # nine is not
        *even(714, spring, 9),  # but the City of London needs no ten
        # A fifth of the type's median month: 10 of 50, and 10 of 51.
        *even(4, ["2025-04", "2025-05"], 50),
        *ends(4, "Request", "2025-06", 10),
        *ends(4, "Assessment", "2025-06", 50),
        *ends(4, "Service", "2025-06", 50),
        *even(5, ["2025-04", "2025-05"], 51),
        *ends(5, "Request", "2025-06", 10),
        *ends(5, "Assessment", "2025-06", 51),
        *ends(5, "Service", "2025-06", 51),
        # One incomplete month between complete ones is bridged (and is still a gap); two are not.
        *even(6, ["2025-04", "2025-06"]),
        *even(7, ["2025-04", "2025-07"]),
        # Neither end of the file can be bridged.
        *even(8, spring),
        *ends(8, "Request", "2026-03", 10),
        *ends(8, "Service", "2026-03", 10),
        # The latest common run counts, however short.
        *even(9, ["2024-04", "2024-05", "2024-06", "2024-07", "2025-06"]),
        # A type that is missing altogether leaves no period; reviews are never asked for.
        *[r for m in spring for k in ("Request", "Assessment", "Review") for r in ends(10, k, m, 10)],
        # A type needs a twentieth of the median type total: 10 of 200, and 10 of 201.
        *ends(11, "Request", "2025-04", 10),
        *ends(11, "Assessment", "2025-04", 200),
        *ends(11, "Service", "2025-04", 200),
        *ends(12, "Request", "2025-04", 10),
        *ends(12, "Assessment", "2025-04", 201),
        *ends(12, "Service", "2025-04", 201),
        # Open services count in the type's total only.
        *ends(13, "Request", "2025-04", 10),
        *ends(13, "Assessment", "2025-04", 200),
        *ends(13, "Service", "2025-04", 200),
        *[row(13, f"o{n}", Event_End_Date=None) for n in range(500)],
        # Types are told by how the raw text begins, in any case.
        *[{**r, "Event_Type": r["Event_Type"].upper() + "S"} for r in even(14, spring)],
        # The Isles of Scilly always keep the stated period.
        *even(906, ["2025-04"], 1),
        # Months before April 2020 are outside the calendar.
        *even(16, ["2020-03"], 20),
        *even(16, ["2020-04"], 20),
    ]
    return build_tables(SEPTEMBER, rows, derive_periods=True)


@pytest.mark.parametrize(
    ("council", "start", "end"),
    [
        (1, "2025-04-01", "2025-06-30"),
        (2, "2025-04-01", "2025-05-31"),
        (714, "2025-04-01", "2025-06-30"),
        (4, "2025-04-01", "2025-06-30"),
        (5, "2025-04-01", "2025-05-31"),
        (6, "2025-04-01", "2025-06-30"),
        (7, "2025-07-01", "2025-07-31"),
        (8, "2025-04-01", "2025-06-30"),
        (9, "2025-06-01", "2025-06-30"),
        (11, "2025-04-01", "2025-04-30"),
        (13, "2025-04-01", "2025-04-30"),
        (14, "2025-04-01", "2025-06-30"),
        (906, "2024-04-01", "2026-03-31"),
        (16, "2020-04-01", "2020-04-30"),
    ],
)
def test_september_the_latest_run_of_complete_months_is_the_period(by_month, council, start, end):
    assert period_of(by_month, council)[:2] == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize("council", [10, 12])
def test_september_a_type_missing_or_too_small_leaves_no_period(by_month, council):
    assert period_of(by_month, council)[:2] == (None, None)


@pytest.mark.parametrize(
    ("council", "missing", "gaps"), [(1, "N", "N"), (6, "N", "Y"), (7, "N", "Y"), (10, "Y", "N")]
)
def test_september_missing_types_and_gaps_are_flagged(by_month, council, missing, gaps):
    assert period_of(by_month, council)[2:] == (missing, gaps)


def test_stated_periods_are_counted_and_measured_in_months():
    tables = build_tables(
        JUNE,
        [
            row(1, "a", Reporting_Period_Start_Date="2025-04-01", Reporting_Period_End_Date="2026-03-31"),
            row(1, "b", Reporting_Period_Start_Date="2025-01-01", Reporting_Period_End_Date="2025-12-31"),
            row(1, "c", ImportDate=datetime(2026, 5, 1)),
        ],
        derive_periods=True,
    )
    assert tables.rows(
        "select stated_periods, stated_start, stated_end, stated_months"
        " from core.cld_main__reporting_period"
        " order by import_time"
    ) == [(2, date(2025, 1, 1), date(2026, 3, 31), 15), (1, date(2024, 4, 1), date(2026, 3, 31), 24)]
