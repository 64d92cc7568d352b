"""Released numbers as flat tables to take away: one header, one row per number, and a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orchestration.report import words
from orchestration.report.figure_rows import FigureRow
from orchestration.report.measure_pages import Measure, interval_of, published_for
from orchestration.report.return_pages import ReturnState
from orchestration.report.tidy import LOW, NOT_APPLICABLE, NOT_AVAILABLE, Row, TidyTable
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.published import PublishedFigure
from orchestration.returns.tables import plain

TEXT, NUMBER, DAY = "string", "number", "date"
MARK = "mark"
Cell = str | Decimal | None
_WORDS = frozenset({"text", "code", "yes_no"})


class NotReleased(ValueError):
    """A table was to be taken away that never passed the release."""


@dataclass(frozen=True)
class Column:
    """One column: what it is called, what it holds, and what a blank in it means.

    A blank number with `follows_mark` is told by the mark of its row, where the row has one.
    """

    name: str
    label: str
    kind: str = TEXT
    about: str = ""
    blank: str = ""
    follows_mark: bool = False


@dataclass(frozen=True)
class DataTable:
    """A table to take away: columns, rows in their order, and the columns that tell rows apart."""

    table_id: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    key: tuple[str, ...]

    def place(self, name: str) -> int:
        """Return the number of a column."""
        return [column.name for column in self.columns].index(name)


_UNIT = Column("unit", "Unit", about="what the value counts or is measured in")
_VALUE = Column("value", "Value", NUMBER, "the released number", NOT_AVAILABLE, follows_mark=True)
_MADE_OF = (
    Column("numerator", "Numerator", NUMBER, "what is counted", NOT_APPLICABLE, follows_mark=True),
    Column("denominator", "Denominator", NUMBER, "among how many", NOT_APPLICABLE, follows_mark=True),
)
_MARK = Column(MARK, "Shorthand", about="why there is no number")
_FIGURE = (
    Column("period", "Period", about="label of the period"),
    Column("submitter_id", "Submitter id", about="code of the council or the location"),
    Column("submitter", "Submitter", about="who hands the return in"),
    Column("cell_id", "Cell", about="id of the answer in the return's definition"),
)
_INTERVAL = (
    Column("interval_low", "95% from", NUMBER, "lower end of the Wilson interval", NOT_APPLICABLE, True),
    Column("interval_high", "95% to", NUMBER, "upper end of the Wilson interval", NOT_APPLICABLE, True),
)
_PUBLISHED = (
    Column("published_value", "Published", NUMBER, "what somebody else published", NOT_AVAILABLE),
    Column("published_period_end", "Published for the period to", DAY, "", NOT_AVAILABLE),
    Column("published_source", "Published in", about="where it was published", blank=NOT_AVAILABLE),
    Column("published_on", "Published on", DAY, "", NOT_AVAILABLE),
)


def from_tidy(table: TidyTable) -> DataTable:
    """Return a released table of a page as it is taken away."""
    _held_to_release(table)
    shares = any(row.numerator is not None or row.denominator is not None for row in table.rows)
    dimensions = tuple(Column(d.name, d.label or words.sentence(d.name)) for d in table.dimensions)
    return DataTable(
        table.table_id,
        table.title,
        table.about,
        (*dimensions, _UNIT, _VALUE, *(_MADE_OF if shares else ()), _MARK),
        tuple((*row.keys, row.unit, *_numbers(row, shares=shares), _mark(row)) for row in table.rows),
        tuple(d.name for d in table.dimensions),
    )


def figures_of_return(definition: ReturnDefinition, states: Iterable[ReturnState]) -> DataTable:
    """Return every released figure of a return: all submitters, the newest period first."""
    rows = []
    for state in states:
        measures = {f.cell_id: f.measure for pack in state.history for f in pack.figures}
        for period, row, detail in _released_rows(state):
            said = detail.text if detail else ""
            rows.append(
                (
                    *(period, state.owed.submitter_id, state.owed.submitter_name),
                    *(row.keys[0], row.keys[1], row.keys[2], measures.get(row.keys[0], ""), row.unit),
                    *(*_numbers(row, shares=True), _mark(row, said), said),
                    *((detail.quality, detail.coverage, detail.reason) if detail else ("", "", "")),
                )
            )
    columns = (
        *_FIGURE,
        Column("part", "Part", about="part of the return"),
        Column("answer", "Answer", about="what is asked"),
        Column("measure", "Measure", about="the measure the answer is counted by"),
        *(_UNIT, _VALUE, *_MADE_OF, _MARK),
        Column("words", "Answer in words", about="the answer where it is no number"),
        Column("quality", "Quality", about="of the answer of the period owed"),
        Column("records_behind", "Records behind it", about="how much of what was sent it stands on"),
        Column("reason", "Reason", about="why it is not filled"),
    )
    return DataTable(
        f"{definition.return_id}_figures",
        f"{definition.title}: every figure",
        "One row per period, submitter and answer; the newest period first.",
        columns,
        _newest_first(rows),
        ("period", "submitter_id", "cell_id"),
    )


def every_measure(measures: Sequence[Measure], published: Sequence[PublishedFigure]) -> DataTable:
    """Return the released figures of all measures, with intervals, and published figures where supplied."""
    rows = []
    for measure in measures:
        for state in measure.states:
            cells = {f.cell_id for p in state.history for f in p.figures if f.measure == measure.name}
            for period, row, detail in _released_rows(state):
                if row.keys[0] in cells and row.mark != NOT_APPLICABLE:
                    rows.append(
                        (
                            *(period, state.owed.submitter_id, state.owed.submitter_name),
                            *(row.keys[0], measure.return_id, measure.name, row.keys[2], row.unit),
                            *(*_numbers(row, shares=True), *_interval(row)),
                            _mark(row, detail.text if detail else ""),
                            *_beside(published, measure.return_id, row, state.owed.submitter_id),
                        )
                    )
    columns = (
        *_FIGURE,
        Column("return_id", "Return", about="id of the return"),
        Column("measure", "Measure"),
        Column("breakdown", "Breakdown", about="which part of the measure"),
        *(_UNIT, _VALUE, *_MADE_OF, *_INTERVAL, _MARK, *_PUBLISHED),
    )
    return DataTable(
        "measures",
        "Every measure, with intervals and published figures",
        "One row per period, submitter and breakdown of a measure; the newest period first.",
        columns,
        _newest_first(rows),
        ("return_id", "period", "submitter_id", "cell_id"),
    )


def _released_rows(state: ReturnState) -> Iterator[tuple[str, Row, FigureRow | None]]:
    """The released rows of each period, and for the period owed what the page of the return says of them.

    That page may hold back more than its table: an answer in words that tells a count.
    """
    details = {row.row.keys[0]: row for row in state.rows}
    for pack, table in zip(state.history, state.tables, strict=True):
        _held_to_release(table)
        for row in table.rows:
            detail = details.get(row.keys[0]) if pack is state.pack else None
            yield pack.period_label, detail.row if detail else row, detail


def _beside(
    published: Sequence[PublishedFigure], return_id: str, row: Row, submitter_id: str
) -> tuple[Cell, ...]:
    own = published_for(published, return_id, row.keys[0], submitter_id)
    if own is None:
        return None, None, "", None
    return own.outcome, own.period_end.isoformat(), own.source, own.published_on.isoformat()


def _interval(row: Row) -> tuple[Cell, Cell]:
    found = interval_of(row)
    if found is None:
        return None, None
    return Decimal(f"{found[0]:.4f}"), Decimal(f"{found[1]:.4f}")


def _numbers(row: Row, *, shares: bool) -> tuple[Cell, ...]:
    if row.mark:
        # A mark stands for the whole row: what a share is made of would tell it.
        return (None, None, None) if shares else (None,)
    value = None if row.value is None or _is_low(row) else words.as_shown(row.value, row.unit)
    if not row.unit.startswith("pounds"):
        value = plain(value)
    return (value, plain(row.numerator), plain(row.denominator)) if shares else (value,)


def _mark(row: Row, said: str = "") -> str:
    if row.mark or row.value is not None:
        return LOW if _is_low(row) else row.mark
    return NOT_APPLICABLE if said or row.unit in _WORDS else NOT_AVAILABLE


def _is_low(row: Row) -> bool:
    """Not zero, yet shown as zero: a penny shared by hundreds."""
    return bool(row.value) and row.value is not None and words.as_shown(row.value, row.unit) == 0


def _held_to_release(table: TidyTable) -> None:
    if not table.released_by:
        raise NotReleased(f"table {table.table_id} was not released; nothing of it is written")


def _newest_first(rows: list[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """The newest period first, the rest in the order it came."""
    return tuple(sorted(rows, key=lambda row: str(row[0]), reverse=True))
