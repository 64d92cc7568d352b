"""Finds what no row shows by itself: repeated versions of a record, and the keys other rows may point to."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from orchestration.extracts.class_rules import VERSION, Surroundings
from orchestration.extracts.problems import Refused, Rule
from orchestration.extracts.readers import PARSER_ERRORS, TextTable
from orchestration.extracts.text_columns import ROW


def _collect(table: TextTable, lazy: pl.LazyFrame) -> pl.DataFrame:
    try:
        return lazy.collect(engine="streaming")
    except PARSER_ERRORS:
        raise Refused("file_broken", table.path, format="what its ending says") from None


def _repeats(table: TextTable) -> pl.DataFrame:
    """Return the rows that share key and version with another row: row number, key, version as a number."""
    key = table.record_class.key.name
    versioned = any(c.name == VERSION for c in table.record_class.columns)
    version = pl.col(VERSION).str.strip_prefix("+").cast(pl.Int64, strict=False) if versioned else pl.lit(1)
    slim = table.lazy.select(pl.col(ROW), pl.col(key).alias("key"), version.alias("version"))
    whole = _collect(table, slim).drop_nulls()
    return whole.filter(pl.struct("key", "version").is_duplicated())


def repeated_rows(table: TextTable) -> tuple[pl.Series, pl.Series]:
    """Return the rows that repeat an earlier one word for word, and those that contradict others."""
    empty = pl.Series(dtype=pl.Int64)
    if table.record_class.keyed_by_row:
        return empty, empty
    repeats = _repeats(table)
    if repeats.is_empty():
        return empty, empty
    contents = [c.name for c in table.record_class.columns] + list(table.unknown)
    wanted = repeats[ROW]
    rows = _collect(table, table.lazy.filter(pl.col(ROW).is_in(wanted)).select(ROW, *contents))
    said = rows.select(ROW, pl.struct(contents).struct.json_encode().alias("said"))
    groups = repeats.join(said, on=ROW).sort(ROW)
    sayings = pl.col("said").n_unique().over("key", "version")
    later = pl.col(ROW) != pl.col(ROW).min().over("key", "version")
    same = groups.filter((sayings == 1) & later)[ROW]
    different = groups.filter(sayings > 1)[ROW]
    return same, different


def _keys(tables: dict[str, TextTable], targets: tuple[str, ...]) -> dict[str, pl.Series]:
    found = {}
    for target in targets:
        class_name, _, column = target.partition(".")
        table = tables.get(class_name)
        if table and column not in table.missing:
            unique = table.lazy.select(pl.col(column).drop_nulls().unique().sort())
            found[target] = _collect(table, unique).to_series()
    return found


def look_around(
    tables: dict[str, TextTable], rules: dict[str, Rule], as_at: datetime
) -> dict[str, Surroundings]:
    """Return, per class, what its rows are judged against besides themselves."""
    keys = _keys(tables, rules["reference_not_in_extract"].fields)
    found = {}
    for name, table in tables.items():
        same, different = repeated_rows(table)
        found[name] = Surroundings(as_at, keys, same, different)
    return found
