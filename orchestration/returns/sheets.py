"""Sheets for many locations: a row per location of a provider, for whoever hands in dozens."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.engine import open_engine
from orchestration.quality.gate import Decision
from orchestration.quality.relations import Relation, quoted, relations
from orchestration.returns.definitions import LayoutFile, ReturnDefinition
from orchestration.returns.layouts import LayoutError
from orchestration.returns.tables import write_csv, write_xlsx

SHEETS = "sheets"
STATE = "state"
READY, STOPPED = "ready", "stopped, see stopped.json of its pack"
NO_PROVIDER = "provider_not_named"
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_NUMBER = re.compile(r"\d{1,15}(\.\d+)?")


@dataclass(frozen=True)
class Sheet:
    """The sheet of one organisation as it was written."""

    name: str
    files: tuple[Path, ...]
    locations: int


def write_sheets(
    warehouse_file: Path,
    definition: ReturnDefinition,
    decisions: Sequence[Decision],
    client_id: str,
    lake: Path,
) -> list[Sheet]:
    """Write the sheet of each organisation for one return and return what was written.

    A return has sheets where a file of its layout is `gathered`. Locations are one organisation's when the
    same sender tells the same provider id of them. One whose pack was stopped has its row without answers.
    """
    gathered = next((file for file in definition.layout if file.gathered), None)
    own = [d for d in decisions if d.return_id == definition.return_id]
    if gathered is None or not own:
        return []
    with open_engine(warehouse_file, read_only=True) as connection:
        known = relations(connection)
        if gathered.model not in known and any(d.is_open for d in own):
            raise LayoutError(f"{gathered.name}: model {gathered.model} is not in the warehouse")
        # A return that could not be built is stopped for everybody, and its sheet says so.
        rows = _rows(connection, gathered, known, definition) if gathered.model in known else {}
        preamble, label = _period(connection, definition)
        names = _organisations(connection, known, [d.submitter_id for d in own])
    place = lake / SHEETS / client_id / definition.return_id / label
    place.mkdir(parents=True, exist_ok=True)
    sheets = []
    for name in sorted(set(names.values())):
        decided = sorted((d for d in own if names[d.submitter_id] == name), key=lambda d: d.submitter_id)
        told = [_row(rows.get(d.submitter_id), d, gathered, definition) for d in decided]
        sheets.append(Sheet(name, _write(place, name, gathered, told, preamble), len(told)))
    kept = {file.name for sheet in sheets for file in sheet.files}
    for stale in place.iterdir():
        if stale.name not in kept:
            stale.unlink()
    return sheets


def _rows(
    connection: duckdb.DuckDBPyConnection,
    file: LayoutFile,
    known: Mapping[str, Relation],
    definition: ReturnDefinition,
) -> dict[str, list[Any]]:
    columns = ", ".join(quoted(column.column) for column in file.columns)
    answers = {cell.column for cell in definition.cells}
    found: dict[str, list[Any]] = {}
    for submitter_id, *values in connection.execute(
        f"select submitter_id, {columns} from {known[file.model].sql} order by all nulls first"
    ).fetchall():
        if submitter_id in found:
            raise LayoutError(f"{file.name}: {file.model} has several rows for {submitter_id}")
        found[submitter_id] = [
            _number(value) if column.column in answers else value
            for column, value in zip(file.columns, values, strict=True)
        ]
    return found


def _number(value: Any) -> Any:
    """An answer that is a number as a number, so that a workbook can add it up."""
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _row(
    values: Sequence[Any] | None, decision: Decision, file: LayoutFile, definition: ReturnDefinition
) -> list[Any]:
    if values is None:
        values = [decision.submitter_id, *([None] * (len(file.columns) - 1))]
    if decision.is_open:
        return [*values, READY]
    answers = {cell.column for cell in definition.cells}
    shown = [
        None if column.column in answers else value
        for column, value in zip(file.columns, values, strict=True)
    ]
    return [*shown, STOPPED]


def _period(connection: duckdb.DuckDBPyConnection, definition: ReturnDefinition) -> tuple[list[str], str]:
    row = connection.execute(
        "select r.period_label, r.window_opens, r.window_closes, p.as_at_date, p.is_synthetic "
        "from raw.run_return r cross join raw.run_parameters p where r.return_id = ?",
        [definition.return_id],
    ).fetchone()
    if row is None:
        raise LayoutError(f"the run does not fill {definition.return_id}")
    label, opens, closes, as_at, is_synthetic = row
    lines = [definition.title, f"Period {label}; figures as at {as_at}; one row per location"]
    if opens and closes:
        lines.append(f"To be handed in from {opens} to {closes}, both included")
    if is_synthetic:
        lines.append("SYNTHETIC: made-up records, not for submission")
    return lines, label


def _organisations(
    connection: duckdb.DuckDBPyConnection, known: Mapping[str, Relation], submitters: Sequence[str]
) -> dict[str, str]:
    """The organisation of each location: its provider id, with the sender where several tell the same id."""
    locations: list[tuple[str, str | None, str]] = []
    if "core__location" in known:
        locations = connection.execute(
            "select location_id, cqc_provider_id, sender_id "
            f"from {known['core__location'].sql} order by location_id"
        ).fetchall()
    told = {
        location: (provider if provider and _PLAIN_ID.fullmatch(provider) else NO_PROVIDER, sender)
        for location, provider, sender in locations
    }
    found = {s: told.get(s, (NO_PROVIDER, "")) for s in submitters}
    senders: dict[str, set[str]] = {}
    for provider, sender in found.values():
        senders.setdefault(provider, set()).add(sender)
    return {
        s: f"{provider}.{sender or 'nobody'}" if len(senders[provider]) > 1 else provider
        for s, (provider, sender) in found.items()
    }


def _write(
    place: Path, name: str, file: LayoutFile, rows: Sequence[Sequence[Any]], preamble: Sequence[str]
) -> tuple[Path, ...]:
    headers = [*(column.header for column in file.columns), STATE]
    written = []
    for ending in ("csv", "xlsx"):
        target = place / f"{name}.{ending}"
        beside = place / f".{name}.{ending}.new"
        beside.unlink(missing_ok=True)
        if ending == "csv":
            write_csv(beside, headers, rows)
        else:
            write_xlsx(beside, headers, rows, sheet=place.parent.name, preamble=preamble)
        beside.replace(target)
        written.append(target)
    return tuple(written)
