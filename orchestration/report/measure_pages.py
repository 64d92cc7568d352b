"""A page per measure: its trend over periods, its figures by breakdown, and how sure they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import sqrt

from markupsafe import Markup

from orchestration.report import charts, words
from orchestration.report.pages import Page
from orchestration.report.return_pages import ReturnState, method_path
from orchestration.report.tables import ShownRow, ShownTable, made_of, plain_table, text_of
from orchestration.report.tidy import Row, TidyTable
from orchestration.returns.published import PublishedFigure, newest_for

INDEX = "measures/index.html"
SECTION = "measures"
MOST_SERIES, MOST_SUBMITTERS = 7, 30
_95 = 1.959963985
_SHARES = frozenset({"share", "percent"})


@dataclass(frozen=True)
class Measure:
    """One measure of one return, with the submitters that have figures of it."""

    return_id: str
    name: str
    states: tuple[ReturnState, ...]
    part: int = 1

    @property
    def path(self) -> str:
        """The page of the measure, or of a part of its submitters."""
        further = f"-part-{self.part}" if self.part > 1 else ""
        return f"measures/{words.slug(self.return_id)}-{words.slug(self.name)}{further}.html"

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


def interval_of(row: Row) -> tuple[float, float] | None:
    """Return the 95% interval of a released share, or None for what is no share of anybody."""
    if row.unit not in _SHARES or row.numerator is None or not row.denominator:
        return None
    return interval(row.numerator, row.denominator)


def measures_of(states: list[ReturnState]) -> list[Measure]:
    """Return the measures of all ready returns, by return and name."""
    found: dict[tuple[str, str], list[ReturnState]] = {}
    for state in states:
        if state.pack:
            for name in dict.fromkeys(f.measure for f in state.pack.figures if f.measure):
                found.setdefault((state.owed.definition.return_id, name), []).append(state)
    return [Measure(return_id, name, tuple(own)) for (return_id, name), own in sorted(found.items())]


def measure_pages(states: list[ReturnState], published: Sequence[PublishedFigure] = ()) -> Iterator[Page]:
    """Yield the list of measures and the page of each."""
    measures = measures_of(states)
    groups: dict[str, list[Measure]] = {}
    for measure in measures:
        groups.setdefault(measure.states[0].owed.definition.title, []).append(measure)
    yield Page(INDEX, "Measures", "measures.html.j2", SECTION, {"groups": groups})
    for measure in measures:
        parts = _parts(measure)
        for part in parts:
            yield _page(part, parts, published)


def _parts(measure: Measure) -> list[Measure]:
    """A measure of many submitters as several pages, each light enough for a slow line."""
    starts = range(0, len(measure.states), MOST_SUBMITTERS)
    return [
        replace(measure, states=measure.states[start : start + MOST_SUBMITTERS], part=number)
        for number, start in enumerate(starts, start=1)
    ]


def _page(measure: Measure, parts: Sequence[Measure], published: Sequence[PublishedFigure]) -> Page:
    periods = sorted({p.period_label for state in measure.states for p in state.history})
    several = len(periods) > 1
    shares = any(_is_share(row) for state in measure.states for row in _own(measure, state))
    return Page(
        measure.path,
        measure.title + (f", page {measure.part} of {len(parts)}" if len(parts) > 1 else ""),
        "measure.html.j2",
        SECTION,
        {
            "measure": measure,
            "parts": parts,
            "definition": measure.states[0].owed.definition,
            "method_path": method_path(measure.states[0].owed.definition),
            "figures": _together([_figures(measure, state, published, shares) for state in measure.states]),
            "published": _sources(measure, published),
            "trend": _trend(measure, periods) if several else None,
            "trend_table": _trend_table(measure, periods) if several else None,
            "breaks": [(words.label_words(p), before, after) for p, before, after in _breaks(measure)],
            "has_shares": shares,
        },
        (("Measures", INDEX),),
    )


def _cells(measure: Measure, state: ReturnState) -> set[str]:
    return {f.cell_id for pack in state.history for f in pack.figures if f.measure == measure.name}


def _is_share(row: Row) -> bool:
    """True for a number made of two, also where it is held back and nothing of it is told."""
    return row.denominator is not None or row.unit in ("share", "percent", "rate")


def _own(measure: Measure, state: ReturnState) -> list[Row]:
    cells = _cells(measure, state)
    return [row for row in state.tables[-1].rows if row.keys[0] in cells]


def published_for(
    published: Sequence[PublishedFigure], return_id: str, cell_id: str, submitter_id: str
) -> PublishedFigure | None:
    """Return the newest published figure of an answer: its item is `<return>.<cell>`, its breakdown Total."""
    return newest_for(published, f"{return_id}.{cell_id}", "Total", submitter_id) if published else None


def _published(
    measure: Measure, state: ReturnState, published: Sequence[PublishedFigure]
) -> dict[str, PublishedFigure]:
    """What was published of the answers of a submitter, by cell."""
    found = {
        row.keys[0]: published_for(published, measure.return_id, row.keys[0], state.owed.submitter_id)
        for row in _own(measure, state)
    }
    return {cell_id: figure for cell_id, figure in found.items() if figure}


def _sources(measure: Measure, published: Sequence[PublishedFigure]) -> list[PublishedFigure]:
    """Each source the published figures of a measure come from, once."""
    found = {
        (figure.source, figure.published_on): figure
        for state in measure.states
        for figure in _published(measure, state, published).values()
    }
    return [found[key] for key in sorted(found)]


def _figures(
    measure: Measure, state: ReturnState, published: Sequence[PublishedFigure], shares: bool
) -> ShownTable:
    beside = _published(measure, state, published)
    rows = []
    for row in _own(measure, state):
        spread = ""
        if found := interval_of(row):
            spread = " to ".join(words.percent(Decimal(str(end))) for end in found)
        other: tuple[str, ...] = ()
        if beside:
            figure = beside.get(row.keys[0])
            told = (
                f"{words.number(figure.outcome, row.unit)} to {words.day(figure.period_end)}"
                if figure
                else ""
            )
            other = (told or "[x]",)
        if row.mark != "[z]":
            made = (made_of(row) or "–", spread or "–") if shares else ()
            rows.append(ShownRow(row.keys[2], (text_of(row), *other, *made), False))
    parts = ("Made of", "95% interval") if shares else ()
    columns = ("Value", *(("Published",) if beside else ()), *parts)
    return plain_table(state.owed.submitter_name, "Breakdown", columns, rows)


def _together(tables: list[ShownTable]) -> list[ShownTable]:
    """One table of all submitters where each has but one and the same figure."""
    alike = {(table.columns, tuple(row.head for row in table.rows)) for table in tables}
    if len(tables) == 1 or len(alike) > 1 or len(tables[0].rows) != 1:
        return tables
    rows = [ShownRow(table.title, table.rows[0].cells, False) for table in tables]
    return [plain_table(tables[0].rows[0].head, "Submitter", tables[0].columns, rows)]


@dataclass(frozen=True)
class Trend:
    """The chart of a measure over its periods, and whose numbers could not be drawn."""

    chart: Markup
    not_drawn: tuple[str, ...]
    has_gaps: bool


def _trend(measure: Measure, periods: list[str]) -> Trend | None:
    """One figure of each submitter, or the figures of the only one; a gap where a period has no number."""
    lines = _lines(measure)
    marks: list[charts.Mark] = []
    not_drawn, labels = [], []
    for state, row, name in lines:
        by_period = {p.period_label: t for p, t in zip(state.history, state.tables, strict=True)}
        found = [_in_table(by_period.get(label), row) for label in periods]
        if all(other is None or other.value is None for other in found):
            not_drawn.append(name)
            continue
        labels.append(row.keys[2])
        for label, other in zip(periods, found, strict=True):
            number = None if other is None or other.value is None else float(other.value)
            marks.append(charts.Mark(words.label_short(label), name, number))
    if not marks:
        return None
    breaks = [words.label_short(label) for label, _, _ in _breaks(measure)]
    about = f"{words.several(len(labels), 'line')} over {len(periods)} periods; dashed: a change of method."
    title = "Over the periods"
    if len(measure.states) > 1:
        title += ": " + "; ".join(dict.fromkeys(labels))
    shares = all(row.unit in words.SHARES for _, row, _ in lines)
    chart = charts.lines(words.slug(measure.path), title, about, marks, breaks, shares)
    return Trend(chart, tuple(not_drawn), any(mark.value is None for mark in marks))


def _lines(measure: Measure) -> list[tuple[ReturnState, Row, str]]:
    """What is drawn: the first figure asked of each submitter; of one alone, its figures that moved most."""
    asked = [(state, [r for r in _own(measure, state) if r.mark != "[z]"]) for state in measure.states]
    if len(asked) > 1:
        firsts = [(state, rows[0], state.owed.submitter_name) for state, rows in asked if rows]
        return firsts[:MOST_SERIES]
    ((state, rows),) = asked
    alike = [row for row in rows if row.unit == rows[0].unit]
    if len(alike) > MOST_SERIES:
        alike.sort(key=lambda row: -_moved(state, row))
    return [(state, row, row.keys[2]) for row in alike[:MOST_SERIES]]


def _moved(state: ReturnState, row: Row) -> Decimal:
    """How far a released figure is from the lowest to the highest it was."""
    found = [_in_table(table, row) for table in state.tables]
    values = [other.value for other in found if other is not None and other.value is not None]
    return max(values) - min(values) if values else Decimal(-1)


def _in_table(table: TidyTable | None, row: Row) -> Row | None:
    """The same figure in the table of another period."""
    return next((r for r in table.rows if r.keys[0] == row.keys[0]), None) if table else None


def _trend_table(measure: Measure, periods: list[str]) -> ShownTable:
    rows = []
    for state in measure.states:
        by_period = {p.period_label: t for p, t in zip(state.history, state.tables, strict=True)}
        for row in _own(measure, state):
            cells = []
            for label in periods:
                found = _in_table(by_period.get(label), row)
                cells.append(text_of(found) if found else "[x]")
            if set(cells) != {"[z]"}:
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
