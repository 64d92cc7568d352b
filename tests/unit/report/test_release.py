"""Numbers leave together or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orchestration.report.disclosure_profiles import DisclosureError
from orchestration.report.disclosure_system import Part, Relation
from orchestration.report.release import Gathering, profile_of, release
from orchestration.report.tidy import TOTAL, Dimension, Row, TidyTable


def table(name: str, *counts: tuple[str, int], unit: str = "people", scope: str = "") -> TidyTable:
    rows = tuple(Row((key,), unit, Decimal(number)) for key, number in counts)
    return TidyTable(name, "A table", (Dimension("place", "Place"),), rows, scope=scope)


def marks(released: TidyTable) -> dict[str, str]:
    return {row.keys[0]: row.mark or str(row.value) for row in released.rows}


def gather(*tables: TidyTable) -> Gathering:
    gathered = Gathering()
    for one in tables:
        gathered.add(one)
    return gathered


def test_a_table_that_was_not_gathered_is_never_released() -> None:
    out = release(gather(table("a", ("x", 7))), profile_of("suppress_under_5"))
    with pytest.raises(DisclosureError, match="was not gathered"):
        out.table("b")
    with pytest.raises(DisclosureError, match="two tables are named a"):
        gather(table("a", ("x", 7)), table("a", ("y", 7)))
    with pytest.raises(DisclosureError, match="there is no disclosure profile 'secret'"):
        profile_of("secret")


def test_equal_numbers_of_two_scopes_are_two_numbers() -> None:
    """Two homes of the same size have nothing to do with each other; one home on two pages has."""
    homes = [
        table("one", ("x", 3), ("y", 20), (TOTAL, 23), scope="home 1"),
        table("two", ("z", 40), ("y", 20), (TOTAL, 60), scope="home 2"),
    ]
    out = release(gather(*homes), profile_of("suppress_under_5"))
    assert marks(out.table("one")) == {"x": "[c]", "y": "[c]", TOTAL: "23"}
    assert marks(out.table("two")) == {"z": "40", "y": "20", TOTAL: "60"}
    same = [homes[0], table("two", ("z", 40), ("y", 20), (TOTAL, 60), scope="home 1")]
    together = release(gather(*same), profile_of("suppress_under_5"))
    assert marks(together.table("two"))["y"] == marks(together.table("one"))["y"]


def test_who_stayed_joined_and_left_are_kept_from_telling_each_other() -> None:
    flows = table("flows", ("before", 60), ("joined", 9), ("left", 3), ("after", 66))
    gathered = gather(flows)
    named = {key: Part("flows", (key,), "people") for key in ("before", "joined", "left", "after")}
    gathered.tie([Relation(named["after"], (named["before"], named["joined"]), beside=(named["left"],))])
    shown = marks(release(gathered, profile_of("suppress_under_5")).table("flows"))
    assert shown["left"] == "[c]"
    assert list(shown.values()).count("[c]") > 1


def test_beds_are_shown_unless_a_small_number_of_people_could_be_worked_out_from_them() -> None:
    beds = [Row(("all",), "beds", Decimal(30)), Row(("free",), "beds", Decimal(2))]
    used = Row(("used",), "people", Decimal(28))
    few = [Row(("all",), "beds", Decimal(5)), Row(("free",), "beds", Decimal(2))]
    few_used = Row(("used",), "people", Decimal(3))
    for rows, tells in (((*beds, used), False), ((*few, few_used), True)):
        home = TidyTable("home", "A home", (Dimension("what", "What"),), rows)
        gathered = gather(home)
        parts = {r.keys[0]: Part("home", r.keys, r.unit) for r in rows}
        gathered.tie([Relation(parts["all"], (parts["free"], parts["used"]))])
        shown = marks(release(gathered, profile_of("suppress_under_5")).table("home"))
        assert (shown["used"] == "[c]") == tells
        assert ("[c]" in (shown["all"], shown["free"])) == tells


def test_beds_and_everybody_in_them_stay_where_a_detail_can_be_held_back() -> None:
    """Two beds are kept for two people: who is there and how many beds there are need not go for that."""
    rows = (
        Row(("beds",), "beds", Decimal(38), of_places=True),
        Row(("here",), "people", Decimal(32)),
        Row(("reserved",), "people", Decimal(2)),
        Row(("free",), "beds", Decimal(4)),
        Row(("older",), "people", Decimal(30)),
        Row(("younger",), "people", Decimal(2)),
    )
    gathered = gather(TidyTable("home", "A home", (Dimension("what", "What"),), rows))
    parts = {r.keys[0]: Part("home", r.keys, r.unit) for r in rows}
    gathered.tie([Relation(parts["beds"], (parts["here"], parts["reserved"], parts["free"]))])
    gathered.tie([Relation(parts["here"], (parts["older"], parts["younger"]))])
    shown = marks(release(gathered, profile_of("suppress_under_5")).table("home"))
    assert (shown["beds"], shown["here"]) == ("38", "32")
    assert {key for key, told in shown.items() if told == "[c]"} == {"reserved", "free", "older", "younger"}


def test_a_home_with_one_bed_free_holds_back_how_many_are_there_before_how_many_beds_it_has() -> None:
    rows = (
        Row(("beds",), "beds", Decimal(20), of_places=True),
        Row(("here",), "people", Decimal(17)),
        Row(("reserved",), "people", Decimal(2)),
        Row(("free",), "beds", Decimal(1)),
    )
    gathered = gather(TidyTable("home", "A home", (Dimension("what", "What"),), rows))
    parts = {r.keys[0]: Part("home", r.keys, r.unit) for r in rows}
    gathered.tie([Relation(parts["beds"], (parts["here"], parts["reserved"], parts["free"]))])
    shown = marks(release(gathered, profile_of("suppress_under_5")).table("home"))
    assert (shown["beds"], shown["here"], shown["reserved"]) == ("20", "[c]", "[c]")


def test_hours_of_few_people_are_held_back_and_cannot_be_had_by_subtraction() -> None:
    rows = (
        Row(("one",), "hours", Decimal("14.5"), of_people=Decimal(1)),
        Row(("two",), "hours", Decimal(300), of_people=Decimal(30)),
        Row(("three",), "hours", Decimal(500), of_people=Decimal(40)),
        Row((TOTAL,), "hours", Decimal("814.5"), of_people=Decimal(71)),
    )
    hours = TidyTable("hours", "Hours", (Dimension("place", "Place"),), rows)
    for profile in ("suppress_under_5", "round_to_5", "sac"):
        shown = marks(release(gather(hours), profile_of(profile)).table("hours"))
        assert shown["one"] == "[c]"
        assert list(shown.values()).count("[c]") == 2
    assert marks(release(gather(hours), profile_of("none")).table("hours"))["one"] == "14.5"


def test_a_share_of_answers_about_few_records_is_held_back() -> None:
    few = Row(("few",), "share", Decimal("0.9"), denominator=Decimal(2))
    many = Row(("many",), "share", Decimal("0.9"), denominator=Decimal(20))
    shares = TidyTable("s", "Shares", (Dimension("class", "Class"),), (few, many))
    for profile in ("suppress_under_5", "round_to_5"):
        shown = marks(release(gather(shares), profile_of(profile)).table("s"))
        assert shown == {"few": "[c]", "many": "0.9"}


def test_a_unit_nobody_thought_of_is_taken_for_people() -> None:
    shown = marks(release(gather(table("t", ("x", 2), unit="sightings")), profile_of("sac")).table("t"))
    assert shown == {"x": "0"}


def test_where_zeros_tell_a_cell_left_out_of_a_table_is_held_back_as_one_that_is_in_it() -> None:
    counts = {("a", "x"): 50, ("a", TOTAL): 50, ("b", "x"): 30, ("b", "y"): 60, ("b", TOTAL): 90}
    counts |= {(TOTAL, "x"): 80, (TOTAL, "y"): 60, (TOTAL, TOTAL): 140}
    rows = tuple(Row(keys, "people", Decimal(number)) for keys, number in counts.items())
    crossed = TidyTable("t", "T", (Dimension("one", "One"), Dimension("two", "Two")), rows)
    shown = {
        r.keys: r.mark
        for r in release(gather(crossed), profile_of("suppress_under_5_and_zero")).table("t").rows
    }
    assert shown["a", "y"] == "[c]"
    assert len(release(gather(crossed), profile_of("suppress_under_5")).table("t").rows) == len(rows)
