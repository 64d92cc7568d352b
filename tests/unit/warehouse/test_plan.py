"""The build plan runs what dbt compiled: in order, for any client, and refuses what it cannot hold."""

from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.warehouse import plan
from orchestration.warehouse.build import WarehouseBuildError
from orchestration.warehouse.plan import ANY_CLIENT, plan_of, run_plan

RAW = f'"{ANY_CLIENT}"."raw"."meal"'
MEAL = f'"{ANY_CLIENT}"."core"."meal"'


def node(kind: str, name: str, sql: str, *reads: str, **config: Any) -> dict[str, Any]:
    return {
        "unique_id": f"{kind}.{name}",
        "resource_type": kind,
        "schema": "core",
        "original_file_path": f"models/core/{name}.sql",
        "name": name,
        "compiled_code": sql,
        "depends_on": {"nodes": list(reads)},
        "config": {"materialized": "table" if kind == "model" else "test", **config},
    }


def manifest(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"nodes": {n["unique_id"]: n for n in nodes}}


def kitchen(folder: Path) -> Path:
    file = folder / "northshire.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.meal as select * from (values ('soup', 2), ('pie', -1)) m(dish, eaters)"
        )
    return file


EATEN = node("model", "a_menu", f"select dish from {MEAL}", "model.meal", materialized="view")
MEALS = node("model", "meal", f"select dish, eaters from {RAW}\n-- every meal", "source.meal")


def test_a_model_is_made_after_what_it_reads_and_names_the_clients_own_database(tmp_path: Path) -> None:
    file = kitchen(tmp_path)
    plan = plan_of(manifest(EATEN, MEALS))
    assert [done.step.name for done in run_plan(plan, file, "1GB", 1)] == ["meal", "a_menu"]
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute("select dish from core.a_menu order by 1").fetchall() == [
            ("pie",),
            ("soup",),
        ]
        kinds = dict(
            connection.execute("select table_name, table_type from information_schema.tables").fetchall()
        )
    assert (kinds["meal"], kinds["a_menu"]) == ("BASE TABLE", "VIEW")


def test_the_rows_of_a_test_stop_the_build_once_every_test_was_run(tmp_path: Path) -> None:
    nobody = node("test", "nobody_is_negative", f"select * from {MEAL} where eaters < 0", "model.meal")
    soup = node("test", "no_soup", f"select * from {MEAL} where dish = 'soup'", "model.meal")
    fine = node("test", "dishes_are_named", f"select * from {MEAL} where dish is null", "model.meal")
    found = []
    with pytest.raises(WarehouseBuildError, match="failed: no_soup, nobody_is_negative"):
        for done in run_plan(plan_of(manifest(MEALS, nobody, soup, fine)), kitchen(tmp_path), "1GB", 1):
            found.append((done.step.name, done.failing))
    assert sorted(found) == [("dishes_are_named", 0), ("meal", 0), ("no_soup", 1), ("nobody_is_negative", 1)]


def test_a_test_that_only_warns_stops_nothing(tmp_path: Path) -> None:
    warning = node(
        "test", "no_soup", f"select * from {MEAL} where dish = 'soup'", "model.meal", severity="warn"
    )
    done = list(run_plan(plan_of(manifest(MEALS, warning)), kitchen(tmp_path), "1GB", 1))
    assert [(d.step.name, d.passed) for d in done] == [("meal", True), ("no_soup", False)]


def test_what_the_engine_says_stays_beside_the_file_and_out_of_the_message(tmp_path: Path) -> None:
    broken = node("model", "broken", f"select cast(dish as integer) as dish from {RAW}", "source.meal")
    with pytest.raises(WarehouseBuildError, match=r"failed: broken \(ConversionException\)") as caught:
        list(run_plan(plan_of(manifest(broken)), kitchen(tmp_path), "1GB", 1))
    assert "soup" not in str(caught.value)
    log = tmp_path / "build.log"
    assert "soup" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_a_build_that_had_too_little_memory_says_which_setting_gives_it_more(tmp_path: Path) -> None:
    all_in_one = f"select m.dish, list(i order by i desc) as numbers from {RAW} as m, range(5000000) as n (i)"
    greedy = node("model", "greedy", f"{all_in_one} group by 1", "source.meal")
    with pytest.raises(WarehouseBuildError, match="set RETURNS_MEMORY_LIMIT higher"):
        list(run_plan(plan_of(manifest(greedy)), kitchen(tmp_path), "40MB", 1))


@pytest.mark.parametrize(
    ("kind", "config", "said"),
    [
        ("model", {"materialized": "incremental"}, "materialized = incremental"),
        ("model", {"post-hook": [{"sql": "drop table x"}]}, "post-hook"),
        ("model", {"contract": {"enforced": True}}, "contract"),
        ("test", {"error_if": "> 10"}, "error_if"),
        ("test", {"limit": 5}, "limit"),
    ],
)
def test_a_node_that_needs_more_of_dbt_is_refused(kind: str, config: dict[str, Any], said: str) -> None:
    with pytest.raises(WarehouseBuildError, match=said):
        plan_of(manifest(node(kind, "odd", "select 1", **config)))


def test_what_dbt_did_not_compile_is_not_on_the_road() -> None:
    assert plan_of(manifest({**MEALS, "compiled_code": None})) == ()


def test_of_two_runs_that_find_no_compiled_project_one_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = []

    def compile_slowly(*_: object, env: dict[str, str], **__: object) -> subprocess.CompletedProcess[str]:
        compiled.append(env["DBT_TARGET_PATH"])
        time.sleep(0.2)
        Path(env["DBT_TARGET_PATH"], "manifest.json").write_text("{}", encoding="utf-8")
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(plan, "TARGET", tmp_path / "target")
    monkeypatch.setattr(plan, "hash_of_project", lambda: "the same")
    monkeypatch.setattr("subprocess.run", compile_slowly)
    with ThreadPoolExecutor(4) as runs:
        found = list(runs.map(lambda _: plan.prepare_manifest().read_text(), range(4)))
    assert found == ["{}"] * 4
    assert len(compiled) == 1
