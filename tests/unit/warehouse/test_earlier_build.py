"""A build runs again only what has another statement or reads something else, and trusts no changed file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from orchestration.warehouse import earlier_build
from orchestration.warehouse.build import WarehouseBuildError, building
from orchestration.warehouse.plan import Step, run_plan

Meals = Sequence[tuple[str, int]]
SOUP_AND_PIE: Meals = (("soup", 2), ("pie", 4))


def step(name: str, sql: str, *reads: str, raw: str = "", kind: str = "table") -> Step:
    return Step(
        unique_id=name,
        kind=kind,
        schema="core",
        name=name,
        sql=sql,
        only_warns=False,
        reads=frozenset(reads),
        raw_tables=frozenset({raw} if raw else ()),
    )


MENU = step("menu", "select distinct dish from raw.meal", raw="meal")
EATERS = step("eaters", "select sum(eaters)::bigint as eaters from raw.meal", raw="meal")
DISHES = step("dishes", "select count(*) as dishes from core.menu", "menu")
SHOWN = step("shown", "select dishes from core.dishes", "dishes", kind="view")
NAMED = step("named", "select * from core.menu where dish is null", "menu", kind="test")
PLAN = (MENU, EATERS, DISHES, SHOWN, NAMED)


def build(target: Path, meals: Meals, plan: tuple[Step, ...] = PLAN) -> set[str]:
    """Build a warehouse of meals and return the names of the steps that were run."""
    with building(target) as file:
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema raw")
            connection.execute("create table raw.meal (dish varchar, eaters integer)")
            connection.executemany("insert into raw.meal values (?, ?)", list(meals))
            earlier_build.note_inputs(connection, file, {})
        run = {done.step.name for done in run_plan(plan, file, "1GB", 1) if not done.kept}
    earlier_build.seal(target)
    return run


def tables(target: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(target), read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'core' order by 1"
        ).fetchall()
        return {n: connection.execute(f'select * from core."{n}" order by all').fetchall() for (n,) in names}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "northshire.duckdb"


def test_where_nothing_changed_nothing_is_run_again(target: Path) -> None:
    assert build(target, SOUP_AND_PIE) == {s.name for s in PLAN}
    first = tables(target)
    assert build(target, SOUP_AND_PIE) == set()
    assert tables(target) == first


def test_the_order_of_rows_is_no_change(target: Path) -> None:
    build(target, SOUP_AND_PIE)
    assert build(target, SOUP_AND_PIE[::-1]) == set()


def test_a_change_is_followed_as_far_as_it_makes_a_difference(target: Path) -> None:
    """Another number of eaters changes neither the menu nor what is made of it."""
    build(target, SOUP_AND_PIE)
    assert build(target, (("soup", 3), ("pie", 4))) == {"menu", "eaters"}
    assert tables(target)["eaters"] == [(7,)]


def test_what_a_change_reaches_is_what_a_build_from_nothing_makes(target: Path, tmp_path: Path) -> None:
    build(target, SOUP_AND_PIE)
    meals = (*SOUP_AND_PIE, ("stew", 1), ("stew", 1))
    assert build(target, meals) == {"menu", "eaters", "dishes", "shown", "named"}
    build(tmp_path / "anew.duckdb", meals)
    assert tables(target) == tables(tmp_path / "anew.duckdb")


def test_a_row_that_is_there_twice_is_a_change(target: Path) -> None:
    build(target, SOUP_AND_PIE)
    assert "eaters" in build(target, (*SOUP_AND_PIE, SOUP_AND_PIE[0]))
    assert tables(target)["eaters"] == [(8,)]


def test_another_statement_is_run_and_what_reads_its_table_too(target: Path) -> None:
    build(target, SOUP_AND_PIE)
    fewer = step("menu", "select distinct dish from raw.meal where eaters > 3", raw="meal")
    assert build(target, SOUP_AND_PIE, (fewer, *PLAN[1:])) == {"menu", "dishes", "shown", "named"}
    assert tables(target)["shown"] == [(1,)]


def test_a_column_of_another_type_is_a_change(target: Path) -> None:
    build(target, SOUP_AND_PIE)
    wider = step("dishes", "select count(*)::integer as dishes from core.menu", "menu")
    assert build(target, SOUP_AND_PIE, (MENU, EATERS, wider, SHOWN, NAMED)) == {"dishes", "shown"}


def test_what_is_no_longer_in_the_plan_is_gone_and_a_table_may_become_a_view(target: Path) -> None:
    build(target, SOUP_AND_PIE)
    view = step("dishes", DISHES.sql, "menu", kind="view")
    build(target, SOUP_AND_PIE, (MENU, view, SHOWN))
    assert sorted(tables(target)) == ["dishes", "menu", "shown"]
    with duckdb.connect(str(target), read_only=True) as connection:
        kinds = dict(
            connection.execute("select table_name, table_type from information_schema.tables").fetchall()
        )
    assert kinds["dishes"] == "VIEW"


def test_a_test_that_is_not_run_again_still_tells_what_it_found(target: Path) -> None:
    warning = step("soups", "select * from core.menu where dish = 'soup'", "menu", kind="test")
    plan = (MENU, Step(**{**vars(warning), "only_warns": True}))
    build(target, SOUP_AND_PIE, plan)
    with building(target) as file, duckdb.connect(str(file)) as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.meal as select 'pie' as dish, 4::integer as eaters")
        connection.execute("insert into raw.meal values ('soup', 2)")
        earlier_build.note_inputs(connection, file, {})
        connection.close()
        again = list(run_plan(plan, file, "1GB", 1))
    assert [(done.step.name, done.failing, done.kept) for done in again] == [
        ("menu", 0, True),
        ("soups", 1, True),
    ]


def test_a_warehouse_that_was_changed_since_it_was_sealed_is_built_from_nothing(target: Path) -> None:
    build(target, SOUP_AND_PIE)
    with duckdb.connect(str(target)) as connection:
        connection.execute("update core.eaters set eaters = 1000")
    assert build(target, SOUP_AND_PIE) == {s.name for s in PLAN}
    assert tables(target)["eaters"] == [(6,)]


def test_a_damaged_warehouse_is_built_from_nothing(target: Path) -> None:
    build(target, SOUP_AND_PIE)
    content = bytearray(target.read_bytes())
    content[len(content) // 2] ^= 0xFF
    target.write_bytes(content)
    assert build(target, SOUP_AND_PIE) == {s.name for s in PLAN}


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[]", b'{"engine": "duckdb 0.1"}'])
def test_a_record_that_cannot_be_read_or_is_of_another_engine_keeps_nothing(
    target: Path, spoilt: bytes
) -> None:
    build(target, SOUP_AND_PIE)
    earlier_build.record_of(target).write_bytes(spoilt)
    assert build(target, SOUP_AND_PIE) == {s.name for s in PLAN}


def test_a_warehouse_that_was_never_judged_to_its_end_keeps_nothing(target: Path) -> None:
    build(target, SOUP_AND_PIE)
    record = earlier_build.read_record(target)
    assert record is not None
    record.sha256 = ""
    earlier_build.write_record(target, record)
    assert build(target, SOUP_AND_PIE) == {s.name for s in PLAN}


def test_a_build_that_failed_leaves_the_old_warehouse_to_stand_on(target: Path) -> None:
    build(target, SOUP_AND_PIE)
    failing = step("no_soup", "select * from core.menu where dish = 'soup'", "menu", kind="test")
    with pytest.raises(WarehouseBuildError):
        build(target, (*SOUP_AND_PIE, ("stew", 1)), (*PLAN, failing))
    assert build(target, SOUP_AND_PIE) == set()


def test_verdicts_of_the_run_before_are_not_in_the_new_warehouse(target: Path) -> None:
    build(target, SOUP_AND_PIE)
    with duckdb.connect(str(target)) as connection:
        connection.execute("create schema quality")
        connection.execute("create table quality.verdict as select 1 as rule")
    earlier_build.seal(target)
    assert build(target, SOUP_AND_PIE) == set()
    with duckdb.connect(str(target), read_only=True) as connection:
        names = connection.execute("select table_name from information_schema.tables").fetchall()
    assert ("verdict",) not in names


def test_files_behind_a_raw_view_that_were_replaced_are_a_change(target: Path, tmp_path: Path) -> None:
    loaded = tmp_path / "e1" / "meal.parquet"
    loaded.parent.mkdir()

    def build_over(eaters: int) -> set[str]:
        duckdb.sql(f"select 'soup' as dish, {eaters} as eaters").write_parquet(str(loaded))
        with building(target) as file:
            with duckdb.connect(str(file)) as connection:
                connection.execute("create schema raw")
                connection.execute(f"create view raw.meal as select * from read_parquet('{loaded}')")
                connection.execute(
                    "create table raw.extract_receipt as select 'e1' as extract_id, 'elm' as sender_id"
                )
                earlier_build.note_inputs(connection, file, {"meal": [loaded]})
            run = {done.step.name for done in run_plan(PLAN, file, "1GB", 1) if not done.kept}
        earlier_build.seal(target)
        return run

    build_over(2)
    assert build_over(5) == {"menu", "eaters"}
    assert tables(target)["eaters"] == [(5,)]
