"""What is taken to tie the numbers of one submitter, and what is chance."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orchestration.report.disclosure_system import Part, Relation
from orchestration.report.submitter_sums import Count, is_of_places, known_sums, standing_sums
from orchestration.report.tidy import Dimension, Row, TidyTable

RETURN = "capacity_tracker"


def count(cell_id: str, unit: str, number: int, return_id: str = RETURN) -> Count:
    part = Part(f"figures_{return_id}", (cell_id, "", ""), unit)
    return Count(part, Decimal(number), return_id, cell_id, cell_id)


def standing(cell_id: str, number: int) -> TidyTable:
    names = ("measure", "cell_id", "role", "reason", "counted")
    row = Row(("m", cell_id, "numerator", "", "rows"), "rows", Decimal(number))
    return TidyTable("standing", "Who stands", tuple(Dimension(n, n) for n in names), (row,))


def tied(relations: list[Relation]) -> set[str]:
    return {relation.total.keys[0] for relation in relations}


def test_who_stands_in_a_cell_is_tied_to_that_cell_however_few_they_are() -> None:
    counts = [count("nurses", "staff", 3)]
    assert tied(list(standing_sums(counts, RETURN, standing("nurses", 3)))) == {"nurses"}


def test_equal_numbers_of_nurses_and_of_events_are_chance_and_of_people_in_two_returns_are_not() -> None:
    counts = [
        count("users", "people", 7),
        count("people_now", "people", 7, "cqc_pir"),
        count("police", "events", 7, "cqc_notifications"),
        count("nurses", "staff", 7),
    ]
    assert tied(list(standing_sums(counts, RETURN, standing("users", 7)))) == {"users", "people_now"}


@pytest.mark.parametrize(
    ("cell_id", "of_places"),
    [
        ("max_capacity", True),
        ("bed_types.general_nursing", True),
        ("vacant_accepting", False),
        ("occupied", False),
    ],
)
def test_beds_are_of_a_place_and_free_beds_are_told_by_who_is_there(cell_id: str, of_places: bool) -> None:
    assert is_of_places(RETURN, cell_id) is of_places


def test_every_known_sum_names_a_return_and_a_cell() -> None:
    assert len(known_sums()) > 15
    assert all(":" in name for total, parts in known_sums() for name in (total, *parts))
