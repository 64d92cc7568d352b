"""Who is supported, where and who pays, how many come and go, the carers; and what is delivered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from orchestration.report import charts, words
from orchestration.report.demand_tables import (
    BANDS,
    FLOWS,
    HOURS,
    MONTHLY,
    PACKAGE_COSTS,
    PACKAGE_HOURS,
    REQUESTS,
)
from orchestration.report.facts import RunFacts
from orchestration.report.pages import Page
from orchestration.report.release import Released
from orchestration.report.tables import ShownRow, ShownTable, ordered, plain_table, spread, text_of
from orchestration.report.tidy import TOTAL, TidyTable

BAND_ORDER = (
    *(
        "under half",
        "half to under 80%",
        "80% to under 95%",
        "95% to 105%",
        "over 105%",
        "no visits recorded",
    ),
)


def told(value: str) -> str:
    """Return a value of a dimension in words; one that is words already stays."""
    return words.sentence(value) if value.islower() and " " not in value else value


def people_page(facts: RunFacts, released: Released) -> Page:
    """Return the page of people and demand."""
    flows, requests = released.table(FLOWS), released.table(REQUESTS)
    views = []
    for view, title in (("council", "By the council’s records"), ("providers", "By the providers’ records")):
        shown = released.starting(f"{view}_by_")
        flow = flows.where(view_id=view)
        if shown:
            views.append(
                {
                    "anchor": view,
                    "title": title,
                    "total": _total(shown[0]),
                    "flow": _flow_chart(view, flow),
                    "flow_table": _flow_table(flow),
                    "charts": [
                        _stacked(t) for t in shown if t.table_id.endswith(("age_band", "need", "place"))
                    ],
                    "tables": [_shown(t) for t in shown],
                }
            )
    carers = released.starting("carers_by_")
    return Page(
        "people.html",
        "People and demand",
        "people.html.j2",
        "people",
        {
            "views": views,
            "carers": [_shown(t) for t in carers],
            "carers_total": _total(carers[0]) if carers else "0",
            "requests": spread(requests, "outcome", "route", named=told) if requests.rows else None,
            "as_at": facts.as_at,
        },
    )


def _total(table: TidyTable) -> str:
    row = table.at(TOTAL, TOTAL)
    return (row.mark or words.count(row.value or 0)) if row else "0"


def _shown(table: TidyTable) -> ShownTable:
    dimension = table.dimensions[0].name
    by_name = dimension in ("age_band", "hours_caring")
    return spread(table, dimension, "setting", by_size=not by_name, named=told)


def _stacked(table: TidyTable) -> Markup:
    dimension = table.dimensions[0].name
    places = [v for v in ordered(table, dimension, "setting", by_size=dimension != "age_band") if v != TOTAL]
    settings = [v for v in ordered(table, "setting", dimension, by_size=True) if v != TOTAL]
    marks = [
        charts.Mark(told(place), told(setting), float(row.value))
        for setting in settings
        for place in places
        if (row := table.at(place, setting)) and row.value is not None
    ]
    marks += _rests(table, places, settings)
    about = (
        f"Bars by {table.dimensions[0].label.lower()}, parted by setting. A table has the numbers. "
        "Grey is in settings that are held back; [c]: a part of the bar is held back, or all of it."
    )
    order = [told(place) for place in places]
    return charts.bars(table.table_id.replace("_", "-"), table.title, about, marks, order)


def _rests(table: TidyTable, places: list[str], settings: list[str]) -> list[charts.Mark]:
    """What is left of each total that is told beside settings that are not; None where it is not told."""
    found = []
    for place in places:
        rows = [row for setting in settings if (row := table.at(place, setting))]
        if all(row.value is not None for row in rows):
            continue
        total = table.at(place, TOTAL)
        whole = None if total is None or total.value is None else float(total.value)
        rest = None if whole is None else whole - sum(float(row.value or 0) for row in rows)
        found.append(charts.Mark(told(place), charts.PART_HELD_BACK, rest))
    return found


def _flow_chart(view: str, flow: TidyTable) -> Markup:
    marks = [
        charts.Mark(_short_month(row.keys[0]), row.keys[1], float(row.value))
        for label in ("At the end",)
        for row in flow.rows
        if row.keys[1] == label and row.value is not None
    ]
    values = [m.value for m in marks] or [0.0]
    about = f"A line over twelve months, from {values[0]:.0f} to {values[-1]:.0f} people at the month’s end."
    return charts.lines(f"flow-{view}", "People supported at the end of each month", about, marks)


def _short_month(label: str) -> str:
    name = words.month(label)
    return f"{name[:3]} {name[-2:]}"


def _flow_table(flow: TidyTable) -> ShownTable:
    names = {label: label for label, _ in MONTHLY.values()}
    months = flow.values("month_label")
    found = {r.keys: r for r in flow.rows}
    rows = [ShownRow(words.month(m), tuple(text_of(found.get((m, n))) for n in names), False) for m in months]
    return plain_table("Who joined and who left, by month", "Month", list(names), rows)


def commissioned_page(facts: RunFacts, released: Released) -> Page:
    """Return the page of what is commissioned beside what is delivered."""
    hours, costs = released.table(PACKAGE_HOURS), released.table(PACKAGE_COSTS)
    bands = released.table(BANDS)
    delivered = bands.where(comparison="delivered")
    return Page(
        "commissioned.html",
        "Commissioned and delivered",
        "commissioned.html.j2",
        "commissioned",
        {
            "any": bool(hours.rows),
            "hours": _by_measure(hours),
            "costs": _by_measure(costs),
            "chart": _hours_chart(hours),
            "delivered": _banded(delivered, "Packages by the share of commissioned hours delivered"),
            "agreement": _banded(bands.where(comparison="cost"), "Weekly cost: council beside provider"),
            "as_at": facts.as_at,
        },
    )


def _by_measure(table: TidyTable) -> ShownTable:
    labels = table.values("measure")
    found = {r.keys: r for r in table.rows}
    places = table.values("location_name")
    rows = [
        ShownRow(p, tuple(text_of(found.get((p, label))) for label in labels), p == TOTAL) for p in places
    ]
    return plain_table(table.title, "Location", labels, rows)


def _banded(table: TidyTable, title: str) -> ShownTable | None:
    if not table.rows:
        return None
    shown = spread(table, "location_name", "band", named=told)
    if table.title and "delivered" in title:
        order = [b for b in (*BAND_ORDER, TOTAL) if told(b) in shown.columns or b in shown.columns]
        places = [shown.columns.index(told(b)) for b in order]
        rows = tuple(replace(r, cells=tuple(r.cells[i] for i in places)) for r in shown.rows)
        shown = replace(shown, columns=tuple(shown.columns[i] for i in places), rows=rows)
    return replace(shown, title=title)


def _hours_chart(hours: TidyTable) -> Markup | None:
    wanted = [HOURS[n][0] for n in ("commissioned_hours", "planned_hours", "delivered_hours")]
    marks: list[Any] = [
        charts.Mark(f"{place}: {label.split(',')[0].split(' ')[0].lower()}", label, float(row.value))
        for place in hours.values("location_name")
        if place != TOTAL
        for label in wanted
        if (row := hours.at(place, label)) and row.value is not None
    ]
    if not marks:
        return None
    about = "For each location a bar for hours commissioned, planned in visits, and delivered in a week."
    return charts.bars("package-hours", "Hours in a week: commissioned, planned, delivered", about, marks)
