"""Why a cell of an official table is what it is: `TABLE:LINE:COLUMN`, told from the folder of the table."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.conformance.figure_files import MANIFEST
from orchestration.conformance.table_members import MEMBERS, POPULATION, TableMembers, rule_of, table_rules
from orchestration.engine import open_engine
from orchestration.returns.explain import MOST_PEOPLE, ExplainError
from orchestration.returns.methods import names_of, rule_in_words

TABLE_CELL = re.compile(
    r"^(?P<table>[A-Za-z0-9_]+)(\.(csv|parquet))?:(?P<line>[0-9]{1,12})(:(?P<column>\w+))?$"
)
_SHOWN = ("role", "person_key", "event_key", "record_key", "reason", "evidence")
# A hospital discharge is no row of the submissions; its own number names it.
_DISCHARGE = """
    select *, 'discharge' as role, apcs_ident as event_key, null::varchar as record_key,
        null::varchar as reason, concat('discharged ', discharge_date) as evidence
    from source
"""


def is_table_cell(cell_id: str) -> bool:
    """Return whether a cell is named by table, line and column rather than by its id."""
    return TABLE_CELL.match(cell_id) is not None


def explain_table_cell_data(folder: Path, cell: str) -> dict[str, Any]:
    """Return who stands in a cell of an official table, as plain data. Raises ExplainError.

    `cell` is TABLE:LINE or TABLE:LINE:COLUMN. Lines are counted as a person sees them: a CSV's header is
    line 1, so its first row is 2; the first row of a Parquet file is 1.
    """
    named = TABLE_CELL.match(cell)
    if not named:
        raise ExplainError(f"'{cell}' is no cell of a table; write TABLE:LINE:COLUMN.")
    frame, first_line = _table(folder, named["table"])
    position = int(named["line"]) - first_line
    if not 0 <= position < frame.height:
        last = frame.height + first_line - 1
        raise ExplainError(
            f"{named['table']} has the lines {first_line} to {last}." if frame.height else "It has no rows."
        )
    column = named["column"] or ""
    if column and column not in frame.columns:
        raise ExplainError(
            f"{named['table']} has no column {column}; it has {', '.join(map(str, frame.columns))}."
        )
    return _data(folder, named["table"], frame.row(position, named=True), column)


def explain_table_cell(folder: Path, cell: str, most_people: int = MOST_PEOPLE) -> str:
    """Return who stands in a cell of an official table, in words. Raises ExplainError."""
    return "\n".join(_told(explain_table_cell_data(folder, cell), cell, most_people)) + "\n"


def _table(folder: Path, name: str) -> tuple[pl.DataFrame, int]:
    for path, first_line in ((folder / f"{name}.csv", 2), (folder / f"{name}.parquet", 1)):
        if path.is_file():
            if path.suffix == ".csv":
                return pl.read_csv(path, infer_schema=False), first_line
            return pl.read_parquet(path), first_line
    known = sorted(p.stem for p in folder.iterdir() if _base(p.stem)[0] in table_rules())
    raise ExplainError(f"{folder} has no table {name}; it has {', '.join(known) or 'none'}.")


def _base(name: str) -> tuple[str, str]:
    """The name of a table without its period, and the period."""
    if name in table_rules():
        return name, ""
    base, _, period = name.rpartition("_")
    return (base, period) if base in table_rules() else (name, "")


def _data(folder: Path, name: str, row: Mapping[str, Any], column: str) -> dict[str, Any]:
    base, period = _base(name)
    found = rule_of(base, column)
    if found is None:
        raise ExplainError(f"{name} counts nobody: its rows are what the method read, not figures.")
    rule, counted_as = found
    sections = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["method"]["sections"]
    words = rule_in_words(sections, names_of(rule.item, rule.item, ""))
    is_population = column in table_rules()[base].population
    members = _members(folder, rule, row, counted_as, period)
    return {
        "table": name,
        "column": column,
        "row": dict(row),
        "value": row.get(column) if column else None,
        "rule": {"heading": words[0] if words else None, "text": words[1] if words else None},
        "counted": None if is_population else _count(members, rule),
        "people": [] if is_population else members.select(_SHOWN).to_dicts(),
        "population": population_of(folder, str(row.get("LA_Code")), str(row.get("Group")))
        if is_population
        else [],
    }


def _members(
    folder: Path, rule: TableMembers, row: Mapping[str, Any], column: str, period: str
) -> pl.DataFrame:
    path = folder / MEMBERS / f"{rule.relation}.parquet"
    if not path.is_file():
        raise ExplainError(f"{path} is not there; build the tables again to open their cells.")
    condition, values = rule.condition(row, column)
    with open_engine() as connection:
        connection.read_parquet(str(path)).create_view("source")
        columns = {n for n, *_ in connection.execute("describe source").fetchall()}
        rows = "source" if "role" in columns else f"({_DISCHARGE})"
        if period and "period_id" in columns:
            condition, values = f"{condition} and period_id = ?", [*values, period]
        found = connection.execute(f"select * from {rows} where {condition} order by all", values)
        return found.pl()


def _count(members: pl.DataFrame, rule: TableMembers) -> int:
    return members[rule.count].drop_nulls().n_unique() if rule.count else members.height


def population_of(folder: Path, council: str, age_band: str) -> list[dict[str, str]]:
    """Return the rows of the population lookup behind a denominator of 2B or 2C."""
    path = folder / POPULATION
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [r for r in rows if r["council"] == council and r["age_band"] == age_band]


def population_words(rows: list[dict[str, str]]) -> Iterator[str]:
    """Yield one line per row of the population lookup: the number and where it stands."""
    for row in rows:
        where = ", ".join(
            f"{name} {row[name]}" for name in ("code", "geography", "gender", "year", "pub_flag") if row[name]
        )
        yield f"{row['population']} people of {row['age_band']}: {row['lookup']}, the row with {where}"


def _told(data: Mapping[str, Any], cell: str, most_people: int) -> Iterator[str]:
    yield f"{cell}: {data['column'] or 'the whole row'} of {data['table']}"
    yield "  " + ", ".join(f"{k} {'blank' if v is None else v}" for k, v in data["row"].items())
    yield ""
    if data["column"]:
        yield f"Answer: {'blank' if data['value'] is None else data['value']}"
        yield ""
    yield f"Rule ({data['rule']['heading']})" if data["rule"]["heading"] else "Rule"
    words = data["rule"]["text"] or "Counted from the rows below."
    yield from (f"  {line}".rstrip() for line in words.splitlines())
    yield ""
    if data["counted"] is None:
        yield "A population, not people of the files"
        lines = [f"  {line}" for line in population_words(data["population"])]
        yield from lines or ["  the lookup has no row for this council and age band"]
        return
    people = {one["person_key"] for one in data["people"] if one["person_key"]}
    size = f"{len(people)} {'person' if len(people) == 1 else 'people'}"
    yield f"Who stands in it: {data['counted']} counted, {size}"
    for one in data["people"][:most_people]:
        said = "; ".join(part for part in (one["evidence"], one["reason"]) if part)
        record = f"  record {one['record_key']}" if one["record_key"] else ""
        yield f"  {one['role']}  {one['person_key']}  {one['event_key']}{record}  ({said})"
    if len(data["people"]) > most_people:
        yield f"  and {len(data['people']) - most_people} more in {MEMBERS}"
