"""A warehouse takes its place whole or not at all, whatever a killed run left behind."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.warehouse.build import building


def build(target: Path, value: int) -> None:
    with building(target) as file, duckdb.connect(str(file)) as connection:
        connection.execute("create schema staging")
        connection.execute(f"create table staging.answer as select {value} as value")
        connection.execute("create view staging.shown as select value from staging.answer")


def answer(target: Path) -> list[tuple[int]]:
    with duckdb.connect(str(target), read_only=True) as connection:
        return connection.execute("select value from staging.shown").fetchall()


def test_a_built_warehouse_replaces_the_old_one_and_its_views_still_work(tmp_path: Path) -> None:
    target = tmp_path / "warehouse" / "northshire.duckdb"
    build(target, 1)
    build(target, 2)
    assert answer(target) == [(2,)]
    assert [p.name for p in target.parent.iterdir()] == [target.name]
    assert target.stat().st_mode & 0o077 == 0


def test_a_build_that_fails_leaves_the_old_warehouse(tmp_path: Path) -> None:
    target = tmp_path / "northshire.duckdb"
    build(target, 1)
    with pytest.raises(RuntimeError), building(target) as file:
        file.write_bytes(b"half")
        raise RuntimeError
    assert answer(target) == [(1,)]


def test_what_a_killed_run_left_is_cleared_and_other_clients_builds_are_not(tmp_path: Path) -> None:
    left = tmp_path / ".building-northshire-1"
    others = tmp_path / ".building-northshire_east-1"
    for folder in (left, others):
        folder.mkdir()
        (folder / "half.duckdb.wal").write_bytes(b"half")
    build(tmp_path / "northshire.duckdb", 3)
    assert not left.exists()
    assert others.exists()


def test_what_a_killed_run_had_not_yet_worked_into_the_old_warehouse_does_not_enter_the_new(
    tmp_path: Path,
) -> None:
    target, left = tmp_path / "northshire.duckdb", tmp_path / "left.wal"
    build(target, 1)
    with duckdb.connect(str(target)) as connection:
        connection.execute("create table staging.verdict as select 1 as half")
        left.write_bytes(Path(f"{target}.wal").read_bytes())
    left.replace(f"{target}.wal")
    build(target, 2)
    assert answer(target) == [(2,)]
    assert sorted(p.name for p in tmp_path.iterdir()) == [target.name]


def test_what_the_engine_could_not_write_when_it_closed_is_in_the_finished_warehouse(tmp_path: Path) -> None:
    """On a full disk it closes without a word and leaves the rest in a file beside: it must not be lost."""
    target = tmp_path / "northshire.duckdb"
    with building(target) as file:
        with duckdb.connect(str(file)) as connection:
            connection.execute("pragma disable_checkpoint_on_shutdown")
            connection.execute("create schema staging")
            connection.execute("create table staging.shown as select 7 as value")
        assert file.with_name(f"{file.name}.wal").exists()
    assert answer(target) == [(7,)]
