"""The models are written in the SQL that DuckDB and Spark share; what differs lives in dispatched macros."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.warehouse.build import DBT_PROJECT

SQL_FILES = sorted(
    path
    for folder in ("models", "returns", "macros", "tests")
    for path in (DBT_PROJECT / folder).rglob("*.sql")
)
ENGINE_MACRO = re.compile(r"\{% macro (?:default|spark|duckdb)__.*?endmacro %\}", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
TEXT = re.compile(r"'(?:[^']|'')*'")
ONE_ENGINE_ONLY = {
    "a cast with ::": r"::",
    "qualify": r"\bqualify\b",
    "select * exclude or replace": r"\*\s*(?:exclude|except|replace)\b",
    "group by all": r"\b(?:group|order) by all\b",
    "a list or struct function": r"\b(?:list_\w+|struct_\w+|unnest|array_agg|explode)\s*\(",
    "an aggregate of one engine": r"\b(?:string_agg|group_concat|collect_list|arg_max|arg_min|max_by)\s*\(",
    "ilike": r"\bilike\b",
    "distinct on": r"\bdistinct on\b",
    "union by name": r"\bby name\b",
    "is distinct from": r"\bis (?:not )?distinct from\b",
    "a macro's own engine function": r"\b(?:strftime|to_months|date_diff|datediff|timezone|try_cast)\s*\(",
}
CLOCK = re.compile(
    r"\b(?:now|today|current_timestamp|current_date|getdate|random|rand|uuid)\b\s*\(?", re.IGNORECASE
)


def shared_sql(path: Path) -> str:
    """Return a file's SQL without comments, quoted text and the macros written for one engine."""
    text = path.read_text(encoding="utf-8")
    for unwanted in (ENGINE_MACRO, COMMENT, TEXT):
        text = unwanted.sub(" ", text)
    return text


def named(paths: list[str]) -> str:
    return "\n".join(paths)


@pytest.mark.parametrize("what", ONE_ENGINE_ONLY)
def test_no_model_uses(what: str) -> None:
    pattern = re.compile(ONE_ENGINE_ONLY[what], re.IGNORECASE | re.MULTILINE)
    used = [str(p.relative_to(DBT_PROJECT)) for p in SQL_FILES if pattern.search(shared_sql(p))]
    assert not used, named(used)


def test_no_model_asks_the_clock_or_chance() -> None:
    used = [str(p.relative_to(DBT_PROJECT)) for p in SQL_FILES if CLOCK.search(shared_sql(p))]
    assert not used, named(used)


def window_orders(sql: str) -> list[str]:
    """Return each `order by` of a window, up to the bracket that closes the window."""
    orders = []
    for start in (m.end() for m in re.finditer(r"\border by\b", sql, re.IGNORECASE)):
        depth = 0
        for end in range(start, len(sql)):
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            if depth < 0:
                break
        orders.append(sql[start:end])
    return orders


def terms(order: str) -> list[str]:
    """Return the sorted expressions of an `order by`, commas inside brackets left alone."""
    found, depth, current = [], 0, ""
    for character in order:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            found.append(current)
            current = ""
        else:
            current += character
    return [*found, current]


def test_every_order_says_where_nulls_go() -> None:
    silent = [
        f"{path.relative_to(DBT_PROJECT)}: {' '.join(term.split())}"
        for path in SQL_FILES
        for order in window_orders(shared_sql(path))
        for term in terms(order)
        if not re.search(r"\bnulls (?:first|last)(?:\s+rows between .*)?\s*$", term.strip(), re.I | re.S)
    ]
    assert not silent, named(silent)
