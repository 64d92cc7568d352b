"""Pairs of records that a reviewer has parted: no machine may join them again."""

from __future__ import annotations

from pathlib import Path

import duckdb


class PartedPairsError(ValueError):
    """A reviewer's file cannot be read; the message says what it needs."""


def read_parted(connection: duckdb.DuckDBPyConnection, parted: Path | None) -> None:
    """Create parted_pair from a reviewer's file of two columns of record keys; empty without one."""
    connection.execute(
        "create or replace temp table parted_pair (person_record_key varchar, other_record_key varchar)"
    )
    if parted is None:
        return
    try:
        connection.execute(
            "insert into parted_pair select record_id_a, record_id_b from read_csv(?, header = true, "
            "all_varchar = true, delim = ',', quote = '\"', escape = '\"')",
            [str(parted)],
        )
    except duckdb.Error as error:
        raise PartedPairsError(
            f"{parted.name} cannot be read: it needs a header row with record_id_a and record_id_b "
            f"({type(error).__name__})."
        ) from None
