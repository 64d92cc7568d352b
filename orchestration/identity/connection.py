"""The DuckDB in which records become people: private, and asked for counts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.engine import open_engine


@contextmanager
def private_connection(folder: Path, threads: int, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a DuckDB in memory that spills only into the restricted folder given."""
    spill = folder / "spill"
    with open_engine(config={"threads": threads, "memory_limit": memory_limit}) as connection:
        connection.execute(f"set temp_directory = {quoted(spill)}")
        try:
            yield connection
        finally:
            shutil.rmtree(spill, ignore_errors=True)


def counts_of(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    """Return counts by name, in the order of the names, for a query of a name and a count."""
    return {
        str(name): int(n) for name, n in connection.execute(f"{query} group by all order by all").fetchall()
    }


def count_of(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """Return the one number a query gives, 0 where it gives no row."""
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def quoted(path: Path) -> str:
    """Return a path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"
