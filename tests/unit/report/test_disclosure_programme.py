"""Questions to the linear programme of a total and its two parts: 10 = 3 + 7."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.report.disclosure_profiles import DisclosureError
from orchestration.report.disclosure_programme import Programme

TOTAL, ONE, OTHER = range(3)
NOWHERE = np.zeros(3)
THE_FIRST = np.array([0])


def _programme(cost: tuple[float, float, float] = (9.0, 1.0, 2.0)) -> Programme:
    adds_up = {ONE: 1.0, OTHER: 1.0, TOTAL: -1.0}
    at_most_the_total = {ONE: 1.0, TOTAL: -1.0}
    return Programme(np.array(cost), [adds_up], [at_most_the_total], [7.0], [{ONE: 1.0}])


def test_nothing_moves_where_everything_is_published() -> None:
    assert _programme().widest(THE_FIRST, np.array([5.0]), NOWHERE, NOWHERE).tolist() == [0, 0, 0]


def test_a_part_moves_as_far_as_the_other_gives_way() -> None:
    low, high = np.array([0.0, -3.0, -4.0]), np.array([0.0, np.inf, 0.0])
    assert _programme().widest(THE_FIRST, np.array([5.0]), low, high).tolist() == [0, 4, -4]


def test_a_part_moves_at_least_as_far_as_asked_and_down_where_asked() -> None:
    low, high = np.array([0.0, -3.0, -7.0]), np.array([0.0, np.inf, np.inf])
    programme = _programme()
    assert programme.widest(THE_FIRST, np.array([2.0]), low, high)[ONE] >= 2
    assert programme.widest(THE_FIRST, np.array([-1.0]), low, high)[ONE] <= -1


def test_one_that_moves_further_than_asked_does_not_make_up_for_another() -> None:
    adds_up = {ONE: 1.0, OTHER: 1.0, TOTAL: -1.0}
    programme = Programme(np.ones(3), [adds_up], [], [], [{ONE: 1.0}, {OTHER: 1.0}])
    change = programme.widest(np.array([0, 1]), np.array([4.0, 4.0]), NOWHERE, np.array([8.0, 9.0, 9.0]))
    assert change[ONE] == change[OTHER] == 4


def test_the_cheaper_of_two_numbers_is_given_up() -> None:
    above = below = np.full(3, np.inf)
    change = _programme().cheapest(THE_FIRST, np.array([2.0]), NOWHERE, NOWHERE, above, below)
    assert change is not None
    assert change.tolist() == [0, 2, -2]
    dear_other = _programme((1.0, 1.0, 50.0))
    change = dear_other.cheapest(THE_FIRST, np.array([2.0]), NOWHERE, NOWHERE, above, below)
    assert change is not None
    assert change.tolist() == [2, 2, 0]


def test_no_change_is_found_where_none_may_be_given_up() -> None:
    assert _programme().cheapest(THE_FIRST, np.array([2.0]), *(NOWHERE,) * 4) is None


def test_a_question_that_had_no_answer_does_not_spoil_the_next() -> None:
    programme = _programme()
    above = below = np.full(3, np.inf)
    first = programme.cheapest(THE_FIRST, np.array([2.0]), NOWHERE, NOWHERE, above, below)
    assert programme.cheapest(THE_FIRST, np.array([2.0]), *(NOWHERE,) * 4) is None
    again = programme.cheapest(THE_FIRST, np.array([2.0]), NOWHERE, NOWHERE, above, below)
    assert first is not None
    assert again is not None
    assert first.tolist() == again.tolist()


def test_tables_that_contradict_what_is_published_are_refused() -> None:
    low = high = np.array([1.0, 0.0, 0.0])
    with pytest.raises(DisclosureError, match="contradict"):
        _programme().widest(THE_FIRST, np.array([1.0]), low, high)


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    _programme().widest(THE_FIRST, np.array([1.0]), NOWHERE, NOWHERE)
    assert capfd.readouterr() == ("", "")
