"""Opens one table of Client Level Data for judging: a file as it was submitted, or a store of submissions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from orchestration.extracts.judging import OpenExtract
from orchestration.extracts.manifest import Manifest
from orchestration.extracts.manifest_fields import ENDINGS
from orchestration.extracts.problems import ProblemLog, Refused
from orchestration.extracts.profile import STANDARDS, Column, ExtractProfile, RecordClass, read_rows
from orchestration.extracts.readers import open_table

SUBMISSION, STORE = "cld_submission", "cld_store"
STORE_MARK = "importdate"
_TYPES = {
    "bigint": "integer",
    "integer": "integer",
    "date": "date",
    "timestamp": "datetime",
    "varchar": "text",
}
# No as-at time is known of a bare table, so nothing in it is judged to lie in the future.
_NO_AS_AT = datetime(2200, 1, 1)


def is_table(path: Path) -> bool:
    """Return whether a path is one data file rather than an extract."""
    return path.is_file() and path.suffix.lower() in ENDINGS


def open_alone(path: Path, profile: ExtractProfile, scratch: Path, log: ProblemLog) -> OpenExtract:
    """Return a table as an extract of one class. Raises Refused when its bytes cannot be trusted."""
    format_, record_class = ENDINGS[path.suffix.lower()], store_class()
    try:
        # A first look that keeps its findings to itself: it may be the wrong class.
        first = open_table(path, path.name, format_, record_class, scratch, ProblemLog(log.rules))
        is_store = STORE_MARK not in first.missing
    except Refused:
        is_store = False
    if not is_store:
        record_class = profile.classes[SUBMISSION]
    table = open_table(path, path.name, format_, record_class, scratch, log)
    manifest = Manifest(profile.version, {}, {}, None, _NO_AS_AT, ())
    known = replace(profile, classes=profile.classes | {record_class.name: record_class})
    return OpenExtract(manifest, known, {record_class.name: table})


def store_class() -> RecordClass:
    """Return a store of submissions as a class of records, by the names and types of the national store."""
    columns = []
    for row in read_rows(STANDARDS / "cld" / "store_columns.csv"):
        name = row["column"].lower()
        is_key = name == "der_unique_record_id"
        needed = name in ("der_unique_record_id", "la_code", "la_name", STORE_MARK)
        columns.append(
            Column(
                name=name,
                element=row["column"],
                type="key" if is_key else _TYPES.get(row["type"], "decimal"),
                occurs="1..1" if needed else "0..1",
                code_list="",
                identifying="nhs_number" in name,
                references="",
                aliases=(),
                max_length=None,
                evidence="READ",
                source="national store",
                note="",
            )
        )
    return RecordClass(
        STORE, "Store of submissions", "council", "one row per row of every submission", "",
        "la_person_unique_identifier", "READ", tuple(columns),
    )  # fmt: skip
