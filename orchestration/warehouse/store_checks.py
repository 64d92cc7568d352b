"""What must hold of a store of submissions before anything is counted in it."""

from __future__ import annotations

import duckdb

from orchestration.warehouse.table_files import StoreError

_FACTS = """
    select count(*), count(der_unique_record_id), count(distinct der_unique_record_id),
        count(*) filter (la_code is null or la_name is null or importdate is null),
        count(*) filter (event_start_date is null)
    from raw.cld_submission_row
"""


def store_warnings(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """Return what to know of the rows of a store, in words.

    Raises StoreError when its rows cannot be told apart: they are joined by their id, and two of one id would
    be counted four times.
    """
    found = connection.execute(_FACTS).fetchone()
    assert found is not None
    rows, numbered, distinct, homeless, undated = found
    if distinct < rows:
        repeated = f"{numbered - distinct} of {rows} rows repeat one" if numbered > distinct else ""
        blank = f"{rows - numbered} of {rows} rows have none" if rows > numbered else ""
        raise StoreError(
            f"{name}: Der_Unique_Record_ID must name each row once; "
            + " and ".join(part for part in (repeated, blank) if part)
            + ". Number the rows anew over all submissions."
        )
    warnings = []
    if not rows:
        warnings.append(f"{name} holds no rows, so every figure stands on nothing")
    if homeless:
        warnings.append(
            f"{name}: {homeless} of {rows} rows lack LA_Code, LA_Name or ImportDate, so they are of no"
            " submission and count nowhere"
        )
    if undated:
        warnings.append(f"{name}: {undated} of {rows} rows have no Event_Start_Date and count nowhere")
    return warnings
