"""Submissions as a council made them, brought to the shape of the national store.

A council's file has the headers of the specification, names and NHS numbers; the store has pseudonyms in
their place, ages and the time of import. `Der_Conversation` stays empty: how it is derived was not found.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import polars as pl

from orchestration.extracts.profile import STANDARDS, RecordClass, load_profile, normalise_header, read_rows
from orchestration.extracts.receipts import loaded_files
from orchestration.extracts.values import check_digit_right, nhs_digits
from orchestration.warehouse.table_files import StoreError

SUBMISSION = "cld_submission"
COUNCILS = "REF_ONS_Codes_LA_Region_Lookup.csv"
IMPORTED, SENDER = "import_time", "_sender_id"
_STORE_TYPES: dict[str, pl.DataType] = {
    "bigint": pl.Int64(),
    "integer": pl.Int32(),
    "varchar": pl.String(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
    "decimal(18,2)": pl.Decimal(18, 2),
}
STORE_COLUMNS = STANDARDS / "cld" / "store_columns.csv"


def submission_class() -> RecordClass:
    """Return the class of the extract profile that a submitted file belongs to."""
    return load_profile().classes[SUBMISSION]


def is_submitted_file(path: Path) -> bool:
    """Return whether a table has the headers of the specification and not those of the store.

    A file that cannot be read has neither: whoever reads it as a store says so.
    """
    try:
        if path.suffix.lower() == ".csv":
            headers = pl.scan_csv(path, infer_schema=False).collect_schema().names()
        elif path.suffix.lower() == ".parquet":
            headers = pl.scan_parquet(path).collect_schema().names()
        else:
            return False
    except pl.exceptions.PolarsError:
        return False
    found = {normalise_header(h) for h in headers}
    return {"la_code", "event_type"} <= found and "importdate" not in found


def read_submitted_file(path: Path, imported: date) -> pl.DataFrame:
    """Return a submitted file under the names of the profile, as if it was imported on a day.

    Raises StoreError for a file that is no table, and with every column whose values cannot be read.
    """
    try:
        if path.suffix.lower() == ".csv":
            raw = pl.read_csv(path, infer_schema=False)
        else:
            raw = pl.read_parquet(path).with_columns(pl.all().cast(pl.String))
    except pl.exceptions.PolarsError as error:
        # The parser's own words may quote a row.
        raise StoreError(f"{path.name} cannot be read as a table ({type(error).__name__})") from None
    record_class = submission_class()
    names = {h: column.name for h in raw.columns if (column := record_class.column_for(h))}
    texts = raw.select(pl.col(h).str.strip_chars().replace("", None).alias(n) for h, n in names.items())
    typed, wrong = [], []
    for column in record_class.columns:
        if column.name not in texts.columns:
            typed.append(pl.lit(None, column.polars_type).alias(column.name))
            continue
        cast = pl.col(column.name).cast(column.polars_type, strict=False)
        if column.type == "date":
            cast = pl.col(column.name).str.to_date("%Y-%m-%d", strict=False)
        unread = texts.select((pl.col(column.name).is_not_null() & cast.is_null()).sum()).item()
        if unread:
            wrong.append(f"{column.element}: {unread} value(s) that are no {column.type}")
        typed.append(cast.alias(column.name))
    if wrong:
        raise StoreError(f"{path.name} cannot be read; dates are written 2025-04-01. " + "; ".join(wrong))
    when = datetime(imported.year, imported.month, imported.day)
    return texts.select(typed).with_columns(pl.lit(when, pl.Datetime("us")).alias(IMPORTED))


def read_landed_submissions(client_id: str, lake: Path) -> pl.DataFrame:
    """Return every loaded row of every submission of a client, imported when its extract was made.

    Raises StoreError when none was loaded.
    """
    files = loaded_files(client_id, lake).get(SUBMISSION, [])
    if not files:
        raise StoreError(
            f"no submission of client '{client_id}' is in the lake. Hand over each Client Level Data file as"
            f" it was submitted in an extract, as class {SUBMISSION}, and run: returns run --client"
            f" {client_id}. Or name a store with --cld-store."
        )
    frames = [pl.read_parquet(file).rename({"_as_at": IMPORTED}) for file in files]
    return pl.concat(frames).select([c.name for c in submission_class().columns] + [IMPORTED, SENDER])


def people_of_index(client_id: str, lake: Path) -> pl.DataFrame:
    """Return the person key of every local person id of a client: sender, local id, person key.

    Raises StoreError when the person index has not been made.
    """
    link = lake / "identity" / client_id / "link.parquet"
    if not link.is_file():
        raise StoreError(
            f"client '{client_id}' has no person index yet; first: returns run --client {client_id}"
        )
    links = pl.read_parquet(link, columns=["sender_id", "local_person_id", "person_key"])
    # Two person records of one local id are two people to the index and cannot be told apart here.
    return (
        links.unique()
        .group_by("sender_id", "local_person_id")
        .agg(pl.when(pl.len() == 1).then(pl.col("person_key").first()).alias("person_key"))
    )


def write_store(
    rows: pl.DataFrame, lookups: Path, secret: bytes, target: Path, people: pl.DataFrame | None = None
) -> Path:
    """Write submitted rows as a store of submissions and return its path.

    With `people` (see people_of_index) a person is whom the person index says; otherwise whom DHSC says.

    A valid NHS number becomes a keyed pseudonym, as traced and as submitted alike: which ones were traced is
    not known.
    """
    record_class = submission_class()
    number = nhs_digits(pl.col("nhs_number"))
    numbers = rows.select(pl.when(check_digit_right(number)).then(number).alias("number"))["number"]
    pseudonyms = {
        n: hmac.new(secret, str(n).encode(), hashlib.sha256).hexdigest().upper()
        for n in numbers.drop_nulls().unique().to_list()
    }
    pseudonym = numbers.replace_strict(pseudonyms, default=None, return_dtype=pl.String).alias("pseudonym")
    if people is not None:
        keys = rows.select(
            sender_id=SENDER, local_person_id="la_person_unique_identifier", own=pseudonym
        ).join(people, on=["sender_id", "local_person_id"], how="left", maintain_order="left")
        pseudonym = keys.select(pl.coalesce("person_key", "own").alias("pseudonym"))["pseudonym"]
    names = _council_names(lookups)
    born, start = pl.col("date_of_birth"), pl.col("event_start_date")
    before_birthday = start.dt.strftime("%m%d") < born.dt.strftime("%m%d")
    council = pl.col("la_code").replace_strict(names, default=None, return_dtype=pl.String)
    derived = {
        "Der_Unique_Record_ID": pl.int_range(1, pl.len() + 1),
        "LA_Name": pl.coalesce(council, pl.lit("council ") + pl.col("la_code")),
        "ImportDate": pl.col(IMPORTED),
        "Der_NHS_Number_Traced_Pseudo": pl.col("pseudonym"),
        "Der_NHS_Number_Pseudo": pl.col("pseudonym"),
        "Der_Birth_Year": born.dt.year(),
        "Der_Birth_Month": born.dt.month(),
        "Der_Age_Event_Start_Date": start.dt.year() - born.dt.year() - before_birthday.cast(pl.Int32),
    }
    columns = []
    for row in _store_columns():
        name = row["column"]
        ours = record_class.column_for(name)
        value = derived.get(name, pl.col(ours.name) if ours else pl.lit(None))
        columns.append(value.cast(_STORE_TYPES[row["type"]], strict=False).alias(name))
    rows.with_columns(pseudonym).select(columns).write_parquet(target)
    target.chmod(0o600)
    return target


def _store_columns() -> Sequence[Mapping[str, str]]:
    return read_rows(STORE_COLUMNS)


def _council_names(lookups: Path) -> dict[str, str]:
    path = lookups / COUNCILS
    return {row["LA_Code"]: row["LA_Name"] for row in read_rows(path)} if path.is_file() else {}
