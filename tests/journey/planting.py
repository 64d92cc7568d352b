"""A copy of the sample in which everything that names a person carries a mark that occurs nowhere else."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from orchestration.settings import SAMPLE

MARK = "qzvxq"
# Columns of people by what is done to their values. An initial stays one letter and is no mark.
NAMES = {
    "person_first_name", "person_family_name", "person_preferred_name", "person_former_family_name",
    "first_name", "last_name", "family_name", "given_name", "other_given_name", "name_of_lpa",
}  # fmt: skip
NAMES_OF_CLASS = {"unpaid_carer": {"name"}, "proxy_for_subject_of_care": {"name"}}
TEXTS = {
    *(f"address_line_{n}" for n in range(1, 6)), *(f"address_line{n}" for n in range(1, 6)),
    "telephone_number", "mobile_number", "email_address", "contact_details", "discharge_address",
}  # fmt: skip
PEOPLE = {
    "subject_of_care", "unpaid_carer", "proxy_for_subject_of_care", "lasting_power_of_attorney",
    "discharge_details", "trace_response",
    "cld_request", "cld_assessment", "cld_service", "cld_review", "cld_carer",
}  # fmt: skip
NUMBERS = {"nhs_number", "req_nhs_number", "matched_nhs_no"}


@dataclass
class Planted:
    """What names people in the copy: the mark, and values that no mark fits into."""

    numbers: set[str] = field(default_factory=set)
    postcodes: set[str] = field(default_factory=set)
    births: set[str] = field(default_factory=set)

    def found_in(self, text: str, *, births: bool = True) -> set[str]:
        """Return what a text says of people."""
        low = text.lower()
        found = {MARK} if MARK in low else set()
        found |= {n for n in set(re.findall(r"(?<!\d)\d{10}(?!\d)", low)) if n in self.numbers}
        found |= {
            p for p in set(re.findall(r"qz\d\d? ?\d[a-z]{2}", low)) if p.replace(" ", "") in self.postcodes
        }
        if births:
            found |= {
                d
                for d in set(re.findall(r"\b\d{4}-\d\d-\d\d\b|\b\d\d/\d\d/\d{4}\b", low))
                if d in self.births
            }
        return found


def _plant(name: str, value: str, record_class: str, planted: Planted) -> str:
    if name in NUMBERS and re.fullmatch(r"999\d{7}", value):
        planted.numbers.add(value)
    elif name == "date_of_birth" and value:
        day = f"{value[:4]}-{value[4:6]}-{value[6:]}" if re.fullmatch(r"\d{8}", value) else value
        planted.births |= {day, "/".join(reversed(day.split("-")))}
    elif name == "postcode" and value.upper().startswith("ZY"):
        value = "QZ" + value[2:]
        planted.postcodes.add(value.replace(" ", "").lower())
    elif name in NAMES or name in NAMES_OF_CLASS.get(record_class, ()):
        value = value + MARK if len(value) > 1 else value
    elif name in TEXTS and value:
        value = f"{value} {MARK}"
    return value


def _column(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", header.strip().lower()).strip("_")


def _plant_csv(path: Path, record_class: str, planted: Planted) -> None:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle)
    names = [_column(cell) for cell in header]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        for row in rows:
            writer.writerow(
                _plant(n, cell, record_class, planted) for n, cell in zip(names, row, strict=True)
            )


def _plant_parquet(path: Path, record_class: str, planted: Planted) -> None:
    frame = pl.read_parquet(path)
    for name in frame.columns:
        texts = frame[name].cast(pl.String).to_list()
        told = [None if t is None else _plant(_column(name), t, record_class, planted) for t in texts]
        if frame[name].dtype == pl.String:
            frame = frame.with_columns(pl.Series(name, told, dtype=pl.String))
    frame.write_parquet(path)


def _plant_ndjson(path: Path, record_class: str, planted: Planted) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str):
                row[name] = _plant(name, value, record_class, planted)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


WAYS = {".parquet": _plant_parquet, ".csv": _plant_csv, ".ndjson": _plant_ndjson}


def plant_sample(folder: Path) -> Planted:
    """Copy the sample into the folder with marked people, and return what marks them."""
    planted = Planted()
    shutil.copytree(SAMPLE, folder)
    for manifest in sorted(folder.glob("*/manifest.json")):
        content = json.loads(manifest.read_text(encoding="utf-8"))
        for entry in content["files"]:
            if entry["class"] not in PEOPLE:
                continue
            path = manifest.parent / entry["path"]
            WAYS[path.suffix](path, entry["class"], planted)
            entry["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        manifest.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return planted
