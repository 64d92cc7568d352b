"""Who is who in any table of person records: the same stages as the road's, from files to files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.extracts.places import staging_folder
from orchestration.identity.any_columns import uses_other_columns
from orchestration.identity.column_map import read_column_map
from orchestration.identity.continuity import (
    STATE,
    create_fingerprints,
    cut_to_what_changed,
    keep_keys,
    read_previous,
)
from orchestration.identity.index import count_of, counts_of, private_connection
from orchestration.identity.key_ledger import RETIRED, read_retired_keys, refuse_broken_keys, retire_keys
from orchestration.identity.keys import read_person_key
from orchestration.identity.link_input import (
    LinkInputError,
    create_link_tables,
    read_records,
    read_trace,
)
from orchestration.identity.linking import STAGES, index_person_records, load_standards, run_sql_files

LEAST_MEMORY_MB = 1000
MEMORY_MB_PER_MILLION = 800


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
    records_compared: int
    keys_kept: int
    keys_new: int
    merges: int
    splits: int


def _csv(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    name = str(path).replace("'", "''")
    connection.execute(f"copy ({query}) to '{name}' (format csv, header true)")


def _read_parted(connection: duckdb.DuckDBPyConnection, parted: Path | None) -> None:
    """Create parted_pair from a reviewer's file of two columns of record ids."""
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
        raise LinkInputError(
            f"{parted.name} cannot be read: it needs a header row with record_id_a and record_id_b "
            f"({type(error).__name__})."
        ) from None


def _create_all_links(connection: duckdb.DuckDBPyConnection, is_cut: bool) -> None:
    """Create all_link: the run's links under the keys that stay.

    And those of the records it did not touch.
    """
    connection.execute(
        """
        create or replace temp table all_link as
        select
            l.person_record_key, k.person_key, l.stage, l.rule, l.score, l.person_kind, l.number_state,
            l.person_key as anchor_key
        from person_link as l
        inner join kept_key as k on l.person_key = k.new_key
        """
    )
    if is_cut:
        connection.execute(
            "insert into all_link by name select person_record_key, person_key, stage, rule, "
            "score::double as score, person_kind, number_state, anchor_key from untouched_link"
        )


def _carry_over(connection: duckdb.DuckDBPyConnection, previous: Path, name: str, key: str) -> str:
    """Return SQL for the rows of an earlier output file that speak of what this run did not touch."""
    path = str(previous / name).replace("'", "''")
    kept = "record_id" if key == "record_id" else "person_key"
    column = "person_record_key" if key == "record_id" else "person_key"
    return (
        f"select * from read_csv('{path}', header = true, all_varchar = true, nullstr = '', delim = ',', "
        f"quote = '\"', escape = '\"') where {kept} in (select {column} from untouched_link)"
    )


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, previous: Path | None, is_cut: bool) -> None:
    _csv(
        connection,
        "select g.record_id, l.person_key, l.stage, l.rule, l.score from given_record as g "
        "inner join all_link as l on g.record_id = l.person_record_key order by g.row",
        folder / "links.csv",
    )
    review = (
        "select r.person_record_key as record_id, k.person_key as proposed_person_key, r.stage, r.reason, "
        "r.evidence, r.next_step from review as r "
        "left join kept_key as k on r.proposed_person_key = k.new_key"
    )
    conflict = (
        "select k.person_key, c.field, c.different_values::varchar as different_values, c.values_seen "
        "from conflict as c inner join kept_key as k on c.person_key = k.new_key"
    )
    if is_cut and previous is not None:
        review += " union all by name " + _carry_over(connection, previous, "review.csv", "record_id")
        conflict += " union all by name " + _carry_over(connection, previous, "conflicts.csv", "person_key")
    connection.execute(f"create or replace temp table all_review as {review}")
    connection.execute(f"create or replace temp table all_conflict as {conflict}")
    _csv(connection, "select * from all_review order by all", folder / "review.csv")
    _csv(connection, "select * from all_conflict order by all", folder / "conflicts.csv")
    _csv(connection, "select * from key_change order by all", folder / "key_changes.csv")
    _csv(connection, "select * from retired_key order by all", folder / RETIRED)
    state = str(folder / STATE).replace("'", "''")
    connection.execute(
        "copy (select l.person_record_key, f.fingerprint, l.anchor_key, l.person_kind, l.number_state "
        "from all_link as l inner join fingerprint as f on l.person_record_key = f.person_record_key "
        f"order by l.person_record_key) to '{state}' (format parquet, compression zstd)"
    )


def _summarise(connection: duckdb.DuckDBPyConnection, compared: int) -> LinkSummary:
    connection.execute(
        """
        create or replace temp table person_count as
        select
            person_key, stage, rule, number_state, min(person_kind) as person_kind, count(*) as records
        from all_link
        group by person_key, stage, rule, number_state;

        create or replace temp table all_person as
        select
            person_key, min(person_kind) as person_kind, person_key in (
                select o.person_key from previous_link as o
            ) as is_old
        from person_count
        group by person_key;
        """
    )
    return LinkSummary(
        records=count_of(connection, "select count(*) from all_link"),
        people=count_of(connection, "select count(*) from all_person"),
        people_by_kind=counts_of(connection, "select person_kind, count(*) from all_person"),
        joins=counts_of(connection, "select stage || '.' || rule, sum(records) from person_count"),
        records_by_number_state=counts_of(connection, "select number_state, sum(records) from person_count"),
        review_records=count_of(connection, "select count(distinct record_id) from all_review"),
        review_by_reason=counts_of(connection, "select reason, count(*) from all_review"),
        conflicts_by_field=counts_of(connection, "select field, count(*) from all_conflict"),
        records_compared=compared,
        keys_kept=count_of(connection, "select count(*) from all_person where is_old"),
        keys_new=count_of(connection, "select count(*) from all_person where not is_old"),
        merges=count_of(connection, "select count(*) from key_change where change = 'merge'"),
        splits=count_of(connection, "select count(*) from key_change where change = 'split'"),
    )


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
    LinkInputError, PreviousRunError, TraceAnswerError, PersonKeyError or NeverByMachineError.
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
        _read_parted(connection, parted)
        connection.execute("set variable person_key = ?", [secret])
        create_fingerprints(connection)
        has_state = previous is not None and read_previous(connection, previous)
        if previous is None:
            connection.execute(
                "create temp table previous_link (person_record_key varchar, person_key varchar)"
            )
        other = uses_other_columns(connection, extras)
        is_cut = has_state and not other and cut_to_what_changed(connection)
        compared = count_of(connection, "select count(*) from person_record")
        index_person_records(
            connection,
            synthetic=synthetic,
            key=secret,
            population="population" if is_cut else "person_record",
            other_columns=other,
        )
        connection.execute("set variable person_key = ?", [secret])
        read_retired_keys(connection, previous)
        keep_keys(connection, as_at)
        _create_all_links(connection, is_cut)
        refuse_broken_keys(connection)
        retire_keys(connection, as_at)
        _write(connection, result, previous, is_cut)
        summary = _summarise(connection, compared)
        text = json.dumps(asdict(summary), indent=2, sort_keys=True) + "\n"
        (result / "summary.json").write_text(text, encoding="utf-8")
        # Only our own files are replaced: the folder may be anybody's.
        out.mkdir(parents=True, exist_ok=True)
        for path in sorted(result.iterdir()):
            path.chmod(0o600)
            path.replace(out / path.name)
    return summary
