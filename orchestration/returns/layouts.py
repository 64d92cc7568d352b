"""Filled layouts: the files a return hands over, written from what its layout.toml says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.quality.relations import Relation, quoted
from orchestration.returns.definitions import Cell, LayoutFile, ReturnDefinition
from orchestration.returns.documents import about_return, write_document
from orchestration.returns.own_records import OwnRecords
from orchestration.returns.printable import write_page
from orchestration.returns.tables import plain, write_csv, write_xlsx
from orchestration.returns.validity import in_force
from orchestration.warehouse.build import ReturnPeriod, RunParameters, Submitter

BATCH = 10_000


class LayoutError(ValueError):
    """A layout asks for a model or column the warehouse does not have."""


@dataclass(frozen=True)
class WrittenFile:
    """One file of a pack as it was written."""

    name: str
    rows: int
    restricted: bool


@dataclass(frozen=True)
class Filling:
    """Whose layout is filled, for which period and run, and whose records the submitter may see."""

    run: RunParameters
    period: ReturnPeriod
    submitter: Submitter
    own: OwnRecords = field(default_factory=OwnRecords)


def fill_layout(
    connection: duckdb.DuckDBPyConnection,
    known: Mapping[str, Relation],
    definition: ReturnDefinition,
    filling: Filling,
    folder: Path,
) -> list[WrittenFile]:
    """Write every file of a return's layout for one submitter into a folder, and return what was written."""
    written = []
    for listed in definition.layout:
        file = _without_spare_columns(connection, listed, filling.submitter.submitter_id, known)
        rows: Iterator[Sequence[Any]]
        if file.kind == "answer_sheet":
            rows, left_out = _answers(connection, definition, file, filling, known)
            preamble = _preamble(definition, filling, left_out)
        else:
            rows = _model_rows(connection, file, filling, known)
            # A workbook of rows is a table to filter: nothing stands above its header.
            preamble = _preamble(definition, filling, 0) if file.format == "html" else []
        headers = [column.header for column in file.columns]
        path = folder / file.name
        if file.format == "xlsx":
            count = write_xlsx(
                path,
                headers,
                rows,
                sheet=definition.return_id,
                preamble=preamble,
                restricted=file.restricted,
            )
        elif file.format == "json":
            count = write_document(
                path,
                headers,
                rows,
                sections=file.sections,
                about=about_return(definition, filling.run, filling.period, filling.submitter),
                restricted=file.restricted,
            )
        elif file.format == "html":
            count = write_page(
                path,
                headers,
                rows,
                sections=file.sections,
                preamble=preamble,
                restricted=file.restricted,
            )
        else:
            count = write_csv(path, headers, rows, restricted=file.restricted)
        written.append(WrittenFile(file.name, count, file.restricted))
    return written


def _without_spare_columns(
    connection: duckdb.DuckDBPyConnection, file: LayoutFile, submitter_id: str, known: Mapping[str, Relation]
) -> LayoutFile:
    """The file without optional columns nobody filled: a run of them ends with its last that has a value."""
    runs: dict[str, dict[int, list[str]]] = {}
    for column in file.columns:
        if column.optional:
            run, _, number = column.optional.partition(":")
            runs.setdefault(run, {}).setdefault(int(number), []).append(column.column)
    if not runs or file.model not in known or not _all_there(known[file.model], file):
        return file
    asked = [name for run in runs.values() for names in run.values() for name in names]
    counts = connection.execute(
        f"select {', '.join(f'count({quoted(name)})' for name in asked)} from {known[file.model].sql} "
        "where submitter_id = ?",
        [submitter_id],
    ).fetchone()
    filled = {name for name, count in zip(asked, counts or (), strict=True) if count}
    last = {
        run: max((number for number, names in parts.items() if filled & set(names)), default=0)
        for run, parts in runs.items()
    }
    kept = [
        column
        for column in file.columns
        if not column.optional
        or int(column.optional.partition(":")[2]) <= last[column.optional.partition(":")[0]]
    ]
    return replace(file, columns=tuple(kept))


def _all_there(model: Relation, file: LayoutFile) -> bool:
    return all(column.column in model.columns for column in file.columns if column.optional)


def _model_rows(
    connection: duckdb.DuckDBPyConnection, file: LayoutFile, filling: Filling, known: Mapping[str, Relation]
) -> Iterator[Sequence[Any]]:
    if file.model not in known:
        raise LayoutError(f"{file.name}: model {file.model} is not in the warehouse")
    model = known[file.model]
    chosen = [column.column for column in file.columns]
    absent = sorted({c for c in ("submitter_id", *chosen, *file.order_by) if c not in model.columns})
    if absent:
        raise LayoutError(f"{file.name}: model {file.model} has no column {', '.join(absent)}")
    # Every column takes part in the order after the named ones, so that ties come out the same every time.
    order = list(dict.fromkeys((*file.order_by, *chosen)))
    shown = ", ".join(
        f"{filling.own.shown_sql(f'm.{quoted(c)}', model.columns[c])} as {quoted(c)}" for c in chosen
    )
    cursor = connection.cursor().execute(
        f"select {shown} from {model.sql} as m where m.submitter_id = ? "
        f"order by {', '.join(f'm.{quoted(c)} asc nulls first' for c in order)}",
        [filling.submitter.submitter_id],
    )
    return rows_of(cursor)


def rows_of(cursor: duckdb.DuckDBPyConnection) -> Iterator[Sequence[Any]]:
    """Return the rows of a query one after the other, never all in memory at once."""
    while batch := cursor.fetchmany(BATCH):
        yield from batch


def _preamble(definition: ReturnDefinition, filling: Filling, left_out: int) -> list[str]:
    period = filling.period
    lines = [
        definition.title,
        f"{filling.submitter.name} ({filling.submitter.submitter_id})",
        f"Period {period.period_start} to {period.period_end}; figures as at {filling.run.as_at_date}",
    ]
    if period.window_opens and period.window_closes:
        lines.append(f"To be handed in from {period.window_opens} to {period.window_closes}, both included")
    if filling.run.is_synthetic:
        lines.append("SYNTHETIC: made-up records, not for submission")
    if left_out:
        lines.append(f"{left_out} item(s) that do not apply here are left out; figures.csv lists them")
    return lines


def _answers(
    connection: duckdb.DuckDBPyConnection,
    definition: ReturnDefinition,
    file: LayoutFile,
    filling: Filling,
    known: Mapping[str, Relation],
) -> tuple[Iterator[Sequence[Any]], int]:
    """The answer sheet in the order of cells.csv, and how many cells do not apply to the submitter."""
    name = f"ret_{definition.return_id}__figure"
    if name not in known:
        raise LayoutError(f"{file.name}: model {name} is not in the warehouse")
    found = connection.execute(
        "select cell_id, numerator::decimal(18, 4), denominator::decimal(18, 4), value::decimal(18, 4), "
        f"value_text, outcome, reason from {known[name].sql} where submitter_id = ? order by all nulls first",
        [filling.submitter.submitter_id],
    ).fetchall()
    shown = filling.own.shown
    figures = {row[0]: (*row[1:4], shown(row[4]), row[5], shown(row[6])) for row in found}
    cells = [c for c in in_force(definition.cells, filling.run.as_at_date) if c.cell_id in figures]
    asked = [c for c in cells if figures[c.cell_id][4] != "not_applicable"]
    columns = [column.column for column in file.columns]
    rows = ([_answer(cell, figures[cell.cell_id])[c] for c in columns] for cell in asked)
    return rows, len(cells) - len(asked)


def _answer(cell: Cell, figure: Sequence[Any]) -> dict[str, Any]:
    numerator, denominator, value, value_text, outcome, reason = figure
    return {
        **vars(cell),
        "numerator": plain(numerator),
        "denominator": plain(denominator),
        "answer": value_text or plain(value),
        "outcome": (outcome or "").replace("_", " "),
        "reason": reason,
    }
