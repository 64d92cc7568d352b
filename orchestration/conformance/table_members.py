"""Who stands in each cell of an official table: each table's rule as data, and the people kept beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.returns.tables import write_csv
from orchestration.warehouse.cld_lookups import POPULATION_LOOKUPS
from orchestration.warehouse.cld_store import CLD_STANDARDS

MEMBERS, POPULATION = "members", "population.csv"
POPULATION_COLUMNS = (
    *("council", "council_name", "age_band", "population", "lookup"),
    *("code", "geography", "gender", "year", "pub_flag"),
)
# The rows of an official table that stand for all of a kind.
_WHOLE = ("total", "england")


@dataclass(frozen=True)
class TableMembers:
    """The rule of one official table: whose rows its cells count, and how a row finds its own."""

    name: str
    relation: str
    item: str
    where: str
    match: Mapping[str, str]
    cells: Mapping[str, str] = field(default_factory=dict)
    count: str = ""
    population: tuple[str, ...] = ()
    elsewhere: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def condition(self, row: Mapping[str, Any], column: str) -> tuple[str, list[str | None]]:
        """Return the SQL condition that picks the members of one cell of a row, with its parameters."""
        parts = [f"({self.where})", f"({self.cells.get(column, 'true')})"]
        values: list[str | None] = []
        for name, attribute in self.match.items():
            if name in row:
                text = None if row[name] is None else str(row[name]).rstrip(" ").lower()
                part = _matches(attribute, text, values)
                parts += [part] if part else []
        return " and ".join(parts), values


def _matches(attribute: str, text: str | None, values: list[str | None]) -> str:
    if attribute.startswith("!"):
        values += [text] * attribute.count("{value}")
        return "(" + attribute[1:].replace("{value}", "?::varchar") + ")"
    if attribute.startswith("*"):
        if text in _WHOLE:
            return ""
        attribute = attribute[1:]
    asked = attribute.split("|")
    values += [text] * len(asked)
    each = [f"lower(rtrim({a}::varchar, ' ')) is not distinct from ?" for a in asked]
    return "(" + " or ".join(each) + ")"


@cache
def table_rules() -> dict[str, TableMembers]:
    """Return the rule of every official table that counts people, by its name without the period."""
    text = (CLD_STANDARDS / "table_members.toml").read_text(encoding="utf-8")
    return {
        name: TableMembers(name, **{**rule, "population": tuple(rule.get("population", ()))})
        for name, rule in tomllib.loads(text).items()
    }


def rule_of(table: str, column: str) -> tuple[TableMembers, str] | None:
    """Return the rule that a column of a table is counted by, and its name there; None for other tables."""
    rule = table_rules().get(table)
    if rule and column in rule.elsewhere:
        other = rule.elsewhere[column]
        return table_rules()[other["table"]], other["column"]
    return (rule, column) if rule else None


def write_members(connection: duckdb.DuckDBPyConnection, tables: Iterable[str], folder: Path) -> list[str]:
    """Write the people behind the cells of the official tables named, one file per relation, and its folder.

    Only their owner can read them. Returns what was written.
    """
    rules = [table_rules()[table] for table in tables if table in table_rules()]
    rules += [table_rules()[o["table"]] for rule in rules for o in rule.elsewhere.values()]
    (folder / MEMBERS).mkdir(mode=0o700)
    for relation in sorted({rule.relation for rule in rules}):
        target = folder / MEMBERS / f"{relation}.parquet"
        quoted = str(target).replace("'", "''")
        connection.execute(
            f"copy (select * from returns.{relation} order by all) to '{quoted}' (format parquet)"
        )
        target.chmod(0o600)
    written = [MEMBERS]
    if any(rule.population for rule in rules):
        found = connection.execute(
            "select la_code, la_name, age_band, population, population_source, code, geography, gender, year,"
            " pub_flag from returns.ascof__2b2c_population order by all"
        ).fetchall()
        rows = [(*r[:4], POPULATION_LOOKUPS[r[4]], *r[5:]) for r in found]
        write_csv(folder / POPULATION, POPULATION_COLUMNS, rows)
        written.append(POPULATION)
    return written
