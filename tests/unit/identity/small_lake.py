"""A lake with a few loaded rows, as the load step would have written them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.extracts.profile import load_profile
from orchestration.extracts.receipts import LoadReceipt, write_receipt
from tests.spec.identity.small_people import read_table

# Short headings of the drawn tables.
SHORT = {
    "uid": "record_uid",
    "v": "version_number",
    "person": "subject_of_care_id",
    "la_person": "la_person_unique_identifier",
    "number": "nhs_number",
    "given": "person_first_name",
    "family": "person_family_name",
    "born": "date_of_birth",
    "status": "nhs_number_status_indicator",
    "started": "event_start_date",
    "address": "address_line_1",
    "record": "unique_reference",
    "asked": "req_nhs_number",
    "code": "error_success_code",
    "answered": "matched_nhs_no",
    "step": "matched_algorithm_indicator",
}
PROVENANCE = {
    "_sender_id": pl.String,
    "_extract_id": pl.String,
    "_as_at": pl.Datetime("us"),
    "_source_file": pl.String,
    "_source_row": pl.Int64,
    "_record_key": pl.String,
    "_overflow": pl.String,
}


def _typed(value: str | None, kind: Any) -> Any:
    if value is None or kind == pl.String:
        return value
    if kind == pl.Date:
        return date.fromisoformat(value)
    if kind == pl.Datetime("us"):
        return datetime.fromisoformat(value)
    return int(value)


def load_rows(
    lake: Path, client: str, sender: str, extract: str, name: str, table: str, as_at: str = "2026-10-11"
) -> None:
    """Write the rows of a drawn table as one loaded class of one extract."""
    columns = {c.name: c.polars_type for c in load_profile().classes[name].columns} | PROVENANCE
    rows = []
    for n, drawn in enumerate(read_table(table), start=2):
        row = {SHORT.get(heading, heading): value for heading, value in drawn.items()}
        key = row.get("unique_reference") or row["record_uid"]
        added = {
            "_sender_id": sender,
            "_extract_id": extract,
            "_as_at": as_at,
            "_source_file": f"{name}.csv",
            "_source_row": str(n),
            "_record_key": f"{sender}:{name}:{key}",
        }
        rows.append({c: _typed((row | added).get(c), kind) for c, kind in columns.items()})
    folder = lake / "loaded" / client / extract
    folder.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, schema=columns).write_parquet(folder / f"{name}.parquet")
    manifest = {"sender": {"id": sender}, "as_at": f"{as_at}T12:00:00Z"}
    write_receipt(LoadReceipt(client, extract, "1.0.0", manifest, ()), folder)


def small_lake(lake: Path, reverse: bool = False) -> None:
    """Write a provider, a council and trace answers about five people; `reverse` turns the rows about."""

    def rows(text: str) -> str:
        header, *lines = text.strip().splitlines()
        return "\n".join([header, *(lines[::-1] if reverse else lines)])

    load_rows(
        lake, "oakshire", "fern_care", "e1", "subject_of_care",
        rows("""
            uid | v | person | number | given | family | born | sex | postcode | address
            u1 | 1 | p1 | 9990000018   | Margaretta | Quillfeather | 1940-02-13 | 2 | ZQ1 1AA | 1 Fen Road
            u2 | 1 | p2 |              | Leofric    | Ashbottom    | 1951-09-30 | 1 | ZQ1 1AB | 2 Fen Road
            u3 | 1 | p3 | 9990000027   | Ottoline   | Brackwater   | 1937-05-06 | 2 | ZQ1 1AC | 3 Fen Road
            u4 | 1 | p4 | 9999999999   | Peregrine  | Sallowfield  | 1944-12-31 | 1 | ZQ1 1AD | 4 Fen Road
            u5 | 1 | p5 | 999 000 0034 | Hepzibah   | Thistlewick  | 1929-03-08 | 2 | ZQ1 1AE | 5 Fen Road
        """),
    )  # fmt: skip
    load_rows(
        lake, "oakshire", "oakshire_council", "e2", "cld_service",
        rows("""
            uid | v | la_person | number | first_name | last_name | born | gender | postcode | started
            s1 | 1 | la1 | 9990000018 | Margaretta | Quillfeather | 1940-02-13 | Female | ZQ1 1AA | 2025-04-01
            s2 | 1 | la2 |            | Leofric    | Ashbottom    | 1951-09-30 | Male   | ZQ1 1AB | 2025-05-01
            s3 | 1 | la3 |            | Ottoline   | Brackwater   | 1937-05-06 | Female | ZQ1 1AC | 2025-06-01
            s4 | 1 | la3 |            | Ottoline   | Brackwater   | 1937-06-05 | Female | ZQ1 1AC | 2025-01-01
        """),
    )  # fmt: skip
    load_rows(
        lake, "oakshire", "tracing", "e3", "trace_response",
        rows("""
            record | asked | code | answered | step | family_name | given_name | born | postcode
            fern_care:p1 | 9990000018 | 00 | 9990000018 | 1 | QUILLFEATHER | MARGARETTA | 19400213 | ZQ1 1AA
            oakshire_council:la3 | | 00 | 9990000042 | 3 | BRACKWATER | OTTOLINE | 19370506 | ZQ1 1AC
            fern_care:p5 | 9990000034 | 98 | 0000000000 | 0 | | | |
        """),
    )  # fmt: skip


# Every identifying value of the small lake; none may ever be printed, logged or summarised.
IDENTIFYING = [
    "margaretta", "quillfeather", "leofric", "ashbottom", "ottoline", "brackwater", "peregrine",
    "sallowfield", "hepzibah", "thistlewick", "zq1", "fen road", "9990000018", "9990000027",
    "9999999999", "9990000034", "999 000 0034", "9990000042",
    "1940-02-13", "19400213", "1951-09-30", "1937-05-06", "1937-06-05",
]  # fmt: skip
