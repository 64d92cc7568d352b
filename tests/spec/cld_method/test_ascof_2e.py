"""2E: people with long-term support who live in their home or with family."""

from __future__ import annotations

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_ascof, service

HOME = {"Accommodation_Status": "Tenant: Private landlord", "Gender": "Male"}
CARE_HOME = {"Accommodation_Status": "Registered care home", "Gender": "Female"}
LD = {"Primary_Support_Reason": "Learning disability support"}
WORKING, OLD, EIGHTEEN = "people aged 18-64", "people aged 65+", {"Der_Birth_Year": 2007}


def support(council: int, person: str, start: str = "2025-06-01", end: str | None = None, **values):
    return service(council, person, start, end, **{**HOME, **values})


ROWS = [
    support(1, "home"),
    support(1, "care", **CARE_HOME),
    support(1, "other sex", Gender="Other"),
    # at any time in the year
    support(2, "first day", "2024-05-01", "2025-04-01"),
    support(2, "day before", "2024-05-01", "2025-03-31"),
    support(2, "last day", "2026-03-31"),
    support(3, "short term", Service_Type="Short term support: ST-Max"),
    support(3, "carer", Client_Type="Carer"),
    support(3, "died first day", "2025-03-01", Date_of_Death="2025-04-01"),
    support(3, "ends before start", "2025-06-02", "2025-06-01"),
    # aged at the end of the latest support, capped at the end of the year
    support(4, "64 at the end", "2025-06-01", "2025-06-30", Der_Birth_Year=1960, Der_Birth_Month=7),
    support(4, "65 while open", "2025-06-01", None, Der_Birth_Year=1960, Der_Birth_Month=7),
    support(4, "17", "2025-06-01", "2025-06-30", Der_Birth_Year=2007, Der_Birth_Month=7),
    support(4, "ageless", Der_Birth_Year=None),
    # learning disability, in any capitals
    support(5, "ld", Der_Birth_Year=1980, **LD),
    support(5, "not ld", Der_Birth_Year=1980),
    support(5, "ld 65", **LD),
    support(5, "ld in care", Der_Birth_Year=1980, **{**CARE_HOME, **LD}),
    # accommodation nobody knows
    support(6, "at home", Accommodation_Status=None, Service_Component="Home support or domiciliary care"),
    support(6, "in community", Accommodation_Status="Unknown", Service_Component="Meals"),
    support(6, "short stay", Accommodation_Status="Refuge"),
    # nobody's local id
    support(7, None, Der_NHS_Number_Pseudo="N1"),
    support(7, "b", Der_NHS_Number_Pseudo="N2"),
]


@pytest.fixture(scope="module", params=[JUNE, SEPTEMBER])
def tables(request):
    built = build_ascof(request.param, ROWS)
    built.method = request.param
    return built


def aged_65(tables, council: int, group: str = "Total"):
    return tables.figure(council, "ASCOF 2E", group, f"The proportion of {OLD}")


def test_settled_people_by_sex_and_in_total(tables):
    assert aged_65(tables, 1, "Male") == (1, 1)
    assert aged_65(tables, 1, "Female") == (0, 1)
    assert aged_65(tables, 1) == (2, 3)


@pytest.mark.parametrize(("council", "figure"), [(2, (2, 2)), (3, (1, 1))])
def test_long_term_support_at_any_time_in_the_year(tables, council, figure):
    assert aged_65(tables, council) == figure


def test_age_at_the_end_of_the_latest_support(tables):
    assert aged_65(tables, 4) == (1, 1)
    assert tables.figure(4, "ASCOF 2E", "Total", f"The proportion of {WORKING}") == (1, 1)
    assert (
        tables.value(
            "select reason from returns.mbr_ascof__2e where person_key = '4_ageless' and period_id = 'latest'"
        )
        == "age_not_known"
    )


def test_learning_disability_is_18_to_64_only(tables):
    assert tables.figure(5, "ASCOF 2E LD") == (1, 2)


def test_presumed_at_home_is_settled_presumed_in_the_community_is_not(tables):
    assert aged_65(tables, 6) == (1, 3)
    assert (
        tables.value(
            "select people from returns.ascof__unknown_count where la_code = '6' and measure = 'ASCOF 2E'"
            " and period_id = 'latest'"
        )
        == 2
    )


def test_september_people_without_a_local_id_are_lost_from_the_numerator(tables):
    assert aged_65(tables, 7) == ((2, 2) if tables.method == JUNE else (1, 2))
