"""Who is who in any table of person records: the same stages as the road's, from files to files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.extracts.loading import file_sha256
from orchestration.extracts.places import staging_folder
from orchestration.identity.any_columns import uses_other_columns
from orchestration.identity.column_map import read_column_map
from orchestration.identity.connection import count_of, counts_of, private_connection, quoted
from orchestration.identity.continuity import create_all_links, keep_keys
from orchestration.identity.kept_state import (
    create_fingerprints,
    create_touches,
    method_stamp,
    read_previous,
    secret_token,
    write_state,
    write_touches,
)
from orchestration.identity.key_ledger import RETIRED, read_retired_keys, refuse_broken_keys, retire_keys
from orchestration.identity.keys import read_person_key
from orchestration.identity.link_input import (
    create_link_tables,
    read_records,
    read_trace,
)
from orchestration.identity.linking import STAGES, index_person_records, load_standards, run_sql_files
from orchestration.identity.parted_pairs import read_parted
from orchestration.identity.reach import create_decided, cut_to_what_changed

LEAST_MEMORY_MB = 1000
MEMORY_MB_PER_MILLION = 800
ONLY_CHANGED = "what changed and what that reaches"


@dataclass(frozen=True)
class LinkSummary:
    """What one run of `returns link` came to, in counts only."""

    records: int
    people: int
    people_by_kind: dict[str, int]
    joins: dict[str, int]
    records_by_number_state: dict[str, int]
    review_records: int
    review_by_reason: dict[str, int]
    conflicts_by_field: dict[str, int]
    compared: str
    records_compared: int
    keys_kept: int
    keys_new: int
    merges: int
    splits: int


def _csv(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"copy ({query}) to {quoted(path)} (format csv, header true)")


def _carry_over(previous: Path, name: str, condition: str) -> str:
    """Return SQL for the rows of an earlier output file that speak of what keeps its earlier decision."""
    return (
        f" union all by name select * from read_csv({quoted(previous / name)}, header = true, "
        f"all_varchar = true, nullstr = '', delim = ',', quote = '\"', escape = '\"') where {condition}"
    )


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, previous: Path | None, is_cut: bool) -> None:
    _csv(
        connection,
        "select person_record_key as record_id, person_key, stage, rule, score from all_link order by row",
        folder / "links.csv",
    )
    review = (
        "select r.person_record_key as record_id, k.person_key as proposed_person_key, r.stage, r.reason, "
        "r.evidence, r.next_step from review as r "
        "left join kept_key as k on r.proposed_person_key = k.new_key "
        "where r.person_record_key in (select d.person_record_key from decided_link as d)"
    )
    conflict = (
        "select k.person_key, c.field, c.different_values::varchar as different_values, c.values_seen "
        "from conflict as c inner join kept_key as k on c.person_key = k.new_key "
        "where c.person_key in (select d.person_key from decided_link as d)"
    )
    if is_cut and previous is not None:
        review += _carry_over(previous, "review.csv", "record_id in (select person_record_key from pinned)")
        conflict += _carry_over(
            previous,
            "conflicts.csv",
            "person_key in (select p.person_key from pinned as p) and person_key not in (select k.person_key "
            "from kept_key as k inner join decided_link as d on k.new_key = d.person_key)",
        )
    connection.execute(f"create or replace temp table all_review as {review}")
    connection.execute(f"create or replace temp table all_conflict as {conflict}")
    _csv(connection, "select * from all_review order by all", folder / "review.csv")
    _csv(connection, "select * from all_conflict order by all", folder / "conflicts.csv")
    _csv(connection, "select * from key_change order by all", folder / "key_changes.csv")
    _csv(connection, "select * from retired_key order by all", folder / RETIRED)


def _summarise(connection: duckdb.DuckDBPyConnection, compared: str, records_compared: int) -> LinkSummary:
    return LinkSummary(
        records=count_of(connection, "select count(*) from all_link"),
        people=count_of(connection, "select count(*) from all_person"),
        people_by_kind=counts_of(connection, "select person_kind, count(*) from all_person"),
        joins=counts_of(connection, "select stage || '.' || rule, count(*) from all_link"),
        records_by_number_state=counts_of(connection, "select number_state, count(*) from all_link"),
        review_records=count_of(connection, "select count(distinct record_id) from all_review"),
        review_by_reason=counts_of(connection, "select reason, count(*) from all_review"),
        conflicts_by_field=counts_of(connection, "select field, count(*) from all_conflict"),
        compared=compared,
        records_compared=records_compared,
        keys_kept=count_of(connection, "select count(*) from all_person where is_old"),
        keys_new=count_of(connection, "select count(*) from all_person where not is_old"),
        merges=count_of(connection, "select count(*) from key_change where change = 'merge'"),
        splits=count_of(connection, "select count(*) from key_change where change = 'split'"),
    )


def _choose(
    connection: duckdb.DuckDBPyConnection,
    previous: Path | None,
    stamp: str,
    other_columns: tuple[str, ...],
    *,
    synthetic: bool,
) -> str:
    """Cut the input to what an earlier run did not decide already; return what is compared, in words."""
    if previous is None:
        connection.execute("create temp table previous_link (person_record_key varchar, person_key varchar)")
        return "everything: no earlier run was given"
    why = read_previous(connection, previous, stamp)
    if not why and other_columns:
        why = "the records have columns for which the model is trained on all of them"
    why = why or cut_to_what_changed(connection, synthetic=synthetic)
    return f"everything: {why}" if why else ONLY_CHANGED


def link_records(
    records: Path,
    out: Path,
    *,
    trace: Path | None = None,
    previous: Path | None = None,
    columns: str | None = None,
    parted: Path | None = None,
    key_file: Path | None = None,
    as_at: date | None = None,
    synthetic: bool = False,
    threads: int = 2,
    memory_limit: str | None = None,
) -> LinkSummary:
    """Link a CSV or Parquet table of person records into files of links and questions; return counts.

    The files in `out` are replaced when the run has succeeded and stay as they were on any error. Raises
    LinkInputError, PartedPairsError, PreviousRunError, TraceAnswerError, PersonKeyError or
    NeverByMachineError.
    """
    secret = read_person_key(key_file, synthetic=synthetic)
    mapping = read_column_map(columns)
    least = memory_limit or f"{LEAST_MEMORY_MB}MB"
    with staging_folder(out.parent) as folder, private_connection(folder, threads, least) as connection:
        scratch = folder / "scratch"
        scratch.mkdir()
        result = folder / "result"
        result.mkdir()
        table, extras = read_records(records, mapping, scratch)
        load_standards(connection)
        run_sql_files(connection, STAGES, before="10")
        create_link_tables(connection, table, records.name)
        if memory_limit is None:
            # What does not fit is spilled to disk; small tables leave the memory to others.
            count = count_of(connection, "select count(*) from given_record")
            allowed = max(LEAST_MEMORY_MB, count * MEMORY_MB_PER_MILLION // 1_000_000)
            connection.execute(f"set memory_limit = '{allowed}MB'")
        read_trace(connection, trace, scratch)
        read_parted(connection, parted)
        connection.execute("set variable person_key = ?", [secret])
        create_fingerprints(connection)
        stamp = method_stamp(synthetic)
        other = uses_other_columns(connection, extras)
        compared = _choose(connection, previous, stamp, other, synthetic=synthetic)
        records_compared = count_of(connection, "select count(*) from person_record")
        is_cut = compared == ONLY_CHANGED
        index_person_records(
            connection,
            synthetic=synthetic,
            key=secret,
            other_columns=other,
            is_prepared=is_cut,
        )
        connection.execute("set variable person_key = ?", [secret])
        create_decided(connection, is_cut=is_cut)
        read_retired_keys(connection, previous)
        keep_keys(connection, as_at)
        create_all_links(connection)
        refuse_broken_keys(connection)
        retire_keys(connection, as_at)
        _write(connection, result, previous, is_cut)
        create_touches(connection, is_person_shaped=not other, is_cut=is_cut)
        links, told = file_sha256(result / "links.csv"), secret_token(connection)
        write_state(connection, result, method=stamp, secret=told, links=links)
        write_touches(connection, result)
        summary = _summarise(connection, compared, records_compared)
        text = json.dumps(asdict(summary), indent=2, sort_keys=True) + "\n"
        (result / "summary.json").write_text(text, encoding="utf-8")
        # Only our own files are replaced: the folder may be anybody's.
        out.mkdir(parents=True, exist_ok=True)
        for path in sorted(result.iterdir()):
            path.chmod(0o600)
            path.replace(out / path.name)
    return summary
