"""Tables that people hand over as Parquet or CSV, brought to fixed columns and types in schema `raw`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb


class StoreError(ValueError):
    """An input cannot be used at all; the message names the file and what it lacks."""


def literal(value: object) -> str:
    """Return a value as an SQL text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def reader(path: Path) -> str:
    """Return the table function that reads a file; CSV cells stay text until they are cast."""
    if path.suffix.lower() == ".parquet":
        return f"read_parquet({literal(path)})"
    if path.suffix.lower() == ".csv":
        return f"read_csv({literal(path)}, header = true, all_varchar = true, quote = '\"', escape = '\"')"
    raise StoreError(f"{path.name}: a table of submissions is a .parquet or .csv file")


def cast_to(column: str, found: str, type_: str) -> str:
    """Return one column with its type; a whole number kept as a float loses its '.0', a bad date is null."""
    source = f'"{column}"'
    if type_ == "varchar":
        if found in {"DOUBLE", "FLOAT"}:
            return f"cast(cast({source} as bigint) as varchar)"
        return f"cast({source} as varchar)"
    if found == "VARCHAR" and type_ in {"integer", "bigint"}:
        return f"try_cast(try_cast({source} as double) as {type_})"
    return f"try_cast({source} as {type_})"


def create_from_file(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    columns: Mapping[str, str],
    required: Iterable[str] = (),
) -> None:
    """Create raw.<table> with exactly the given columns over a file; other columns are ignored.

    Raises StoreError for a file that cannot be read or lacks a required column.
    """
    source = reader(path)
    try:
        described = connection.execute(f"describe select * from {source}").fetchall()
        typeless = _typeless_columns(connection, path)
    except duckdb.Error:
        raise _unreadable(path) from None
    found = {name.lower(): (name, type_) for name, type_, *_ in described}
    missing = [name for name in required if name.lower() not in found]
    if missing:
        raise StoreError(f"{path.name} lacks the columns {', '.join(missing)}")
    usable = found.keys() - typeless
    chosen = ", ".join(
        (cast_to(*found[name.lower()], type_) if name.lower() in usable else f"cast(null as {type_})")
        + f" as {name.lower()}"
        for name, type_ in columns.items()
    )
    # Parquet is read where it lies; text is parsed once.
    kind = "view" if path.suffix.lower() == ".parquet" else "table"
    try:
        connection.execute(f"create {kind} raw.{table} as select {chosen} from {source}")
    except duckdb.Error:
        raise _unreadable(path) from None


def _unreadable(path: Path) -> StoreError:
    # The parser's own words may quote a row.
    return StoreError(
        f"{path.name} cannot be read as a {path.suffix[1:].lower()} table: it is empty, damaged or not of"
        " that kind. A CSV is UTF-8, has a header and as many cells in every row."
    )


def _typeless_columns(connection: duckdb.DuckDBPyConnection, path: Path) -> set[str]:
    """Columns of a Parquet file that never held a value, and so were written without a type."""
    if path.suffix.lower() != ".parquet":
        return set()
    found = connection.execute(
        f"select lower(name) from parquet_schema({literal(path)}) where logical_type like '%Null%'"
    )
    return {name for (name,) in found.fetchall()}


def create_empty(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> None:
    """Create raw.<table> with the given columns and no rows."""
    definition = ", ".join(f"{name.lower()} {type_}" for name, type_ in columns.items())
    connection.execute(f"create table raw.{table} ({definition})")
