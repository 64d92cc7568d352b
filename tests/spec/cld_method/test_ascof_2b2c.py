"""2B and 2C: new admissions to care homes per 100,000."""

from __future__ import annotations

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_ascof, service

OLD, YOUNG = {"Der_Birth_Year": 1940}, {"Der_Birth_Year": 1980}
SELF_FUNDED = "NFA: Self-funded client or under 12wk disregard"


def stay(council: int, person: str, start: str, end: str | None = None, **values):
    given = {
        "Service_Type": "Long term support: Residential care",
        "Service_Component": "Long term residential care",
        **OLD,
    }
    return service(council, person, start, end, **{**given, **values})


ROWS = [
    stay(1, "first day", "2025-04-01"),
    stay(1, "day before", "2025-03-31"),
    stay(1, "last day", "2026-03-31"),
    # an earlier stay that ended 364 days before: not new; 365 days before: new; still open: not new
    stay(2, "364", "2024-05-01", "2024-06-02"),
    stay(2, "364", "2025-06-01"),
    stay(3, "365", "2024-05-01", "2024-06-01"),
    stay(3, "365", "2025-06-01"),
    stay(4, "open", "2025-03-01"),
    stay(4, "open", "2025-06-01"),
    # components
    stay(5, "nursing", "2025-06-01", Service_Component="Long term nursing care"),
    stay(5, "short", "2025-06-01", Service_Component="Short term nursing care"),
    stay(5, "blank", "2025-06-01", Service_Component=None),
    stay(5, "meals", "2025-06-01", Service_Component="Meals"),
    # ages at the start
    stay(6, "64", "2025-06-30", Der_Birth_Year=1960, Der_Birth_Month=7),
    stay(6, "65", "2025-07-02", Der_Birth_Year=1960, Der_Birth_Month=7),
    stay(6, "17", "2025-06-30", Der_Birth_Year=2007, Der_Birth_Month=7),
    stay(6, "18", "2025-07-02", Der_Birth_Year=2007, Der_Birth_Month=7),
    stay(6, "ageless", "2025-06-30", Der_Birth_Year=None),
    # both bands in one year: counted in the younger
    stay(7, "both", "2025-05-01", "2025-05-02", Der_Birth_Year=1960, Der_Birth_Month=7),
    # self-funders are out, and out of the history too in September
    stay(8, "self", "2025-06-01", "2025-07-01", Event_Outcome=SELF_FUNDED),
    stay(9, "was self", "2025-03-01", "2025-03-20", Event_Outcome=SELF_FUNDED),
    stay(9, "was self", "2025-06-01"),
    # one number, two local ids
    stay(10, "a", "2025-06-01", Der_NHS_Number_Pseudo="N"),
    stay(10, "b", "2025-06-01", Der_NHS_Number_Pseudo="N", Service_Component="Long term nursing care"),
    stay(11, "young", "2025-06-01", **YOUNG),
]


@pytest.fixture(scope="module", params=[JUNE, SEPTEMBER])
def tables(request):
    built = build_ascof(request.param, ROWS)
    built.method = request.param
    return built


def admitted(tables, council: int, measure: str = "ASCOF 2C") -> int:
    group = "65 and above" if measure == "ASCOF 2C" else "18 to 64"
    numerator, denominator = tables.figure(council, measure, group)
    assert denominator == 100_000
    return numerator


@pytest.mark.parametrize(("council", "count"), [(1, 2), (2, 0), (3, 1), (4, 0), (5, 1), (6, 1), (8, 0)])
def test_new_admissions_of_the_year(tables, council, count):
    assert admitted(tables, council) == count


def test_age_at_admission_decides_the_band(tables):
    assert admitted(tables, 6, "ASCOF 2B") == 2
    assert admitted(tables, 7, "ASCOF 2B") == 1
    assert admitted(tables, 11, "ASCOF 2B") == 1


def test_september_self_funded_stays_are_no_history(tables):
    assert admitted(tables, 9) == (0 if tables.method == JUNE else 1)


def test_september_a_person_with_two_local_ids_counts_twice(tables):
    assert admitted(tables, 10) == (1 if tables.method == JUNE else 2)


def test_every_admission_left_out_has_a_reason(tables):
    assert set(
        tables.rows(
            "select reason from returns.mbr_ascof__2b2c where role = 'excluded' and period_id = 'latest'"
        )
    ) == {("not_new",), ("under_18",)}


def test_a_rate_per_100_000():
    tables = build_ascof(JUNE, [stay(1, f"p{n}", "2025-06-01") for n in range(7)])
    assert (
        tables.value(
            "select outcome from returns.ascof__figure where measure = 'ASCOF 2C' and period_id = 'latest'"
        )
        == 7.0
    )
