"""The contract of a class as a Pandera schema, and what becomes of the rows that break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.errors import SchemaErrors

from orchestration.extracts.class_rules import RowRule, Surroundings, row_rules
from orchestration.extracts.code_rules import not_judged
from orchestration.extracts.masking import shown
from orchestration.extracts.problems import SHOWN_PER_GROUP, Rule
from orchestration.extracts.profile import Column, ExtractProfile, RecordClass
from orchestration.extracts.text_columns import ROW


@dataclass(frozen=True)
class Breach:
    """One rule broken on one field in one batch: which rows, as a mask over the batch."""

    rule: Rule
    field: str
    details: dict[str, Any]
    broken: pl.Series


@dataclass(frozen=True)
class JudgedBatch:
    """A batch of text rows after judging: what was broken, and which rows may be loaded."""

    rows: pl.DataFrame
    breaches: list[Breach]
    loadable: pl.Series
    not_judged: dict[str, int]


def _question(holds: pl.Expr) -> Callable[[PolarsData], pl.LazyFrame]:
    # A closure, for Pandera deep-copies a schema and would copy an expression held by a partial.
    return lambda data: data.lazyframe.select(holds.alias("holds"))


def build_schema(record_class: RecordClass, rules: list[RowRule]) -> pa.DataFrameSchema:
    """Return the Pandera schema of a class: one text column per column with rules, one check per rule."""
    checks: dict[str, list[pa.Check]] = {}
    for position, rule in enumerate(rules):
        # The position finds the rule again; few failure cases are kept, for the mask holds them all.
        check = pa.Check(_question(rule.holds), name=str(position), n_failure_cases=1)
        checks.setdefault(rule.field, []).append(check)
    columns = {name: pa.Column(pl.String, checks=asked, nullable=True) for name, asked in checks.items()}
    return pa.DataFrameSchema(columns, name=record_class.name)


class ClassContract:
    """Judges the rows of one class within one extract, batch by batch."""

    def __init__(
        self,
        record_class: RecordClass,
        missing: tuple[str, ...],
        profile: ExtractProfile,
        rules: dict[str, Rule],
        around: Surroundings,
    ) -> None:
        self.record_class = record_class
        self._rules = rules
        self._row_rules = row_rules(record_class, missing, profile, rules, around)
        self._schema = build_schema(record_class, self._row_rules)
        present = [c for c in record_class.columns if c.name not in missing]
        counts = {c.name: not_judged(c, record_class, profile) for c in present}
        self._not_judged = {name: count for name, count in counts.items() if count is not None}

    def judge(self, rows: pl.DataFrame) -> JudgedBatch:
        """Return the verdict on a collected batch, every breach at once."""
        breaches = list(self._breaches(rows))
        loadable = pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True)
        for breach in breaches:
            if breach.rule.quarantines:
                loadable = loadable & ~breach.broken
        counted = {name: count.alias(name) for name, count in self._not_judged.items()}
        found = rows.select(**counted).row(0, named=True) if counted else {}
        return JudgedBatch(rows, breaches, loadable, {name: n for name, n in found.items() if n})

    def _breaches(self, rows: pl.DataFrame) -> Iterator[Breach]:
        try:
            self._schema.validate(rows, lazy=True)
        except SchemaErrors as failed:
            errors = sorted(failed.schema_errors, key=lambda e: int(getattr(e.check, "name", -1)))
            for error in errors:
                asked = self._row_rules[int(error.check.name)]
                broken = ~error.check_output.to_series()
                yield Breach(self._rules[asked.rule_id], asked.field, asked.details, broken)


def first_values(batch: JudgedBatch, breach: Breach, column: Column) -> list[tuple[int, str]]:
    """Return the row numbers of the first breaches with the values as they may be shown."""
    wanted = batch.rows.filter(breach.broken).head(SHOWN_PER_GROUP).select(ROW, pl.col(column.name))
    found = []
    for row, value in wanted.iter_rows():
        if breach.rule.rule_id == "too_long":
            found.append((row, f"{len(value)} characters"))
        else:
            masked = column.identifying or breach.rule.rule_id == "key_like_nhs_number"
            found.append((row, shown(value, masked)))
    return found
