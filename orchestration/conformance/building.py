"""One official computation from raw files to a built DuckDB file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from orchestration.warehouse.build import DBT_PROJECT, dbt_environment
from orchestration.warehouse.cld_store import OfficialRun, StoreInputs, prepare_official_raw

MEMORY_LIMIT = "4GB"
THREADS = 2


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


def _run_dbt(arguments: Sequence[str]) -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner  # takes more than a second to import

    try:
        outcome = dbtRunner().invoke(list(arguments))
    finally:
        # The adapter holds its file open for the life of the process; we read the file next.
        DuckDBConnectionManager.close_all_connections()
    if outcome.success:
        return
    results = getattr(outcome.result, "results", None) or []
    failed = [f"{r.node.name}: {r.message}" for r in results if r.status not in ("success", "pass", "skipped")]
    raise OfficialBuildError("; ".join(failed) or str(outcome.exception))


def build_official(
    file: Path, run: OfficialRun, inputs: StoreInputs, select: Sequence[str] = ("tag:cld_method",)
) -> list[str]:
    """Build the official models for one run into a new DuckDB file; returns what was missing from the inputs."""
    warnings = prepare_official_raw(file, run, inputs)
    arguments = ["--quiet", "--no-use-colors", "run", "--project-dir", str(DBT_PROJECT)]
    arguments += ["--profiles-dir", str(DBT_PROJECT), "--select", *select]
    # One target folder per process: two builds at once must not write the same parse state.
    arguments += ["--target-path", str(file.parent / "dbt_target"), "--log-path", str(file.parent / "dbt_logs")]
    with _environment(dbt_environment(file, MEMORY_LIMIT, THREADS)):
        _run_dbt(arguments)
    return warnings
