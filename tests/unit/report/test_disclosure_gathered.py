"""Tables of several pages are protected together, and none slips by."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orchestration.report.disclosure import DisclosureError
from orchestration.report.disclosure_gathered import Gathered
from orchestration.report.disclosure_profiles import load_profiles
from orchestration.report.tidy import TOTAL, Dimension, Row, TidyTable

UNDER_5 = load_profiles()["suppress_under_5"]


def table(table_id: str, **counts: int) -> TidyTable:
    rows = [Row((key,), "people", Decimal(n)) for key, n in counts.items()]
    total = Row((TOTAL,), "people", Decimal(sum(counts.values())))
    return TidyTable(table_id, table_id, (Dimension("age", "Age"),), (*rows, total))


def hidden(released: TidyTable) -> set[str]:
    return {row.keys[0] for row in released.rows if row.mark}


def test_a_number_two_pages_show_is_held_back_on_both() -> None:
    one, other = table("one", young=3, old=40), table("other", old=40, more=70)
    gathered = Gathered(UNDER_5)
    assert [gathered.gather(t) for t in (one, other)] == [one, other]
    first, second = gathered.release(one), gathered.release(other)
    assert hidden(first) == {"young", "old"}
    assert "old" in hidden(second)
    assert (first.table_id, first.released_by) == ("one", "suppress_under_5")


def test_one_table_drawn_twice_is_one_and_two_of_one_name_are_two() -> None:
    this_year, last_year = table("people", a=3, b=40), table("people", a=20, b=41)
    gathered = Gathered(UNDER_5)
    for t in (this_year, last_year, this_year):
        gathered.gather(t)
    assert gathered.release(this_year) == gathered.release(this_year)
    assert hidden(gathered.release(last_year)) == set()
    assert gathered.release(last_year).table_id == "people"


def test_a_table_that_was_not_gathered_is_never_released() -> None:
    gathered = Gathered(UNDER_5)
    gathered.gather(table("one", a=3, b=40))
    with pytest.raises(DisclosureError, match="was not gathered"):
        gathered.release(table("another", a=1, b=2))
    with pytest.raises(DisclosureError, match="came after"):
        gathered.gather(table("late", a=1, b=2))
