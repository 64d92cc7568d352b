"""Runs that died with their service are ended, and nobody else's are touched."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus

from orchestration.stranded_runs import STARTED_BY, free_marked_runs, mark_stranded_runs

OURS, ANOTHER = "/run/returns/code.sock", "/run/another/code.sock"


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as made:
        yield made


def add(instance: DagsterInstance, status: str, socket: str | None = OURS) -> str:
    tags = {STARTED_BY: json.dumps({"host": "localhost", "socket": socket})} if socket else {}
    run = DagsterRun(job_name="road", status=DagsterRunStatus(status), tags=tags)
    instance.add_run(run)
    return run.run_id


def status_of(instance: DagsterInstance, run_id: str) -> str:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status.value


def test_a_run_that_was_at_work_has_failed_and_one_being_cancelled_is_cancelled(
    instance: DagsterInstance,
) -> None:
    started, starting = add(instance, "STARTED"), add(instance, "STARTING")
    canceling = add(instance, "CANCELING")
    marked = mark_stranded_runs(instance, OURS)
    assert set(marked) == set(free_marked_runs(instance)) == {started, starting, canceling}
    assert [status_of(instance, r) for r in (started, starting, canceling)] == [
        *("FAILURE", "FAILURE", "CANCELED")
    ]
    assert mark_stranded_runs(instance, OURS) == free_marked_runs(instance) == []


def test_a_run_started_after_the_marking_is_left(instance: DagsterInstance) -> None:
    stranded = add(instance, "STARTED")
    assert mark_stranded_runs(instance, OURS) == [stranded]
    new = add(instance, "STARTED")
    assert free_marked_runs(instance) == [stranded]
    assert status_of(instance, new) == "STARTED"


@pytest.mark.parametrize("status", ["NOT_STARTED", "SUCCESS", "FAILURE", "CANCELED"])
def test_a_run_that_waits_or_has_ended_is_left(instance: DagsterInstance, status: str) -> None:
    run = add(instance, status)
    assert mark_stranded_runs(instance, OURS) == free_marked_runs(instance) == []
    assert status_of(instance, run) == status


@pytest.mark.parametrize("socket", [ANOTHER, None])
def test_a_run_that_another_service_or_a_person_started_is_left(
    instance: DagsterInstance, socket: str | None
) -> None:
    run = add(instance, "STARTED", socket)
    assert mark_stranded_runs(instance, OURS) == free_marked_runs(instance) == []
    assert status_of(instance, run) == "STARTED"
