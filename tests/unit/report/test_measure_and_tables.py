"""Numbers keep their meaning on the way to a page: shares, totals, intervals, changes of method."""

from __future__ import annotations

from decimal import Decimal

from orchestration.report import charts, words
from orchestration.report.measure_pages import interval
from orchestration.report.tables import spread
from orchestration.report.tidy import TOTAL, Dimension, Row, TidyTable
from orchestration.warehouse.profile_macro import MACRO, profile_macro


def people(*rows: tuple[str, str, int]) -> TidyTable:
    dimensions = (Dimension("age", "Age"), Dimension("setting", "Setting"))
    made = tuple(Row((a, s), "people", Decimal(n)) for a, s, n in rows)
    return TidyTable("t", "People", dimensions, made)


def test_nearly_all_is_not_told_as_all_and_next_to_none_not_as_none() -> None:
    assert words.percent(Decimal("0.9996")) == "99.9%"
    assert words.percent(Decimal("0.0001")) == "0.1%"
    assert words.percent(Decimal(1)) == "100%"
    assert words.percent(Decimal(0)) == "0%"


def test_totals_and_not_known_stand_last_and_an_absent_cell_is_zero_people() -> None:
    table = people(
        ("not_known", "home", 90), ("not_known", TOTAL, 90), ("old", "home", 3), ("old", TOTAL, 3),
        ("young", "own", 5), ("young", TOTAL, 5), (TOTAL, TOTAL, 98), (TOTAL, "home", 93), (TOTAL, "own", 5),
    )  # fmt: skip
    shown = spread(table, "age", "setting")
    assert [r.head for r in shown.rows] == ["young", "old", "not_known", TOTAL]
    assert shown.columns == ("home", "own", TOTAL)
    assert shown.rows[0].cells == ("0", "5", "5")
    assert [r.is_total for r in shown.rows] == [False, False, False, True]


def test_a_held_back_number_is_shown_by_its_mark() -> None:
    held = Row(("old", "home"), "people", None, mark="[c]")
    table = people(("old", TOTAL, 9), (TOTAL, "home", 9)).with_rows([held])
    assert spread(table, "age", "setting").rows[0].cells == ("[c]",)


def test_the_interval_of_a_share_holds_it_and_narrows_with_size() -> None:
    low, high = interval(Decimal(8), Decimal(10))
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    lower, higher = interval(Decimal(800), Decimal(1000))
    assert low < lower < 0.8 < higher < high
    assert interval(Decimal(0), Decimal(5))[0] == 0.0


def test_a_chart_has_a_title_a_description_and_escapes_what_it_is_given() -> None:
    hostile = [charts.Mark("<script>alert(1)</script>", "a & b", 1.0), charts.Mark("x", "c", 2.0)]
    drawn = str(charts.bars("c1", "Beds <i>", "Two bars.", hostile))
    assert "<script>" not in drawn
    assert "Beds &lt;i&gt;" in drawn
    assert "a &amp; b" in drawn
    assert drawn.count('role="img"') == 2
    assert '<desc id="c1-wide-desc">Two bars.</desc>' in drawn
    assert drawn == str(charts.bars("c1", "Beds <i>", "Two bars.", hostile))


def test_a_change_of_method_is_drawn_as_a_dashed_line() -> None:
    marks = [charts.Mark(p, "one", 1.0) for p in ("2026-08", "2026-09")]
    assert "stroke-dasharray" in str(charts.lines("c", "T", "D", marks, ["2026-09"]))
    assert "stroke-dasharray" not in str(charts.lines("c", "T", "D", marks))


def test_the_macro_of_the_profile_says_what_the_profile_says() -> None:
    assert MACRO.read_text(encoding="utf-8") == profile_macro()
