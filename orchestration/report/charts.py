"""Charts as SVG that stands in a page: drawn for screens and for phones, titled and described."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup, escape

from orchestration.report.tidy import CONFIDENTIAL

# The tokens of the stylesheet.
SERIES = ("#0b4f6c", "#c05a1d", "#5a7d2a", "#7a4d8f", "#2f8f9d", "#b3923b", "#3f3f8f")
QUIET, LINE, PAPER = "#50606e", "#d5dce1", "#ffffff"
WIDE, NARROW = 840, 300
# What is known of a bar but not in which series it lies: its own colour, after all others.
PART_HELD_BACK, GREY = "Not told which", "#7f909c"
# How many letters of a label stand in a line beside the bars, wide and narrow.
LETTERS = {WIDE: 40, NARROW: 16}
_IDENTIFIERS = re.compile(r'(id="|url\(#|href="#)([A-Za-z][\w-]*)')


@dataclass(frozen=True)
class Mark:
    """One number of a chart: where it stands and in which series; None where it is held back."""

    place: str
    series: str
    value: float | None


def lines(
    chart_id: str,
    title: str,
    about: str,
    marks: Sequence[Mark],
    breaks: Sequence[str] = (),
    shares: bool = False,
) -> Markup:
    """Return a line for each series over places in order; a dashed line stands where the method changed.

    A place without a number breaks the line: nobody may read a number there that was never told.
    """
    places = list(dict.fromkeys(m.place for m in marks))
    return _figure(chart_id, title, about, lambda width: _lines(marks, places, breaks, shares, width), marks)


def bars(chart_id: str, title: str, about: str, marks: Sequence[Mark], places: Sequence[str] = ()) -> Markup:
    """Return a bar for each place, parted by series; both in the order given, or else in which they come."""
    held = {m.place for m in marks}
    order = [place for place in places if place in held] or list(dict.fromkeys(m.place for m in marks))
    return _figure(chart_id, title, about, lambda width: _bars(marks, order, width), marks)


def _values(marks: Sequence[Mark]) -> alt.Data:
    return alt.Data(values=[{"place": m.place, "series": m.series, "value": m.value} for m in marks])


def _colours(names: Sequence[str]) -> list[str]:
    return [GREY if name == PART_HELD_BACK else SERIES[i % len(SERIES)] for i, name in enumerate(names)]


def _colour(marks: Sequence[Mark]) -> Any:
    names = list(dict.fromkeys(m.series for m in marks))
    scale = alt.Scale(domain=names, range=_colours(names))
    return alt.Color("series:N", scale=scale, sort=names, legend=None)


def _lines(
    marks: Sequence[Mark], places: Sequence[str], breaks: Sequence[str], shares: bool, width: int
) -> Any:
    x = alt.X(
        "place:N", sort=list(places), title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False)
    )
    axis = alt.Axis(format=".0%") if shares else alt.Axis()
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True), axis=axis)
    base = alt.Chart(_values(marks)).encode(x=x, y=y, color=_colour(marks))
    drawn = base.mark_line(strokeWidth=2.5) + base.mark_point(filled=True, size=45, opacity=1)
    if breaks:
        rule = alt.Chart(alt.Data(values=[{"place": p} for p in breaks]))
        drawn += rule.mark_rule(strokeDash=[4, 4], color=QUIET).encode(x=alt.X("place:N", sort=list(places)))
    return drawn.properties(width=width - 60, height=200)


def _bars(marks: Sequence[Mark], places: Sequence[str], width: int) -> Any:
    series = list(dict.fromkeys(m.series for m in marks))
    order = {name: number for number, name in enumerate(series)}
    label = {place: "\n".join(textwrap.wrap(place, LETTERS[width])) for place in places}
    most_lines = max(text.count("\n") + 1 for text in label.values())
    shown = [
        {"place": label[m.place], "series": m.series, "value": m.value, "order": order[m.series]}
        for m in marks
        if m.value is not None
    ]
    data = alt.Data(values=shown)
    room = 260 if width == WIDE else 110
    y = alt.Y(
        "place:N",
        sort=[label[place] for place in places],
        title=None,
        scale=alt.Scale(domain=[label[place] for place in places]),
        axis=alt.Axis(
            labelExpr="split(datum.label, '\\n')",
            labelLimit=0,
            labelPadding=6,
            minExtent=room,
            maxExtent=room,
            ticks=False,
            domain=False,
        ),
    )
    x = alt.X("value:Q", title=None, stack="zero", axis=alt.Axis(tickCount=5, format="~s"))
    made = alt.Chart(data).mark_bar(height={"band": 0.7})
    encoded = made.encode(x=x, y=y, color=_colour(marks), order=alt.Order("order:Q"))
    height = (14 + 13 * most_lines) * max(len(places), 2)
    return (encoded + _held_back(marks, label, y)).properties(width=width - room - 30, height=height)


def _held_back(marks: Sequence[Mark], label: dict[str, str], y: Any) -> Any:
    """[c] where a bar ends of which a part is held back, so that it is not read as the whole."""
    ends: dict[str, float] = {}
    for mark in marks:
        ends[mark.place] = ends.get(mark.place, 0.0) + (mark.value or 0.0)
    cut = {mark.place for mark in marks if mark.value is None}
    data = alt.Data(values=[{"place": label[p], "end": end} for p, end in ends.items() if p in cut])
    text = alt.Chart(data).mark_text(align="left", dx=5, color=QUIET, fontSize=11, text=CONFIDENTIAL)
    return text.encode(x=alt.X("end:Q"), y=y)


def _legend(marks: Sequence[Mark]) -> str:
    """The series in words beside their colours, as text that wraps and can be read out."""
    names = list(dict.fromkeys(m.series for m in marks))
    if len(names) < 2:
        return ""
    items = "".join(
        f'<li><span style="background:{colour}"></span>{escape(name)}</li>'
        for name, colour in zip(names, _colours(names), strict=True)
    )
    return f'<ul class="legend">{items}</ul>'


def _figure(chart_id: str, title: str, about: str, draw: Any, marks: Sequence[Mark]) -> Markup:
    wide, narrow = (_svg(f"{chart_id}-{name}", title, about, draw(width)) for name, width in _SIZES)
    return Markup(  # noqa: S704 - drawn by the chart library, which escapes what it is given
        f'<figure class="chart"><figcaption>{escape(title)}</figcaption>{_legend(marks)}'
        f'<div class="chart__wide">{wide}</div><div class="chart__narrow">{narrow}</div></figure>'
    )


_SIZES = (("wide", WIDE), ("narrow", NARROW))


def _head(chart_id: str, title: str, about: str) -> str:
    named = f'<title id="{chart_id}-title">{escape(title)}</title>'
    return f'{named}<desc id="{chart_id}-desc">{escape(about)}</desc>'


def _svg(chart_id: str, title: str, about: str, chart: Any) -> str:
    chart = chart.configure(font="Arial", background=PAPER, padding=4)
    chart = chart.configure_view(stroke=None).configure_axis(
        labelColor=QUIET, labelFontSize=12, gridColor=LINE, domainColor=LINE, tickColor=LINE
    )
    drawn = str(vl_convert.vegalite_to_svg(chart.to_dict(validate=False)))
    drawn = _IDENTIFIERS.sub(lambda found: f"{found[1]}{chart_id}-{found[2]}", drawn)
    # Roles inside one picture would be read out one by one; the picture is one thing, described once.
    drawn = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawn)
    named = f'role="img" aria-labelledby="{chart_id}-title {chart_id}-desc"'
    head = _head(chart_id, title, about)
    return re.sub(r"<svg ([^>]*)>", lambda found: f"<svg {found[1]} {named}>{head}", drawn, count=1)
