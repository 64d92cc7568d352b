"""Ten workers of one care home on 11 October 2026, each reasoned by hand: what is told of them, who counts.

Ana is the registered manager, full time: nothing to tell. Bo comes from an agency, and an agency worker has
no contracted hours with the home. Cat is on a zero hours contract that promises her 20 hours, which cannot
be. Dan turns 14 on the very day, Eve a day later: only Eve is too young. Fay is a nurse on the register; Gil,
a care worker, is on it too, which nobody asks. Hal left: his row is there to be deleted, so his impossible
gender does not matter. Ivy starts on the day, Jon the day after.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.returns.asc_wds_uploads import Told, Upload, build_uploads, location_of, tell_all
from tests.returns.example_warehouse import query
from tests.returns.test_asc_wds_validator import upload

BRITISH = {"NATIONALITY": "826", "BRITISHCITIZENSHIP": "", "COUNTRYOFBIRTH": "826", "YEAROFENTRY": ""}
YOUNG = BRITISH | {"STARTDATE": "", "STARTINSECT": ""}
WORKERS: dict[str, tuple[dict[str, str], set[str]]] = {
    "ana": ({"MAINJOBROLE": "4"}, set()),
    "bo": ({"EMPLSTATUS": "4"}, {"contracted_hours_ignored"}),
    "cat": (
        {"ZEROHRCONT": "1", "CONTHOURS": "20"},
        {"hours_with_zero_hours", "contracted_hours_ignored"},
    ),
    "dan": (YOUNG | {"DOB": "11/10/2012"}, set()),
    "eve": (YOUNG | {"DOB": "12/10/2012"}, {"age_out_of_range"}),
    "fay": ({"MAINJOBROLE": "16", "NMCREG": "1"}, set()),
    "gil": ({"NMCREG": "1"}, {"nurse_register_ignored"}),
    "hal": ({"STATUS": "DELETE", "GENDER": "97"}, set()),
    "ivy": ({"STARTDATE": "11/10/2026"}, set()),
    "jon": ({"STARTDATE": "12/10/2026"}, {"start_in_future"}),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Told]:
    pages = upload()
    pages["workplace"][0] |= {"LOCATIONID": location_of(0), "TOTALPERMTEMP": "9"}
    pages["staff"] = [
        pages["staff"][0] | {"UNIQUEWORKERID": name, "DISPLAYID": name, "MAINJOBROLE": "8"} | changes
        for name, (changes, _) in WORKERS.items()
    ]
    pages["training"] = []
    scratch = tmp_path_factory.mktemp("home")
    file = build_uploads([Upload(pages)], scratch)
    (told,) = tell_all(file, 1, scratch)
    return file, told


@pytest.mark.parametrize("name", WORKERS)
def test_what_is_told_of_each_worker(home: tuple[Path, Told], name: str) -> None:
    _, told = home
    place = list(WORKERS).index(name)
    assert {r for r, page, row in told.reported if (page, row) == ("staff", place)} == WORKERS[name][1]
    assert told.written["staff"][place]["UNIQUEWORKERID"] == name


def test_nine_workers_are_the_total_for_the_row_to_delete_is_none(home: tuple[Path, Told]) -> None:
    assert {rule for rule, page, _ in home[1].reported if page == "workplace"} == set()


def test_who_counts_as_staff_in_the_other_returns(home: tuple[Path, Told]) -> None:
    """Jon has not begun and Hal is gone; Bo is the agency's; Ana, who manages, gives no care."""
    counted = query(
        home[0],
        "select employment_class, staff_group, count(*) as workers from aggregates.agg__staff_at_location "
        "where is_present group by all order by all",
    )
    assert [tuple(row.values()) for row in counted] == [
        ("agency_or_bank", "care", 1),
        ("directly_employed", "care", 5),
        ("directly_employed", "non_care", 1),
        ("directly_employed", "nurse", 1),
    ]
