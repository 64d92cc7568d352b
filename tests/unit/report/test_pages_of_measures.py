"""The pages of the measures: light for many submitters, and honest about what others published."""

from __future__ import annotations

import re
from pathlib import Path

from made import state

from orchestration.report.measure_pages import MOST_SUBMITTERS, measure_pages
from orchestration.report.pages import Page, Section, environment, render
from orchestration.report.return_pages import ReturnState
from orchestration.report.tables import ShownTable
from orchestration.returns.published import COLUMNS, PublishedFigure, read_published

USED = [("beds.used", "Occupied beds", "beds", "12", ""), ("beds.free", "Vacant beds", "beds", "3", "")]


def pages(states: list[ReturnState], published: list[PublishedFigure] | None = None) -> list[Page]:
    return [p for p in measure_pages(states, published or []) if p.template == "measure.html.j2"]


def drawn(page: Page) -> str:
    class Banner(dict[str, object]):
        senders: tuple[str, ...] = ()

    return render(environment(), page, [Section("measures", "Measures", "measures/index.html")], Banner())


def submitters(page: Page) -> list[str]:
    return [table.title for table in page.context["figures"]]


def test_a_measure_of_many_submitters_is_parted_and_nobody_is_left_out() -> None:
    many = [
        state({"2026-10": USED}, name=f"Home {n:02}", number=n + 1) for n in range(2 * MOST_SUBMITTERS + 1)
    ]
    found = pages(many)
    assert [p.path.rsplit("-", 1)[-1] for p in found] == ["beds.html", "2.html", "3.html"]
    assert [len(submitters(p)) for p in found] == [MOST_SUBMITTERS, MOST_SUBMITTERS, 1]
    assert sorted(name for p in found for name in submitters(p)) == sorted(
        s.owed.submitter_name for s in many
    )
    for page in found:
        linked = set(re.findall(r'href="([^"#]+beds[^"#]*\.html)"', drawn(page)))
        assert linked == {p.path.removeprefix("measures/") for p in found}


def test_a_measure_of_few_submitters_is_one_page_without_parts() -> None:
    (page,) = pages([state({"2026-10": USED})])
    assert 'aria-label="Submitters"' not in drawn(page)
    assert page.title == "Beds"


def test_a_figure_somebody_published_stands_beside_ours_with_its_source_and_its_day(tmp_path: Path) -> None:
    file = tmp_path / "made_up_for_this_test.csv"
    row = "capacity_tracker.beds.used,Total,1-900000001,2025-10-01,2025-10-31,11,made up,2026-01-09,READ"
    file.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    (page,) = pages([state({"2026-10": USED})], read_published(file))
    (table,) = page.context["figures"]
    assert isinstance(table, ShownTable)
    assert table.columns[:2] == ("Value", "Published")
    assert [r.cells[:2] for r in table.rows] == [("12", "11 to 31 October 2025"), ("3", "[x]")]
    assert "Published: made up, 9 January 2026, as it was supplied to us." in drawn(page)


def test_without_published_figures_no_column_speaks_of_them() -> None:
    (page,) = pages([state({"2026-10": USED})])
    assert page.context["figures"][0].columns[0] == "Value"
    assert "Published" not in drawn(page)


def beds(used: str) -> list[tuple[str, str, str, str, str]]:
    return [("beds.used", "Occupied beds", "beds", used, "")]


def test_a_line_is_broken_where_a_number_is_held_back_and_who_has_none_is_named() -> None:
    one = state({"2026-08": beds("12"), "2026-09": beds("[c]"), "2026-10": beds("14")}, name="Oakfield")
    other = state({"2026-09": beds("[c]"), "2026-10": beds("[c]")}, name="Harbour", number=2)
    (page,) = pages([one, other])
    trend = page.context["trend"]
    assert "Over the periods: Occupied beds" in trend.chart
    assert line_through(trend.chart) == ["M130,", "ZM650,"]
    assert trend.not_drawn == ("Harbour",)
    text = drawn(page)
    assert "Not drawn, for no number of theirs is known or told: Harbour." in text
    assert "A gap in a line is a period whose number is not known or held back" in text


def test_periods_stand_in_their_order_though_the_first_submitter_came_late() -> None:
    late = state({"2026-10": beds("12")}, name="Late")
    old = state({"2026-08": beds("8"), "2026-09": beds("9"), "2026-10": beds("10")}, name="Old", number=2)
    (page,) = pages([late, old])
    chart = page.context["trend"].chart
    assert chart.index("Aug 2026") < chart.index("Sep 2026") < chart.index("Oct 2026")
    assert line_through(chart) == ["M650,", "M130,"]


def test_of_one_submitter_the_figures_that_moved_most_are_drawn() -> None:
    def answers(moved: str) -> list[tuple[str, str, str, str, str]]:
        still = [(f"beds.a{n}", f"Still {n}", "beds", "50", "") for n in range(9)]
        return [*still, ("beds.z", "Moving", "beds", moved, "")]

    (page,) = pages([state({"2026-09": answers("10"), "2026-10": answers("20")})])
    chart = page.context["trend"].chart
    assert "Moving" in chart
    assert chart.count("Still ") == 6


def test_one_figure_each_stands_in_one_table_of_all_submitters() -> None:
    (page,) = pages([state({"2026-10": beds(str(n))}, name=f"Home {n}", number=n) for n in (6, 7, 8)])
    (table,) = page.context["figures"]
    assert table.title == "Occupied beds"
    assert [(row.head, row.cells) for row in table.rows] == [
        ("Home 6", ("6",)),
        ("Home 7", ("7",)),
        ("Home 8", ("8",)),
    ]


def line_through(chart: str) -> list[str]:
    """Where each piece of each line of the wide drawing begins, across."""
    wide = chart[chart.index("chart__wide") : chart.index("chart__narrow")]
    paths = re.findall(r'<path d="([^"]*)" stroke="[^"]*" stroke-width="2.5"', wide)
    return [f"{before}{start}" for path in paths for before, start in re.findall(r"(Z ?|^)(M\d+,)", path)]
