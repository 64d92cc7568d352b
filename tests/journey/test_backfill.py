"""Many periods of many clients are one backfill of Dagster; a correction re-runs what it touches alone."""

from __future__ import annotations

import csv
import json
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from correcting import forgotten_member_of_staff
from dagster import DagsterInstance, DagsterRunStatus, RunRequest, RunsFilter, build_sensor_context
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import instance_for_test
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.backfill import execute_backfill_iteration
from dagster._time import get_current_timestamp
from dagster_graphql.schema import create_schema
from typer.testing import CliRunner

from benchmarks.many_clients.supplier import make_supplier
from orchestration.assets import RoadAssets
from orchestration.cli import app
from orchestration.definitions import JOB, assemble
from orchestration.narrator import Narrator
from orchestration.partitions import partition_key
from orchestration.rerun_requests import TAKING_IN
from orchestration.returns.calendar import periods_between
from orchestration.settings import Settings, load_settings
from orchestration.touched import touched

pytestmark = pytest.mark.xdist_group("journey")
HOME, OTHER = "oakfield_care", "harbour_homes"
LOCATION = "1-900000002"
RETURNS = ("capacity_tracker", "cqc_notifications")
# Each period with its day: the last one of its window, and that of the newest extract.
DAYS = {"2026-08": "2026-08-14", "2026-10": "2026-10-12"}
PARTITIONS = [str(partition_key(client, period)) for period in DAYS for client in (HOME, OTHER)]
STARTED, REACHED = "2026-09-20", str(partition_key(HOME, "2026-10"))

# Runs go in this process; thousands of events are kept in memory, for on disk they take half of the time.
IN_MEMORY = {
    "run_launcher": {
        "module": "dagster._core.launcher.sync_in_memory_run_launcher",
        "class": "SyncInMemoryRunLauncher",
    },
    "run_coordinator": {"module": "dagster._core.run_coordinator", "class": "DefaultRunCoordinator"},
    "event_log_storage": {
        "module": "dagster._core.storage.event_log.in_memory",
        "class": "InMemoryEventLogStorage",
    },
    "telemetry": {"enabled": False},
}
# What the interface of Dagster sends when somebody launches a backfill of a job.
LAUNCH = """
    mutation Launch($params: LaunchBackfillParams!) {
        launchPartitionBackfill(backfillParams: $params) {
            __typename
            ... on LaunchBackfillSuccess { backfillId }
            ... on PythonError { message }
            ... on PartitionKeysNotFoundError { message }
        }
    }
"""
Counted = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Filled:
    """A backfill that has ended: where Dagster keeps its events, and the settings it ran by."""

    instance: DagsterInstance
    settings: Settings
    backfill_id: str

    def materialised(self, after: int = 0) -> Counted:
        """How often each asset was materialised in each partition, by the event log."""
        found: Counted = Counter()
        for key in self.instance.all_asset_keys():
            for record in self.instance.fetch_materializations(key, limit=1_000).records:
                if record.storage_id > after:
                    found["/".join(key.path), str(record.partition_key)] += 1
        return found

    def newest_event(self) -> int:
        return max(
            record.storage_id
            for key in self.instance.all_asset_keys()
            for record in self.instance.fetch_materializations(key, limit=1).records
        )


@pytest.fixture(scope="module")
def supplier(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Ten clients of a handful of people each."""
    extracts = tmp_path_factory.mktemp("backfill") / "made"
    clients = make_supplier(extracts, clients=10, people_each=8)
    return load_settings(extracts.with_name("lake"), clients, extracts, {})


@pytest.fixture(scope="module")
def workspace(supplier: Settings) -> Iterator[WorkspaceProcessContext]:
    """Dagster with the project's own definitions, whose runs go in this process."""
    target = LoadableTargetOrigin(module_name="orchestration.definitions", attribute="defs")
    with (
        pytest.MonkeyPatch.context() as environment,
        instance_for_test(overrides=IN_MEMORY) as instance,
    ):
        environment.setenv("RETURNS_LAKE", str(supplier.lake))
        environment.setenv("RETURNS_CLIENTS", str(supplier.clients_file))
        environment.setenv("RETURNS_EXTRACTS", str(supplier.extracts))
        origin = InProcessCodeLocationOrigin(target, location_name="returns")
        with WorkspaceProcessContext(instance, InProcessWorkspaceLoadTarget(origin)) as context:
            yield context


@pytest.fixture(scope="module")
def filled(workspace: WorkspaceProcessContext, supplier: Settings) -> Filled:
    """Two months of two clients, for two returns, as the daemon of Dagster goes about a backfill."""
    made = RoadAssets(supplier, Narrator())
    asked = PartitionBackfill.from_asset_partitions(
        backfill_id="fill",
        asset_graph=workspace.create_request_context().asset_graph,
        partition_names=PARTITIONS,
        asset_selection=sorted(set().union(*(made.steps_to_packs(r) for r in RETURNS))),
        backfill_timestamp=get_current_timestamp(),
        tags={},
        dynamic_partitions_store=workspace.instance,
        all_partitions=False,
        title=None,
        description=None,
        run_config={
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            "resources": {"choices": {"config": {"only": list(RETURNS)}}},
        },
    )
    workspace.instance.add_backfill(asked)
    for _ in range(4):
        errors = list(execute_backfill_iteration(workspace, logging.getLogger("backfill")))
        assert [error for error in errors if error] == []
    return Filled(workspace.instance, supplier, asked.backfill_id)


def test_a_year_of_ten_clients_is_one_backfill_of_120_partitions(
    supplier: Settings, workspace: WorkspaceProcessContext
) -> None:
    periods = periods_between("2025-11", "2026-10")
    planned = [str(partition_key(client, period)) for period in periods for client in supplier.clients]
    assert len(supplier.clients) == 10 and len(set(planned)) == 120
    request = workspace.create_request_context()
    (repository,) = request.get_code_location("returns").get_repositories().values()
    (of_the_job,) = [s for s in repository.get_partition_sets() if s.job_name == JOB]
    launched = create_schema().execute(
        LAUNCH,
        context_value=request,
        variable_values={
            "params": {
                "selector": {
                    "repositorySelector": {
                        "repositoryLocationName": "returns",
                        "repositoryName": repository.name,
                    },
                    "partitionSetName": of_the_job.name,
                },
                "partitionNames": planned,
            }
        },
    )
    assert launched.errors is None
    answer = launched.data["launchPartitionBackfill"]
    assert answer["__typename"] == "LaunchBackfillSuccess", answer
    asked = workspace.instance.get_backfill(answer["backfillId"])
    assert asked is not None and asked.status is BulkActionStatus.REQUESTED
    assert asked.partition_names == planned
    # It would take an hour: what a backfill does is told by the smaller one.
    workspace.instance.update_backfill(asked.with_status(BulkActionStatus.CANCELED))


def test_a_backfill_makes_every_period_of_every_client_once(filled: Filled) -> None:
    backfill = filled.instance.get_backfill(filled.backfill_id)
    assert backfill is not None and backfill.status is BulkActionStatus.COMPLETED_SUCCESS
    runs = filled.instance.get_runs(RunsFilter(tags={"dagster/backfill": filled.backfill_id}))
    assert [run.status for run in runs] == [DagsterRunStatus.SUCCESS] * len(PARTITIONS)
    counted = filled.materialised()
    assert set(counted.values()) == {1}
    for asset in ("loaded_extracts", "verdicts", *(f"packs/{return_id}" for return_id in RETURNS)):
        assert {partition for name, partition in counted if name == asset} == set(PARTITIONS)
    assert {c.name for c in (filled.settings.lake / "packs").iterdir()} == {HOME, OTHER}


def test_each_period_stands_for_its_own_day(filled: Filled) -> None:
    for client in (HOME, OTHER):
        told = [
            json.loads(path.read_text(encoding="utf-8"))
            for path in (filled.settings.lake / "packs" / client).glob("*/*/*/made_from.json")
        ]
        assert {one["reporting_period"]: one["as_at_date"] for one in told} == DAYS


def figure(settings: Settings, period: str, cell_id: str) -> dict[str, str]:
    place = settings.lake / "packs" / HOME / LOCATION / "capacity_tracker" / period
    newest = place / (place / "latest").read_text(encoding="utf-8").strip()
    with (newest / "figures.csv").open(encoding="utf-8", newline="") as handle:
        return next(row for row in csv.DictReader(handle) if row["cell_id"] == cell_id)


def test_what_nobody_had_told_of_by_a_past_day_is_missing_and_not_a_number(filled: Filled) -> None:
    past, now = (figure(filled.settings, period, "vacant_reserved") for period in DAYS)
    assert (past["outcome"], past["value"]) == ("not_fillable", "")
    assert "an extract of the day or before" in past["reason"]
    assert now["outcome"] in ("filled", "zero") and now["value"] != ""
    # The people there on that day are known all the same.
    assert figure(filled.settings, "2026-08", "occupied")["outcome"] in ("filled", "zero")


@dataclass(frozen=True)
class Corrected:
    """The correction taken in after a backfill, and what that led to."""

    packs_before: dict[str, bytes]
    loaded_before: dict[str, int]
    requests: list[RunRequest]
    taken_in: Counted
    counted: Counted


def packs_of(settings: Settings) -> dict[str, bytes]:
    folder = settings.lake / "packs"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def loaded_of(settings: Settings) -> dict[str, int]:
    return {str(p): p.stat().st_mtime_ns for p in (settings.lake / "loaded").rglob("*.parquet")}


@pytest.fixture(scope="module")
def corrected(filled: Filled) -> Corrected:
    settings, instance = filled.settings, filled.instance
    before, loaded_before = packs_of(settings), loaded_of(settings)
    forgotten_member_of_staff(settings.extracts / HOME, LOCATION, STARTED)
    repository = assemble(settings).get_repository_def()
    job, sensor = repository.get_job(JOB), repository.get_sensor_def("touched_packs")
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    started = filled.newest_event()
    job.execute_in_process(
        partition_key=partition_key(HOME, "2026-10"),
        instance=instance,
        asset_selection=list(TAKING_IN),
        run_config=quiet,
    )
    taken_in, then = filled.materialised(started), filled.newest_event()
    tick = build_sensor_context(instance, repository_def=repository)
    requests = sensor.evaluate_tick(tick).run_requests or []
    for request in requests:
        job.execute_in_process(
            partition_key=str(request.partition_key),
            instance=instance,
            asset_selection=list(request.asset_selection or []),
            run_config={**request.run_config, **quiet},
        )
    return Corrected(before, loaded_before, list(requests), taken_in, filled.materialised(then))


def test_a_correction_is_loaded_once_and_what_was_loaded_is_not_loaded_again(
    filled: Filled, corrected: Corrected
) -> None:
    assert corrected.taken_in == {("landed_extracts", REACHED): 1, ("loaded_extracts", REACHED): 1}
    now = loaded_of(filled.settings)
    assert {path: now[path] for path in corrected.loaded_before} == corrected.loaded_before
    new = {path.split("/loaded/")[1] for path in now.keys() - corrected.loaded_before.keys()}
    assert new and {path.split("/")[0] for path in new} == {HOME}


def test_a_correction_makes_the_return_period_and_client_it_touches_once_and_no_other(
    corrected: Corrected,
) -> None:
    assert [request.partition_key for request in corrected.requests] == [REACHED]
    assert {partition for _, partition in corrected.counted} == {REACHED}
    assert set(corrected.counted.values()) == {1}
    made = {name for name, _ in corrected.counted}
    assert {name for name in made if name.startswith(("packs/", "decisions/"))} == {
        "packs/capacity_tracker",
        "decisions/capacity_tracker",
    }
    assert not made & {"landed_extracts", "loaded_extracts", "report_site"}
    assert not {name for name in made if "cqc_notifications" in name}


def test_earlier_versions_stay_as_they_were_and_only_the_corrected_pack_has_a_new_one(
    filled: Filled, corrected: Corrected
) -> None:
    now = packs_of(filled.settings)
    of_versions = {name: text for name, text in corrected.packs_before.items() if name.count("/") > 4}
    assert of_versions and {name: now[name] for name in of_versions} == of_versions
    new = {"/".join(name.split("/")[:4]) for name in now.keys() - corrected.packs_before.keys()}
    assert new == {f"{HOME}/{LOCATION}/capacity_tracker/2026-10"}


def test_both_versions_can_be_opened_and_compared(filled: Filled, corrected: Corrected) -> None:
    place = filled.settings.lake / "packs" / HOME / LOCATION / "capacity_tracker" / "2026-10"
    versions = json.loads((place / "made_from.json").read_text(encoding="utf-8"))["versions"]
    assert len(versions) == 2
    employed = []
    for version in versions:
        with (place / version / "figures.csv").open(encoding="utf-8", newline="") as handle:
            employed.append(
                next(r["value"] for r in csv.DictReader(handle) if r["cell_id"] == "care_employed")
            )
    before, after = map(int, employed)
    assert after == before + 1
    ended = CliRunner().invoke(app, ["compare", str(place)])
    assert ended.exit_code == 0
    (told,) = [line for line in ended.output.splitlines() if "care_employed" in line]
    assert str(before) in told and str(after) in told


def test_when_all_was_made_again_nothing_is_touched(filled: Filled, corrected: Corrected) -> None:
    assert corrected.requests
    for client in filled.settings.clients.values():
        assert touched(filled.settings, client) == []
