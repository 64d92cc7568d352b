"""The person index of a client: from loaded Parquet to the restricted folder that every later step reads."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from orchestration.extracts.places import place, replace_in_place, staging_folder
from orchestration.identity.keys import checked_person_key, read_person_key
from orchestration.identity.linking import index_person_records
from orchestration.identity.person_records import create_person_records, loaded_files

ROWS_PER_GROUP = 122_880

# File, the table it is written from, its columns in order, and what its rows are ordered by.
OUTPUTS = {
    "person_record": (
        "person_record",
        "person_record_key, sender_id, source_class, local_person_id, nhs_number, nhs_number_status, "
        "family_name, given_name, former_family_name, preferred_name, date_of_birth, gender, postcode, "
        "address_line, gp_practice, deceased_date, first_seen, last_seen",
        "person_record_key",
    ),
    "link": (
        "person_link",
        "person_record_key, sender_id, local_person_id, source_class, person_key, person_kind, stage, rule, "
        "evidence, number_state",
        "person_record_key",
    ),
    "person": (
        "person",
        "person_key, person_kind, birth_date, death_date, death_source, records",
        "person_key",
    ),
    "person_identifier": ("person_identifier", "person_key, nhs_number, number_state", "person_key"),
    "number_quarantine": ("number_quarantine", "person_record_key, reason, next_step", "person_record_key"),
    "review": (
        "review",
        "person_record_key, proposed_person_key, stage, reason, evidence, next_step",
        "person_record_key, stage, reason, proposed_person_key nulls last, evidence",
    ),
    "conflict": ("conflict", "person_key, field, different_values, values_seen", "person_key, field"),
}


@dataclass(frozen=True)
class IndexSummary:
    """What one build of the person index came to, in counts only."""

    client_id: str
    records: int
    records_by_source_class: dict[str, int]
    people: int
    people_by_kind: dict[str, int]
    records_by_number_state: dict[str, int]
    joins: dict[str, int]
    numbers_set_aside: int
    review_records: int
    review_by_reason: dict[str, int]
    conflicts_by_field: dict[str, int]
    trace_answers_by_code: dict[str, int]
    trace_answers_stale: int
    trace_answers_without_record: int


@contextmanager
def private_connection(folder: Path, threads: int, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a DuckDB in memory that spills only into the restricted folder given."""
    spill = folder / "spill"
    with duckdb.connect(config={"threads": threads, "memory_limit": memory_limit}) as connection:
        connection.execute("set temp_directory = '" + str(spill).replace("'", "''") + "'")
        connection.execute("set enable_progress_bar = false")
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


def summarise(connection: duckdb.DuckDBPyConnection, client_id: str) -> IndexSummary:
    """Return the counts of a finished index that stands in the connection."""
    return IndexSummary(
        client_id=client_id,
        records=count_of(connection, "select count(*) from person_link"),
        records_by_source_class=counts_of(connection, "select source_class, count(*) from person_link"),
        people=count_of(connection, "select count(*) from person"),
        people_by_kind=counts_of(connection, "select person_kind, count(*) from person"),
        records_by_number_state=counts_of(connection, "select number_state, count(*) from person_link"),
        joins=counts_of(connection, "select stage || '.' || rule, count(*) from person_link"),
        numbers_set_aside=count_of(connection, "select count(*) from number_quarantine"),
        review_records=count_of(connection, "select count(distinct person_record_key) from review"),
        review_by_reason=counts_of(connection, "select reason, count(*) from review"),
        conflicts_by_field=counts_of(connection, "select field, count(*) from conflict"),
        trace_answers_by_code=counts_of(
            connection, "select trim(error_success_code), count(*) from trace_response"
        ),
        trace_answers_stale=count_of(connection, "select count(*) from trace_outcome where is_stale"),
        trace_answers_without_record=count_of(
            connection,
            "select count(*) from trace_response where unique_reference not in "
            "(select person_record_key from person_record)",
        ),
    )


def write_index(connection: duckdb.DuckDBPyConnection, folder: Path, summary: IndexSummary) -> None:
    """Write a finished index into the folder as Parquet files and summary.json."""
    for name, (table, columns, order) in OUTPUTS.items():
        path = folder / f"{name}.parquet"
        connection.execute(
            f"copy (select {columns} from {table} order by {order}) "
            f"to '{str(path).replace(chr(39), chr(39) * 2)}' "
            f"(format parquet, compression zstd, row_group_size {ROWS_PER_GROUP})"
        )
    text = json.dumps(asdict(summary), indent=2, sort_keys=True) + "\n"
    (folder / "summary.json").write_text(text, encoding="utf-8")


def build_person_index(
    client_id: str,
    lake: Path,
    *,
    synthetic: bool,
    key: str | None = None,
    threads: int = 2,
    memory_limit: str = "4GB",
) -> IndexSummary:
    """Link everything the client has loaded and replace `identity/<client>/`; return the counts.

    `key` is the secret of the person keys; without one it is read from RETURNS_PERSON_KEY_FILE, and only a
    synthetic run falls back to the demonstration key. On any error the earlier index stays as it was.
    """
    secret = (
        read_person_key(synthetic=synthetic) if key is None else checked_person_key(key, synthetic=synthetic)
    )
    target = place(lake, "identity", client_id)
    with staging_folder(target.parent) as folder:
        with private_connection(folder, threads, memory_limit) as connection:
            create_person_records(connection, loaded_files(client_id, lake))
            index_person_records(connection, synthetic=synthetic, key=secret)
            summary = summarise(connection, client_id)
            write_index(connection, folder, summary)
        replace_in_place(folder, target)
    return summary
