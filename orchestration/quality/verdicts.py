"""Verdicts: what each rule found in a built warehouse, counted per submitter, with the failing rows kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from orchestration.engine import open_engine
from orchestration.warehouse.earlier_build import seal

PASSED = "passed"
PASSED_WITH_ROWS = "passed_with_rows"
FAILED = "failed"
NOT_APPLICABLE = "not_applicable"
ERROR = "error"
OUTCOMES = (PASSED, PASSED_WITH_ROWS, FAILED, NOT_APPLICABLE, ERROR)
FIRST_KEYS = 3

VERDICT_COLUMNS = {
    "rule_id": pl.String,
    "return_id": pl.String,
    "submitter_id": pl.String,
    "source": pl.String,
    "severity": pl.String,
    "checked": pl.Int64,
    "failing": pl.Int64,
    "outcome": pl.String,
    "message": pl.String,
    "next_step": pl.String,
}
FAILING_COLUMNS = {
    "return_id": pl.String,
    "rule_id": pl.String,
    "submitter_id": pl.String,
    "record_key": pl.String,
    "field": pl.String,
    "value_seen": pl.String,
    "evidence": pl.String,
}


class NotJudged(RuntimeError):
    """A warehouse holds no verdicts; nothing may be decided on it."""


@dataclass(frozen=True)
class Verdict:
    """What one rule found for one return and submitter (None: the whole return)."""

    rule_id: str
    return_id: str
    submitter_id: str | None
    source: str
    severity: str
    checked: int
    failing: int
    outcome: str
    message: str
    next_step: str
    first_keys: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Judgement:
    """All verdicts of a run and every failing row behind them, both in a fixed order."""

    verdicts: tuple[Verdict, ...]
    failing_rows: pl.DataFrame

    @cached_property
    def verdict_table(self) -> pl.DataFrame:
        """The verdicts as the table `verdict`, made once: every pack of a run reads it."""
        rows = [[getattr(v, name) for name in VERDICT_COLUMNS] for v in self.verdicts]
        return pl.DataFrame(rows, schema=VERDICT_COLUMNS, orient="row")


def outcome_of(severity: str, checked: int, failing: int) -> str:
    """Return the outcome the counts of a rule of a severity lead to."""
    if failing:
        return FAILED if severity == "error" else PASSED_WITH_ROWS
    return PASSED if checked else NOT_APPLICABLE


def failing_frame(rows: Iterable[Sequence[Any]]) -> pl.DataFrame:
    """Return failing rows, given in the order of FAILING_COLUMNS, as a frame."""
    return pl.DataFrame(list(rows), schema=FAILING_COLUMNS, orient="row")


def judgement_of(parts: Iterable[tuple[Iterable[Verdict], pl.DataFrame]]) -> Judgement:
    """Return one judgement from the findings of several checks, sorted so that the order tells nothing."""
    verdicts: list[Verdict] = []
    frames = [failing_frame([])]
    for found, rows in parts:
        verdicts.extend(found)
        frames.append(rows)
    verdicts.sort(key=lambda v: (v.return_id, v.submitter_id or "", v.source, v.rule_id, v.message))
    failing = pl.concat(frames).sort(list(FAILING_COLUMNS), nulls_last=False)
    return Judgement(tuple(verdicts), failing)


def judge(warehouse_file: Path, *, with_figures: bool = True) -> Judgement:
    """Return the whole judgement of a built warehouse: receipts, rule models and the figure suites."""
    from orchestration.quality import judged_figures, receipts, rule_models

    with open_engine(warehouse_file, read_only=True) as connection:
        parts = [receipts.judge_receipts(connection), rule_models.judge_rules(connection)]
        if with_figures:
            kept = judged_figures.judged_figures_of(warehouse_file)
            parts.append(judged_figures.judge_figures(connection, kept))
    return judgement_of(parts)


def store_judgement(warehouse_file: Path, judgement: Judgement) -> None:
    """Put the judgement into the warehouse as quality.verdict and quality.failing_row, both or neither.

    Beside the shared columns quality.verdict keeps each verdict's first record keys, for the gate's reasons.
    """
    keys = pl.Series("first_keys", [list(v.first_keys) for v in judgement.verdicts], pl.List(pl.String))
    with open_engine(warehouse_file) as connection:
        connection.register("new_verdict", judgement.verdict_table.with_columns(keys))
        connection.register("new_failing_row", judgement.failing_rows)
        connection.execute("begin")
        connection.execute("create schema if not exists quality")
        connection.execute("create or replace table quality.verdict as select * from new_verdict")
        connection.execute("create or replace table quality.failing_row as select * from new_failing_row")
        connection.execute("commit")
    seal(warehouse_file)


def read_verdicts(warehouse_file: Path) -> tuple[Verdict, ...]:
    """Return the verdicts stored in a warehouse. Raises NotJudged when it was built but not judged."""
    found = _read(warehouse_file, "select * from quality.verdict")
    verdicts = [Verdict(**{**v, "first_keys": tuple(v["first_keys"])}) for v in found.iter_rows(named=True)]
    return judgement_of([(verdicts, failing_frame([]))]).verdicts


def read_judgement(warehouse_file: Path, return_id: str | None = None) -> Judgement:
    """Return the judgement stored in a warehouse, with the failing rows of one return alone if it is named.

    Raises NotJudged when it was built but not judged.
    """
    chosen = "" if return_id is None else "where return_id = ?"
    asked = [] if return_id is None else [return_id]
    failing = _read(warehouse_file, f"select * from quality.failing_row {chosen}", asked)
    typed = failing.select(pl.col(c).cast(t) for c, t in FAILING_COLUMNS.items())
    return judgement_of([(read_verdicts(warehouse_file), typed)])


def _read(warehouse_file: Path, sql: str, asked: Sequence[str] = ()) -> pl.DataFrame:
    with open_engine(warehouse_file, read_only=True) as connection:
        try:
            return connection.execute(sql, list(asked)).pl()
        except duckdb.CatalogException:
            raise NotJudged(f"{warehouse_file.name} was built but not judged; run the judge step.") from None
