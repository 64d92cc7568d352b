"""What the build plan makes is what dbt makes: every table and view of an example, row by row."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.warehouse.plan import NOT_ON_THE_ROAD, current_plan, run_plan
from tests.returns.example_warehouse import dbt, example_folders, prepare_example, return_of

RELATIONS = """
    select table_schema, table_name, column_name, data_type
    from information_schema.columns
    where table_schema <> 'raw'
    order by table_schema, table_name, ordinal_position
"""


def test_the_plan_builds_what_dbt_builds(tmp_path: Path) -> None:
    example = next(f for f in example_folders() if return_of(f) == "cld")
    by_plan = prepare_example(example, tmp_path / "plan")
    by_dbt = prepare_example(example, tmp_path / "dbt")
    assert all(done.passed for done in run_plan(current_plan(), by_plan, "1GB", 2))
    dbt(by_dbt, "build", "--exclude", *NOT_ON_THE_ROAD)
    with duckdb.connect(str(by_plan), read_only=True) as connection:
        made = connection.execute(RELATIONS).fetchall()
        relations = sorted({(schema, name) for schema, name, _, _ in made})
        rows = {
            r: connection.execute(f'select * from {r[0]}."{r[1]}" order by all').fetchall() for r in relations
        }
    with duckdb.connect(str(by_dbt), read_only=True) as connection:
        assert connection.execute(RELATIONS).fetchall() == made
        for schema, name in relations:
            found = connection.execute(f'select * from {schema}."{name}" order by all').fetchall()
            assert found == rows[schema, name], name
    assert len(relations) > 80
    assert sum(len(found) for found in rows.values()) > 200


def test_the_plan_knows_of_every_table_that_a_statement_reads() -> None:
    """What it does not know of could change without the model being made anew."""
    plan = current_plan()
    models = {step.unique_id: (step.schema, step.name) for step in plan}
    with duckdb.connect() as connection:
        for step in plan:
            named = connection.get_table_names(step.sql, qualified=True)
            read = {tuple(n.split(" AS ")[0].replace('"', "").split(".")[-2:]) for n in named}
            known = {models[key] for key in step.reads} | {("raw", table) for table in step.raw_tables}
            assert read <= known, step.name
