"""The latest details of a person (section 8)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_tables, row, service

HOME, CARE_HOME, UNKNOWN = "Tenant: Private landlord", "Registered care home", "Unknown"
NURSING = {"Service_Type": "Long term support: Nursing care"}


def stay(person: str, start: str = "2025-06-01", end: str | None = None, **values):
    return service(1, person, start, end, **values)


def placed(person: str, **values):
    return stay(person, Accommodation_Status=None, **values)


ROWS = [
    # a known value outlives a later unknown one
    stay("known first", "2025-06-01", Accommodation_Status=HOME),
    stay("known first", "2025-07-01", Accommodation_Status=UNKNOWN),
    # the later of two known ones: end, then start
    stay("later end", "2025-06-01", "2025-08-01", Accommodation_Status=HOME),
    stay("later end", "2025-06-02", "2025-07-01", Accommodation_Status=CARE_HOME),
    stay("later start", "2025-06-01", Accommodation_Status=HOME),
    stay("later start", "2025-07-01", Accommodation_Status=CARE_HOME),
    # a conflict is unknown, and then read from the service
    stay("conflict", Accommodation_Status=HOME),
    stay("conflict", Accommodation_Status=CARE_HOME, Service_Component="Meals"),
    placed("nursing", **NURSING),
    placed("residential", Service_Type="Long term support: Residential care"),
    placed("shared lives", Service_Component="Shared Lives"),
    placed("extra care", Service_Component="Extra care housing"),
    placed("supported", Service_Component="Community supported living"),
    placed("home support", Service_Component="Home support or domiciliary care"),
    placed("community", Service_Component="Meals"),
    placed("prison", Service_Type="Long term support: Prison"),
    placed(
        "short term",
        Service_Type="Short term support: ST-Max",
        Service_Component="Home support or domiciliary care",
    ),
    # two useful components of the latest services tell nothing
    placed("two components", Service_Component="Shared Lives"),
    placed("two components", Service_Component="Extra care housing"),
    # an open service before an ended one, nursing before community
    placed("open one", start="2025-06-01", end="2025-07-01", **NURSING),
    placed("open one", Service_Component="Meals"),
    placed("nursing first", **NURSING),
    placed("nursing first", Service_Component="Meals"),
    stay("gender", Gender="Male"),
    stay("gender", "2025-05-01", Gender="Female"),
    stay("ethnicity", "2025-06-01", Ethnicity="No data: Refused"),
    stay("ethnicity", "2025-07-01", Ethnicity="No data: Undeclared or not known"),
    stay("employment", Employment_Status="nonsense"),
    stay("reason", "2025-06-01", Primary_Support_Reason="Learning disability support"),
    stay("reason", "2025-07-01", Primary_Support_Reason="Social support: Support to unpaid carer"),
    # the earliest birth date of the newest period; a date without a month does not count as known
    stay("birth", Der_Birth_Year=1950),
    stay("birth", "2025-05-01", Der_Birth_Year=1949),
    stay("birth month", Der_Birth_Year=1950, Der_Birth_Month=None),
    stay("birth month", "2025-05-01", Der_Birth_Year=1951),
    stay("baby", Der_Birth_Year=2026, Der_Birth_Month=1),
    stay("eighteen", Der_Birth_Year=2008, Der_Birth_Month=3),
    # a linked id on the row of an active carer
    stay("cared for", Has_Unpaid_Carer="No"),
    stay("not cared for", Has_Unpaid_Carer="No"),
    row(
        1,
        "carer",
        Client_Type="Carer",
        Service_Type=None,
        Event_Type="Review",
        Event_Start_Date="2025-06-01",
        Event_End_Date="2025-06-02",
        Adult_2_Linked_Person_ID="CARED FOR ",
    ),
    row(
        1,
        "old carer",
        Client_Type="Carer",
        Service_Type=None,
        Event_Type="Review",
        Event_Start_Date="2024-06-01",
        Event_End_Date="2024-06-02",
        Adult_1_Linked_Person_ID="not cared for",
    ),
    # two local ids of one number
    row(1, "id 2", Der_NHS_Number_Pseudo="N1", Event_Start_Date="2025-06-01"),
    row(1, "id 1", Der_NHS_Number_Pseudo="N1", Event_Start_Date="2025-07-01"),
    row(1, "a", Der_NHS_Number_Pseudo="N2"),
    row(1, "b", Der_NHS_Number_Pseudo="N2", Service_Component="Meals"),
    row(1, None, Der_NHS_Number_Pseudo="N3"),
]


@pytest.fixture(scope="module", params=[JUNE, SEPTEMBER])
def tables(request):
    return build_tables(request.param, ROWS)


def detail(tables, person: str, column: str, period: str = "latest"):
    person_key = f"1_{person}" if not person.startswith("N") else person
    return tables.value(
        f"select {column} from core.cld_main__person where person_key = lower('{person_key}')"
        f" and period_id = '{period}'"
    )


@pytest.mark.parametrize(
    ("person", "accommodation", "group"),
    [
        ("known first", HOME, 1),
        ("later end", HOME, 1),
        ("later start", CARE_HOME, 0),
        ("conflict", "Unknown: Presumed in community", 0),
        ("nursing", "Registered nursing home", 0),
        ("residential", CARE_HOME, 0),
        ("shared lives", "Shared Lives scheme", 1),
        ("extra care", "Sheltered housing, extra care housing or other sheltered housing", 1),
        ("supported", "Supported accommodation, supported lodgings or supported group home", 1),
        ("home support", "Unknown: Presumed at home", 1),
        ("community", "Unknown: Presumed in community", 0),
        ("prison", "Prison, young offenders institution or detention centre", 0),
        ("short term", UNKNOWN, 0),
        ("two components", "Unknown: Presumed in community", 0),
        ("open one", "Unknown: Presumed in community", 0),
        ("nursing first", "Registered nursing home", 0),
    ],
)
def test_accommodation_is_the_latest_known_or_read_from_the_latest_service(
    tables, person, accommodation, group
):
    assert detail(tables, person, "accommodation_status") == accommodation
    assert detail(tables, person, "accommodation_status_group") == group


def test_other_attributes_take_the_latest_known_value(tables):
    assert detail(tables, "gender", "gender") == "Male"
    assert detail(tables, "ethnicity", "ethnicity") == "No data: Refused"
    assert detail(tables, "employment", "employment_status") == "Invalid and not mapped"
    assert detail(tables, "reason", "primary_support_reason") == "Learning disability support"


def test_birth_date_is_the_earliest_of_the_newest_period(tables):
    assert detail(tables, "birth", "der_birth_date") == date(1949, 1, 1)
    assert detail(tables, "birth month", "der_birth_date") == date(1951, 1, 1)


def test_age_zero_counts_as_unknown(tables):
    assert detail(tables, "baby", "der_working_age_band_end_of_period") == "Unknown"
    assert detail(tables, "eighteen", "der_working_age_band_end_of_period") == "18 to 64"
    assert detail(tables, "eighteen", "der_working_age_band_end_of_period", "previous") == "Under 18"


def test_a_person_named_by_an_active_carer_has_an_unpaid_carer(tables):
    assert detail(tables, "cared for", "has_unpaid_carer") == "Yes"
    assert detail(tables, "not cared for", "has_unpaid_carer") == "No"


def test_local_ids_are_listed_and_the_latest_is_named(tables):
    assert detail(tables, "N1", "la_person_unique_identifier_latest") == "id 1"
    assert detail(tables, "N1", "la_person_unique_identifier_concat") == "id 1, id 2"
    assert detail(tables, "N2", "la_person_unique_identifier_latest") == "Unknown"
    assert detail(tables, "N3", "la_person_unique_identifier_latest") == "Unknown"
    assert detail(tables, "N3", "la_person_unique_identifier_concat") is None
