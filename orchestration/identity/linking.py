"""The stages of the person index: named SQL files, each one stage and one table, run in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.extracts.profile import STANDARDS
from orchestration.identity.clusters import group_numberless
from orchestration.identity.keys import checked_person_key
from orchestration.identity.scoring import create_term_tables, read_model, score_candidates

STAGES = Path(__file__).parent / "stages"
PDS = STANDARDS / "pds"

# Match weights, in bits: 10 bits are a thousand to one.
THRESHOLDS = {
    "join_weight": 6.0,  # a record joins a number
    "join_margin": 5.0,  # and is so much better than the next number
    "group_weight": 8.0,  # records without a number are one person
    "other_group_weight": 1.0,  # the same, by a model trained on the records themselves
    "review_weight": 4.0,  # worth a reviewer's time
    "unlike_weight": -20.0,  # worth keeping, so that it can count against a group
    "certain_weight": 60.0,  # what equal names, birth date and home count for
}

STANDARD_CSV = (
    "read_csv(?, header = true, all_varchar = true, nullstr = '', delim = ',', quote = '\"', escape = '\"')"
)
# Table, its columns, and the file of the standards it is read from.
STANDARD_TABLES = {
    "number_range": (
        "first_stem::integer as first_stem, last_stem::integer as last_stem, english",
        "nhs_number_ranges.csv",
    ),
    "number_state": ("number_state, set_aside = 'yes' as set_aside, meaning, next_step", "number_states.csv"),
    "trace_code": ("code, answer_class, meaning", "trace_answer_codes.csv"),
    "comparable_gender": ("value, comparable", "comparable_gender.csv"),
    "identity_rule": ("rule, stage, pass::integer as pass, words", "identity_rules.csv"),
    "review_reason": ("reason, next_step", "review_reasons.csv"),
}


class TraceAnswerError(ValueError):
    """A trace answer holds an unknown code; the message names file, row, code and next step."""


class NeverByMachineError(RuntimeError):
    """The finished index breaks a rule that no machine may break; nothing was written."""


def load_standards(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the small tables of codes, ranges, rules and first-name forms that the stages join."""
    for table, (columns, file) in STANDARD_TABLES.items():
        connection.execute(
            f"create or replace temp table {table} as select {columns} from {STANDARD_CSV}",
            [str(PDS / file)],
        )
    connection.execute(
        "create or replace temp table first_name_form as "
        "select name, list(full_name order by full_name) as full_names "
        f"from {STANDARD_CSV} group by name",
        [str(PDS / "first_name_equivalents.csv")],
    )
    connection.execute("set variable known_names = (select list(name order by name) from first_name_form)")
    connection.execute(
        """
        set variable everyday_names = (
            select map_from_entries(list((full_name, names) order by full_name))
            from (
                select full_name, list(name order by name) as names
                from (select name, unnest(full_names) as full_name from first_name_form)
                group by full_name
            )
        )
        """
    )


def run_sql_files(
    connection: duckdb.DuckDBPyConnection, folder: Path, *, start: str = "", before: str = "99"
) -> None:
    """Run a folder's SQL files in the order of their numbers, those from `start` and below `before` only."""
    for path in sorted(folder.glob("*.sql")):
        if start <= path.name < before:
            connection.execute(path.read_text(encoding="utf-8"))


def refuse_unknown_trace_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise TraceAnswerError at the first answer whose code is not in the list of answer codes."""
    found = connection.execute(
        """
        select a._source_file, a._source_row, a.error_success_code, count(*) over ()
        from trace_response as a
        left join trace_code as k on trim(a.error_success_code) = k.code
        where k.code is null
        order by a._extract_id nulls last, a._source_file nulls last, a._source_row nulls last
        limit 1
        """
    ).fetchone()
    if found is None:
        return
    file, row, code, rows = found
    # A shifted column may hold a name where the code should stand.
    shown = f"'{code}'" if code and re.fullmatch(r"[0-9A-Za-z]{1,2}", code) else "(not a code)"
    raise TraceAnswerError(
        f"{file}, row {row}: trace answer code {shown} is not known ({rows} such rows). "
        "Nothing was linked. Codes have two digits: check that no spreadsheet dropped a leading zero and "
        "that the columns are in place. If PDS has a new code, add it with its meaning to "
        "data/standards/pds/trace_answer_codes.csv."
    )


def prepare_stages(
    connection: duckdb.DuckDBPyConnection, *, synthetic: bool, population: str = "person_record"
) -> None:
    """Load what the stages look up, and refuse trace answers that hold an unknown code.

    `population` is the table that says how common a name is.
    """
    load_standards(connection)
    run_sql_files(connection, STAGES, before="10")
    create_term_tables(connection, read_model(), population)
    connection.execute(
        "create temp table if not exists parted_pair (person_record_key varchar, other_record_key varchar)"
    )
    refuse_unknown_trace_codes(connection)
    connection.execute("set variable is_synthetic = ?", [synthetic])
    for name, value in THRESHOLDS.items():
        connection.execute(f"set variable {name} = ?", [value])


def decide_numbers(connection: duckdb.DuckDBPyConnection, *, synthetic: bool) -> None:
    """Run the stages up to the decision on every record's number (clean, number, trace, cross-check)."""
    prepare_stages(connection, synthetic=synthetic)
    run_sql_files(connection, STAGES, start="10", before="45")


def index_person_records(
    connection: duckdb.DuckDBPyConnection,
    *,
    synthetic: bool,
    key: str,
    other_columns: Sequence[str] = (),
    is_prepared: bool = False,
    is_told: bool = True,
) -> None:
    """Create the tables of a finished person index from the three input tables in the connection.

    Input: person_record, person_record_variant, trace_response and, where a reviewer has parted records,
    parted_pair. `is_prepared` says that prepare_stages has run, with its population. Results: person_link and
    (not yet where `is_told` is false) person, person_identifier, number_quarantine, review and conflict.
    Raises TraceAnswerError, PersonKeyError or NeverByMachineError.
    """
    key = checked_person_key(key, synthetic=synthetic)
    if not is_prepared:
        prepare_stages(connection, synthetic=synthetic)
    connection.execute("set variable person_key = ?", [key])
    connection.execute("set variable is_person_shaped = ?", [not other_columns])
    try:
        run_sql_files(connection, STAGES, start="10", before="60")
        if other_columns:
            from orchestration.identity.any_columns import score_other_columns

            score_other_columns(connection, other_columns, THRESHOLDS["unlike_weight"])
        else:
            run_sql_files(connection, STAGES, start="60", before="65")
            score_candidates(connection, THRESHOLDS["review_weight"])
        run_sql_files(connection, STAGES, start="65", before="80")
        group_numberless(connection, THRESHOLDS["other_group_weight" if other_columns else "group_weight"])
        run_sql_files(connection, STAGES, start="80", before="99" if is_told else "82")
    finally:
        connection.execute("reset variable person_key")
    refuse_forbidden_joins(connection)


def refuse_forbidden_joins(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise NeverByMachineError if a person has two numbers, a number two persons, a record not one link."""
    checks = {
        "a person holds two different verified numbers": """
            select count(*) from (
                select l.person_key
                from person_link as l
                inner join traced_number as t on l.person_record_key = t.person_record_key
                where l.is_verified
                group by l.person_key having count(distinct t.number) > 1
            )""",
        # PDS says the number is its own, the record does not look it: whose it is, a person must say.
        "a record whose confirmed number was refused joined another number": """
            select count(*)
            from person_link as l
            inner join traced_number as t on l.person_record_key = t.person_record_key
            where t.is_by_number and not t.is_accepted and l.number is not null""",
        # Trusted without a trace: well formed, and not shown by the cross-check to be somebody else's.
        "a person holds two different trusted numbers": """
            select count(*) from (
                select l.person_key
                from person_link as l
                inner join number_decision as d on l.person_record_key = d.person_record_key
                where d.number is not null or d.is_contested
                group by l.person_key having count(distinct coalesce(d.number, d.refused_number)) > 1
            )""",
        "a number stands for two persons": """
            select count(*) from (
                select number from person_link
                where number is not null
                group by number having count(distinct person_key) > 1
            )""",
        "records that a reviewer has parted are one person": """
            select count(*)
            from parted_pair as p
            inner join person_link as a on p.person_record_key = a.person_record_key
            inner join person_link as b on p.other_record_key = b.person_record_key
            where a.person_key = b.person_key""",
        "two persons have the same key": """
            select count(*) from (
                select person_key from person_link group by person_key having count(distinct anchor) > 1
            )""",
        "a record has no link or several": """
            select count(*) from (
                select r.person_record_key
                from person_record as r
                left join person_link as l on r.person_record_key = l.person_record_key
                group by r.person_record_key
                having count(l.person_record_key) <> 1 or count(*) <> 1
            )""",
    }
    for rule, query in checks.items():
        row = connection.execute(query).fetchone()
        if row and row[0]:
            raise NeverByMachineError(
                f"The person index was not written: {rule} ({row[0]} times). This is a fault of the index "
                "or of a person record key that stands twice in its input. Please report it."
            )
