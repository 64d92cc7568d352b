"""Turns a Parquet file into text columns: one canonical text per type, hostile files refused first."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.extracts import limits
from orchestration.extracts.problems import Refused
from orchestration.extracts.text_columns import BAR, ROW, TextColumns

_DATETIME = "%Y-%m-%dT%H:%M:%S%.f"


def _check_metadata(path: Path) -> int:
    """Return the row count; refuse sizes that could not be decoded in bounded memory."""
    try:
        found = pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        raise Refused("file_broken", format="Parquet") from None
    if found.num_columns > limits.COLUMNS:
        raise Refused("too_many_columns", limit=limits.COLUMNS)
    for index in range(found.num_row_groups):
        group = found.row_group(index)
        if group.num_rows * max(found.num_columns, 1) > limits.PARQUET_GROUP_CELLS:
            limit = f"{limits.PARQUET_GROUP_CELLS:,} cells in one row group"
            raise Refused("file_too_large", limit=limit)
        for column in range(found.num_columns):
            if group.column(column).total_uncompressed_size > limits.PARQUET_CHUNK_BYTES:
                limit = f"{limits.spoken_size(limits.PARQUET_CHUNK_BYTES)} in one column chunk"
                raise Refused("file_too_large", limit=limit)
    return int(found.num_rows)


def _float_text(value: pl.Expr) -> pl.Expr:
    whole = (value == value.round(0)) & (value.abs() < 2**53)
    text = (
        pl.when(whole)
        .then(value.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(value.cast(pl.String))
    )
    return pl.when(value.is_not_nan()).then(text)


def _scalar_text(value: pl.Expr, kind: pl.DataType) -> pl.Expr | None:
    """Return the canonical text of a value of a scalar type, or None where the type has none."""
    if isinstance(kind, pl.String | pl.Categorical | pl.Enum | pl.Null) or kind.is_integer():
        return value.cast(pl.String)
    if kind.is_float():
        return _float_text(value)
    if isinstance(kind, pl.Decimal):
        return value.cast(pl.String).str.replace(r"(\.[0-9]*?)0+$", "$1").str.strip_suffix(".")
    if isinstance(kind, pl.Boolean):
        return pl.when(value).then(pl.lit("Yes")).when(~value).then(pl.lit("No"))
    if isinstance(kind, pl.Date):
        return value.dt.strftime("%Y-%m-%d")
    if isinstance(kind, pl.Time):
        return value.dt.strftime("%H:%M:%S")
    if isinstance(kind, pl.Datetime):
        if kind.time_zone:
            return value.dt.convert_time_zone("UTC").dt.strftime(_DATETIME) + pl.lit("Z")
        return value.dt.strftime(_DATETIME).str.strip_suffix("T00:00:00")
    return None


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    scalar = _scalar_text(column, kind)
    if scalar is not None:
        return scalar
    if isinstance(kind, pl.List | pl.Array):
        listed = column.arr.to_list() if isinstance(kind, pl.Array) else column
        inner = _scalar_text(pl.element(), kind.inner)  # type: ignore[arg-type]
        if inner is not None:
            return listed.list.eval(inner.fill_null("")).list.join("|")
    if isinstance(kind, pl.Struct | pl.List | pl.Array) and not _holds_bytes(kind):
        # Wrapped in a struct of one field, the only thing that can be written as JSON: {"v":…}
        wrapped = pl.struct(column.alias("v")).struct.json_encode()
        return pl.when(column.is_not_null()).then(wrapped.str.slice(5).str.head(-1))
    raise Refused("column_type", field=f"column {name}", found=str(kind.base_type().__name__).lower())


def _holds_bytes(kind: pl.DataType) -> bool:
    if isinstance(kind, pl.List | pl.Array):
        return _holds_bytes(kind.inner)  # type: ignore[arg-type]
    if isinstance(kind, pl.Struct):
        return any(_holds_bytes(f.dtype) for f in kind.fields)  # type: ignore[arg-type]
    return isinstance(kind, pl.Binary | pl.Object | pl.Duration)


def _bars(schema: pl.Schema) -> list[pl.Expr]:
    return [
        pl.col(name).list.eval(pl.element().str.contains("|", literal=True)).list.any()
        for name, kind in schema.items()
        if isinstance(kind, pl.List) and isinstance(kind.inner, pl.String)
    ]


def parquet_to_text(path: Path) -> TextColumns:
    """Return the columns as text, after one look at every cell for what text may not be."""
    rows = _check_metadata(path)
    lazy = pl.scan_parquet(path, glob=False)
    schema = lazy.collect_schema()
    bars = _bars(schema)
    texts = [_text(name, kind).alias(f"{i}") for i, (name, kind) in enumerate(schema.items())]
    flag = pl.any_horizontal(bars).fill_null(False) if bars else pl.lit(False)
    text = lazy.select(flag.alias(BAR), *texts)
    batch_rows = _look_at_cells(text)
    return TextColumns(text.with_row_index(ROW, offset=1), tuple(schema.names()), rows, batch_rows)


def _look_at_cells(text: pl.LazyFrame) -> int:
    """Return how many rows make a batch. Raises Refused for cells that are too large or hold NUL."""
    names = [name for name in text.collect_schema().names() if name != BAR]
    found = text.select(
        *(pl.col(name).str.len_bytes().max().alias(name) for name in names),
        *(pl.col(name).str.contains("\0", literal=True).any().alias(f"nul {name}") for name in names),
    ).collect(engine="streaming")
    longest = [size or 0 for size in found.select(names).row(0)]
    if max(longest, default=0) > limits.CELL_BYTES:
        raise Refused("cell_too_large", limit=limits.spoken_size(limits.CELL_BYTES))
    if any(found.select(pl.exclude(names)).row(0)):
        raise Refused("nul_byte")
    return max(1, min(limits.BATCH_ROWS, limits.BATCH_BYTES // max(sum(longest), 1)))
