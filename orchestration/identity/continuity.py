"""Keys that stay: which person of this run is which of the earlier one, and what merged or split."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date

import duckdb


def _new_keys() -> Iterator[str]:
    """Yield SQL for the keys a new person may have, in turn: its own, then others made of it."""
    yield "new_key"
    yield "keyed('again:' || new_key || ':' || least_record_key)"
    for turn in itertools.count(2):
        yield f"keyed('again:' || new_key || ':' || least_record_key || ':{turn}')"


def _give_new_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to kept_key the persons without an earlier key, each under the first key that nobody ever had."""
    connection.execute(
        """
        create or replace temp table keyless as
        select person_key as new_key, min(person_record_key) as least_record_key
        from decided_link
        where person_key not in (select k.new_key from kept_key as k)
        group by person_key
        """
    )
    for candidate in _new_keys():
        connection.execute(
            f"""
            insert into kept_key
            select new_key, {candidate} as candidate
            from keyless
            where
                candidate not in (select k.person_key from kept_key as k)
                and candidate not in (select o.person_key from previous_link as o)
                and candidate not in (select r.person_key from retired_key as r)
            """
        )
        left = connection.execute(
            "delete from keyless where new_key in (select k.new_key from kept_key as k); "
            "select count(*) from keyless"
        ).fetchone()
        if not left or not left[0]:
            return


def keep_keys(connection: duckdb.DuckDBPyConnection, as_at: date | None) -> None:
    """Create kept_key (new_key, person_key) for the persons of the decided records, and key_change.

    A number that records keep from the earlier run keeps its key. Any other person keeps the earlier key
    that most of its records had; of two persons that claim one key the one with more of its records keeps
    it, and a key that undecided records hold is free for nobody else. What is new has its own key; a
    retired key is given to nobody.
    """
    connection.execute(
        """
        create or replace temp table overlap as
        select
            n.person_key as new_key,
            o.person_key as old_key,
            count(*) as records,
            min(n.person_record_key) as least_record_key
        from decided_link as n
        inner join previous_link as o on n.person_record_key = o.person_record_key
        group by all;

        create or replace temp table kept_key as
        select l.person_key as new_key, min_by(p.person_key, p.person_record_key) as person_key
        from (select distinct person_key from person_link) as l
        inner join pinned as p on hash(l.person_key) = p.anchor
        group by l.person_key;

        -- Keys that records of an earlier decision hold.
        create or replace temp table held_key as
        select distinct person_key from pinned
        where person_key in (select o.old_key from overlap as o);

        insert into kept_key
        with best_for_new as (
            select * from overlap
            where
                new_key not in (select k.new_key from kept_key as k)
                and old_key not in (select h.person_key from held_key as h)
            qualify row_number() over (
                partition by new_key order by records desc, old_key = new_key desc, least_record_key asc
            ) = 1
        )
        select new_key, old_key as person_key from best_for_new
        qualify row_number() over (
            partition by old_key order by records desc, old_key = new_key desc, least_record_key asc
        ) = 1;
        """
    )
    _give_new_keys(connection)
    connection.execute(
        """
        create or replace temp table key_change as
        with now_key as (
            select o.old_key, k.person_key as new_key, o.records
            from overlap as o
            inner join kept_key as k on o.new_key = k.new_key
        )
        select
            $1::varchar as date,
            case
                when
                    old_key not in (select n.new_key from now_key as n where n.old_key = now_key.old_key)
                    and old_key not in (select h.person_key from held_key as h)
                    then 'merge'
                else 'split'
            end as change,
            old_key,
            new_key,
            records
        from now_key
        where old_key <> new_key
        order by change, old_key, new_key
        """,
        [as_at],
    )


def create_all_links(connection: duckdb.DuckDBPyConnection) -> None:
    """Create all_link: every record of the input, its link under the key that stays, and its earlier key."""
    connection.execute(
        """
        create or replace temp table all_link as
        with link as (
            select
                l.person_record_key, k.person_key, l.stage, l.rule, l.score, l.person_kind, l.number_state,
                hash(l.person_key) as anchor_key, o.person_key as earlier_key
            from decided_link as l
            inner join kept_key as k on l.person_key = k.new_key
            left join previous_link as o on l.person_record_key = o.person_record_key
            union all
            select
                person_record_key, person_key, stage, rule, score, person_kind, number_state, anchor,
                person_key
            from pinned
        )

        select f.row, f.fingerprint, l.*
        from fingerprint as f
        inner join link as l on f.person_record_key = l.person_record_key
        order by f.row
        """
    )
