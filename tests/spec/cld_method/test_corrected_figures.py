"""Each known error of the official code is a switch, with the corrected figure beside the official one."""

from __future__ import annotations

import pytest

from tests.spec.cld_method.official_store import SEPTEMBER, build_ascof, service

STAY = {
    "Service_Type": "Long term support: Residential care",
    "Service_Component": "Long term residential care",
    "Accommodation_Status": "Tenant: Private landlord",
}
ROWS = [
    service(1, "a", "2025-06-01", Der_NHS_Number_Pseudo="N", **STAY),
    service(
        1,
        "b",
        "2025-06-01",
        Der_NHS_Number_Pseudo="N",
        **{**STAY, "Service_Component": "Long term nursing care"},
    ),
    service(2, "p", "2025-06-01", **{**STAY, "Service_Component": None}),
    service(3, None, "2025-06-01", Der_NHS_Number_Pseudo="M", **STAY),
    service(
        4,
        "carer",
        "2025-06-01",
        Client_Type="Unpaid carer",
        Service_Type="Unpaid carer support: Direct to unpaid carer",
        Delivery_Mechanism="CASSR managed personal budget",
    ),
    service(
        4,
        "paid",
        "2025-06-01",
        Client_Type="Unpaid carer",
        Service_Type="Unpaid carer support: Direct to unpaid carer",
        Delivery_Mechanism="Direct payment",
    ),
]


@pytest.fixture(scope="module")
def tables():
    return build_ascof(SEPTEMBER, ROWS)


@pytest.mark.parametrize(
    ("error", "council", "measure", "official", "corrected"),
    [
        ("count_local_ids_2b2c", 1, "ASCOF 2C", (2, 100_000), (1, 100_000)),
        ("blank_component_2b2c", 2, "ASCOF 2C", (0, 100_000), (1, 100_000)),
        ("settled_needs_local_id_2e", 3, "ASCOF 2E", (0, 1), (1, 1)),
        ("blank_component_3d_carers", 4, "ASCOF 3D (Carers)", (1, 1), (2, 2)),
    ],
)
def test_what_a_known_error_is_worth(tables, error, council, measure, official, corrected):
    found = tables.rows(
        "select official_numerator, official_denominator, corrected_numerator, corrected_denominator"
        f" from returns.ascof__corrected_figure where known_error = '{error}' and la_code = '{council}'"
        f" and measure = '{measure}' and period_id = 'latest'"
        " and age_or_sex_group in ('65 and above', 'Total')"
        " and coalesce(description, '') not like '%18-64%' and coalesce(description, '') not like '2b%'"
        " order by age_or_sex_group desc limit 1"
    )
    assert found == [(*official, *corrected)]
