"""What a change reaches: the records to decide anew, and those they must be compared with."""

from __future__ import annotations

import duckdb

from orchestration.identity.connection import count_of
from orchestration.identity.kept_state import CARRY
from orchestration.identity.linking import (
    STAGES,
    prepare_stages,
    refuse_unknown_trace_codes,
    run_sql_files,
)

# Comparing only what changed pays while little has.
MOST_CHANGED = 0.2
# Numbers lead from record to record; a chain as long as this is no person's.
MOST_STEPS = 20


def _share(connection: duckdb.DuckDBPyConnection, table: str) -> float:
    records = count_of(connection, "select count(*) from fingerprint")
    return count_of(connection, f"select count(*) from {table}") / max(records, 1)


def _until_nothing_is_added(connection: duckdb.DuckDBPyConnection, file: str, table: str) -> None:
    statement = (CARRY / file).read_text(encoding="utf-8")
    before = -1
    for _ in range(MOST_STEPS):
        reached = count_of(connection, f"select count(*) from {table}")
        if reached == before:
            return
        before = reached
        connection.execute(statement)


def _run(connection: duckdb.DuckDBPyConnection, file: str) -> None:
    connection.execute((CARRY / file).read_text(encoding="utf-8"))


def cut_to(connection: duckdb.DuckDBPyConnection, chosen: str) -> None:
    """Make person_record and trace_response hold the chosen records only."""
    connection.execute(
        f"""
        create or replace temp table person_record as
        select * from all_record where person_record_key in (select person_record_key from {chosen});
        create or replace temp table trace_response as
        select * from given_answer
        where
            unique_reference in (select person_record_key from {chosen})
            -- A replaced number leads on, whoever it was asked for.
            or (
                trim(error_success_code) = '90'
                and coalesce(unique_reference, '') not in (select r.person_record_key from all_record as r)
            );
        """
    )


def cut_to_what_changed(connection: duckdb.DuckDBPyConnection, *, synthetic: bool) -> str:
    """Leave in person_record and trace_response what changed, what that reaches and what stands beside it.

    The whole input is then in all_record and given_answer, and reached says which decisions count. Return why
    everything must be compared after all, or nothing.
    """
    too_much = f"more than {MOST_CHANGED:.0%} of the records have changed or are reached by a change"
    refuse_unknown_trace_codes(connection)
    _run(connection, "10_changed.sql")
    if _share(connection, "changed") > MOST_CHANGED:
        return too_much
    _run(connection, "20_touched.sql")
    _until_nothing_is_added(connection, "25_holders.sql", "reached")
    _run(connection, "30_likeness.sql")
    if _share(connection, "reached") > MOST_CHANGED:
        return too_much
    connection.execute("alter table person_record rename to all_record; drop view trace_response")
    cut_to(connection, "reached")
    prepare_stages(connection, synthetic=synthetic, population="all_record")
    run_sql_files(connection, STAGES, start="10", before="45")
    _run(connection, "40_beside.sql")
    _run(connection, "45_compared_before.sql")
    _until_nothing_is_added(connection, "50_holders_beside.sql", "beside")
    cut_to(connection, "(select * from reached union select person_record_key from beside)")
    return ""


def create_decided(connection: duckdb.DuckDBPyConnection, *, is_cut: bool) -> None:
    """Create decided_link and pinned: the links of this run that count, and the earlier ones that stay."""
    if is_cut:
        _run(connection, "60_decided.sql")
        return
    connection.execute(
        """
        create or replace temp view decided_link as select * from person_link;
        create or replace temp table pinned (
            person_record_key varchar, person_key varchar, stage varchar, rule varchar, score double,
            anchor ubigint, person_kind varchar, number_state varchar
        )
        """
    )
