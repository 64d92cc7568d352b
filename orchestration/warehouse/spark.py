"""Spark as the engine of the models: DuckDB hands the raw tables over and takes the built ones back."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from orchestration.engine import open_engine
from orchestration.warehouse.build import DBT_PROJECT, WarehouseBuildError, dbt_environment

ENGINE_VARIABLE = "RETURNS_ENGINE"
ENGINES = ("duckdb", "spark")
JOB = "orchestration.warehouse.spark_job"
PROJECT = DBT_PROJECT.parent
PARSED = DBT_PROJECT / "target" / "spark" / "partial_parse.msgpack"


def is_chosen() -> bool:
    """True where RETURNS_ENGINE asks for Spark. Raises WarehouseBuildError for an unknown engine."""
    asked = os.environ.get(ENGINE_VARIABLE, "").strip().lower() or ENGINES[0]
    if asked not in ENGINES:
        raise WarehouseBuildError(f"{ENGINE_VARIABLE} is '{asked}'; it can be {' or '.join(ENGINES)}.")
    return asked == "spark"


def what_spark_lacks() -> str:
    """Why Spark cannot be used here and what to do, or nothing."""
    lacking = [name for name in ("pyspark", "dbt.adapters.spark") if not _is_installed(name)]
    if lacking:
        return f"Spark's packages are not installed ({', '.join(lacking)}): make setup-spark installs them."
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        return "Spark needs Java 17, which was not found (Debian: apt-get install openjdk-17-jre-headless)."
    return ""


def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def build_on_spark(
    file: Path, folder: Path, selection: Sequence[str], threads: int, memory: str = "3g"
) -> list[tuple[str, str]]:
    """Build models with Spark from the raw schema of a warehouse file and put them into that file as tables.

    `selection` is what `dbt run` takes after its name. The folder is used for what passes between the engines
    and must be one that both reach. Returns (schema, table) of everything made. Raises WarehouseBuildError.
    """
    if lacking := what_spark_lacks():
        raise WarehouseBuildError(lacking)
    raw = folder / "raw"
    raw.mkdir(parents=True)
    folder.chmod(0o700)
    _hand_over(file, raw)
    log = folder / "spark.log"
    command = [sys.executable, "-m", JOB, str(folder), "--threads", str(threads), "--memory", memory]
    with log.open("w", encoding="utf-8") as said:
        outcome = subprocess.run(
            [*command, *selection],
            cwd=PROJECT,
            env=_environment(folder, memory, threads),
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if outcome.returncode != 0:
        # What the engine said may quote a value of a record: it stays beside the restricted file.
        raise WarehouseBuildError(f"Spark could not build the models. What it said is in {log}.")
    _keep_parsed(folder / "dbt" / "partial_parse.msgpack")
    built = json.loads((folder / "built.json").read_text(encoding="utf-8"))
    made = [(table["schema"], table["name"]) for table in built]
    _take_back(file, folder / "tables", made)
    return made


def _environment(folder: Path, memory: str, threads: int) -> dict[str, str]:
    # The file is only for the other engine's target: dbt resolves every target of a profile. It has the same
    # name every time, or dbt would not take the project as it was parsed before.
    for_dbt = dbt_environment(Path("unused.duckdb"), memory, threads)
    if PARSED.exists():
        for_dbt["DBT_PARTIAL_PARSE_FILE_PATH"] = str(PARSED)
    return os.environ | for_dbt | {"PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(PROJECT)}


def _keep_parsed(parsed: Path) -> None:
    """Keep the project as dbt parsed it for the next build; dbt sees which of its files changed since.

    Where none did, dbt writes nothing.
    """
    if not parsed.exists():
        return
    PARSED.parent.mkdir(parents=True, exist_ok=True)
    beside = PARSED.with_suffix(f".{os.getpid()}")
    shutil.copyfile(parsed, beside)
    beside.replace(PARSED)


def _hand_over(file: Path, raw: Path) -> None:
    with open_engine(file, read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'raw' order by table_name"
        ).fetchall()
        for (name,) in tables:
            connection.execute(f"copy raw.\"{name}\" to '{raw / name}.parquet' (format parquet)")


def _take_back(file: Path, tables: Path, made: Sequence[tuple[str, str]]) -> None:
    with open_engine(file) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for schema, name in made:
            connection.execute(f'create schema if not exists "{schema}"')
            source = tables / f"{schema}.db" / name / "*.parquet"
            connection.execute(
                f'create table "{schema}"."{name}" as select * from read_parquet(\'{source}\')'
            )
