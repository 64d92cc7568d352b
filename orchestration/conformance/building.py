"""One official computation from raw files to a built DuckDB file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from orchestration.engine import open_engine
from orchestration.warehouse import spark
from orchestration.warehouse.build import DBT_PROJECT, dbt_environment
from orchestration.warehouse.cld_store import (
    OfficialRun,
    PreparedInputs,
    StoreInputs,
    prepare_official_raw,
)
from orchestration.warehouse.plan import hash_of_project

MEMORY_LIMIT = "4GB"
THREADS = 2
# The name is part of every relation dbt resolves, so a kept manifest fits only files of this name.
FILE_NAME = "official.duckdb"
MANIFEST_CACHE = DBT_PROJECT / "target" / "official"
_manifests: dict[str, Any] = {}


class OfficialBuildError(RuntimeError):
    """dbt could not build the official models; the message names the models that failed."""


def open_built(
    file: Path, memory_limit: str = MEMORY_LIMIT, threads: int = THREADS
) -> duckdb.DuckDBPyConnection:
    """Return a connection to a built file under the limits of the build, not those of the machine."""
    return open_engine(file, config={"memory_limit": memory_limit, "threads": threads})


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the length of a block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def invoke_dbt(arguments: Sequence[str], folder: Path, manifest: Any = None) -> Any:
    """Run one dbt command on the project in this process and return its result."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner  # takes more than a second to import

    # One target folder per build: two builds at once must not write the same parse state.
    paths = ["--target-path", str(folder / "dbt_target"), "--log-path", str(folder / "dbt_logs")]
    project = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    try:
        outcome = dbtRunner(manifest=manifest).invoke(
            ["--quiet", "--no-use-colors", *arguments, *project, *paths]
        )
    finally:
        # The adapter holds its file open for the life of the process; we read the file next.
        DuckDBConnectionManager.close_all_connections()
    if not outcome.success:
        results = getattr(outcome.result, "results", None) or []
        failed = [f"{r.node.name}: {r.message}" for r in results if r.status in ("error", "fail")]
        raise OfficialBuildError("; ".join(failed) or str(outcome.exception))
    return outcome.result


def project_manifest(folder: Path) -> Any:
    """Return the parsed project: from this process, an earlier one, or parsed now and kept."""
    state = hash_of_project()[:16]
    if state not in _manifests:
        kept = MANIFEST_CACHE / f"{state}.msgpack"
        if kept.exists():
            from dbt.contracts.graph.manifest import Manifest
            from dbt.parser.manifest import extended_mashumuro_decoder

            _manifests[state] = Manifest.from_msgpack(kept.read_bytes(), decoder=extended_mashumuro_decoder)
        else:
            _manifests[state] = invoke_dbt(["parse"], folder)
            _keep((folder / "dbt_target" / "partial_parse.msgpack").read_bytes(), kept)
    return _manifests[state]


def _keep(content: bytes, target: Path) -> None:
    """Write beside the target and rename; earlier states of the project go."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for old in target.parent.glob("*.msgpack"):
        old.unlink(missing_ok=True)
    beside = target.with_suffix(f".{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(target)


def build_official(
    folder: Path,
    run: OfficialRun,
    inputs: StoreInputs,
    select: Sequence[str] = ("tag:cld_method",),
    memory_limit: str = MEMORY_LIMIT,
    threads: int = THREADS,
) -> tuple[Path, PreparedInputs]:
    """Build the official models for one run into a new DuckDB file; says what the inputs lacked."""
    file = folder / FILE_NAME
    prepared = prepare_official_raw(file, run, inputs)
    if spark.is_chosen():
        spark.build_on_spark(file, folder / "spark", ["--select", *select], threads)
        return file, prepared
    with environment(dbt_environment(file, memory_limit, threads)):
        invoke_dbt(["run", "--threads", str(threads), "--select", *select], folder, project_manifest(folder))
    return file, prepared
