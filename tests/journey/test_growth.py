"""Ten times the people is not a hundred times the work: no model compares each record with each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from walking import CLIENT, Walk

from orchestration.warehouse.plan import ANY_CLIENT, current_plan

EACH_WITH_EACH = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN", "CROSS_PRODUCT")
# Lists that grow with returns, standards and clients, never with the people in the records.
LISTS = (
    "raw.run_", "raw.return_", "raw.client_submitter", "raw.profile_column", "raw.code_list", "raw.crosswalk",
    "raw.cld_field", "raw.cld_release_1_label", "core.core__return_", "core.core__value_set",
    "core.core__campaign", "core.core__council_submitter", "staging.stg_cld__code_field",
    "returns.cqc_notifications__code", "returns.asc_wds__place",
)  # fmt: skip
# Values that stand in the statement itself.
WRITTEN_OUT = ("COLUMN_DATA_SCAN", "DUMMY_SCAN", "EMPTY_RESULT")


def nodes(plan: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in plan:
        yield node
        yield from nodes(node["children"])


def leaves(node: dict[str, Any], named: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the tables a part of a plan reads; what adds everything up is one row, whatever it reads."""
    kind, told = node["name"].strip(), node.get("extra_info", {})
    if kind == "UNGROUPED_AGGREGATE":
        return
    if kind == "CTE_SCAN":
        yield from leaves(named[told["CTE Index"]], named)
    elif kind not in WRITTEN_OUT and not node["children"]:
        yield str(told.get("Table") or kind).partition(".")[2].replace('"', "")
    for child in node["children"]:
        yield from leaves(child, named)


def each_with_each(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """Return the joins of a statement that compare every record of one table with every one of another."""
    row = connection.execute(f"explain (format json) {sql}").fetchone()
    assert row is not None
    plan = list(nodes(json.loads(row[1])))
    named = {n["extra_info"]["Table Index"]: n["children"][0] for n in plan if n["name"].strip() == "CTE"}
    found = []
    for node in plan:
        sides = [sorted(set(leaves(child, named))) for child in node["children"]]
        if node["name"].strip() in EACH_WITH_EACH and not any(
            all(table.startswith(LISTS) for table in side) for side in sides
        ):
            found.append(" x ".join(", ".join(side) for side in sides))
    return found


def test_no_model_compares_every_record_with_every_other(sample: Walk) -> None:
    warehouse = sample.settings.lake / "warehouse" / f"{CLIENT}.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        found = {
            step.name: joins
            for step in current_plan()
            if not step.is_test
            and (joins := each_with_each(connection, step.sql.replace(f'"{ANY_CLIENT}".', f'"{CLIENT}".')))
        }
    assert not found


@pytest.mark.parametrize(
    ("condition", "is_found"),
    [
        ("a.k = b.k", False),
        ("a.k = b.k and (a.v = 1 or b.v = 1)", True),
        ("case when a.v = 1 then a.k end = b.k", False),
        ("a.k = b.k and a.v = 1", True),
    ],
)
def test_a_left_join_with_a_condition_on_more_than_equal_columns_is_found(
    tmp_path: Path, condition: str, is_found: bool
) -> None:
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        for table in "ab":
            connection.execute(f"create table {table} as select range as k, range % 3 as v from range(100)")
        found = each_with_each(connection, f"select * from a left join b on {condition}")
    assert bool(found) == is_found
