"""Reads a data file of any accepted format as text columns of its class, one row number per row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from orchestration.extracts import limits
from orchestration.extracts.csv_scan import scan_csv
from orchestration.extracts.masking import shown_header
from orchestration.extracts.ndjson import ndjson_to_text
from orchestration.extracts.parquet_text import parquet_to_text
from orchestration.extracts.problems import ProblemLog, Refused
from orchestration.extracts.profile import RecordClass, normalise_header
from orchestration.extracts.text_columns import BAR, ROW, TextColumns

# Unknown columns keep their header behind this mark, so that none can pass for a column of ours.
UNKNOWN = "unknown:"
PARSER_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


@dataclass(frozen=True)
class TextTable:
    """One readable data file: its rows as text under the profile's names, still on disk."""

    record_class: RecordClass
    path: str
    lazy: pl.LazyFrame
    rows: int
    batch_rows: int
    missing: tuple[str, ...]
    unknown: tuple[str, ...]

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows in order, always cut at the same places. Raises Refused if any is missing."""
        seen = 0
        held: list[pl.DataFrame] = []
        waiting = 0
        try:
            for piece in self.lazy.collect_batches(chunk_size=self.batch_rows, maintain_order=True):
                held.append(piece)
                waiting += piece.height
                while waiting >= self.batch_rows:
                    whole = pl.concat(held)
                    yield whole.head(self.batch_rows)
                    seen += self.batch_rows
                    held, waiting = [whole.slice(self.batch_rows)], waiting - self.batch_rows
        except PARSER_ERRORS:
            raise Refused("file_broken", self.path, format="what its ending says") from None
        if waiting or seen == 0:
            yield pl.concat(held) if held else self.lazy.head(0).collect()
        if seen + waiting != self.rows:
            raise Refused("file_broken", self.path, format="what its ending says")


def _clean(name: str, new: str) -> pl.Expr:
    """Return a text column without outer blanks, where nothing left is null."""
    stripped = pl.col(name).str.strip_chars()
    return pl.when(stripped != "").then(stripped).alias(new)


def _names(headers: tuple[str, ...], record_class: RecordClass) -> list[str]:
    """Return what each header is called from here on. Raises Refused for blank and doubled headers."""
    if len(headers) > limits.COLUMNS:
        raise Refused("too_many_columns", limit=limits.COLUMNS)
    columns = [record_class.column_for(header) for header in headers]
    if headers and record_class.key not in columns and columns.count(None) > len(columns) / 2:
        raise Refused("header_missing", row=1)
    names: list[str] = []
    meanings: set[str] = set()
    for position, (header, column) in enumerate(zip(headers, columns, strict=True), start=1):
        if not header.strip():
            raise Refused("header_blank", row=1, position=position)
        meaning = column.name if column else UNKNOWN + (normalise_header(header) or header)
        if meaning in meanings:
            field = column.name if column else ""
            raise Refused("header_duplicate", row=1, field=field, position=position)
        meanings.add(meaning)
        names.append(column.name if column else UNKNOWN + header)
    return names


def _open_csv(path: Path) -> TextColumns:
    shape = scan_csv(path)
    scanned = pl.scan_csv(
        path,
        infer_schema=False,
        new_columns=[f"{i}" for i in range(len(shape.header))],
        row_index_name=ROW,
        row_index_offset=2,
        glob=False,
    )
    lazy = scanned.head(shape.rows).with_columns(pl.lit(False).alias(BAR))
    return TextColumns(lazy, shape.header, shape.rows, shape.batch_rows)


def _open_any(path: Path, format_: str, scratch: Path) -> TextColumns:
    if format_ == "csv":
        return _open_csv(path)
    return ndjson_to_text(path, scratch) if format_ == "ndjson" else parquet_to_text(path)


def open_table(
    file: Path, shown_path: str, format_: str, record_class: RecordClass, scratch: Path, log: ProblemLog
) -> TextTable:
    """Return a data file as a text table. Raises Refused when its bytes cannot be trusted."""
    try:
        lazy, headers, rows, batch_rows = _open_any(file, format_, scratch)
        names = _names(headers, record_class)
    except PARSER_ERRORS:
        raise Refused("file_broken", format=format_) from None
    if rows == 0:
        log.add("no_rows", shown_path)
    missing = tuple(c.name for c in record_class.columns if c.name not in names)
    for column in record_class.columns:
        if column.required and column.name in missing and (headers or rows):
            log.add("required_column_missing", shown_path, field=column.name)
        elif column.name in missing and log.rules["official_column_missing"].guards_field(
            record_class, column
        ):
            log.add("official_column_missing", shown_path, field=column.name)
    unknown = tuple(n for n in names if n.startswith(UNKNOWN))
    for name in unknown:
        log.add("unknown_column", shown_path, field=shown_header(name.removeprefix(UNKNOWN)))
    cells = {name: _clean(f"{i}", name) for i, name in enumerate(names)}
    key = record_class.key
    if not key.required:
        # A file that was made for somebody else has no keys of ours: its rows are told apart by their number.
        given = cells.get(key.name, pl.lit(None, pl.String))
        cells[key.name] = pl.coalesce(given, pl.col(ROW).cast(pl.String)).alias(key.name)
    texts = [cells.get(c.name, pl.lit(None, pl.String).alias(c.name)) for c in record_class.columns]
    table = lazy.select(pl.col(ROW).cast(pl.Int64), BAR, *texts, *(cells[n] for n in unknown))
    return TextTable(record_class, shown_path, table, rows, batch_rows, missing, unknown)
