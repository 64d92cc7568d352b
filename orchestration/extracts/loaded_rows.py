"""Shapes judged rows into what is stored: typed rows with their origin, set-aside rows with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from orchestration.extracts.code_rules import with_official_capitals
from orchestration.extracts.contracts import Breach, JudgedBatch
from orchestration.extracts.masking import shown_header
from orchestration.extracts.problems import make_problem
from orchestration.extracts.profile import ExtractProfile
from orchestration.extracts.readers import UNKNOWN, TextTable
from orchestration.extracts.text_columns import ROW
from orchestration.extracts.values import check_digit_right, nhs_digits, typed

QUARANTINE_SCHEMA = {
    "_sender_id": pl.String,
    "_extract_id": pl.String,
    "_source_file": pl.String,
    "_source_row": pl.Int64,
    "_record_key": pl.String,
    "rule_id": pl.String,
    "field": pl.String,
    "message": pl.String,
    "next_step": pl.String,
    "values": pl.String,
}


@dataclass(frozen=True)
class Origin:
    """Where the rows of one file come from."""

    sender_id: str
    extract_id: str
    as_at: datetime
    source_file: str


def _by_row(table: TextTable, origin: Origin) -> pl.Expr:
    return pl.lit(f"{origin.sender_id}:{table.record_class.name}:row ") + pl.col(ROW).cast(pl.String)


def _record_key(table: TextTable, origin: Origin) -> pl.Expr:
    if table.record_class.keyed_by_row:
        return _by_row(table, origin).alias("_record_key")
    prefix = f"{origin.sender_id}:{table.record_class.name}:"
    return (pl.lit(prefix) + pl.col(table.record_class.key.name)).alias("_record_key")


def _json_object(columns: dict[str, str]) -> pl.Expr:
    """Return the non-blank columns of a row as one JSON object of text, or null; columns -> keys."""
    pairs = [
        pl.when(pl.col(column).is_not_null()).then(
            pl.struct(pl.col(column).alias(key)).struct.json_encode().str.slice(1).str.head(-1)
        )
        for column, key in columns.items()
    ]
    inside = pl.concat_str(pairs, separator=",", ignore_nulls=True)
    return pl.when(pl.any_horizontal(pl.col(list(columns)).is_not_null())).then(
        pl.lit("{") + inside + pl.lit("}")
    )


def _unknown_keys(table: TextTable) -> dict[str, str]:
    return {name: name.removeprefix(UNKNOWN) for name in table.unknown}


def loaded_rows(
    batch: JudgedBatch, table: TextTable, profile: ExtractProfile, origin: Origin
) -> pl.DataFrame:
    """Return the rows that may be loaded, typed as the contract says, with their origin."""
    record_class = table.record_class
    official = {c.name: with_official_capitals(c, record_class, profile) for c in record_class.columns}
    capitals = [made.alias(name) for name, made in official.items() if made is not None]
    overflow = _json_object(_unknown_keys(table)) if table.unknown else pl.lit(None, pl.String)
    return (
        batch.rows.filter(batch.loadable)
        .with_columns(_record_key(table, origin))
        .with_columns(capitals)
        .select(
            *(typed(column).cast(column.polars_type) for column in record_class.columns),
            pl.lit(origin.sender_id).alias("_sender_id"),
            pl.lit(origin.extract_id).alias("_extract_id"),
            pl.lit(origin.as_at, pl.Datetime("us")).alias("_as_at"),
            pl.lit(origin.source_file).alias("_source_file"),
            pl.col(ROW),
            pl.col("_record_key"),
            overflow.alias("_overflow"),
        )
    )


def _safe_record_key(table: TextTable, origin: Origin) -> pl.Expr:
    """Return the record key, with the row in its place where the key is an NHS number."""
    number = nhs_digits(pl.col(table.record_class.key.name))
    return (
        pl.when(check_digit_right(number)).then(_by_row(table, origin)).otherwise(_record_key(table, origin))
    )


def _quarantined_for(
    breach: Breach, rows: pl.DataFrame, broken: pl.Series, order: int, origin: Origin
) -> pl.DataFrame:
    problem = make_problem(breach.rule, **breach.details)
    return rows.filter(broken).select(
        pl.lit(origin.sender_id).alias("_sender_id"),
        pl.lit(origin.extract_id).alias("_extract_id"),
        pl.lit(origin.source_file).alias("_source_file"),
        pl.col(ROW),
        pl.col("_record_key"),
        pl.lit(breach.rule.rule_id).alias("rule_id"),
        pl.lit(breach.field).alias("field"),
        pl.lit(problem.message).alias("message"),
        pl.lit(problem.next_step).alias("next_step"),
        pl.col("values"),
        pl.lit(order).alias("order"),
    )


def quarantined_rows(batch: JudgedBatch, table: TextTable, origin: Origin) -> pl.DataFrame:
    """Return one row per source row, broken rule and field that keeps it out, in the order of the source."""
    if batch.loadable.all():
        return pl.DataFrame(schema=QUARANTINE_SCHEMA)
    names = {c.name: c.name for c in table.record_class.columns if c.name not in table.missing}
    keys = names | {name: shown_header(key) for name, key in _unknown_keys(table).items()}
    out = ~batch.loadable
    rows = batch.rows.filter(out).with_columns(
        _safe_record_key(table, origin).alias("_record_key"), _json_object(keys).alias("values")
    )
    parts = [
        _quarantined_for(breach, rows, breach.broken.filter(out), order, origin)
        for order, breach in enumerate(batch.breaches)
        if breach.rule.quarantines
    ]
    return pl.concat(parts).sort(ROW, "order", maintain_order=True).select(QUARANTINE_SCHEMA.keys())
