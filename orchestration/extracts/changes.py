"""What some extracts say that the others of the same senders did not: the changed records of each class."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.engine import open_engine
from orchestration.extracts.profile import PROVENANCE, ExtractProfile, RecordClass
from orchestration.extracts.receipts import loaded_files

DATED = ("date", "datetime")

# A row that says the same as what was known last, and is no older, changes neither the newest version of its
# record nor the day since which anything is known. Everything else does, or may.
_CHANGED = """
    with last_sent as (
        select key, max((as_at, extract_id)) as sent from row_said where not is_new group by key
    ),
    -- One extract may hold several versions of a record: each of them is known.
    last_known as (
        select distinct row_said.key, row_said.content, row_said.as_at
        from row_said join last_sent using (key)
        where not row_said.is_new and (row_said.as_at, row_said.extract_id) = last_sent.sent
    ),
    changed as (
        select distinct row_said.key
        from row_said left join last_known
            on row_said.key = last_known.key and row_said.content = last_known.content
            and row_said.as_at >= last_known.as_at
        where row_said.is_new and last_known.key is null
    ),
    -- What lies ahead of an extract was known from its own day on, and may count on that day.
    dated as (
        select key,
            case when count(*) = count(earliest)
                then least(min(earliest), min(as_at::date) filter (where is_new)) end as earliest
        from row_said join changed using (key) group by key
    )
    select count(*), count(earliest), min(earliest) from dated
"""
# The file of a class whose rows have no key of their own is one record: it replaces the one before whole.
_AS_ONE_RECORD = """
    create or replace temp table row_said as
    select _sender_id as key, md5(string_agg(content, '' order by place)) as content, as_at, extract_id,
        0 as place, is_new, null::date as earliest
    from row_said group by _sender_id, as_at, extract_id, is_new
"""


@dataclass(frozen=True)
class ChangedClass:
    """The changed records of one class, and the first day that one may count on (None: any day)."""

    record_class: str
    records: int
    earliest: date | None

    def reaches(self, day: date) -> bool:
        """Return whether a changed record may count on a day: not where its dates and extract lie after."""
        return self.earliest is None or self.earliest <= day


def changed_classes(
    client_id: str, lake: Path, profile: ExtractProfile, seen: Collection[str]
) -> dict[str, ChangedClass]:
    """Return, by class, what the loaded extracts of a client say that those `seen` did not.

    A record that is sent again as it was known last is not changed, however often and in whatever order.
    """
    found = {}
    with open_engine() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, files in sorted(loaded_files(client_id, lake).items()):
            if name in profile.classes and any(file.parent.name not in seen for file in files):
                _read_rows(connection, profile.classes[name], files, seen)
                counted = connection.execute(_CHANGED).fetchone()
                records, with_a_date, earliest = counted or (0, 0, None)
                if records:
                    found[name] = ChangedClass(name, records, earliest if with_a_date == records else None)
    return found


def _read_rows(
    connection: duckdb.DuckDBPyConnection,
    record_class: RecordClass,
    files: Sequence[Path],
    seen: Collection[str],
) -> None:
    """Leave temp table `row_said`: the key of a row, a hash of what it says, the first day it speaks of."""
    names = [column.name for column in record_class.columns] + ["_overflow"]
    said = ", ".join(f'"{name}"::varchar' for name in names)
    days = [f'"{c.name}"::date' for c in record_class.columns if c.type in DATED]
    earliest = f"least({', '.join(days)})" if days else "null::date"
    wanted: Mapping[str, str] = {c.name: c.duckdb_type for c in record_class.columns} | PROVENANCE
    columns = ", ".join(f'"{name}"' for name in wanted)
    connection.execute(
        f"""
        create or replace temp table row_said as
        select _sender_id, _record_key as key, md5(to_json([{said}])::varchar) as content, _as_at as as_at,
            _extract_id as extract_id, _source_row as place, not list_contains($seen, _extract_id) as is_new,
            {earliest} as earliest
        from (select {columns} from read_parquet($files, union_by_name = true))
        """,
        {"files": [str(file) for file in files], "seen": list(seen)},
    )
    if record_class.keyed_by_row:
        connection.execute(_AS_ONE_RECORD)
