"""Keys over the runs: what a merge gave up is never given again, and one key is one person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from orchestration.identity.linking import NeverByMachineError

RETIRED = "retired_keys.csv"

CHECKS = {
    "a record has no link or several": """
        select count(*) <> (select count(*) from given_record) or count(distinct row) <> count(*)
        from all_link""",
    "one key stands for two persons": "select exists (select 1 from all_person where anchors_differ)",
    "one person has two keys": "select count(distinct anchor_key) <> count(*) from all_person",
    "a retired key came back": """
        select exists (
            select 1 from all_person where person_key in (select r.person_key from retired_key as r)
        )""",
    "a key of the earlier run went to somebody none of whose records had it": """
        with suspect as (
            select distinct person_key
            from all_link
            where
                person_key is distinct from earlier_key
                and person_key in (select o.person_key from previous_link as o)
        )

        select exists (
            select 1 from suspect
            where person_key not in (
                select a.person_key from all_link as a where a.person_key = a.earlier_key
            )
        )""",
}


def read_retired_keys(connection: duckdb.DuckDBPyConnection, previous: Path | None) -> None:
    """Create retired_key (person_key, date) from an earlier output; empty where it tells of none."""
    connection.execute("create or replace temp table retired_key (person_key varchar, date varchar)")
    path = previous / RETIRED if previous else None
    if path is not None and path.is_file():
        connection.execute(
            "insert into retired_key select person_key, date from read_csv(?, header = true, "
            "all_varchar = true, nullstr = '', delim = ',', quote = '\"', escape = '\"')",
            [str(path)],
        )


def retire_keys(connection: duckdb.DuckDBPyConnection, as_at: date | None) -> None:
    """Add to retired_key the keys of the earlier run whose records are all of them other persons' now.

    A person no record of whom was sent this time may come back, and then under the same key.
    """
    connection.execute(
        """
        insert into retired_key
        select distinct earlier_key, $1::varchar
        from all_link
        where
            earlier_key is distinct from person_key
            and earlier_key not in (select p.person_key from all_person as p)
        """,
        [as_at.isoformat() if as_at else None],
    )


def refuse_broken_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise NeverByMachineError unless every record has one link and every key is one person's.

    Creates all_person (person_key, person_kind, anchor_key, anchors_differ, is_old), one row per person.
    """
    connection.execute(
        """
        create or replace temp table all_person as
        select
            person_key,
            min(person_kind) as person_kind,
            min(anchor_key) as anchor_key,
            min(anchor_key) <> max(anchor_key) as anchors_differ,
            person_key in (select o.person_key from previous_link as o) as is_old
        from all_link
        group by person_key
        """
    )
    for problem, query in CHECKS.items():
        row = connection.execute(query).fetchone()
        if row and row[0]:
            raise NeverByMachineError(
                f"The links were not written: {problem}. This is a fault of the index. Run it without "
                "--previous if the links are needed now, and please report it."
            )
