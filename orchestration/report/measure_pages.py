"""A page per measure: its trend over periods, its figures by breakdown, and how sure they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from markupsafe import Markup

from orchestration.report import charts, words
from orchestration.report.pages import Page
from orchestration.report.return_pages import ReturnState, method_path
from orchestration.report.tables import ShownRow, ShownTable, plain_table, text_of
from orchestration.report.tidy import Row

INDEX = "measures/index.html"
SECTION = "measures"
MOST_SERIES = 7
_95 = 1.959963985


@dataclass(frozen=True)
class Measure:
    """One measure of one return, with the submitters that have figures of it."""

    return_id: str
    name: str
    states: tuple[ReturnState, ...]

    @property
    def path(self) -> str:
        """The page of the measure."""
        return f"measures/{words.slug(self.return_id)}-{words.slug(self.name)}.html"

    @property
    def title(self) -> str:
        """The measure in words."""
        return words.sentence(self.name)


def interval(numerator: Decimal, denominator: Decimal) -> tuple[float, float]:
    """Return the 95% Wilson interval of a share: what chance alone could make of it at this size."""
    n, p = float(denominator), float(numerator / denominator)
    middle = (p + _95**2 / (2 * n)) / (1 + _95**2 / n)
    half = _95 * sqrt(p * (1 - p) / n + _95**2 / (4 * n * n)) / (1 + _95**2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def measures_of(states: list[ReturnState]) -> list[Measure]:
    """Return the measures of all ready returns, by return and name."""
    found: dict[tuple[str, str], list[ReturnState]] = {}
    for state in states:
        if state.pack:
            for name in dict.fromkeys(f.measure for f in state.pack.figures if f.measure):
                found.setdefault((state.owed.definition.return_id, name), []).append(state)
    return [Measure(return_id, name, tuple(own)) for (return_id, name), own in sorted(found.items())]


def measure_pages(states: list[ReturnState]) -> Iterator[Page]:
    """Yield the list of measures and the page of each."""
    measures = measures_of(states)
    groups: dict[str, list[Measure]] = {}
    for measure in measures:
        groups.setdefault(measure.states[0].owed.definition.title, []).append(measure)
    yield Page(INDEX, "Measures", "measures.html.j2", SECTION, {"groups": groups})
    for measure in measures:
        yield _page(measure)


def _page(measure: Measure) -> Page:
    periods = sorted({p.period_label for state in measure.states for p in state.history})
    several = len(periods) > 1
    return Page(
        measure.path,
        measure.title,
        "measure.html.j2",
        SECTION,
        {
            "measure": measure,
            "definition": measure.states[0].owed.definition,
            "method_path": method_path(measure.states[0].owed.definition),
            "figures": [_figures(measure, state) for state in measure.states],
            "trend": _trend(measure, periods) if several else None,
            "trend_table": _trend_table(measure, periods) if several else None,
            "breaks": _breaks(measure),
            "has_shares": any(row.denominator for state in measure.states for row in _own(measure, state)),
        },
        (("Measures", INDEX),),
    )


def _cells(measure: Measure, state: ReturnState) -> set[str]:
    return {f.cell_id for pack in state.history for f in pack.figures if f.measure == measure.name}


def _own(measure: Measure, state: ReturnState) -> list[Row]:
    cells = _cells(measure, state)
    return [row for row in state.tables[-1].rows if row.keys[0] in cells]


def _figures(measure: Measure, state: ReturnState) -> ShownTable:
    rows = []
    for row in _own(measure, state):
        made_of = spread = ""
        if row.numerator is not None and row.denominator:
            made_of = f"{words.count(row.numerator)} of {words.count(row.denominator)}"
            low, high = interval(row.numerator, row.denominator)
            spread = f"{words.percent(Decimal(str(low)))} to {words.percent(Decimal(str(high)))}"
        if row.mark != "[z]":
            rows.append(ShownRow(row.keys[2], (text_of(row), made_of or "–", spread or "–"), False))
    columns = ("Value", "Made of", "95% interval")
    return plain_table(state.owed.submitter_name, "Breakdown", columns, rows)


def _trend(measure: Measure, periods: list[str]) -> Markup | None:
    """The first figure of each submitter over the periods; a dashed line where the method version changed."""
    marks = []
    for state in measure.states[:MOST_SERIES]:
        cells = [row.keys[0] for row in _own(measure, state) if row.value is not None]
        for pack, table in zip(state.history, state.tables, strict=True):
            row = next((r for r in table.rows if cells and r.keys[0] == cells[0]), None)
            if row is not None and row.value is not None:
                label = words.label_words(pack.period_label)
                marks.append(charts.Mark(label, state.owed.submitter_name, float(row.value)))
    if not marks:
        return None
    breaks = [words.label_words(label) for label, _, _ in _breaks(measure)]
    about = f"A line for each submitter over {len(periods)} periods; a dashed line marks a change of method."
    return charts.lines(words.slug(measure.path), "Over the periods", about, marks, breaks)


def _trend_table(measure: Measure, periods: list[str]) -> ShownTable:
    rows = []
    for state in measure.states:
        by_period = {p.period_label: t for p, t in zip(state.history, state.tables, strict=True)}
        for row in _own(measure, state):
            cells = []
            for label in periods:
                table = by_period.get(label)
                found = next((r for r in table.rows if r.keys[0] == row.keys[0]), None) if table else None
                cells.append(text_of(found) if found else "[x]")
            rows.append(ShownRow(f"{state.owed.submitter_name}: {row.keys[2]}", tuple(cells), False))
    return plain_table("Every period", "Figure", [words.label_words(p) for p in periods], rows)


def _breaks(measure: Measure) -> list[tuple[str, str, str]]:
    """The periods made by another method version than the one before: period, before, after."""
    found: dict[str, tuple[str, str, str]] = {}
    for state in measure.states:
        for before, after in zip(state.history, state.history[1:], strict=False):
            if before.method_version != after.method_version:
                found[after.period_label] = (after.period_label, before.method_version, after.method_version)
    return [found[label] for label in sorted(found)]
