"""Many periods of many clients are one backfill of Dagster; a correction re-runs what it touches alone."""

from __future__ import annotations

import json
import logging
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from correcting import forgotten_member_of_staff
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter, build_sensor_context
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import instance_for_test
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.backfill import execute_backfill_iteration
from dagster._time import get_current_timestamp

from benchmarks.many_clients.supplier import make_supplier
from orchestration.assets import RoadAssets
from orchestration.definitions import JOB, road_job
from orchestration.narrator import Narrator
from orchestration.partitions import backfill_partitions, partition_key
from orchestration.rerun_requests import TAKING_IN
from orchestration.settings import Settings, load_settings
from orchestration.touched import Rerun, touched
from orchestration.touched_sensor import sensor_of_touched_packs
from orchestration.warehouse.build import run_of

pytestmark = pytest.mark.xdist_group("journey")
HOME, OTHER = "oakfield_care", "harbour_homes"
# The newest is not the last to run, and August and July are before the method of one return.
PERIODS = ("2026-07", "2026-10", "2026-08")
DAYS = {"2026-07": date(2026, 7, 14), "2026-08": date(2026, 8, 14), "2026-10": date(2026, 10, 12)}
STARTED, REACHED = "2026-07-20", ("2026-08", "2026-10")

MEMORY = Path("/dev/shm")
IN_PROCESS = {
    "run_launcher": {
        "module": "dagster._core.launcher.sync_in_memory_run_launcher",
        "class": "SyncInMemoryRunLauncher",
    },
    "run_coordinator": {"module": "dagster._core.run_coordinator", "class": "DefaultRunCoordinator"},
    "telemetry": {"enabled": False},
}


@dataclass(frozen=True)
class Filled:
    """A backfill that has ended: where Dagster keeps its events, and the settings it ran by."""

    instance: DagsterInstance
    settings: Settings
    backfill_id: str

    def materialised(self, after: int = 0) -> Counter[tuple[str, str]]:
        """How often each asset was materialised in each partition, by the event log."""
        found: Counter[tuple[str, str]] = Counter()
        for key in self.instance.all_asset_keys():
            for record in self.instance.fetch_materializations(key, limit=10_000).records:
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
def two_clients(supplier: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two of the ten, each a home with its own extract."""
    text = supplier.clients_file.read_text(encoding="utf-8").split("[[client]]")
    file = tmp_path_factory.mktemp("two") / "clients.toml"
    chosen = [entry for entry in text if f'id = "{HOME}"' in entry or f'id = "{OTHER}"' in entry]
    file.write_text("[[client]]".join(["", *chosen]), encoding="utf-8")
    extracts = file.parent / "extracts"
    for sender in {s for entry in (HOME, OTHER) for s in supplier.client(entry).senders}:
        if (supplier.extracts / sender).is_dir():
            shutil.copytree(supplier.extracts / sender, extracts / sender)
    return load_settings(file.parent / "lake", file, extracts, {})


@pytest.fixture(scope="module")
def workspace(two_clients: Settings) -> Iterator[WorkspaceProcessContext]:
    """Dagster with the project's own definitions, whose runs go in this process."""
    target = LoadableTargetOrigin(module_name="orchestration.definitions", attribute="defs")
    with (
        pytest.MonkeyPatch.context() as environment,
        # Each event is written to disk at once: thousands of them take minutes where the disk is busy.
        TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as home,
        instance_for_test(overrides=IN_PROCESS, temp_dir=home) as instance,
    ):
        environment.setenv("RETURNS_LAKE", str(two_clients.lake))
        environment.setenv("RETURNS_CLIENTS", str(two_clients.clients_file))
        environment.setenv("RETURNS_EXTRACTS", str(two_clients.extracts))
        origin = InProcessCodeLocationOrigin(target, location_name="returns")
        with WorkspaceProcessContext(instance, InProcessWorkspaceLoadTarget(origin)) as context:
            yield context


def backfill_of(workspace: WorkspaceProcessContext, partitions: list[str]) -> PartitionBackfill:
    """Ask Dagster for one backfill of the road, as its interface does."""
    location = workspace.create_request_context().get_code_location("returns")
    (repository,) = location.get_repositories().values()
    (partition_set,) = [s for s in repository.get_partition_sets() if s.job_name == JOB]
    return PartitionBackfill(
        backfill_id=f"fill_{len(partitions)}",
        partition_set_origin=partition_set.get_remote_origin(),
        status=BulkActionStatus.REQUESTED,
        partition_names=partitions,
        from_failure=False,
        reexecution_steps=None,
        tags={},
        backfill_timestamp=get_current_timestamp(),
    )


@pytest.fixture(scope="module")
def filled(workspace: WorkspaceProcessContext, two_clients: Settings) -> Filled:
    partitions = [str(partition_key(c, p)) for p in PERIODS for c in (HOME, OTHER)]
    asked = backfill_of(workspace, partitions)
    workspace.instance.add_backfill(asked)
    for _ in range(2):
        errors = list(execute_backfill_iteration(workspace, logging.getLogger("backfill")))
        assert [error for error in errors if error] == []
    return Filled(workspace.instance, two_clients, asked.backfill_id)


def test_a_year_of_ten_clients_is_planned_as_one_backfill_the_oldest_period_first(
    supplier: Settings, workspace: WorkspaceProcessContext
) -> None:
    planned = [str(key) for key in backfill_partitions(supplier.clients, "2025-11", "2026-10")]
    assert len(planned) == len(set(planned)) == 120
    assert {key.split("|")[1] for key in planned[:10]} == {"2025-11"}
    assert [key.split("|")[1] for key in planned] == sorted(key.split("|")[1] for key in planned)
    known = set(RoadAssets(supplier, Narrator()).partitions.get_partition_keys())
    assert set(planned) <= known
    asked = backfill_of(workspace, planned)
    assert asked.get_num_partitions(workspace.create_request_context()) == 120


def test_a_backfill_makes_every_period_of_every_client_once(filled: Filled) -> None:
    backfill = filled.instance.get_backfill(filled.backfill_id)
    assert backfill is not None and backfill.status is BulkActionStatus.COMPLETED_SUCCESS
    runs = filled.instance.get_runs(RunsFilter(tags={"dagster/backfill": filled.backfill_id}))
    assert [run.status for run in runs] == [DagsterRunStatus.SUCCESS] * 6
    partitions = {str(partition_key(c, p)) for c in (HOME, OTHER) for p in PERIODS}
    counted = filled.materialised()
    assert set(counted.values()) == {1}
    for asset in ("packs/capacity_tracker", "verdicts", "report_site"):
        assert {partition for name, partition in counted if name == asset} == partitions


def days_of(settings: Settings, client: str, return_id: str) -> dict[str, date]:
    return {
        told["reporting_period"]: date.fromisoformat(told["as_at_date"])
        for path in (settings.lake / "packs" / client).glob(f"*/{return_id}/*/made_from.json")
        if (told := json.loads(path.read_text(encoding="utf-8")))
    }


def test_each_period_stands_for_its_own_day(filled: Filled) -> None:
    assert days_of(filled.settings, HOME, "capacity_tracker") == DAYS
    assert days_of(filled.settings, OTHER, "cqc_pir") == DAYS
    # A return without a method in force on a day is not asked then.
    assert set(days_of(filled.settings, HOME, "asc_wds")) == {"2026-10"}


def test_the_warehouse_and_the_pages_are_those_of_the_newest_period(filled: Filled) -> None:
    for client in (HOME, OTHER):
        current = run_of(filled.settings.lake / "warehouse" / f"{client}.duckdb")
        assert current is not None and current.reporting_period == "2026-10"
        site = filled.settings.lake / "site" / client
        assert "October 2026" in (site / "index.html").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Corrected:
    """A backfill, the correction taken in after it, and what that led to."""

    before: dict[str, bytes]
    loaded_before: dict[str, int]
    reruns: list[Rerun]
    requested: list[str | None]
    taken_in: Counter[tuple[str, str]]
    counted: Counter[tuple[str, str]]


def packs_of(settings: Settings) -> dict[str, bytes]:
    folder = settings.lake / "packs"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def loaded_of(settings: Settings) -> dict[str, int]:
    return {str(p): p.stat().st_mtime_ns for p in (settings.lake / "loaded").rglob("*.parquet")}


@pytest.fixture(scope="module")
def corrected(filled: Filled) -> Corrected:
    settings, instance = filled.settings, filled.instance
    before, loaded_before = packs_of(settings), loaded_of(settings)
    forgotten_member_of_staff(settings.extracts, HOME, STARTED)
    assets = RoadAssets(settings, Narrator())
    job = road_job(settings, Narrator())
    started = filled.newest_event()
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    job.execute_in_process(
        partition_key=partition_key(HOME, "2026-10"),
        instance=instance,
        asset_selection=list(TAKING_IN),
        run_config=quiet,
    )
    taken_in, then = filled.materialised(started), filled.newest_event()
    assert touched(settings, settings.client(OTHER)) == []
    reruns = touched(settings, settings.client(HOME))
    asking = sensor_of_touched_packs(assets, JOB)
    with build_sensor_context(instance) as tick:
        asked = asking.evaluate_tick(tick)
        again = asking.evaluate_tick(build_sensor_context(instance, cursor=asked.cursor))
    assert again.run_requests in (None, [])
    requests = asked.run_requests or []
    for request in requests:
        job.execute_in_process(
            partition_key=str(request.partition_key),
            instance=instance,
            asset_selection=list(request.asset_selection or []),
            run_config={**request.run_config, **quiet},
        )
    keys = [request.partition_key for request in requests]
    return Corrected(before, loaded_before, reruns, keys, taken_in, filled.materialised(then))


def test_a_correction_is_loaded_once_and_what_was_loaded_is_not_loaded_again(
    filled: Filled, corrected: Corrected
) -> None:
    here = str(partition_key(HOME, "2026-10"))
    assert corrected.taken_in == {("landed_extracts", here): 1, ("loaded_extracts", here): 1}
    assert not {name for name, _ in corrected.counted} & {"landed_extracts", "loaded_extracts"}
    now = loaded_of(filled.settings)
    assert {path: now[path] for path in corrected.loaded_before} == corrected.loaded_before
    new = {path.split("/loaded/")[1] for path in now.keys() - corrected.loaded_before.keys()}
    assert new and {path.split("/")[0] for path in new} == {HOME}


def test_a_correction_runs_its_client_alone_and_the_periods_it_can_reach(corrected: Corrected) -> None:
    assert [(r.period, r.as_at, r.returns, r.classes) for r in corrected.reruns] == [
        (period, DAYS[period], ("capacity_tracker", "cqc_pir"), ("staff",))
        for period in ("2026-08", "2026-10")
    ]
    assert corrected.requested == [partition_key(HOME, p) for p in ("2026-08", "2026-10")]
    assert {key for _, key in corrected.counted} == {
        str(partition_key(HOME, p)) for p in ("2026-08", "2026-10")
    }


def test_a_correction_makes_the_packs_of_the_returns_that_read_it_once_and_no_others(
    corrected: Corrected,
) -> None:
    assert set(corrected.counted.values()) == {1}
    touched_packs = {"packs/capacity_tracker", "packs/cqc_pir"}
    for period in REACHED:
        made = {name for name, key in corrected.counted if key == str(partition_key(HOME, period))}
        assert {name for name in made if name.startswith("packs/")} == touched_packs
        assert ("report_site" in made) is (period == "2026-10")
    # Of the models those of other returns rest too, where the pages are not made anew.
    august = {n for n, key in corrected.counted if key == str(partition_key(HOME, "2026-08"))}
    assert not {n for n in august if "cqc_notifications" in n or "asc_wds__" in n}


def test_packs_that_come_out_equal_keep_their_version_and_earlier_versions_stay(
    filled: Filled, corrected: Corrected
) -> None:
    now = packs_of(filled.settings)
    of_versions = {n: content for n, content in corrected.before.items() if n.count("/") == 5}
    assert {name: now[name] for name in of_versions} == of_versions
    new = {tuple(name.split("/")[:4]) for name in now.keys() - corrected.before.keys()}
    home = {place[1] for place in new}
    # The other home of the same sender has the same staff: its packs came out equal.
    assert len(home) == 1 and len({s.submitter_id for s in filled.settings.client(HOME).submitters}) == 2
    assert {(place[2], place[3]) for place in new} == {
        *(("capacity_tracker", p) for p in REACHED),
        *(("cqc_pir", p) for p in ("2025-08-15_2026-08-14", "2025-10-13_2026-10-12")),
    }
    (place,) = home
    for label in REACHED:
        folder = filled.settings.lake / "packs" / HOME / place / "capacity_tracker" / label
        assert len([p for p in folder.iterdir() if p.is_dir()]) == 2


def test_when_all_was_made_again_nothing_is_touched(filled: Filled, corrected: Corrected) -> None:
    assert corrected.reruns
    for client in filled.settings.clients.values():
        assert touched(filled.settings, client) == []
