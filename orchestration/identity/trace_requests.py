"""Trace requests: the file a person carries to the batch tracing service, with the allowed columns only."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from orchestration.extracts.places import staging_folder
from orchestration.extracts.profile import read_rows
from orchestration.identity.connection import private_connection
from orchestration.identity.linking import PDS, decide_numbers, run_sql_files
from orchestration.identity.person_records import create_person_records, loaded_files

REQUESTS = Path(__file__).parent / "requests"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

# What we fill of the allowed columns. The rest of a layout stays empty: nobody needs it to find the person.
FILLED = {
    "UNIQUE REFERENCE": "person_record_key",
    "NHS_NO": "number",
    "FAMILY_NAME": "family_name",
    "GIVEN_NAME": "given_name",
    "GENDER": "gender",
    "DATE_OF_BIRTH": "birth_date",
    "POST_CODE": "postcode",
    "POSTCODE": "postcode",
}


class TraceRequestError(ValueError):
    """The trace request cannot be written; the message says why."""


@dataclass(frozen=True)
class TraceRequest:
    """A written trace request: where it is, and how many records it asks about or leaves out, and why."""

    path: Path
    needed: int
    answered: int
    not_required: int
    too_little: int


def _columns(layout: str) -> list[str]:
    rows = read_rows(PDS / "trace_request_columns.csv")
    columns = [r["column"] for r in rows if r["layout"] == layout]
    if not columns:
        known = ", ".join(sorted({r["layout"] for r in rows}))
        raise TraceRequestError(f"There is no trace request layout '{layout}'. Known layouts: {known}.")
    return columns


def write_trace_request(
    client_id: str,
    lake: Path,
    out: Path,
    layout: str = "pds_mesh",
    *,
    synthetic: bool,
    threads: int = 2,
    memory_limit: str = "4GB",
) -> TraceRequest:
    """Write the records that need a trace as a CSV file for the owner only; return what went in and what not.

    A record needs a trace when no answer about its present number has settled it. The unique reference of a
    row is the person record key, so that the answer finds its record again.
    """
    columns = _columns(layout)
    chosen = ", ".join(FILLED.get(column, "null") for column in columns)
    out.parent.mkdir(parents=True, exist_ok=True)
    with staging_folder(out.parent) as folder:
        with private_connection(folder, threads, memory_limit) as connection:
            create_person_records(connection, loaded_files(client_id, lake))
            decide_numbers(connection, synthetic=synthetic)
            run_sql_files(connection, REQUESTS)
            counts = dict(
                connection.execute("select need, count(*) from trace_request group by need").fetchall()
            )
            rows = connection.execute(
                f"select {chosen} from trace_request where need = 'needed' order by person_record_key"
            )
            beside = folder / out.name
            with beside.open("w", encoding="utf-8", newline="") as handle:
                writer = csv.writer(handle, lineterminator="\n")
                writer.writerow(columns)
                while batch := rows.fetchmany(10_000):
                    unsafe = sum(
                        1 for row in batch for cell in row if cell and cell.startswith(FORMULA_STARTS)
                    )
                    if unsafe:
                        raise TraceRequestError(
                            f"{unsafe} record keys begin with a character that spreadsheets take for "
                            "a formula. Nothing was written; give those records other keys."
                        )
                    writer.writerows(batch)
        beside.chmod(0o600)
        beside.replace(out)
    return TraceRequest(
        path=out,
        needed=counts.get("needed", 0),
        answered=counts.get("answered", 0),
        not_required=counts.get("not_required", 0),
        too_little=counts.get("too_little", 0),
    )
