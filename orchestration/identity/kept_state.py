"""What a run of `returns link` leaves for the next: keyed hashes of its records and of what each rests on."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

import duckdb

from orchestration.extracts.loading import file_sha256
from orchestration.identity.connection import quoted
from orchestration.identity.linking import PDS, STANDARD_TABLES, THRESHOLDS

STATE = "state.parquet"
TOUCHES = "touches.parquet"
HERE = Path(__file__).parent
CARRY = HERE / "carry"
KEPT_FILES = (STATE, TOUCHES, "review.csv", "conflicts.csv")
FIRST_NAMES = "first_name_equivalents.csv"
ANSWER_COLUMNS = (
    *("req_nhs_number", "error_success_code", "matched_nhs_no", "matched_algorithm_indicator"),
    *("matched_confidence_percentage", "family_name", "given_name", "other_given_name", "date_of_birth"),
    *("date_of_death", "gender", "postcode", "as_at_date", "sensitivty_flag"),
)
UNPLACED = "('exact', 'scored', 'group', 'person')"


class PreviousRunError(ValueError):
    """The folder given as the previous run holds no links; the message says what is missing."""


def method_stamp(synthetic: bool) -> str:
    """Return a hash of all that decides a link beside the records: rules, model, lists, versions, options."""
    told = hashlib.sha256()
    files = [*HERE.glob("*.py"), *HERE.glob("model/*.json")]
    files += [file for folder in ("sources", "stages", "carry") for file in HERE.glob(f"{folder}/*.sql")]
    files += [PDS / file for _, file in STANDARD_TABLES.values()] + [PDS / FIRST_NAMES]
    for path in sorted(files):
        told.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for word in (THRESHOLDS, synthetic, version("duckdb"), version("splink")):
        told.update(repr(word).encode() + b"\0")
    return told.hexdigest()


def create_fingerprints(connection: duckdb.DuckDBPyConnection, *provenance: str) -> None:
    """Create fingerprint (row, person_record_key, fingerprint): a record, its answers and its parted pairs.

    The short hash of the contents is hashed again with the secret: without it nobody can try values out.
    `provenance` names the columns of an answer that say where and when it came, where these count too.
    """
    answer_columns = ", ".join((*ANSWER_COLUMNS, *provenance))
    connection.execute(
        f"""
        create or replace temp macro keyed(value) as
        left(sha256(getvariable('person_key') || sha256(getvariable('person_key') || value)), 24);

        set variable fingerprint_key = (select keyed('fingerprint'));

        create or replace temp table fingerprint as
        with answer as (
            select
                unique_reference as person_record_key,
                bit_xor(hash({answer_columns})) as said,
                count(*) as answers
            from trace_response
            group by unique_reference
        ),

        parted as (
            select person_record_key, bit_xor(hash(other_record_key)) as told
            from (
                select person_record_key, other_record_key from parted_pair
                union
                select other_record_key, person_record_key from parted_pair
            )
            group by person_record_key
        )

        select
            r.row,
            r.person_record_key,
            hash(sha256(
                getvariable('fingerprint_key') || hash(r.row_hash, a.said, a.answers, p.told)::varchar
            )) as fingerprint
        from person_record as r
        left join answer as a on r.person_record_key = a.person_record_key
        left join parted as p on r.person_record_key = p.person_record_key
        """
    )


def create_touches(connection: duckdb.DuckDBPyConnection, *, is_person_shaped: bool, is_cut: bool) -> None:
    """Create touch (person_record_key, kind, token): what each decision rests on beside its own number."""
    if not is_person_shaped:
        connection.execute(
            "create or replace temp table touch (person_record_key varchar, kind varchar, token ubigint)"
        )
        return
    connection.execute((CARRY / "90_touch.sql").read_text(encoding="utf-8"))
    if is_cut:
        connection.execute(
            "insert into touch select * from previous_touch where person_record_key in "
            "(select p.person_record_key from pinned as p) except select * from touch"
        )


def secret_token(connection: duckdb.DuckDBPyConnection) -> str:
    """Return what tells one secret of the person keys from another, and nothing of it."""
    told = connection.execute("select keyed('state')").fetchone()
    assert told is not None
    return str(told[0])


def stray_token(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a token of the answers that replace a number and speak of no record that is here.

    Nothing else tells of them, and they too lead a record from its number to the next.
    """
    told = connection.execute(
        """
        select keyed(concat_ws(
            ':', 'strays', count(*), bit_xor(hash(req_nhs_number, matched_nhs_no, _as_at))
        ))
        from trace_response
        where
            trim(error_success_code) = '90'
            and coalesce(unique_reference, '') not in (select r.person_record_key from person_record as r)
        """
    ).fetchone()
    assert told is not None
    return str(told[0])


def write_state(connection: duckdb.DuckDBPyConnection, folder: Path, **told: str) -> None:
    """Write what the next run compares with; `told` goes with it, by name."""
    words = ", ".join(f"{name}: '{value}'" for name, value in told.items())
    connection.execute(
        "copy (select person_record_key, person_key, stage, rule, score, fingerprint, anchor_key as anchor, "
        f"person_kind, number_state from all_link order by row) to {quoted(folder / STATE)} "
        f"(format parquet, compression snappy{f', kv_metadata {{{words}}}' if words else ''})"
    )


def write_touches(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write on what decisions rest beside their own number."""
    connection.execute(
        f"copy (select * from touch order by all) to {quoted(folder / TOUCHES)} "
        "(format parquet, compression zstd)"
    )


def _why_unfit(connection: duckdb.DuckDBPyConnection, previous: Path, stamp: str) -> str:
    """Return why the state of an earlier output may not be used, or nothing."""
    missing = [name for name in KEPT_FILES if not (previous / name).is_file()]
    if missing:
        return f"the earlier folder holds no {' and no '.join(missing)}"
    try:
        written = dict(
            connection.execute(
                f"select decode(key), decode(value) from parquet_kv_metadata({quoted(previous / STATE)})"
            ).fetchall()
        )
        for name in (STATE, TOUCHES):
            connection.execute(f"select bit_xor(hash(f)) from read_parquet({quoted(previous / name)}) as f")
    except duckdb.Error:
        return "the state the earlier run left is damaged"
    if written.get("secret") != secret_token(connection):
        return "the earlier run had another person key"
    if written.get("method") != stamp:
        return "the rules, the model, the lists or the options are not those of the earlier run"
    if written.get("links") != file_sha256(previous / "links.csv"):
        return f"the links.csv of the earlier folder is not the one its {STATE} was written for"
    return ""


def read_previous(connection: duckdb.DuckDBPyConnection, previous: Path, stamp: str) -> str:
    """Create previous_link from an earlier output, and previous and previous_touch from its state.

    Return why everything must be compared anew, or nothing where the state may be used.
    """
    links = previous / "links.csv"
    if not links.is_file():
        raise PreviousRunError(
            f"{previous} holds no links.csv; --previous takes the --out folder of an earlier run."
        )
    why = _why_unfit(connection, previous, stamp)
    if why:
        connection.execute(
            "create or replace temp table previous_link as "
            "select record_id as person_record_key, person_key "
            f"from read_csv({quoted(links)}, header = true, all_varchar = true, nullstr = '', delim = ',', "
            "quote = '\"', escape = '\"')"
        )
        return why
    # The state repeats the links: it is read in a fraction of the time.
    open_state(connection, previous)
    return ""


def open_state(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Create previous, previous_link, previous_touch and the tokens from the state in a folder."""
    connection.execute(
        f"""
        create or replace temp table previous as
        select *, stage in {UNPLACED} as is_unplaced from read_parquet({quoted(folder / STATE)});

        create or replace temp view previous_link as select person_record_key, person_key from previous;

        create or replace temp table previous_touch as
        select * from read_parquet({quoted(folder / TOUCHES)});

        create or replace temp view carried_token as
        select person_record_key, anchor as token from previous where not is_unplaced
        union all
        select person_record_key, token from previous_touch where kind = 'carried';

        create or replace temp view compared_token as
        select person_record_key, anchor as token from previous where is_unplaced
        union all
        select person_record_key, token from previous_touch where kind = 'compared';
        """
    )
