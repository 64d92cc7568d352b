"""3D: self-directed support and direct payments."""

from __future__ import annotations

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_ascof, event, service

DP, MANAGED, COMMISSIONED = "Direct payment", "CASSR managed personal budget", "CASSR commissioned support"
DIRECT = "Unpaid carer support: Direct to unpaid carer"
INVOLVING = "Unpaid carer support: Support involving the person cared-for"
SIGNPOSTED = "NFA: Information and advice or signposting"


def client(council: int, person: str, mechanism: str | None, start: str = "2025-06-01", end=None, **values):
    return service(council, person, start, end, Delivery_Mechanism=mechanism, **values)


def carer(
    council: int,
    person: str,
    mechanism: str | None,
    component: str | None = "Unpaid carer respite",
    start: str = "2025-06-01",
    end=None,
    **values,
):
    given = {"Client_Type": "Unpaid carer", "Service_Type": DIRECT, "Service_Component": component}
    return service(council, person, start, end, Delivery_Mechanism=mechanism, **{**given, **values})


ROWS = [
    client(1, "dp", DP),
    client(1, "managed", MANAGED),
    client(1, "commissioned", COMMISSIONED),
    client(1, "blank", None),
    client(1, "invalid", "Spot purchase"),
    client(1, "dp by component", None, Service_Component=DP),
    # a person counts once, in the highest setting
    client(2, "also nursing", DP),
    client(2, "also nursing", None, Service_Type="Long term support: Nursing care"),
    client(2, "dp and managed", MANAGED),
    client(2, "dp and managed", DP, Service_Component="Meals"),
    client(2, "also prison", None),
    client(2, "also prison", MANAGED, Service_Type="Long term support: Prison"),
    # the last day of the year
    client(3, "ends last day", DP, "2025-06-01", "2026-03-31"),
    client(3, "ended before", DP, "2025-06-01", "2026-03-30"),
    client(3, "starts last day", DP, "2026-03-31"),
    client(3, "died last day", DP, Date_of_Death="2026-03-31"),
    client(3, "died before", DP, "2025-06-01", "2026-03-31", Date_of_Death="2026-03-30"),
    # ages at the end of the year
    client(4, "64", DP, Der_Birth_Year=1961, Der_Birth_Month=4),
    client(4, "65", DP, Der_Birth_Year=1961, Der_Birth_Month=3),
    client(4, "17", DP, Der_Birth_Year=2008, Der_Birth_Month=4),
    client(4, "ageless", DP, Der_Birth_Year=None),
    carer(5, "dp", DP),
    carer(5, "managed", MANAGED),
    carer(5, "commissioned", COMMISSIONED),
    carer(5, "unknown", None),
    carer(5, "dp by component", None, DP),
    carer(5, "involving", DP, Service_Type=INVOLVING),
    event("Review", 5, "review", "2025-06-01", "2025-06-02", Client_Type="Carer"),
    event(
        "Request", 5, "signposted", "2025-06-01", "2025-06-02", Client_Type="Carer", Event_Outcome=SIGNPOSTED
    ),
    event("Request", 5, "plain request", "2025-06-01", "2025-06-02", Client_Type="Carer"),
    # a component of nobody's loses the carer, unless it is a direct payment
    carer(6, "no component", MANAGED, None),
    carer(6, "no component dp", DP, None),
    # any time in the year, the best category
    carer(7, "best", COMMISSIONED, start="2025-05-01", end="2025-05-02"),
    carer(7, "best", MANAGED),
    carer(7, "first day", DP, start="2025-03-01", end="2025-04-01"),
    carer(7, "before", DP, start="2025-03-01", end="2025-03-31"),
]


@pytest.fixture(scope="module", params=[JUNE, SEPTEMBER])
def tables(request):
    return build_ascof(request.param, ROWS)


def part(tables, council: int, which: str, group: str = "Total"):
    measure = "ASCOF 3D (Clients)" if which[1] == "a" else "ASCOF 3D (Carers)"
    return tables.figure(council, measure, group, f"{which} - ")


def unknown(tables, council: int, who: str) -> int:
    return tables.value(
        f"select people from returns.ascof__unknown_count where la_code = '{council}'"
        f" and period_id = 'latest' and measure = 'ASCOF 3D ({who})'"
    )


@pytest.mark.parametrize(
    ("council", "self_directed", "direct_payments"),
    [(1, (3, 6), (2, 6)), (2, (1, 2), (1, 2)), (3, (3, 3), (3, 3))],
)
def test_clients_on_the_last_day(tables, council, self_directed, direct_payments):
    assert part(tables, council, "1a") == self_directed
    assert part(tables, council, "2a") == direct_payments


def test_clients_without_a_known_mechanism_are_counted_beside(tables):
    assert unknown(tables, 1, "Clients") == 2


def test_under_18_are_out_and_unknown_ages_are_in_total_only(tables):
    assert part(tables, 4, "1a", "18 to 64") == (1, 1)
    assert part(tables, 4, "1a", "65 and above") == (1, 1)
    assert part(tables, 4, "1a") == (3, 3)


def test_carers_in_the_year_count_if_supported_in_one_of_three_ways(tables):
    assert part(tables, 5, "1b") == (3, 4)
    assert part(tables, 5, "2b") == (2, 4)
    assert unknown(tables, 5, "Carers") == 1


def test_a_direct_service_without_component_counts_only_as_a_direct_payment(tables):
    assert part(tables, 6, "1b") == (1, 1)


def test_the_best_category_of_the_year_is_kept(tables):
    assert part(tables, 7, "1b") == (2, 2)
    assert part(tables, 7, "2b") == (1, 2)


def test_every_council_has_every_description_and_group(tables):
    assert (
        tables.value(
            "select count(*) from returns.ascof__3d_figure where la_code = '2' and period_id = 'latest'"
        )
        == 12
    )
