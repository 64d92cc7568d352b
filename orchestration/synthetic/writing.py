"""Writing extracts: files in fixed formats and a manifest that tells the truth about them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from orchestration.extracts.profile import Column, load_profile
from orchestration.synthetic.tables import Row, write_csv

MODS_VERSION = "1.0.0"


def _typed(column: Column, value: str | None) -> object:
    if value is None:
        return None
    if column.type == "integer":
        return int(value)
    if column.type == "decimal":
        return Decimal(value)
    if column.type == "date":
        return date.fromisoformat(value)
    return value


def _write_class(folder: Path, record_class: str, rows: list[Row], file_format: str) -> str:
    """Write the rows of one class and return the file name. Columns nobody filled are left out."""
    used = {name for row in rows for name in row}
    # The files of the bulk upload are CSV with the official headers, whatever the record system speaks.
    uploads = record_class.startswith("asc_wds_")
    file_format = "csv" if uploads else file_format
    columns = [c for c in load_profile().classes[record_class].columns if c.name in used]
    name = f"{record_class}.{file_format}"
    if file_format == "ndjson":
        with (folder / name).open("w", encoding="utf-8", newline="\n") as handle:
            for row in rows:
                line: dict[str, object] = {c.name: row[c.name] for c in columns if c.name in row}
                whole = [c.name for c in columns if c.type == "integer" and row.get(c.name, "").isdigit()]
                line |= {name: int(row[name]) for name in whole}
                handle.write(json.dumps(line, ensure_ascii=False) + "\n")
    elif file_format == "parquet":
        parquet_types = {"integer": pl.Int64(), "decimal": pl.Decimal(18, 4), "date": pl.Date()}
        frame = pl.DataFrame(
            {c.name: [_typed(c, row.get(c.name)) for row in rows] for c in columns},
            schema={c.name: parquet_types.get(c.type, pl.String()) for c in columns},
        )
        frame.write_parquet(folder / name, compression="zstd", compression_level=3)
    else:
        spoken = uploads or record_class.startswith("cld_") or record_class == "trace_response"
        header = [c.element if spoken else c.name for c in columns]
        write_csv(folder / name, header, ([row.get(c.name, "") for c in columns] for row in rows))
    return name


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_extract(
    folder: Path,
    sender: Mapping[str, str | None],
    system: tuple[str, str],
    tables: Mapping[str, list[Row]],
    as_at: date,
    file_format: str = "csv",
) -> None:
    """Write one extract: a file for each class that has rows, then the manifest."""
    folder.mkdir(parents=True)
    files = []
    for record_class in load_profile().classes:
        rows = tables.get(record_class)
        if rows:
            name = _write_class(folder, record_class, rows, file_format)
            files.append(
                {"path": name, "class": record_class, "rows": len(rows), "sha256": sha256(folder / name)}
            )
    write_manifest(folder, sender, system, as_at, files)


def write_manifest(
    folder: Path,
    sender: Mapping[str, str | None],
    system: tuple[str, str],
    as_at: date,
    files: Sequence[Mapping[str, object]],
) -> None:
    """Write the manifest; the extract was taken at 23:00 UTC of the evening before the as-at day."""
    manifest = {
        "profile_version": load_profile().version,
        "sender": {
            key: sender.get(key) for key in ("id", "name", "kind", "ods_code", "cqc_provider_id", "la_code")
        },
        "supplier_system": {"name": system[0], "version": system[1]},
        "mods_version": MODS_VERSION,
        "as_at": f"{(as_at - timedelta(days=1)).isoformat()}T23:00:00Z",
        "files": list(files),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8", newline="\n")
