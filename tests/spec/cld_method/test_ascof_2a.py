"""2A: short-term services that ended in the year, and what followed them."""

from __future__ import annotations

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_ascof, event, service

ST_MAX = "Short term support: ST-Max"
START, END = "2025-06-01", "2025-06-30"


def reablement(council: int, person: str, start: str = START, end: str = END, **values):
    return service(council, person, start, end, **{"Service_Type": ST_MAX, **values})


def follow(person: str, start: str, kind: str = "Long term support: Community", end=None, **values):
    return service(1, person, start, end, Service_Type=kind, **values)


def review(person: str, start: str, end: str, outcome: str, kind: str = "Review"):
    return event(kind, 1, person, start, end, Event_Outcome=outcome)


PLANNED, SIGNPOSTED, DECLINED = (
    "NFA: Support ended as planned",
    "NFA: Information and advice or signposting",
    "NFA: Support declined",
)
CONTINUED = "Continuation of support or services"

# person: (rows, sequel type, final outcome)
SEQUELS = {
    "died on day 7": ([reablement(1, "died on day 7", Date_of_Death="2025-07-07")], "1", "NFA: Deceased"),
    "died on day 8": (
        [reablement(1, "died on day 8", Date_of_Death="2025-07-08", Event_Outcome=PLANNED)],
        "4a",
        PLANNED,
    ),
    "hospital": (
        [reablement(1, "hospital", Event_Outcome="Admitted to hospital"), follow("hospital", "2025-07-01")],
        "2",
        "Admitted to hospital",
    ),
    "service on day 7": (
        [reablement(1, "service on day 7"), follow("service on day 7", "2025-07-07")],
        "3",
        "Long term support: Community",
    ),
    "service on day 8": (
        [reablement(1, "service on day 8", Event_Outcome=PLANNED), follow("service on day 8", "2025-07-08")],
        "4a",
        PLANNED,
    ),
    "began inside": (
        [reablement(1, "began inside"), follow("began inside", "2025-06-15")],
        "3",
        "Long term support: Community",
    ),
    "ended with it": (
        [
            reablement(1, "ended with it", Event_Outcome=PLANNED),
            follow("ended with it", "2025-06-15", end=END),
        ],
        "4a",
        PLANNED,
    ),
    "best service": (
        [
            reablement(1, "best service"),
            follow("best service", "2025-07-01", "Short term support: Ongoing low level"),
            follow("best service", "2025-07-02", "Long term support: Residential care"),
        ],
        "3",
        "Long term support: Residential care",
    ),
    "short stay": (
        [
            reablement(1, "short stay"),
            follow("short stay", "2025-07-01", "Short term support: Other short term"),
            follow(
                "short stay",
                "2025-07-02",
                "Short term support: Other short term",
                Service_Component="Short term nursing care",
            ),
        ],
        "3",
        "Short term support: Residential or Nursing care",
    ),
    "carer service": (
        [
            reablement(1, "carer service", Event_Outcome=PLANNED),
            follow("carer service", "2025-07-01", "Unpaid carer support: Direct to unpaid carer"),
        ],
        "6",
        PLANNED,
    ),
    "own outcome": ([reablement(1, "own outcome", Event_Outcome=SIGNPOSTED)], "4a", SIGNPOSTED),
    "unusable": ([reablement(1, "unusable", Event_Outcome=CONTINUED)], "6", CONTINUED),
    "no outcome": ([reablement(1, "no outcome")], "6", "Invalid and not mapped"),
    "next review": (
        [
            reablement(1, "next review", Event_Outcome=CONTINUED),
            review("next review", "2025-07-01", "2025-07-05", DECLINED),
        ],
        "4b",
        DECLINED,
    ),
    "lower of two": (
        [
            reablement(1, "lower of two", Event_Outcome=PLANNED),
            review("lower of two", "2025-07-01", "2025-07-05", SIGNPOSTED),
        ],
        "4b",
        SIGNPOSTED,
    ),
    "planned elsewhere": (
        [
            reablement(1, "planned elsewhere", Event_Outcome=CONTINUED),
            review("planned elsewhere", "2025-07-01", "2025-07-05", PLANNED),
        ],
        "6",
        CONTINUED,
    ),
    "nested 13 days": (
        [
            reablement(1, "nested 13 days", Event_Outcome=CONTINUED),
            review("nested 13 days", "2025-06-10", "2025-06-17", DECLINED),
        ],
        "4c",
        DECLINED,
    ),
    "nested 14 days": (
        [
            reablement(1, "nested 14 days", Event_Outcome=CONTINUED),
            review("nested 14 days", "2025-06-10", "2025-06-16", DECLINED),
        ],
        "6",
        CONTINUED,
    ),
    "nested request": (
        [
            reablement(1, "nested request", Event_Outcome=CONTINUED),
            review("nested request", "2025-06-10", "2025-06-28", DECLINED, "Request"),
        ],
        "6",
        CONTINUED,
    ),
    "equipment": (
        [
            reablement(1, "equipment", Event_Outcome=CONTINUED),
            follow(
                "equipment",
                "2025-06-10",
                "Short term support: Ongoing low level",
                "2025-06-12",
                Service_Component="Equipment",
            ),
        ],
        "5",
        "Short term support: Ongoing low level",
    ),
}


@pytest.fixture(scope="module", params=[JUNE, SEPTEMBER])
def tables(request):
    return build_ascof(request.param, [r for rows, _, _ in SEQUELS.values() for r in rows])


@pytest.mark.parametrize("person", list(SEQUELS))
def test_sequel(tables, person):
    assert tables.rows(
        "select sequel_type, final_outcome from returns.ascof__2a_episode"
        f" where period_id = 'latest' and is_counted and person_key = '1_{person}'"
    ) == [SEQUELS[person][1:]]


@pytest.fixture(scope="module")
def episodes():
    long_term = "Long term support: Community"
    return build_ascof(
        JUNE,
        [
            # seven days apart is one episode, eight is two
            reablement(1, "gap 7", "2025-06-01", "2025-06-10"),
            reablement(1, "gap 7", "2025-06-17", END),
            reablement(1, "gap 8", "2025-06-01", "2025-06-10"),
            reablement(1, "gap 8", "2025-06-18", END),
            # the longest end so far counts, not that of the row before
            reablement(1, "nested", "2025-05-01", "2025-06-20"),
            reablement(1, "nested", "2025-05-05", "2025-05-06"),
            reablement(1, "nested", "2025-06-25", END),
            # long-term support that ended 90 days before makes an existing client, 91 days before does not
            reablement(2, "90"),
            service(2, "90", "2024-05-01", "2025-03-03", Service_Type=long_term),
            reablement(2, "91"),
            service(2, "91", "2024-05-01", "2025-03-02", Service_Type=long_term),
            reablement(2, "starts with it"),
            service(2, "starts with it", START, "2025-06-05", Service_Type=long_term),
            # the end decides the year
            reablement(3, "first day", "2025-03-01", "2025-04-01", Event_Outcome=PLANNED),
            reablement(3, "day before", "2025-03-01", "2025-03-31", Event_Outcome=PLANNED),
            reablement(3, "open", "2025-06-01", None),
            # ages, and a death before the episode
            reablement(4, "child", Der_Birth_Year=2007, Der_Birth_Month=7),
            reablement(4, "adult", Der_Birth_Year=2007, Der_Birth_Month=6),
            reablement(4, "ageless", Der_Birth_Year=None, Event_Outcome=PLANNED),
            reablement(4, "not a client", Client_Type="Carer"),
            # figures: one in both, one in the denominator only, one in neither
            reablement(5, "both", Event_Outcome=PLANNED),
            reablement(5, "denominator"),
            service(5, "denominator", "2025-07-01", Service_Type=long_term),
            reablement(5, "neither", Event_Outcome=DECLINED),
        ],
    )


def test_services_at_most_seven_days_apart_are_one_episode(episodes):
    counts = dict(
        episodes.rows(
            "select person_key, count(*) from returns.ascof__2a_cluster where la_code = '1' group by 1"
        )
    )
    assert counts == {"1_gap 7": 1, "1_gap 8": 2, "1_nested": 1}


def test_long_term_support_in_the_91_days_before_makes_an_existing_client(episodes):
    assert dict(
        episodes.rows(
            "select person_key, reason from returns.mbr_ascof__2a"
            " where submitter_id = '2' and period_id = 'latest'"
        )
    ) == {"2_90": "existing_client", "2_91": "unable_to_classify", "2_starts with it": "unable_to_classify"}


def test_the_end_of_the_episode_decides_the_year(episodes):
    assert episodes.figure(3, "ASCOF 2A") == (1, 1)
    assert episodes.figure(3, "ASCOF 2A", period="previous") == (2, 2)


def test_under_18_are_out_and_unknown_ages_are_in_total_only(episodes):
    assert dict(
        episodes.rows(
            "select person_key, reason from returns.mbr_ascof__2a"
            " where submitter_id = '4' and period_id = 'latest'"
        )
    ) == {"4_child": "under_18", "4_adult": "unable_to_classify", "4_ageless": None}
    assert episodes.figure(4, "ASCOF 2A") == (1, 1)
    assert episodes.figure(4, "ASCOF 2A", "65 and above") == (0, 0)


def test_outcomes_that_say_nothing_of_ongoing_support_are_in_neither(episodes):
    assert episodes.figure(5, "ASCOF 2A") == (1, 2)
    assert episodes.figure(5, "ASCOF 2A", "65 and above") == (1, 2)
