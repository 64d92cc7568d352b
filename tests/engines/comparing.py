"""Two warehouses, table by table and row by row: what one has that the other has not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

# DuckDB's number for a tuple of texts, and what another engine keeps its own number as.
HASH, HASH_ELSEWHERE = "UBIGINT", ("UBIGINT", "BIGINT")
# Written by the road into the warehouse after dbt, not by a model.
NOT_MODELS = ("failing_row", "verdict")

Columns = dict[str, str]


@dataclass(frozen=True)
class Difference:
    """A table the engines made differently: rows only one of them has, or why no rows were compared."""

    table: str
    only_first: int = 0
    only_second: int = 0
    reason: str = ""


def compare(first: Path, second: Path) -> tuple[int, int, list[Difference]]:
    """Return how many tables and rows were compared, and the tables that differ.

    Tables, their columns in order and the type of each must be the same, then every row as often. A
    null is a null, no text is an empty one, and no value is cast before it is compared. A hash is each
    engine's own number, so what is compared of it is which rows share one.
    """
    rows = 0
    different: list[Difference] = []
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{first}' as first (read_only)")
        connection.execute(f"attach '{second}' as second (read_only)")
        ours, theirs = (_relations(connection, side) for side in ("first", "second"))
        for name in sorted(ours.keys() ^ theirs.keys()):
            # Spark hands back tables; a view holds no rows of its own.
            if "table" in (ours.get(name), theirs.get(name)):
                different.append(Difference(name, reason="only in one of them"))
        both = sorted(ours.keys() & theirs.keys())
        for name in both:
            if ours[name] != theirs[name]:
                different.append(Difference(name, reason=f"{ours[name]} and {theirs[name]}"))
        tables = [name for name in both if ours[name] == theirs[name] == "table"]
        for name in tables:
            mine, other = (_columns(connection, side, name) for side in ("first", "second"))
            if reason := "; ".join(_unlike(mine, other)):
                different.append(Difference(name, reason=reason))
                continue
            one, two = (_rows(f"{side}.{name}", mine) for side in ("first", "second"))
            counted = connection.execute(
                f"select (select count(*) from first.{name}), "
                f"(select count(*) from ({one} except all {two})), "
                f"(select count(*) from ({two} except all {one}))"
            ).fetchone()
            assert counted is not None
            rows += counted[0]
            if counted[1] or counted[2]:
                different.append(Difference(name, counted[1], counted[2]))
    return len(tables), rows, different


def _unlike(mine: Columns, other: Columns) -> Iterator[str]:
    if list(mine) != list(other):
        yield f"columns {list(mine)} and {list(other)}"
        return
    for column, type_ in mine.items():
        if other[column] != type_ and not (type_ == HASH and other[column] in HASH_ELSEWHERE):
            yield f"{column} is {type_} and {other[column]}"


def _rows(table: str, columns: Columns) -> str:
    plain = [f'"{column}"' for column, type_ in columns.items() if type_ != HASH]
    # Instead of the number itself: the least of the rows that have it, null where there is none.
    shared = [
        f'case when "{column}" is not null '
        f'then min(row({", ".join(plain)})) over (partition by "{column}") end'
        for column, type_ in columns.items()
        if type_ == HASH
    ]
    return f"select {', '.join(plain + shared)} from {table}"


def _relations(connection: duckdb.DuckDBPyConnection, side: str) -> dict[str, str]:
    found = connection.execute(
        "select table_schema, table_name, table_type from information_schema.tables "
        "where table_catalog = ? and table_schema <> 'raw'",
        [side],
    ).fetchall()
    return {
        f'"{schema}"."{name}"': "table" if kind == "BASE TABLE" else "view"
        for schema, name, kind in found
        if name not in NOT_MODELS
    }


def _columns(connection: duckdb.DuckDBPyConnection, side: str, name: str) -> Columns:
    described = connection.execute(f"describe {side}.{name}").fetchall()
    return {row[0]: row[1] for row in described}
