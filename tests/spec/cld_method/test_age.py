"""Ages and their bands (methodology, section 4, rule 9)."""

from __future__ import annotations

import pytest

from tests.spec.cld_method.official_store import JUNE, SEPTEMBER, build_tables, event, row, service


def born(year: int, month: int) -> dict[str, int]:
    return {"Der_Birth_Year": year, "Der_Birth_Month": month}


@pytest.fixture(scope="module", params=[JUNE, SEPTEMBER])
def tables(request):
    return build_tables(
        request.param,
        [
            # On some birthdays the division by 365.25 is a year short: born 1 May 1960, 64 on 1 May 2025.
            event("Review", 1, "birthday", "2025-05-01", "2025-05-01", **born(1960, 5)),
            event("Review", 1, "day after", "2025-05-02", "2025-05-02", **born(1960, 5)),
            service(1, "open service", "2025-06-01", **born(1961, 3)),
            service(1, "ended service", "2025-06-01", "2025-06-30", **born(1961, 3)),
            row(1, "no birth year", Der_Birth_Year=None),
            row(1, "no birth month", Der_Birth_Month=None),
            event("Review", 1, "eighteen", "2025-04-02", "2025-04-02", **born(2007, 4)),
            event("Review", 1, "seventeen", "2025-04-02", "2025-04-02", **born(2007, 5)),
        ],
    )


@pytest.mark.parametrize(
    ("person", "age", "band", "working_age_band"),
    [
        ("birthday", 64, "45 to 64", "18 to 64"),
        ("day after", 65, "65 to 74", "65 and above"),
        ("open service", 65, "65 to 74", "65 and above"),
        ("ended service", 64, "45 to 64", "18 to 64"),
        ("no birth year", None, "Unknown", "Unknown"),
        ("no birth month", None, "Unknown", "Unknown"),
        ("eighteen", 18, "18 to 24", "18 to 64"),
        ("seventeen", 17, "Under 18", "Under 18"),
    ],
)
def test_age_is_days_from_the_first_of_the_birth_month_over_365_25(
    tables, person, age, band, working_age_band
):
    assert tables.rows(
        "select der_latest_age, der_age_band, der_working_age_band from core.cld_main__labelled_event"
        f" where submission_set = 'joined' and la_person_unique_identifier = '{person}'"
    ) == [(age, band, working_age_band)]
