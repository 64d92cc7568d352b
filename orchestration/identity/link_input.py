"""Reads what `returns link` is given: any table of person records, and trace answers of three layouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl

from orchestration.extracts.csv_scan import scan_csv
from orchestration.extracts.parquet_text import parquet_to_text
from orchestration.extracts.problems import Refused, load_rules, make_problem
from orchestration.extracts.profile import PROVENANCE, load_profile, read_rows
from orchestration.extracts.text_columns import BAR, ROW
from orchestration.identity.connection import quoted
from orchestration.identity.linking import PDS

RECORD_ID = "record_id"
KNOWN_COLUMNS = (
    RECORD_ID,
    "source",
    "nhs_number",
    "nhs_number_status",
    "given_name",
    "family_name",
    "former_family_name",
    "preferred_name",
    "date_of_birth",
    "gender",
    "postcode",
    "address_line",
    "other_identifier",
    "deceased_date",
    "first_seen",
    "last_seen",
)
EXTRA = "extra_"
SHOWN = 5
# What the stages use of an answer. Address lines, GP and contacts are not even read.
ANSWER_COLUMNS = {
    "unique_reference",
    "req_nhs_number",
    "family_name",
    "given_name",
    "other_given_name",
    "gender",
    "date_of_birth",
    "date_of_death",
    "postcode",
    "as_at_date",
    "sensitivty_flag",
    "error_success_code",
    "matched_nhs_no",
    "matched_algorithm_indicator",
    "matched_confidence_percentage",
}
DBS_COLUMNS = {
    0: "status",
    1: "unique_reference",
    3: "matched_nhs_no",
    4: "date_of_birth",
    8: "family_name",
    10: "given_name",
    12: "gender",
    18: "postcode",
}


class LinkInputError(ValueError):
    """A file given to `returns link` cannot be used; the message names file, rows and next step.

    Never a value.
    """


def _open_text(path: Path) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    """Return a CSV or Parquet file as text columns named by position, and its headers."""
    if not path.is_file():
        raise LinkInputError(f"There is no file {path}.")
    try:
        with path.open("rb") as handle:
            is_parquet = handle.read(4) == b"PAR1"
        if is_parquet:
            columns = parquet_to_text(path)
            return columns.lazy.drop(BAR, ROW), columns.headers
        shape = scan_csv(path)
        names = [f"{i}" for i in range(len(shape.header))]
        return pl.scan_csv(path, infer_schema=False, new_columns=names, glob=False).head(
            shape.rows
        ), shape.header
    except Refused as refused:
        rule = load_rules()[refused.rule_id]
        problem = make_problem(rule, path.name, refused.row, refused.field, "", **refused.details)
        where = f"{path.name}, row {refused.row}" if refused.row else path.name
        raise LinkInputError(f"{where}: {problem.message} {problem.next_step}") from None


def read_records(path: Path, columns: Mapping[str, str], scratch: Path) -> tuple[Path, list[str]]:
    """Write the records as one Parquet file of text under our names, with their row.

    Return it and the extra columns.
    """
    lazy, headers = _open_text(path)
    chosen: dict[str, int] = {}
    for position, header in enumerate(headers):
        name = columns.get(header.strip().lower(), header.strip().lower())
        if name in KNOWN_COLUMNS or name.startswith(EXTRA):
            if name in chosen:
                raise LinkInputError(
                    f"{path.name}: two columns are both {name}. Rename one, or map it with --columns."
                )
            chosen[name] = position
    if RECORD_ID not in chosen:
        raise LinkInputError(
            f"{path.name} has no column record_id. Every row needs a key of its own; "
            "name the column that holds it with --columns record_id=<its header>."
        )
    texts = [pl.col(f"{position}").str.strip_chars().alias(name) for name, position in chosen.items()]
    table = lazy.select(texts).with_row_index("row", offset=1)
    target = scratch / "records.parquet"
    table.sink_parquet(target, compression="uncompressed", maintain_order=True)
    return target, sorted(name for name in chosen if name.startswith(EXTRA))


def create_link_tables(connection: duckdb.DuckDBPyConnection, records: Path, shown: str) -> None:
    """Create person_record and person_record_variant from the records read.

    Raises LinkInputError for bad keys.
    """
    source = f"read_parquet({quoted(records)})"
    found = [row[0] for row in connection.execute(f"describe select * from {source}").fetchall()]
    cells = ", ".join(
        f"nullif({name}, '') as {name}" if name in found else f"null::varchar as {name}"
        for name in KNOWN_COLUMNS
    )
    extras = "".join(f', nullif("{name}", \'\') as "{name}"' for name in found if name.startswith(EXTRA))
    connection.execute(
        f"create or replace temp view given_record as select row, {cells}{extras} from {source}"
    )
    for problem, query in {
        "have no record_id": "select row from given_record where record_id is null order by row",
        "have a record_id that another row has": (
            "select row from given_record where record_id in "
            "(select record_id from given_record group by record_id having count(*) > 1) order by row"
        ),
    }.items():
        rows = [row[0] for row in connection.execute(query).fetchall()]
        if rows:
            named = ", ".join(str(row) for row in rows[:SHOWN]) + (" and more" if len(rows) > SHOWN else "")
            raise LinkInputError(
                f"{shown}: {len(rows)} rows {problem} (data rows {named}). "
                "Give every row a key of its own; nothing was linked."
            )
    every = ", ".join(f'"{name}"' for name in sorted({*KNOWN_COLUMNS, *found} - {"row"}))
    connection.execute(
        f"""
        create or replace temp table person_record as
        select
            g.row,
            hash({every}) as row_hash,
            g.record_id as person_record_key,
            coalesce(g.source, 'records') as sender_id,
            'record' as source_class,
            g.record_id as local_person_id,
            g.nhs_number,
            g.nhs_number_status,
            g.family_name,
            g.given_name,
            g.former_family_name,
            g.preferred_name,
            read_date(g.date_of_birth) as date_of_birth,
            c.comparable as gender,
            g.postcode,
            g.address_line,
            null::varchar as gp_practice,
            read_date(g.deceased_date) as deceased_date,
            read_date(g.first_seen) as first_seen,
            read_date(g.last_seen) as last_seen
        from given_record as g
        left join comparable_gender as c on lower(trim(g.gender)) = c.value
        """
    )
    connection.execute(
        "create or replace temp table person_record_variant "
        "(person_record_key varchar, field varchar, value varchar)"
    )


def _by_name(headers: Sequence[str]) -> dict[str, int]:
    """Return where each answer column stands, by its header or one of its other spellings."""
    spellings: dict[str, str] = {}
    for row in read_rows(PDS / "trace_response_columns.csv"):
        for spelling in [row["column"], *row["aliases"].split("|")]:
            spellings[spelling.replace(" ", "_").upper()] = row["column"].lower()
    found: dict[str, int] = {}
    for position, header in enumerate(headers):
        name = spellings.get(header.strip().replace(" ", "_").upper())
        if name in ANSWER_COLUMNS:
            found.setdefault(name, position)
    return found


def _is_dbs(headers: Sequence[str], statuses: set[str]) -> bool:
    return len(headers) > max(DBS_COLUMNS) and headers[0].strip() in statuses


def read_trace(connection: duckdb.DuckDBPyConnection, path: Path | None, scratch: Path) -> None:
    """Create trace_response from answers by header name (MPS, PDS MESH) or in the DBS positions.

    Empty without. It is a view of given_answer, which keeps every answer where a run cuts them.
    """
    kinds = {c.name: "varchar" for c in load_profile().classes["trace_response"].columns} | PROVENANCE
    if path is None:
        columns = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
        connection.execute(f"create or replace temp table given_answer ({columns})")
        connection.execute("create or replace temp view trace_response as select * from given_answer")
        return
    lazy, headers = _open_text(path)
    dbs = {row["code"]: row for row in read_rows(PDS / "dbs_trace_status.csv")}
    if _is_dbs(headers, set(dbs)):
        # No header row: what was taken for one is the first answer.
        first = pl.LazyFrame(
            {f"{i}": [cell or None] for i, cell in enumerate(headers)},
            schema_overrides={f"{i}": pl.String for i in range(len(headers))},
        )
        answers = pl.concat([first, lazy.select(pl.all().cast(pl.String))]).select(
            pl.col(f"{position}").alias(name) for position, name in DBS_COLUMNS.items()
        )
        unknown = answers.filter(~pl.col("status").str.strip_chars().is_in(list(dbs))).collect().height
        if unknown:
            raise LinkInputError(
                f"{path.name}: {unknown} answers hold a DBS trace status that is not known; nothing was "
                "linked. If the service has a new status, add it with its meaning to "
                "data/standards/pds/dbs_trace_status.csv."
            )
        status = pl.col("status").str.strip_chars()
        answers = answers.with_columns(
            error_success_code=status.replace_strict({code: row["answer_code"] for code, row in dbs.items()}),
            matched_algorithm_indicator=status.replace_strict(
                {code: row["algorithm"] for code, row in dbs.items()}
            ),
        ).drop("status")
    else:
        places = _by_name(headers)
        missing = [c for c in ("unique_reference", "error_success_code") if c not in places]
        if missing:
            raise LinkInputError(
                f"{path.name} is no trace answer file: it has no column {' and no column '.join(missing)}, "
                "and its first row is no DBS answer. Give the answer file with its header row as the "
                "service sent it."
            )
        answers = lazy.select(pl.col(f"{position}").alias(name) for name, position in places.items())
    target = scratch / "trace.parquet"
    names = answers.collect_schema().names()
    answers.with_row_index("_source_row", offset=2).sink_parquet(
        target, compression="uncompressed", maintain_order=True
    )
    cells = {name: f"null::{kind}" for name, kind in kinds.items()} | {name: name for name in names}
    cells |= {
        "unique_reference": "trim(unique_reference)",
        "_source_file": "'" + path.name.replace("'", "''") + "'",
        "_source_row": "_source_row",
        "_extract_id": "'trace'",
    }
    if "as_at_date" in names:
        cells["_as_at"] = "try_strptime(trim(as_at_date), ['%Y%m%d', '%Y-%m-%d'])"
    read = ", ".join(f"({cell})::{kinds[name]} as {name}" for name, cell in cells.items())
    source = f"select {read} from read_parquet({quoted(target)})"
    if "req_nhs_number" in names:
        connection.execute(f"create or replace temp view given_answer as {source}")
    else:
        # A DBS answer does not repeat the number asked about: it is the one the record carries.
        connection.execute(
            "create or replace temp table given_answer as "
            f"select a.* replace (p.nhs_number as req_nhs_number) from ({source}) as a "
            "left join person_record as p on a.unique_reference = p.person_record_key"
        )
    connection.execute("create or replace temp view trace_response as select * from given_answer")
