"""One official computation from raw files to a built DuckDB file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestration.warehouse.build import DBT_PROJECT, dbt_environment
from orchestration.warehouse.cld_store import (
    OfficialRun,
    PreparedInputs,
    StoreInputs,
    prepare_official_raw,
)

MEMORY_LIMIT = "4GB"
THREADS = 2
# The name is part of every relation dbt resolves, so a kept manifest fits only files of this name.
FILE_NAME = "official.duckdb"
_manifests: dict[str, Any] = {}


class OfficialBuildError(RuntimeError):
    """dbt could not build the official models; the message names the models that failed."""


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
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


def _invoke(arguments: Sequence[str], folder: Path) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner  # takes more than a second to import

    # One target folder per build: two builds at once must not write the same parse state.
    paths = ["--target-path", str(folder / "dbt_target"), "--log-path", str(folder / "dbt_logs")]
    project = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    try:
        outcome = dbtRunner(manifest=_manifests.get("official")).invoke(
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


def build_official(
    folder: Path,
    run: OfficialRun,
    inputs: StoreInputs,
    select: Sequence[str] = ("tag:cld_method",),
    memory_limit: str = MEMORY_LIMIT,
    threads: int = THREADS,
) -> tuple[Path, PreparedInputs]:
    """Build the official models for one run into a new DuckDB file in a folder; says what the inputs lacked."""
    file = folder / FILE_NAME
    prepared = prepare_official_raw(file, run, inputs)
    with _environment(dbt_environment(file, memory_limit, threads)):
        if "official" not in _manifests:
            # Parsing takes longer than most builds: a process parses once.
            _manifests["official"] = _invoke(["parse"], folder)
        _invoke(["run", "--select", *select], folder)
    return file, prepared
