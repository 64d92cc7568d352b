"""Keys over the runs: what a merge gave up is never given again, and one key is one person."""

from __future__ import annotations

from collections.abc import Mapping
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

# An index that keeps earlier decisions is looked at again in the whole: is there what no machine may join?
PEOPLE_CHECKS = {
    "a record has no link or several": """
        select
            count(*) <> (select count(*) from given_record)
            or count(distinct person_record_key) <> count(*)
        from kept_link""",
    "a person holds two different numbers": """
        select exists (
            select 1 from kept_link group by person_key having count(distinct number) > 1
        )""",
    "a number stands for two persons": """
        select exists (
            select 1 from kept_link
            where number is not null
            group by number having count(distinct person_key) > 1
        )""",
    "a person known by a number has none": """
        select exists (
            select 1 from kept_link
            where person_kind in ('verified_number', 'claimed_number') and number is null
        )""",
    "records that a reviewer has parted are one person": """
        select exists (
            select 1
            from parted_pair as p
            inner join kept_link as a on p.person_record_key = a.person_record_key
            inner join kept_link as b on p.other_record_key = b.person_record_key
            where a.person_key = b.person_key
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
        [as_at],
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
    _refuse(
        connection,
        CHECKS,
        "Run `returns link` without --previous if the links are needed now; in a run of a client, move its "
        "folder below identity/ aside: the next run then compares everything and keeps no key.",
    )


def refuse_broken_people(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise NeverByMachineError if kept_link, new and kept decisions together, joins what no machine may."""
    _refuse(
        connection,
        PEOPLE_CHECKS,
        "Move the client's folder below identity/ aside if the index is needed now: the next run then "
        "compares everything and keeps no key.",
    )


def _refuse(connection: duckdb.DuckDBPyConnection, checks: Mapping[str, str], way_out: str) -> None:
    for problem, query in checks.items():
        row = connection.execute(query).fetchone()
        if row and row[0]:
            raise NeverByMachineError(
                f"The links were not written: {problem}. This is a fault of the index; please report it. "
                f"{way_out}"
            )
