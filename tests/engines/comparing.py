"""Two warehouses, table by table and row by row: what one has that the other has not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

# A number that stands for a tuple of texts while rows are grouped: each engine has a hash of its own.
HASH = "UBIGINT"
# Written by the road into the warehouse after dbt, not by a model.
NOT_MODELS = ("failing_row", "verdict")


@dataclass(frozen=True)
class Difference:
    """A table the engines made differently: rows only one of them has, or why no rows were compared."""

    table: str
    only_first: int = 0
    only_second: int = 0
    reason: str = ""


def compare(first: Path, second: Path) -> tuple[int, int, list[Difference]]:
    """Return how many tables and rows were compared, and the tables that differ; repeated rows count."""
    tables = rows = 0
    different: list[Difference] = []
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{first}' as first (read_only)")
        connection.execute(f"attach '{second}' as second (read_only)")
        for schema, name in connection.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = 'first' "
            "and table_schema <> 'raw' and table_type = 'BASE TABLE' order by 1, 2"
        ).fetchall():
            if name in NOT_MODELS:
                continue
            tables += 1
            table = f"{schema}.{name}"
            ours, theirs = (_columns(connection, side, schema, name) for side in ("first", "second"))
            if list(ours) != list(theirs):
                different.append(Difference(table, reason=f"columns {list(ours)} and {list(theirs)}"))
                continue
            kept = {column: type_ for column, type_ in ours.items() if type_ != HASH}
            own = ", ".join(f'"{column}"' for column in kept)
            cast = ", ".join(f'cast("{column}" as {type_}) as "{column}"' for column, type_ in kept.items())
            mine, other = f"select {own} from first.{table}", f"select {cast} from second.{table}"
            counts = connection.execute(
                f"select (select count(*) from first.{table}), "
                f"(select count(*) from ({mine} except all {other})), "
                f"(select count(*) from ({other} except all {mine}))"
            ).fetchone()
            assert counts is not None
            rows += counts[0]
            if counts[1] or counts[2]:
                different.append(Difference(table, counts[1], counts[2]))
    return tables, rows, different


def _columns(connection: duckdb.DuckDBPyConnection, side: str, schema: str, name: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "select column_name, data_type from information_schema.columns "
            "where table_catalog = ? and table_schema = ? and table_name = ? order by ordinal_position",
            [side, schema, name],
        ).fetchall()
    )
