"""2D: people of 65 and over discharged from hospital into reablement."""

from __future__ import annotations

from datetime import date

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_ascof, service

AREA = {901: "E01901001"}


def reablement(person: str, start: str = "2025-06-10", end: str = "2025-07-10", council: int = 901, **values):
    given = {"Service_Type": "Short term support: ST-Max", "Service_Component": "Reablement"}
    return service(
        council, person, start, end, LA_Name="Ambershire", Der_NHS_Number_Pseudo=person, **{**given, **values}
    )


def care(person: str, kind: str, start: str, end=None):
    return service(
        901,
        person,
        start,
        end,
        LA_Name="Ambershire",
        Der_NHS_Number_Pseudo=person,
        Service_Type=f"Long term support: {kind}",
        Service_Component=None,
    )


def spell(person: str, discharged: str = "2025-06-10", admitted: str = "2025-06-01", **values):
    given = {
        "Der_DHSC_Pseudo_NHS_Number": person,
        "APCS_Ident": f"{person}-{discharged}-{admitted}",
        "APCS_Last_Ep_Ind": 1,
        "Admission_Date": date.fromisoformat(admitted),
        "Discharge_Date": date.fromisoformat(discharged),
        "Month_of_Birth_SUS": 1,
        "Year_of_Birth_SUS": 1950,
        "Sex": "1",
        "Der_Postcode_LSOA_2011_Code": AREA[901],
        "Admission_Method": "21",
        "Discharge_Method": "1",
        "Discharge_Destination": "19",
        "Der_Management_Type": "EM",
        "Treatment_Function_Code": "300",
    }
    return {**given, **values}


# person: (rows, spells, linked, still at home)
CASES = {
    "plain": ([reablement("plain")], [spell("plain")], True, True),
    "7 days": ([reablement("7 days")], [spell("7 days", "2025-06-03")], True, True),
    "8 days": ([reablement("8 days")], [spell("8 days", "2025-06-02", "2025-05-01")], False, None),
    "3 after": ([reablement("3 after")], [spell("3 after", "2025-06-13")], True, True),
    "4 after": ([reablement("4 after")], [spell("4 after", "2025-06-14")], False, None),
    "admitted after": (
        [reablement("admitted after")],
        [spell("admitted after", "2025-06-13", "2025-06-11")],
        False,
        None,
    ),
    "64": ([reablement("64")], [spell("64", Year_of_Birth_SUS=1960, Month_of_Birth_SUS=7)], False, None),
    "other admission": (
        [reablement("other admission")],
        [spell("other admission", Admission_Method="31")],
        False,
        None,
    ),
    "no method": ([reablement("no method")], [spell("no method", Admission_Method=None)], False, None),
    "maternity": (
        [reablement("maternity")],
        [spell("maternity", Treatment_Function_Code="501")],
        False,
        None,
    ),
    "mental health": (
        [reablement("mental health")],
        [spell("mental health", Treatment_Function_Code="710")],
        False,
        None,
    ),
    "to a home": ([reablement("to a home")], [spell("to a home", Discharge_Destination="87")], False, None),
    "not last": ([reablement("not last")], [spell("not last", APCS_Last_Ep_Ind=2)], False, None),
    "wales": ([reablement("wales")], [spell("wales", Der_Postcode_LSOA_2011_Code="W01")], False, None),
    "from nursing": (
        [reablement("from nursing"), care("from nursing", "Nursing care", "2025-01-01", "2025-06-01")],
        [spell("from nursing")],
        False,
        None,
    ),
    "nursing until then": (
        [
            reablement("nursing until then"),
            care("nursing until then", "Nursing care", "2025-01-01", "2025-05-31"),
        ],
        [spell("nursing until then")],
        True,
        True,
    ),
    "not reablement": (
        [reablement("not reablement", Service_Component="Meals")],
        [spell("not reablement")],
        False,
        None,
    ),
    "died day 84": (
        [reablement("died day 84", Date_of_Death="2025-09-02")],
        [spell("died day 84")],
        True,
        False,
    ),
    "died day 85": (
        [reablement("died day 85", Date_of_Death="2025-09-03")],
        [spell("died day 85")],
        True,
        True,
    ),
    "back day 84": (
        [reablement("back day 84")],
        [spell("back day 84"), spell("back day 84", "2025-09-05", "2025-09-02")],
        True,
        False,
    ),
    "back day 85": (
        [reablement("back day 85")],
        [spell("back day 85"), spell("back day 85", "2025-09-05", "2025-09-03")],
        True,
        True,
    ),
    "planned return": (
        [reablement("planned return")],
        [
            spell("planned return"),
            spell("planned return", "2025-08-05", "2025-08-03", Der_Management_Type="DC"),
        ],
        True,
        True,
    ),
    "care home day 84": (
        [reablement("care home day 84"), care("care home day 84", "Residential care", "2025-09-02")],
        [spell("care home day 84")],
        True,
        False,
    ),
    "care home day 85": (
        [reablement("care home day 85"), care("care home day 85", "Residential care", "2025-09-03")],
        [spell("care home day 85")],
        True,
        True,
    ),
    "last discharge": (
        [reablement("last discharge")],
        [spell("last discharge", "2025-06-04"), spell("last discharge", "2025-06-09", "2025-06-05", Sex="2")],
        True,
        True,
    ),
}


@pytest.fixture(scope="module")
def tables():
    return build_ascof(
        JUNE,
        [row for rows, _, _, _ in CASES.values() for row in rows],
        hospital=[s for _, spells, _, _ in CASES.values() for s in spells],
    )


@pytest.mark.parametrize("person", list(CASES))
def test_link_and_outcome(tables, person):
    _, _, linked, at_home = CASES[person]
    expected = [("numerator" if at_home else "denominator",)] if linked else []
    assert (
        tables.rows(
            f"select role from returns.mbr_ascof__2d where person_key = '{person}' and period_id = 'latest'"
        )
        == expected
    )


def test_of_two_discharges_the_later_is_linked(tables):
    assert (
        tables.value(
            "select gender from returns.mbr_ascof__2d"
            " where person_key = 'last discharge' and period_id = 'latest'"
        )
        == "Female"
    )


def test_part_1_part_2_and_the_combinations_add_up(tables):
    linked = [at_home for _, _, is_linked, at_home in CASES.values() if is_linked]
    assert tables.rows(
        "select denominator, numerator, died, readmitted, entered_lt_resnurs from returns.ascof__2d_part1"
        " where period_id = 'latest' and area = 'Ambershire' and client_type = 'Total' and slice = 'Total'"
    ) == [(len(linked), sum(linked), 1, 1, 1)]
    assert tables.rows(
        "select reablement_count from returns.ascof__2d_part2"
        " where period_id = 'latest' and area = 'England' and client_type = 'Total' and slice = 'Total'"
    ) == [(len(linked),)]
    assert tables.rows(
        "select death_only, readmission_only, lts_only, all_3_outcomes from returns.ascof__2d_venn"
        " where period_id = 'latest' and area = 'Ambershire' and client_type = 'Total'"
    ) == [(1, 1, 1, 0)]


def test_september_gives_the_same_from_registered_deaths():
    tables = build_ascof(
        SEPTEMBER,
        [reablement("N1"), reablement("N2", Date_of_Death="2025-07-01")],
        hospital=[spell("N1"), spell("N2")],
        deaths=[("N1", "2025-09-02", "2025-09-10")],
    )
    assert dict(
        tables.rows("select person_key, role from returns.mbr_ascof__2d where period_id = 'latest'")
    ) == {"n1": "denominator", "n2": "numerator"}
