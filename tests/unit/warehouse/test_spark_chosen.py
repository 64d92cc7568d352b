"""Choosing the engine, where Spark is not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.warehouse import spark
from orchestration.warehouse.build import WarehouseBuildError


def test_duckdb_is_the_engine_unless_another_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(spark.ENGINE_VARIABLE, raising=False)
    assert not spark.is_chosen()
    monkeypatch.setenv(spark.ENGINE_VARIABLE, "Spark")
    assert spark.is_chosen()


def test_an_engine_nobody_has_heard_of_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(spark.ENGINE_VARIABLE, "sparc")
    with pytest.raises(WarehouseBuildError, match="RETURNS_ENGINE is 'sparc'; it can be duckdb or spark"):
        spark.is_chosen()


def test_without_its_packages_the_message_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(spark, "_is_installed", lambda name: name != "pyspark")
    with pytest.raises(WarehouseBuildError, match=r"not installed \(pyspark\): make setup-spark"):
        spark.build_on_spark(tmp_path / "w.duckdb", tmp_path / "spark", [], 2)


def test_without_java_the_message_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "_is_installed", lambda name: True)
    monkeypatch.setattr(spark.shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "Java 17" in spark.what_spark_lacks()
