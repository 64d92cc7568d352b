"""Person records: one row per person as one sender knows them, from everything a client has loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.extracts.places import place
from orchestration.extracts.profile import PROVENANCE, ExtractProfile, load_profile
from orchestration.identity.connection import quoted
from orchestration.identity.linking import load_standards, run_sql_files

SOURCES = Path(__file__).parent / "sources"
CLASSES = (
    "subject_of_care",
    "unpaid_carer",
    "service",
    "cld_request",
    "cld_assessment",
    "cld_service",
    "cld_review",
    "cld_carer",
    "trace_response",
)


def loaded_files(client_id: str, lake: Path) -> dict[str, list[Path]]:
    """Return the client's loaded Parquet files by class, for the classes that name people."""
    extracts = place(lake, "loaded", client_id)
    # What a killed load left beside the finished ones begins with a dot and is nobody's.
    return {name: sorted(extracts.glob(f"[!.]*/{name}.parquet")) for name in CLASSES}


def _create_loaded_view(
    connection: duckdb.DuckDBPyConnection, profile: ExtractProfile, name: str, files: Sequence[Path]
) -> None:
    columns = {c.name: c.duckdb_type for c in profile.classes[name].columns} | PROVENANCE
    if files:
        chosen = ", ".join(f'"{column}"' for column in columns)
        paths = ", ".join(quoted(f) for f in files)
        source = f"select {chosen} from read_parquet([{paths}], union_by_name = true)"
    else:
        empty = ", ".join(f'null::{kind} as "{column}"' for column, kind in columns.items())
        source = f"select {empty} where false"
    connection.execute(f"create or replace temp view loaded_{name} as {source}")


def create_person_records(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, Sequence[Path]],
    profile: ExtractProfile | None = None,
) -> None:
    """Create the tables person_record, person_record_variant and trace_response from loaded Parquet."""
    for name in CLASSES:
        _create_loaded_view(connection, profile or load_profile(), name, files.get(name, ()))
    load_standards(connection)
    run_sql_files(connection, SOURCES)
    connection.execute("create or replace temp view trace_response as select * from loaded_trace_response")
