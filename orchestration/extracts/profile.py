"""The extract profile: what a sender may hand over, class by class and column by column."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

STANDARDS = Path(__file__).resolve().parents[2] / "data" / "standards"
CURRENT_VERSION = "1.0.0"

TEXT_TYPES = frozenset(
    {"key", "text", "code", "coding", "reference", "postcode", "nhs_number", "yes_no", "time"}
)
POLARS_TYPES: dict[str, pl.DataType] = {
    "date": pl.Date(),
    "datetime": pl.Datetime("us"),
    "integer": pl.Int64(),
    "decimal": pl.Decimal(18, 4),
}
DUCKDB_TYPES = {"date": "date", "datetime": "timestamp", "integer": "bigint", "decimal": "decimal(18, 4)"}

# Columns that loading adds to every class, after the profile's own.
PROVENANCE = {
    "_sender_id": "varchar",
    "_extract_id": "varchar",
    "_as_at": "timestamp",
    "_source_file": "varchar",
    "_source_row": "bigint",
    "_record_key": "varchar",
    "_overflow": "varchar",
}


def normalise_header(header: str) -> str:
    """Return a header as the profile compares it: lower case, runs of other characters one underscore."""
    return re.sub(r"[^a-z0-9]+", "_", header.strip().lower()).strip("_")


@dataclass(frozen=True)
class Column:
    """One column of a class: its type, how often it must occur, its code list and its evidence."""

    name: str
    element: str
    type: str
    occurs: str
    code_list: str
    identifying: bool
    references: str
    aliases: tuple[str, ...]
    max_length: int | None
    evidence: str
    source: str
    note: str

    @property
    def required(self) -> bool:
        """True where the profile asks for a value in every row."""
        return self.occurs.startswith("1")

    @property
    def repeats(self) -> bool:
        """True where one cell may hold several values parted by a bar."""
        return self.occurs.endswith("*")

    @property
    def polars_type(self) -> pl.DataType:
        """The type of the loaded column in Polars."""
        return POLARS_TYPES.get(self.type, pl.String())

    @property
    def duckdb_type(self) -> str:
        """The type of the loaded column in DuckDB."""
        return DUCKDB_TYPES.get(self.type, "varchar")

    @property
    def accepted_headers(self) -> frozenset[str]:
        """Every normalised header that means this column."""
        return frozenset(normalise_header(h) for h in (self.name, self.element, *self.aliases))


@dataclass(frozen=True)
class RecordClass:
    """One class of the profile: who sends it, its grain, its columns in order."""

    name: str
    label: str
    sender_kind: str
    grain: str
    mods_class: str
    person_reference: str
    evidence: str
    columns: tuple[Column, ...]
    # True where rows are not versions of a record: their place in the file is what tells them apart.
    keyed_by_row: bool = False

    @property
    def key(self) -> Column:
        """The column that identifies a record within its sender."""
        return next(c for c in self.columns if c.type == "key")

    def column_for(self, header: str) -> Column | None:
        """Return the column a header means, or None when the profile does not know it."""
        wanted = normalise_header(header)
        exact = next((c for c in self.columns if c.name == wanted), None)
        return exact or next((c for c in self.columns if wanted in c.accepted_headers), None)


@dataclass(frozen=True)
class CodeList:
    """A code list: its codes with labels, and whether the official list is known in full."""

    name: str
    complete: bool
    evidence: str
    codes: dict[str, str]


@dataclass(frozen=True)
class ExtractProfile:
    """The whole contract of one profile version, as read from the standards data."""

    version: str
    classes: dict[str, RecordClass]
    code_lists: dict[str, CodeList]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a standards CSV as dictionaries of text."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _column(row: dict[str, str]) -> Column:
    return Column(
        name=row["column"],
        element=row["element"],
        type=row["type"],
        occurs=row["occurs"],
        code_list=row["code_list"],
        identifying=row["identifying"] == "yes",
        references=row["references"],
        aliases=tuple(a for a in row["aliases"].split("|") if a),
        max_length=int(row["max_length"]) if row["max_length"] else None,
        evidence=row["evidence"],
        source=row["source"],
        note=row["note"],
    )


@cache
def load_profile(version: str = CURRENT_VERSION) -> ExtractProfile:
    """Return one version of the extract profile. FileNotFoundError: not shipped."""
    folder = STANDARDS / "extract_profile" / version
    columns: dict[str, list[Column]] = {}
    for row in read_rows(folder / "columns.csv"):
        columns.setdefault(row["class"], []).append(_column(row))
    classes = {
        row["class"]: RecordClass(
            name=row["class"],
            label=row["label"],
            sender_kind=row["sender_kind"],
            grain=row["grain"],
            mods_class=row["mods_class"],
            person_reference=row["person_reference"],
            evidence=row["evidence"],
            columns=tuple(columns[row["class"]]),
            keyed_by_row=row["record_key"] == "row",
        )
        for row in read_rows(folder / "classes.csv")
    }
    codes: dict[str, dict[str, str]] = {}
    for row in read_rows(STANDARDS / "codes.csv"):
        codes.setdefault(row["code_list"], {})[row["code"]] = row["label"]
    code_lists = {
        row["code_list"]: CodeList(
            name=row["code_list"],
            complete=row["complete"] == "yes",
            evidence=row["evidence"],
            codes=codes.get(row["code_list"], {}),
        )
        for row in read_rows(STANDARDS / "code_lists.csv")
    }
    return ExtractProfile(version, classes, code_lists)
