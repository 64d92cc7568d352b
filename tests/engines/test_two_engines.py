"""Both engines make the same of the sample: every row of every table, every byte of every pack."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from comparing import compare

from orchestration import road
from orchestration.settings import DEFAULT_CLIENTS, SAMPLE, load_settings
from orchestration.warehouse.spark import ENGINE_VARIABLE, what_spark_lacks

ASKED_FOR = os.environ.get("RETURNS_TEST_SPARK") == "1"
on_spark = pytest.mark.skipif(
    not ASKED_FOR, reason="make test-spark runs these, with Java and Spark's packages"
)


def walked(lake: Path) -> road.Run:
    settings = load_settings(lake=lake, clients_file=DEFAULT_CLIENTS, extracts=SAMPLE, environment={})
    run = road.Run(settings, settings.only_client(None), "2026-10", SAMPLE)
    road.land_extracts(run)
    road.load_landed(run)
    road.link_people(run)
    return run


def finished(run: road.Run) -> dict[str, bytes]:
    road.build_warehouse(run)
    road.settle_packs(run, road.judge_warehouse(run))
    packs = run.settings.lake / "packs"
    return {p.relative_to(packs).as_posix(): p.read_bytes() for p in packs.rglob("*") if p.is_file()}


@on_spark
def test_every_row_and_every_pack_of_the_sample_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert what_spark_lacks() == ""
    embedded = walked(tmp_path / "duckdb")
    shutil.copytree(embedded.settings.lake, tmp_path / "spark")
    spark = replace(embedded, settings=replace(embedded.settings, lake=tmp_path / "spark"))
    packs = finished(embedded)
    monkeypatch.setenv(ENGINE_VARIABLE, "spark")
    packs_by_spark = finished(spark)
    tables, rows, different = compare(embedded.warehouse_file, spark.warehouse_file)
    assert different == []
    assert tables > 150
    assert rows > 10_000
    assert sorted(packs_by_spark) == sorted(packs)
    assert [name for name, content in packs.items() if packs_by_spark[name] != content] == []


@on_spark
def test_a_sum_that_overflows_stops_the_build_as_it_does_in_duckdb() -> None:
    from dbt.adapters.spark.connections import SparkConnectionMethod, SparkCredentials

    from orchestration.warehouse.spark_job import keep_errors_loud

    keep_errors_loud()
    credentials = SparkCredentials(
        method=SparkConnectionMethod.SESSION, host="NA", database=None, schema="main"
    )
    assert credentials.server_side_parameters["spark.sql.ansi.enabled"] == "true"
