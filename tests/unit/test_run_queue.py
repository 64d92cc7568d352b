"""The run queue starts one run of a client at a time, on a laptop and a server: one writer per warehouse."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from dagster import DagsterInstance, DagsterRunStatus, job, op
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.run_coordinator import QueuedRunCoordinator
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon

from orchestration.settings import PROJECT

LAPTOP = PROJECT / "orchestration" / "dagster.yaml"
SERVER = PROJECT / "deploy" / "dagster.yaml"


@op
def nothing() -> None:
    pass


@job
def road() -> None:
    nothing()


ORIGIN = RemoteJobOrigin(
    RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("returns"), "__repository__"), "road"
)


def started(file: Path, home: Path, clients: list[str]) -> list[str]:
    """Queue one run for each of these clients; return the clients whose runs the daemon starts at once."""
    kept = yaml.safe_load(file.read_text(encoding="utf-8"))
    # Where runs are stored differs from one server to another; how they queue does not.
    queue = {name: kept[name] for name in ("run_queue", "concurrency", "run_retries") if name in kept}
    (home / "dagster.yaml").write_text(yaml.safe_dump(queue), encoding="utf-8")
    with DagsterInstance.from_config(str(home)) as instance:
        assert isinstance(instance.run_coordinator, QueuedRunCoordinator)
        for client in clients:
            instance.create_run_for_job(
                road,
                status=DagsterRunStatus.QUEUED,
                tags={"dagster/partition/client": client},
                remote_job_origin=ORIGIN,
            )
        daemon = QueuedRunCoordinatorDaemon(interval_seconds=5)
        runs = daemon._get_runs_to_dequeue(instance, instance.get_concurrency_config(), None)
        return sorted(run.tags["dagster/partition/client"] for run in runs)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("RETURNS_RUNS_AT_ONCE", "3")
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.mark.parametrize("file", [LAPTOP, SERVER], ids=["laptop", "server"])
def test_two_runs_of_one_client_start_one_after_another_and_another_client_need_not_wait(
    file: Path, home: Path
) -> None:
    assert started(file, home, ["oak", "oak", "elm"]) == ["elm", "oak"]


def test_a_settings_file_without_the_limit_would_start_both(home: Path) -> None:
    without = home / "without.yaml"
    without.write_text(yaml.safe_dump({"run_queue": {"max_concurrent_runs": 3}}), encoding="utf-8")
    assert started(without, home, ["oak", "oak", "elm"]) == ["elm", "oak", "oak"]


def test_a_laptop_starts_no_more_runs_at_once_than_its_memory_holds(home: Path) -> None:
    assert started(LAPTOP, home, ["ash", "elm", "oak"]) == ["ash", "elm"]
