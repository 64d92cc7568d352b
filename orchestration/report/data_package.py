"""Tables as CSV and Parquet, described by a Frictionless Data Package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.report.data_tables import DAY, MARK, NUMBER, Column, DataTable
from orchestration.report.tidy import MARKS
from orchestration.returns.tables import write_csv

PACKAGE = "datapackage.json"
# As wide as the figures of a pack.
DIGITS, SCALE = 18, 4


@dataclass(frozen=True)
class PackageFacts:
    """What is said of all tables of a package together."""

    name: str
    title: str
    description: str
    sources: tuple[str, ...]
    licence: str
    licence_path: str


def write_package(folder: Path, tables: Sequence[DataTable], facts: PackageFacts) -> None:
    """Write each table as CSV and Parquet, and what describes them beside it."""
    resources = [_written(folder, table) for table in tables]
    package = {
        "profile": "tabular-data-package",
        "name": facts.name,
        "title": facts.title,
        "description": facts.description,
        "licenses": [{"path": facts.licence_path, "title": facts.licence}],
        "sources": [{"title": source} for source in facts.sources],
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / PACKAGE).write_text(text, encoding="utf-8", newline="\n")


def schema_of(table: DataTable) -> dict[str, Any]:
    """Return the Table Schema of a table: fields, types, what a blank means, the key."""
    return {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "title": column.label, "type": column.kind}
    if column.about:
        field["description"] = column.about
    if column.name == MARK:
        field["constraints"] = {"enum": list(MARKS)}
        field["description"] = f"{column.about}: " + "; ".join(f"{m} {told}" for m, told in MARKS.items())
    return field


def _written(folder: Path, table: DataTable) -> dict[str, Any]:
    csv_file, parquet_file = folder / f"{table.table_id}.csv", folder / f"{table.table_id}.parquet"
    write_csv(csv_file, [column.name for column in table.columns], table.rows)
    write_parquet(parquet_file, table)
    return {
        "profile": "tabular-data-resource",
        "name": table.table_id,
        "title": table.title,
        **({"description": table.about} if table.about else {}),
        **_file(csv_file),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema_of(table),
        # The same rows and types; no text has an apostrophe in front.
        "alternatives": [{**_file(parquet_file), "format": "parquet"}],
    }


def _file(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "path": path.name,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def write_parquet(path: Path, table: DataTable) -> None:
    """Write a table as Parquet: decimals as decimals, days as days, blanks as null."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {NUMBER: pa.decimal128(DIGITS, SCALE), DAY: pa.date32()}
    arrays = [
        pa.array([_typed(row[place], column.kind) for row in table.rows], types.get(column.kind, pa.string()))
        for place, column in enumerate(table.columns)
    ]
    names = [column.name for column in table.columns]
    parquet.write_table(pa.Table.from_arrays(arrays, names), path, compression="zstd")


def _typed(value: str | Decimal | None, kind: str) -> Any:
    if value is None or value == "":
        return None
    return date.fromisoformat(str(value)) if kind == DAY else value
