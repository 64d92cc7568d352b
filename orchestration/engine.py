"""The one place that opens DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

# What the rows of a table that is named `held` are, in whatever order they lie; but for a chance in 2^64
# equal numbers are equal rows.
CONTENT = "count(*), sum(hash(held)), bit_xor(hash(held))"


def open_engine(
    file: Path | str = ":memory:", *, read_only: bool = False, config: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Return a connection to a DuckDB file, or to one in memory, that prints nothing of its own.

    Left alone, the engine draws a progress bar across whatever a command prints once a query takes long.
    """
    connection = duckdb.connect(str(file), read_only=read_only, config=dict(config or {}))
    connection.execute("set enable_progress_bar = false")
    return connection
