"""The person index of a client: from loaded Parquet to the restricted folder that every later step reads."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.extracts.places import place, put_back, replace_in_place, staging_folder
from orchestration.extracts.receipts import newest_day
from orchestration.identity.connection import count_of, counts_of, private_connection, quoted
from orchestration.identity.earlier_index import CHANGES, RETIRED, open_earlier, received_token, write_told
from orchestration.identity.grown_index import Grown, grow, take_in
from orchestration.identity.kept_state import method_stamp, stray_token, write_state, write_touches
from orchestration.identity.keys import checked_person_key, read_person_key
from orchestration.identity.parted_pairs import read_parted
from orchestration.identity.person_records import create_person_records, loaded_files

ROWS_PER_GROUP = 122_880
STALE = "a trace answer about an earlier number was not used"

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
    CHANGES: ("key_history", "date, change, old_key, new_key, records", "all"),
    RETIRED: ("retired_key", "person_key, date", "all"),
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
    compared: str
    records_compared: int
    keys_kept: int
    keys_new: int
    merges: int
    splits: int
    keys_retired: int

    @property
    def told(self) -> dict[str, Any]:
        """What is worth reading of it beside a run, by its name in words."""
        return {
            "people": self.people,
            "person records": self.records,
            "numbers set aside": self.numbers_set_aside,
            "records to review": self.review_records,
            "joins": self.joins,
            "compared": self.compared,
            "records compared anew": self.records_compared,
            "keys merged": self.merges,
            "keys split": self.splits,
            "keys retired": self.keys_retired,
        }

    @property
    def growth(self) -> str:
        """What was compared anew and what became of the keys, in one line of words."""
        return (
            f"compared anew {self.records_compared:,} of {self.records:,} records ({self.compared}); keys: "
            f"{self.keys_kept:,} kept, {self.keys_new:,} new, {self.merges:,} merged, {self.splits:,} split, "
            f"{self.keys_retired:,} retired"
        )


def summarise(connection: duckdb.DuckDBPyConnection, client_id: str, grown: Grown) -> IndexSummary:
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
        # The evidence tells of every one; the answers themselves are read again for some records only.
        trace_answers_stale=count_of(
            connection, f"select count(*) from person_link where contains(evidence, '{STALE}')"
        ),
        trace_answers_without_record=count_of(
            connection,
            "select count(*) from trace_response where unique_reference not in "
            "(select person_record_key from person_record)",
        ),
        **asdict(grown),
    )


def write_index(connection: duckdb.DuckDBPyConnection, folder: Path, summary: IndexSummary) -> None:
    """Write a finished index into the folder as Parquet files and summary.json."""
    for name, (table, columns, order) in OUTPUTS.items():
        connection.execute(
            f"copy (select {columns} from {table} order by {order}) to {quoted(folder / f'{name}.parquet')} "
            f"(format parquet, compression zstd, row_group_size {ROWS_PER_GROUP})"
        )
    text = json.dumps(asdict(summary), indent=2, sort_keys=True) + "\n"
    (folder / "summary.json").write_text(text, encoding="utf-8")


def parted_file(client_id: str, lake: Path) -> Path | None:
    """Return the file of the pairs that a client's reviewer has parted, or None where there is none."""
    path = place(lake, "parted", client_id).with_suffix(".csv")
    return path if path.is_file() else None


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

    The earlier index is taken on: what nothing has changed stays as it was, with its keys, and where nothing
    has changed at all the folder is left alone. `key` is the secret of the person keys; without one it is
    read from RETURNS_PERSON_KEY_FILE, and only a synthetic run falls back to the demonstration key. On any
    error the earlier index stays as it was.
    """
    secret = (
        read_person_key(synthetic=synthetic) if key is None else checked_person_key(key, synthetic=synthetic)
    )
    target = place(lake, "identity", client_id)
    put_back(target)
    as_at = newest_day(client_id, lake, ())
    with staging_folder(target.parent) as folder:
        with private_connection(folder, threads, memory_limit) as connection:
            create_person_records(connection, loaded_files(client_id, lake))
            read_parted(connection, parted_file(client_id, lake))
            take_in(connection, secret)
            method, strays = method_stamp(synthetic), stray_token(connection)
            earlier = open_earlier(connection, target, client_id, method=method, strays=strays)
            is_same = earlier.received == received_token(connection)
            if is_same and not earlier.why:
                return _unchanged(target)
            grown = grow(connection, earlier, as_at, synthetic=synthetic, secret=secret)
            summary = summarise(connection, client_id, grown)
            # A damaged index that is made again from the same records is what it was, in every byte.
            growth = earlier.growth if is_same and earlier.growth else asdict(grown)
            write_index(connection, folder, replace(summary, **growth))
            write_state(connection, folder)
            write_touches(connection, folder)
            write_told(connection, folder, client_id, method=method, strays=strays, growth=growth)
        replace_in_place(folder, target)
    return summary


def _unchanged(folder: Path) -> IndexSummary:
    """The index that stands in the folder, of which this run has changed nothing."""
    summary = IndexSummary(**json.loads((folder / "summary.json").read_text(encoding="utf-8")))
    return replace(
        summary,
        compared="nothing has changed",
        records_compared=0,
        keys_kept=summary.people,
        keys_new=0,
        merges=0,
        splits=0,
        keys_retired=0,
    )
