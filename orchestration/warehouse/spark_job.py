"""The part of a build that runs where Spark is: raw tables in, dbt's models, Parquet out.

A process of its own (`python -m orchestration.warehouse.spark_job FOLDER …`): a cluster is given it with
spark-submit, and the memory of the engine goes when it ends. It reads FOLDER/raw/*.parquet and writes one
folder of Parquet per table to FOLDER/tables/<schema>.db/<table>, then FOLDER/built.json, which lists them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DBT_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
# What makes Spark read the SQL of the models as DuckDB does. A cluster must be set the same way.
AS_DUCKDB_READS_IT = {
    "spark.sql.session.timeZone": "UTC",
    # A backslash in a text is a backslash.
    "spark.sql.parser.escapedStringLiterals": "true",
    # A moment is kept in UTC without a zone; with the session in UTC both kinds are the same moment.
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    # A number too large, a text that is no date: an error, as in DuckDB, never a silent null.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.sources.default": "parquet",
    "spark.sql.legacy.createHiveTableByDefault": "false",
}
# What suits one machine; spark-submit brings its own for a cluster.
ON_ONE_MACHINE = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.autoBroadcastJoinThreshold": "50m",
    # Hundreds of small tables: compiling each to Java costs more than reading it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    # Two models are built at once, so one part of a table is enough for each.
    "spark.sql.shuffle.partitions": "1",
    # The light compiler alone keeps 48 MB for what it compiled; hundreds of models fill that and it stops.
    "spark.driver.extraJavaOptions": (
        "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC -Xms1g -Xmn640m"
    ),
    "spark.ui.showConsoleProgress": "false",
    # A run that fails leaves its folder; checksums and marks of success beside each small file are of no use.
    "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
}
# What DuckDB writes into Parquet, by the name that Arrow has for it, as Spark writes it down.
SPARK_TYPES = {
    **{"bool": "boolean", "int32": "int", "int64": "bigint", "double": "double", "string": "string"},
    **{"date32[day]": "date", "timestamp[us]": "timestamp", "timestamp[us, tz=UTC]": "timestamp"},
}


def start(folder: Path, threads: int, memory: str) -> SparkSession:
    """Return a Spark session on this machine or, where a master is set, on its cluster."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("mods-returns")  # pyright: ignore
    settings = {"spark.sql.warehouse.dir": str(folder / "tables"), **AS_DUCKDB_READS_IT}
    if "SPARK_MASTER" not in os.environ:
        builder = builder.master(f"local[{threads}]")
        settings |= {
            **ON_ONE_MACHINE,
            "spark.driver.memory": memory,
            "spark.local.dir": str(folder / "scratch"),
        }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session: SparkSession = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def register_raw(session: SparkSession, raw: Path) -> None:
    """Make every Parquet file of the raw schema a table of the session, and one without rows an empty view.

    Many classes of a client have no records: an engine that knows leaves out what would be done to them.
    """
    from pyarrow import parquet

    session.sql("create database if not exists raw")
    for file in sorted(raw.glob("*.parquet")):
        held = parquet.ParquetFile(file)
        columns = {field.name: spark_type(str(field.type)) for field in held.schema_arrow}
        if held.metadata.num_rows:
            # With its columns told, no job is run to find them.
            told = ", ".join(f"`{name}` {type_}" for name, type_ in columns.items())
            session.sql(f"create table raw.`{file.stem}` ({told}) using parquet location '{file}'")
        else:
            told = ", ".join(f"cast(null as {type_}) as `{name}`" for name, type_ in columns.items())
            session.sql(f"create view raw.`{file.stem}` as select {told} where false")


def spark_type(arrow: str) -> str:
    """Return Spark's name of a type DuckDB writes. Raises SystemExit for one the raw tables never had."""
    if arrow.startswith("decimal128("):
        return arrow.replace("decimal128", "decimal")
    if arrow not in SPARK_TYPES:
        raise SystemExit(f"A raw table has the type {arrow}, which is not one of {', '.join(SPARK_TYPES)}.")
    return SPARK_TYPES[arrow]


def run_models(folder: Path, threads: int, selection: Sequence[str]) -> list[dict[str, str]]:
    """Build the selected models with dbt in this session and return the tables made. Raises SystemExit."""
    from dbt.cli.main import dbtRunner

    keep_errors_loud()
    command = ["--quiet", "--no-use-colors", "run", "--target", "spark", "--threads", str(threads)]
    paths = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    paths += ["--target-path", str(folder / "dbt"), "--log-path", str(folder / "dbt")]
    outcome: Any = dbtRunner().invoke([*command, *paths, *selection])
    results = getattr(outcome.result, "results", None) or []
    if not outcome.success:
        # The message of the engine may quote a value of a record: names of models only.
        failed = [r.node.name for r in results if str(r.status) == "error"]
        raise SystemExit(f"Spark could not build: {', '.join(sorted(failed)) or outcome.exception}")
    return [
        {"schema": r.node.schema, "name": r.node.name}
        for r in results
        if r.node.config.materialized == "table"
    ]


def keep_errors_loud() -> None:
    """Undo what dbt's adapter does to a session: it lets a sum that overflows wrap around without a word."""
    from dbt.adapters.spark.connections import SparkCredentials

    plain = SparkCredentials.__post_init__

    def loud(credentials: Any) -> None:
        plain(credentials)
        credentials.server_side_parameters["spark.sql.ansi.enabled"] = "true"

    SparkCredentials.__post_init__ = loud


def main(arguments: Sequence[str]) -> None:
    """Build the selected models of a folder's raw tables."""
    parser = argparse.ArgumentParser(prog="spark_job", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="3g")
    parser.epilog = "What else is given goes to `dbt run`: --select and --exclude."
    asked, selection = parser.parse_known_args(arguments)
    session = start(asked.folder, asked.threads, asked.memory)
    try:
        register_raw(session, asked.folder / "raw")
        made = run_models(asked.folder, asked.threads, selection)
    finally:
        session.stop()
    (asked.folder / "built.json").write_text(json.dumps(made, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
