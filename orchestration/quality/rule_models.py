"""Verdicts of the rules of the return folders, from the chk_ models that hold their failing rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import polars as pl

from orchestration.quality.relations import Relation, quoted, relations
from orchestration.quality.verdicts import (
    ERROR,
    FAILING_COLUMNS,
    FIRST_KEYS,
    Verdict,
    failing_frame,
    outcome_of,
)

CHECK_COLUMNS = ("rule_id", "submitter_id", "record_key", "field", "value_seen", "evidence")


@dataclass(frozen=True)
class _Rule:
    return_id: str
    rule_id: str
    severity: str
    scope: str
    message: str
    next_step: str
    model: str
    population: str
    in_force: bool


@dataclass(frozen=True)
class _Found:
    """How many records fail a rule, and the first of their keys."""

    failing: int = 0
    first_keys: tuple[str, ...] = ()


_NOTHING = _Found()


class _Unusable(Exception):
    """A rule cannot be judged; the text says why without quoting data."""


def judge_rules(connection: duckdb.DuckDBPyConnection) -> tuple[list[Verdict], pl.DataFrame]:
    """Return the verdicts of every rule in force on the as-at date, and the rows that fail them.

    A rule whose model or population is missing or breaks is an `error`, never passed. So is a check model's
    row that no rule of its return accounts for.
    """
    known = relations(connection)
    rules = _rules(connection)
    submitters = _submitters(connection)
    verdicts: list[Verdict] = []
    frames = [failing_frame([])]
    # Rows judged by population: many rules share one.
    counted: dict[str, dict[str | None, int]] = {}
    for rule in rules:
        if not rule.in_force:
            continue
        try:
            found, rows = _judge_rule(connection, rule, known, submitters[rule.return_id], counted)
        except _Unusable as unusable:
            verdicts.append(_error(rule.return_id, rule.rule_id, rule.severity, str(unusable)))
            continue
        verdicts.extend(found)
        frames.append(rows)
    verdicts.extend(_unnamed_checks(connection, known, rules, set(submitters)))
    return verdicts, pl.concat(frames)


def _error(return_id: str, rule_id: str, severity: str, why: str) -> Verdict:
    return Verdict(
        rule_id=rule_id,
        return_id=return_id,
        submitter_id=None,
        source="dbt",
        severity=severity,
        checked=0,
        failing=0,
        outcome=ERROR,
        message=f"{why[0].upper()}{why[1:]}.",
        next_step="Correct the rule or its model in the return folder and build again.",
    )


def _rules(connection: duckdb.DuckDBPyConnection) -> list[_Rule]:
    """Rules of the returns of this run; a blank validity is open."""
    rows = connection.execute(
        """
        select r.return_id, r.rule_id, coalesce(r.severity, 'error'), coalesce(r.scope, 'return'),
               coalesce(r.message, ''), coalesce(r.next_step, ''), coalesce(r.model, ''),
               coalesce(r.population, ''),
               coalesce(r.valid_from::date <= p.as_at_date, true)
                   and coalesce(r.valid_to::date >= p.as_at_date, true)
        from raw.return_rule r
        join raw.run_return using (return_id)
        cross join raw.run_parameters p
        order by r.return_id, r.rule_id, r.valid_from nulls first
        """
    ).fetchall()
    return [_Rule(*row) for row in rows]


def _submitters(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    owed: dict[str, list[str]] = {}
    for return_id, submitter_id in connection.execute(
        """
        select r.return_id, s.submitter_id
        from raw.run_return r left join raw.client_submitter s on s.kind = r.submitted_by
        order by r.return_id, s.submitter_id
        """
    ).fetchall():
        owed.setdefault(return_id, [])
        if submitter_id is not None:
            owed[return_id].append(submitter_id)
    return owed


def _relation(known: Mapping[str, Relation], name: str, what: str) -> Relation:
    if not name:
        raise _Unusable(f"it names no {what} model")
    if name not in known:
        raise _Unusable(f"its {what} model {name} is not in the warehouse")
    return known[name]


def _judge_rule(
    connection: duckdb.DuckDBPyConnection,
    rule: _Rule,
    known: Mapping[str, Relation],
    owed: list[str],
    counted: dict[str, dict[str | None, int]],
) -> tuple[list[Verdict], pl.DataFrame]:
    check = _relation(known, rule.model, "check")
    population = _relation(known, rule.population, "population")
    absent = [c for c in CHECK_COLUMNS if c not in check.columns]
    if absent:
        raise _Unusable(f"its check model {rule.model} has no column {', '.join(absent)}")
    rows = _failing_rows(connection, rule, check)
    if population.name not in counted:
        counted[population.name] = _checked(connection, rule, population)
    checked = counted[population.name]
    if rule.scope == "return":
        of_all = _found_in(rows.with_columns(submitter_id=pl.lit(None, pl.String)))
        return [_verdict(rule, None, sum(checked.values()), of_all.get(None, _NOTHING))], rows
    # Rows of no submitter concern everyone. Rows of an organisation that owes nothing here are still told.
    found = _found_in(rows)
    everyone = sorted({*owed, *(submitter for submitter in found if submitter is not None)})
    for_all = 0 if "submitter_id" in population.columns else checked.get(None, 0)
    verdicts = [_verdict(rule, s, checked.get(s, for_all), found.get(s, _NOTHING)) for s in everyone]
    if None in found or not everyone:
        verdicts.append(_verdict(rule, None, sum(checked.values()), found.get(None, _NOTHING)))
    return verdicts, rows


def _found_in(rows: pl.DataFrame) -> dict[str | None, _Found]:
    """By submitter: a record that fails in several fields counts once, a row without a key counts itself."""
    if rows.is_empty():
        return {}
    key = pl.col("record_key")
    by_submitter = rows.group_by("submitter_id").agg(
        failing=key.drop_nulls().n_unique() + key.null_count(),
        first_keys=key.drop_nulls().unique().sort().head(FIRST_KEYS),
    )
    return {submitter: _Found(failing, tuple(keys)) for submitter, failing, keys in by_submitter.iter_rows()}


def _verdict(rule: _Rule, submitter_id: str | None, checked: int, found: _Found) -> Verdict:
    return Verdict(
        rule_id=rule.rule_id,
        return_id=rule.return_id,
        submitter_id=submitter_id,
        source="dbt",
        severity=rule.severity,
        checked=checked,
        failing=found.failing,
        outcome=outcome_of(rule.severity, checked, found.failing),
        message=rule.message,
        next_step=rule.next_step,
        first_keys=found.first_keys,
    )


def _failing_rows(connection: duckdb.DuckDBPyConnection, rule: _Rule, check: Relation) -> pl.DataFrame:
    chosen = ", ".join(f"{quoted(c)}::varchar as {quoted(c)}" for c in CHECK_COLUMNS)
    sql = f"select ?::varchar as return_id, {chosen} from {check.sql} where rule_id::varchar = ?"
    try:
        frame = connection.execute(sql, [rule.return_id, rule.rule_id]).pl()
    except duckdb.Error as error:
        # The engine's own message may quote a value of a record, so only its kind is told.
        raise _Unusable(f"its check model {rule.model} breaks with {type(error).__name__}") from None
    return frame.select([pl.col(c).cast(t) for c, t in FAILING_COLUMNS.items()])


def _checked(
    connection: duckdb.DuckDBPyConnection, rule: _Rule, population: Relation
) -> dict[str | None, int]:
    """Rows judged, per submitter where the population knows it, else under None."""
    by = "submitter_id::varchar" if "submitter_id" in population.columns else "null::varchar"
    try:
        rows = connection.execute(f"select {by}, count(*) from {population.sql} group by 1").fetchall()
    except duckdb.Error as error:
        raise _Unusable(
            f"its population model {rule.population} breaks with {type(error).__name__}"
        ) from None
    return dict(rows)


def _unnamed_checks(
    connection: duckdb.DuckDBPyConnection,
    known: Mapping[str, Relation],
    rules: list[_Rule],
    return_ids: set[str],
) -> list[Verdict]:
    """Failing rows that no rule accounts for: a check model nobody names, or a rule id nobody wrote down."""
    verdicts = []
    for name, relation in sorted(known.items()):
        return_id = name.removeprefix("chk_").split("__")[0]
        if not name.startswith("chk_") or return_id not in return_ids or "rule_id" not in relation.columns:
            continue
        named = {rule.rule_id for rule in rules if rule.model == name}
        try:
            seen = connection.execute(
                f"select distinct rule_id::varchar from {relation.sql} order by 1 nulls first"
            ).fetchall()
        except duckdb.Error as error:
            if not named:
                why = f"the check model {name} breaks with {type(error).__name__} and no rule names it"
                verdicts.append(_error(return_id, name, "error", why))
            continue
        for (rule_id,) in seen:
            if rule_id not in named:
                why = f"the check model {name} returns rows for it, but rules.csv does not say so"
                verdicts.append(_error(return_id, rule_id or name, "error", why))
    return verdicts
