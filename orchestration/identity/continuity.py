"""Keys that stay: what an earlier link run decided, what has changed since, and which keys that touches."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

STATE = "state.parquet"
# Comparing only what changed pays while little has.
MOST_CHANGED = 0.2

# A change reaches every record that shares one of these with it, before or after.
BLOCKS = {
    "number": "clean_number(nhs_number)",
    "birth family": "date_of_birth || ' ' || upper(trim(family_name))",
    "birth given": "date_of_birth || ' ' || upper(trim(given_name))",
    "birth place": "date_of_birth || ' ' || replace(upper(postcode), ' ', '')",
    "birth home": "date_of_birth || ' ' || upper(address_line)",
    "name home": "upper(trim(family_name)) || ' ' || upper(trim(given_name)) || ' ' || upper(address_line)",
    "name place": (
        "upper(trim(family_name)) || ' ' || upper(trim(given_name)) "
        "|| ' ' || replace(upper(postcode), ' ', '')"
    ),
}


class PreviousRunError(ValueError):
    """The folder given as the previous run holds no links; the message says what is missing."""


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def keyed(value: str) -> str:
    """Return SQL that hashes a value with the secret, as person keys are made."""
    return f"left(sha256(getvariable('person_key') || sha256(getvariable('person_key') || {value})), 24)"


def create_fingerprints(connection: duckdb.DuckDBPyConnection) -> None:
    """Create fingerprint (person_record_key, fingerprint).

    A keyed hash of a record and of the answers about it.
    """
    connection.execute(
        """
        create or replace temp table fingerprint as
        with answer as (
            select
                unique_reference,
                bit_xor(hash(
                    req_nhs_number, error_success_code, matched_nhs_no, matched_algorithm_indicator,
                    family_name,
                    given_name, other_given_name, date_of_birth, date_of_death, gender, postcode, as_at_date
                )) as said
            from trace_response
            group by unique_reference
        )
        select
            r.person_record_key,
            hash(getvariable('person_key'), r.row_text, a.said) as fingerprint
        from record_text as r
        left join answer as a on r.person_record_key = a.unique_reference
        """
    )


def read_previous(connection: duckdb.DuckDBPyConnection, previous: Path) -> bool:
    """Create previous_link (and previous_state) from an earlier output.

    Return whether its state is there too.
    """
    links = previous / "links.csv"
    if not links.is_file():
        raise PreviousRunError(
            f"{previous} holds no links.csv; --previous takes the --out folder of an earlier run."
        )
    connection.execute(
        "create or replace temp table previous_link as "
        "select record_id as person_record_key, person_key, stage, rule, score from read_csv("
        "?, header = true, all_varchar = true, nullstr = '', delim = ',', quote = '\"', escape = '\"')",
        [str(links)],
    )
    state = previous / STATE
    if not state.is_file():
        return False
    connection.execute(
        f"create or replace temp table previous_state as select * from read_parquet({_quoted(state)})"
    )
    return True


def cut_to_what_changed(connection: duckdb.DuckDBPyConnection) -> bool:
    """Reduce the records and answers to what changed and what that reaches; return whether it was done.

    Leaves the records that nothing reaches in untouched_link with the keys they have.
    """
    counted = connection.execute(
        """
        create or replace temp table changed as
        select coalesce(f.person_record_key, s.person_record_key) as person_record_key
        from fingerprint as f
        full join previous_state as s on f.person_record_key = s.person_record_key
        where f.fingerprint is distinct from s.fingerprint;

        select (select count(*) from changed), (select count(*) from person_record);
        """
    ).fetchone()
    assert counted is not None
    if counted[0] > MOST_CHANGED * max(counted[1], 1):
        return False
    for name, expression in BLOCKS.items():
        connection.execute(
            f"""
            create or replace temp table block_{name.replace(" ", "_")} as
            select distinct {expression} as block from person_record
            where person_record_key in (select person_record_key from changed)
            """
        )
    reached = " union ".join(
        f"select r.person_record_key from person_record as r inner join block_{name.replace(' ', '_')} as b "
        f"on {expression} = b.block"
        for name, expression in BLOCKS.items()
    )
    connection.execute(
        f"""
        create or replace temp table asked_key as
        select distinct {keyed("'number:' || written")} as anchor_key
        from (
            select clean_number(nhs_number) as written from person_record
            where person_record_key in (select person_record_key from changed)
            union
            select clean_number(matched_nhs_no) from trace_response
            where unique_reference in (select person_record_key from changed)
            union
            select clean_number(req_nhs_number) from trace_response
            where unique_reference in (select person_record_key from changed)
        )
        where written is not null;

        create or replace temp table reached as
        with near as (
            select person_record_key from changed
            union {reached}
            union
            select s.person_record_key from previous_state as s
            where s.anchor_key in (select anchor_key from asked_key)
        ),

        persons as (
            select distinct l.person_key
            from previous_link as l
            inner join near as n on l.person_record_key = n.person_record_key
        )

        select person_record_key from near
        union
        select l.person_record_key
        from previous_link as l
        inner join persons as p on l.person_key = p.person_key;

        create or replace temp table untouched_link as
        select l.*, s.anchor_key, s.person_kind, s.number_state
        from previous_link as l
        inner join previous_state as s on l.person_record_key = s.person_record_key
        where l.person_record_key not in (select person_record_key from reached)
        and l.person_record_key in (select person_record_key from person_record);

        create or replace temp table population as
        select family_name, given_name, postcode from person_record;
        delete from person_record where person_record_key not in (select person_record_key from reached);
        delete from trace_response where unique_reference not in (select person_record_key from reached);
        """
    )
    return True


def _new_keys() -> Iterator[str]:
    """Yield SQL for the keys a new person may have, in turn: its own, then others made of it."""
    yield "new_key"
    yield keyed("'again:' || new_key || ':' || least_record_key")
    for turn in itertools.count(2):
        yield keyed(f"'again:' || new_key || ':' || least_record_key || ':{turn}'")


def _give_new_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to kept_key the persons without an earlier key, each under the first key that nobody ever had."""
    connection.execute(
        """
        create or replace temp table keyless as
        select person_key as new_key, min(person_record_key) as least_record_key
        from person_link
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
    """Create kept_key (new_key, person_key) for the persons of the run, and key_change.

    A person keeps the earlier key that most of its records had; of two persons that claim one key the
    one with more of its records keeps it. What is new has its own key; a retired key is given to nobody.
    """
    connection.execute(
        """
        create or replace temp table overlap as
        select
            n.person_key as new_key,
            o.person_key as old_key,
            count(*) as records,
            min(n.person_record_key) as least_record_key
        from person_link as n
        inner join previous_link as o on n.person_record_key = o.person_record_key
        group by all;

        create or replace temp table kept_key as
        with best_for_new as (
            select * from overlap
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
                when old_key not in (
                    select n.new_key from now_key as n where n.old_key = now_key.old_key
                ) then 'merge'
                else 'split'
            end as change,
            old_key,
            new_key,
            records
        from now_key
        where old_key <> new_key
        order by change, old_key, new_key
        """,
        [as_at.isoformat() if as_at else None],
    )
