"""The road's index taken on from its earlier one: what changed is decided anew, under keys that stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.identity.connection import count_of
from orchestration.identity.continuity import create_all_links, keep_keys
from orchestration.identity.earlier_index import (
    EarlierIndex,
    give_up_all_keys,
    shows_other_secret,
    write_history,
)
from orchestration.identity.kept_state import CARRY, create_fingerprints, create_touches
from orchestration.identity.key_ledger import refuse_broken_keys, refuse_broken_people, retire_keys
from orchestration.identity.linking import STAGES, index_person_records, run_sql_files
from orchestration.identity.reach import create_decided, cut_to, cut_to_what_changed

ONLY_CHANGED = "what changed and what that reaches"
# Where and when an answer came decides between answers, and stands in the evidence.
PROVENANCE = ("_as_at", "_extract_id", "_source_file", "_source_row")


@dataclass(frozen=True)
class Grown:
    """What was compared anew, and what became of the earlier keys."""

    compared: str
    records_compared: int
    keys_kept: int
    keys_new: int
    merges: int
    splits: int
    keys_retired: int


def take_in(connection: duckdb.DuckDBPyConnection, secret: str) -> None:
    """Create what tells one state of the loaded records, answers and parted pairs from another."""
    connection.execute("set variable person_key = ?", [secret])
    run_sql_files(connection, STAGES, before="10")
    connection.execute((CARRY / "05_road_input.sql").read_text(encoding="utf-8"))
    create_fingerprints(connection, *PROVENANCE)


def grow(
    connection: duckdb.DuckDBPyConnection,
    earlier: EarlierIndex,
    as_at: date | None,
    *,
    synthetic: bool,
    secret: str,
) -> Grown:
    """Create the tables of the index in the connection, with the links and keys that stay.

    Expects take_in and open_earlier. Dates changes of keys by the day given. Raises NeverByMachineError.
    """
    why = earlier.why or cut_to_what_changed(connection, synthetic=synthetic)
    is_cut = not why
    records_compared = count_of(connection, "select count(*) from person_record")
    index_person_records(connection, synthetic=synthetic, key=secret, is_prepared=is_cut, is_told=False)
    connection.execute("set variable person_key = ?", [secret])
    create_decided(connection, is_cut=is_cut)
    has_other_secret = earlier.has_other_secret
    if has_other_secret is None and shows_other_secret(connection):
        has_other_secret = True
        why += "; none of its keys was made with this secret (the person key), so all keys are new"
    retired_before = count_of(connection, "select count(*) from retired_key")
    if has_other_secret:
        give_up_all_keys(connection, as_at)
    keep_keys(connection, as_at)
    create_all_links(connection)
    refuse_broken_keys(connection)
    retire_keys(connection, as_at)
    write_history(connection, as_at)
    create_touches(connection, is_person_shaped=True, is_cut=is_cut)
    _tell_of_people(connection, is_cut=is_cut)
    return Grown(
        compared=_in_words(why, earlier.loss),
        records_compared=records_compared,
        keys_kept=count_of(connection, "select count(*) from all_person where is_old"),
        keys_new=count_of(connection, "select count(*) from all_person where not is_old"),
        merges=count_of(connection, "select count(*) from key_change where change = 'merge'"),
        splits=count_of(connection, "select count(*) from key_change where change = 'split'"),
        keys_retired=count_of(connection, "select count(*) from retired_key") - retired_before,
    )


def _in_words(why: str, loss: str) -> str:
    return f"everything: {why}{loss}" if why else ONLY_CHANGED


def _run(connection: duckdb.DuckDBPyConnection, file: str) -> None:
    connection.execute((CARRY / file).read_text(encoding="utf-8"))


def _tell_of_people(connection: duckdb.DuckDBPyConnection, *, is_cut: bool) -> None:
    """Create person, person_identifier, number_quarantine, review and conflict under the keys that stay."""
    if not is_cut:
        # Nothing is carried over, so there is nothing to read back.
        connection.execute(
            "create or replace temp view earlier_link as select * from person_link where false;"
            "create or replace temp view earlier_person_identifier as "
            "select null::varchar as person_key, null::varchar as nhs_number where false"
        )
    _run(connection, "70_kept_link.sql")
    connection.execute("create or replace temp table person_link as select * from kept_link")
    refuse_broken_people(connection)
    run_sql_files(connection, STAGES, start="84", before="90")
    if is_cut:
        _run(connection, "80_asked_before.sql")
        cut_to(connection, "affected_record")
        connection.execute(
            "create or replace temp table person_link as select * from kept_link "
            "where person_key in (select a.person_key from affected_person as a)"
        )
        run_sql_files(connection, STAGES, start="10", before="34")
    run_sql_files(connection, STAGES, start="82", before="84")
    run_sql_files(connection, STAGES, start="90")
    if is_cut:
        _run(connection, "85_told_before.sql")
        connection.execute(
            """
            create or replace temp table person_link as select * from kept_link;
            drop table person_record;
            alter table all_record rename to person_record;
            drop table trace_response;
            create temp view trace_response as select * from given_answer;
            """
        )
