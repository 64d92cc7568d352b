"""A tiny good extract of two people, made so that a test can plant one fault in it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

NHS_NUMBER = "9990000182"
NAME, FAMILY = "Quenby", "Thistlewaite"

PERSON = {
    "record_uid": "soc-1", "version_number": "1", "subject_of_care_id": "P1", "nhs_number": NHS_NUMBER,
    "person_first_name": NAME, "person_family_name": FAMILY, "date_of_birth": "1940-02-29",
    "gender_identity": "2", "ethnicity": "A", "sexual_orientation": "1", "postcode": "LS1 4AP",
    "local_authority": "503",
}  # fmt: skip
HOME = {
    "record_uid": "loc-1", "version_number": "1", "cqc_location_id": "1-900000001",
    "cqc_location_name": "Oakfield House", "care_setting": "care_home",
}  # fmt: skip
SERVICE = {
    "record_uid": "ser-1", "version_number": "1", "subject_of_care": "P1", "care_provider": "1-900000001",
    "service_start_date": "2026-01-05", "service_end_date": "", "care_funding_source": "local_authority",
    "unit_cost": "812.50", "regulated_care": "Yes", "service_description": "Residential care",
}  # fmt: skip
ALERT = {
    "record_uid": "alt-1", "version_number": "1", "subject_of_care": "P1",
    "alert_start_date": "2026-05-01T09:30:00Z", "status": "active",
}  # fmt: skip
REQUEST = {
    "Record UID": "req-1", "Version Number": "1", "LA Code": "503", "NHS Number": NHS_NUMBER,
    "LA Person Unique Identifier": "L1", "First Name": NAME, "Last Name": FAMILY,
    "Date of Birth": "1940-02-29", "Client Type": "Service user", "Gender": "Female",
    "Event Type": "Request", "Event Start Date": "2026-03-01", "Event End Date": "2026-03-04",
}  # fmt: skip
COUNCIL_SERVICE = {
    "Record UID": "svc-1", "Version Number": "1", "LA Code": "503", "LA Person Unique Identifier": "L1",
    "Client Type": "Service user", "Event Start Date": "2026-03-05",
}  # fmt: skip
COST = {
    "Record UID": "cst-1", "Version Number": "1", "LA Code": "503", "Service Record UID": "svc-1",
    "Unit Cost": "20.5",
}  # fmt: skip
ANSWER = {"UNIQUE_REFERENCE": "oakfield_care:P1", "ERROR_SUCCESS_CODE": "00", "MATCHED_NHS_NO": NHS_NUMBER}


def second(row: dict[str, str], **changes: str) -> dict[str, str]:
    """Return the row of a second record: the same with another key."""
    key = next(iter(row))
    return row | {key: row[key].replace("-1", "-2")} | changes


def csv_bytes(rows: list[dict[str, str]], header: list[str] | None = None) -> bytes:
    """Return rows as a CSV file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header or list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def ndjson_bytes(rows: list[dict[str, Any]]) -> bytes:
    """Return rows as newline-delimited JSON."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Return a frame as a Parquet file."""
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


@dataclass
class TinyExtract:
    """An extract in memory: rows or raw bytes per file, and what the manifest says beyond that."""

    rows: dict[str, list[dict[str, str]]]
    kind: str = "provider"
    raw: dict[str, bytes] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)
    sender: dict[str, Any] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, bytes] = field(default_factory=dict)
    manifest_bytes: bytes | None = None

    def contents(self) -> dict[str, bytes]:
        """Return every file of the extract, manifest first."""
        data = {f"{name}.csv": csv_bytes(rows) for name, rows in self.rows.items()}
        counts = {f"{name}.csv": len(rows) for name, rows in self.rows.items()} | self.counts
        data |= self.raw
        listed = [
            {
                "path": path,
                "class": Path(path).stem,
                "rows": counts[path],
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for path, content in data.items()
        ]
        sender = {"id": "oakfield_care", "name": "Oakfield Care Ltd", "kind": self.kind} | self.sender
        manifest = {
            "profile_version": "1.0.0",
            "sender": sender,
            "supplier_system": {"name": "CareNotes", "version": "4.2"},
            "mods_version": "1.0.0",
            "as_at": "2026-10-11T23:00:00Z",
            "files": listed + self.files,
        } | self.manifest
        text = json.dumps(manifest).encode() if self.manifest_bytes is None else self.manifest_bytes
        return {"manifest.json": text} | data | self.extra

    def write(self, folder: Path) -> Path:
        """Write the extract as a folder and return its path."""
        for name, content in self.contents().items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder

    def write_zip(self, path: Path) -> Path:
        """Write the extract as a zip and return its path."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.contents().items():
                archive.writestr(name, content)
        return path


def provider(**changes: list[dict[str, str]]) -> TinyExtract:
    """Return a good provider extract, with some classes replaced."""
    rows = {
        "subject_of_care": [PERSON, second(PERSON, subject_of_care_id="P2", nhs_number="")],
        "care_provider": [HOME],
        "service": [SERVICE, second(SERVICE, subject_of_care="P2")],
        "alert": [ALERT],
    }
    return TinyExtract(rows | changes)


def council(**changes: list[dict[str, str]]) -> TinyExtract:
    """Return a good council extract, with some classes replaced."""
    rows = {"cld_request": [REQUEST], "cld_service": [COUNCIL_SERVICE], "cld_cost": [COST]}
    return TinyExtract(rows | changes, "council", sender={"id": "northmere_council", "la_code": "503"})


def trace(**changes: list[dict[str, str]]) -> TinyExtract:
    """Return a good set of trace answers, with some classes replaced."""
    return TinyExtract({"trace_response": [ANSWER]} | changes, "trace", sender={"id": "pds_trace"})
