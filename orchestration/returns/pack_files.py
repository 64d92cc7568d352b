"""The files every pack holds beside the filled layout: figures, data quality, failing rows, membership."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from orchestration.quality.relations import Relation, quoted
from orchestration.quality.verdicts import FAILING_COLUMNS, VERDICT_COLUMNS, Judgement
from orchestration.returns.definitions import Cell, ReturnDefinition
from orchestration.returns.layouts import Filling, WrittenFile, rows_of
from orchestration.returns.own_records import OwnRecords
from orchestration.returns.sources import FILLED_FROM, NOBODY, OTHER_INPUTS, filled_from
from orchestration.returns.tables import plain, write_csv
from orchestration.returns.validity import in_force

FIGURES = "figures.csv"
DATA_QUALITY = "data_quality.csv"
FAILING_ROWS = "failing_rows.csv"
MEMBERSHIP = "membership.csv"

CELL_COLUMNS = (
    "item_id",
    "label",
    "table",
    "row",
    "column",
    "measure",
    "unit",
    "applies_to",
    "source_elements",
    "missing_item",
    "evidence",
)
FIGURE_COLUMNS = ("numerator", "denominator", "value", "value_text", "outcome", "reason")
MEMBERSHIP_COLUMNS = (
    "return_id",
    "submitter_id",
    "measure",
    "cell_id",
    "person_key",
    "event_key",
    "record_key",
    "role",
    "reason",
    "evidence",
    "quantity",
)


@dataclass(frozen=True)
class FiguresWritten:
    """figures.csv as it was written, with what the summary and the manifest tell of it."""

    file: WrittenFile
    outcomes: Mapping[str, int]
    not_fillable: Sequence[tuple[str, int]]
    filled_from: Mapping[str, int]


@dataclass(frozen=True)
class MembershipWritten:
    """membership.csv as it was written, and the memberships too large to be in it."""

    file: WrittenFile
    measures: Mapping[str, Mapping[str, int]]
    people: int
    models: Sequence[str]
    views: Sequence[str] = field(default=())


def write_figures(
    connection: duckdb.DuckDBPyConnection,
    known: Mapping[str, Relation],
    definition: ReturnDefinition,
    filling: Filling,
    folder: Path,
) -> FiguresWritten:
    """Write figures.csv: one row per figure of the submitter, in the order of cells.csv."""
    model = known[f"ret_{definition.return_id}__figure"]
    found = connection.execute(
        "select cell_id, numerator::decimal(18, 4), denominator::decimal(18, 4), value::decimal(18, 4), "
        f"value_text, outcome, reason from {model.sql} where submitter_id = ? order by all nulls first",
        [filling.submitter.submitter_id],
    ).fetchall()
    cells = {cell.cell_id: cell for cell in in_force(definition.cells, filling.run.as_at_date)}
    place = {cell_id: number for number, cell_id in enumerate(cells)}
    found.sort(key=lambda row: (place.get(row[0], len(place)), row[0]))
    rows = []
    for cell_id, numerator, denominator, value, value_text, outcome, reason in found:
        cell = vars(cells[cell_id]) if cell_id in cells else {}
        rows.append(
            [
                definition.return_id,
                filling.submitter.submitter_id,
                filling.period.period_label,
                cell_id,
                *(cell.get(name) for name in CELL_COLUMNS),
                *(plain(number) for number in (numerator, denominator, value)),
                filling.own.shown(value_text),
                outcome,
                filling.own.shown(reason),
            ]
        )
    headers = ["return_id", "submitter_id", "period_label", "cell_id", *CELL_COLUMNS, *FIGURE_COLUMNS]
    write_csv(folder / FIGURES, headers, rows)
    asked = [(cells.get(row[0]), row[-2]) for row in found if row[-2] != "not_applicable"]
    came_from = Counter(_came_from(cell, outcome) for cell, outcome in asked)
    reasons = [row[-1] for row in rows if row[-2] == "not_fillable"]
    return FiguresWritten(
        file=WrittenFile(FIGURES, len(rows), restricted=False),
        outcomes=dict(sorted(Counter(row[-2] for row in rows).items())),
        not_fillable=_counted(reasons),
        filled_from={kind: came_from[kind] for kind in FILLED_FROM},
    )


def not_fillable_in(pack: Path) -> tuple[tuple[str, int], ...]:
    """Return why answers of a pack could not be filled, the most frequent reason first, with their number."""
    with (pack / FIGURES).open(encoding="utf-8", newline="") as handle:
        return _counted(row["reason"] for row in csv.DictReader(handle) if row["outcome"] == "not_fillable")


def _counted(reasons: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    found = Counter(reason or "no reason given" for reason in reasons)
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _came_from(cell: Cell | None, outcome: str) -> str:
    """Return where an answer that is asked for came from.

    What was filled although its cell names no source came from something, but not from a record.
    """
    if outcome == "not_fillable":
        return NOBODY
    kind = filled_from(cell) if cell else OTHER_INPUTS
    return OTHER_INPUTS if kind == NOBODY else kind


def write_quality(
    judgement: Judgement, filling: Filling, folder: Path
) -> tuple[list[WrittenFile], list[str]]:
    """Write data_quality.csv and failing_rows.csv: what was found for the submitter and the whole return.

    A rule of the whole return counts the rows of everybody; the rows themselves go only to who sent them.
    Returns the files and the outcome of every verdict in them.
    """
    return_id, submitter_id = filling.period.return_id, filling.submitter.submitter_id
    concerns = (pl.col("return_id") == return_id) & (
        pl.col("submitter_id").is_null() | (pl.col("submitter_id") == submitter_id)
    )
    verdicts = judgement.verdict_table.filter(concerns)
    failing = filling.own.failing_rows(judgement.failing_rows.filter(concerns))
    written = []
    for name, columns, frame, restricted in (
        (DATA_QUALITY, VERDICT_COLUMNS, verdicts, False),
        (FAILING_ROWS, FAILING_COLUMNS, failing, True),
    ):
        write_csv(folder / name, list(columns), frame.iter_rows(), restricted=restricted)
        written.append(WrittenFile(name, frame.height, restricted))
    return written, verdicts["outcome"].to_list()


def write_membership(
    connection: duckdb.DuckDBPyConnection, known: Mapping[str, Relation], filling: Filling, folder: Path
) -> MembershipWritten:
    """Write membership.csv, for its owner's eyes alone: who stands in which cell, in which role and why.

    Breakdown attributes differ from model to model, so they share one column as JSON. A membership kept as a
    view is one that would multiply the rows of the file; it stays in the warehouse and is named instead.
    """
    models = [
        relation
        for name, relation in sorted(known.items())
        if name.startswith(f"mbr_{filling.period.return_id}__")
    ]
    tables = [model for model in models if not model.is_view]
    headers = [*MEMBERSHIP_COLUMNS, "attributes"]
    path = folder / MEMBERSHIP
    if not tables:
        write_csv(path, headers, [], restricted=True)
        views = [model.name for model in models]
        return MembershipWritten(WrittenFile(MEMBERSHIP, 0, restricted=True), {}, 0, [], views)
    union = " union all ".join(_select(table, filling.own) for table in tables)
    parameters = [filling.submitter.submitter_id] * len(tables)
    order = (
        "measure, cell_id, role, reason, person_key, event_key, record_key, evidence, quantity, attributes"
    )
    ordered = ", ".join(f"{column} asc nulls first" for column in order.split(", "))
    cursor = connection.cursor().execute(f"select * from ({union}) order by {ordered}", parameters)
    count = write_csv(path, headers, (_plain_quantity(row) for row in rows_of(cursor)), restricted=True)
    measures: dict[str, dict[str, int]] = {}
    for measure, role, rows in connection.execute(
        f"select measure, role, count(*) from ({union}) group by all order by all nulls first", parameters
    ).fetchall():
        measures.setdefault(measure or "", {})[role or ""] = rows
    people = connection.execute(
        f"select count(distinct person_key) from ({union}) where role = 'numerator'", parameters
    ).fetchone()
    return MembershipWritten(
        file=WrittenFile(MEMBERSHIP, count, restricted=True),
        measures=measures,
        people=people[0] if people else 0,
        models=[table.name for table in tables],
        views=[model.name for model in models if model.is_view],
    )


def _select(model: Relation, own: OwnRecords) -> str:
    others = [c for c in model.columns if c not in MEMBERSHIP_COLUMNS]
    pairs = ", ".join(f"{_literal(c)}: m.{quoted(c)}" for c in sorted(others))
    attributes = f"to_json({{{pairs}}})::varchar" if others else "null::varchar"
    texts = ", ".join(f"{own.shown_sql(f'm.{c}')} as {c}" for c in MEMBERSHIP_COLUMNS[:-1])
    return (
        f"select {texts}, m.quantity::decimal(18, 4) as quantity, "
        f"{own.shown_sql(attributes)} as attributes from {model.sql} as m where m.submitter_id = ?"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain_quantity(row: Sequence[Any]) -> list[Any]:
    return [*row[:-2], plain(row[-2]), row[-1]]
