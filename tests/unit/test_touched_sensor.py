"""What a late extract touches is asked for once, when the run that took it in has ended."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest
from dagster import DagsterInstance, DagsterRunStatus, RepositoryDefinition, RunRequest, build_sensor_context
from dagster._core.test_utils import create_run_for_test

from orchestration.asset_keys import LANDED_EXTRACTS, VERDICTS, packs_key
from orchestration.clients_file import Client
from orchestration.definitions import JOB, assemble
from orchestration.extracts.landing import land
from orchestration.extracts.loading import load
from orchestration.partitions import CLIENT, partition_key
from orchestration.settings import Settings
from orchestration.warehouse.build import Submitter
from orchestration.warehouse.dbt import LOADED_EXTRACTS
from tests.unit.extracts.tiny_extract import HOME, provider

OAK, ELM = "oak_group", "elm_group"
PLACE = HOME["cqc_location_id"]


def client(client_id: str) -> Client:
    return Client(
        client_id,
        client_id,
        "provider",
        True,
        ("oakfield_care",),
        (Submitter(PLACE, "location", PLACE, "Oakfield House"),),
    )


class Ticks:
    """The ticks of the sensor, one after another: each begins with the cursor that the last one left."""

    def __init__(
        self, repository: RepositoryDefinition, settings: Settings, instance: DagsterInstance
    ) -> None:
        self.repository, self.settings, self.instance = repository, settings, instance
        self.sensor = repository.get_sensor_def("touched_packs")
        self.cursor: str | None = None

    def asked(self) -> list[RunRequest]:
        context = build_sensor_context(self.instance, self.cursor, repository_def=self.repository)
        result = self.sensor.evaluate_tick(context)
        self.cursor = result.cursor
        assert bool(result.run_requests) != bool(result.skip_message)
        return list(result.run_requests or [])

    def loaded(self, client_id: str, name: str, given: str, as_at: str) -> str:
        """Load an extract with one more vaccination that was given on a day, and return its id."""
        lake = self.settings.lake
        more = {"record_uid": name, "version_number": "1", "subject_of_care": "P1", "date": given}
        extract = provider(vaccination=[more])
        extract.manifest["as_at"] = as_at
        landed = land(extract.write(lake.parent / f"{client_id}_{name}"), client_id, lake)
        load(landed, client_id, lake)
        return landed.extract_id

    def packed(self, client_id: str, return_id: str, day: str, *extracts: str) -> None:
        """Leave what stands beside the packs that were made for a day from these extracts."""
        folder = self.settings.lake / "packs" / client_id / PLACE / return_id / day[:7]
        folder.mkdir(parents=True)
        told = {"reporting_period": day[:7], "as_at_date": day, "extracts": extracts, "versions": []}
        (folder / "made_from.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[RepositoryDefinition, Settings]:
    """Dagster's own view of two clients; putting it together takes seconds, so it is done once."""
    folder = tmp_path_factory.mktemp("touched")
    clients = {name: client(name) for name in (OAK, ELM)}
    settings = Settings(folder / "lake", folder, folder / "clients.toml", clients, "1GB", 1, None)
    return assemble(settings).get_repository_def(), settings


@pytest.fixture
def ticks(known: tuple[RepositoryDefinition, Settings]) -> Iterator[Ticks]:
    repository, settings = known
    with DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        yield Ticks(repository, settings, instance)
    for left in settings.lake.parent.iterdir():
        shutil.rmtree(left)


def with_packs_of_two_months(ticks: Ticks) -> None:
    for name in (OAK, ELM):
        first = ticks.loaded(name, "vac-2", "2026-02-01", "2026-10-11T12:00:00Z")
        for return_id in ("capacity_tracker", "cqc_pir"):
            ticks.packed(name, return_id, "2026-09-14", first)
            ticks.packed(name, return_id, "2026-10-11", first)


def test_a_touched_pack_is_asked_for_once_and_no_other_client_period_or_return(ticks: Ticks) -> None:
    with_packs_of_two_months(ticks)
    assert ticks.asked() == []
    late = ticks.loaded(OAK, "vac-3", "2026-10-02", "2026-10-12T12:00:00Z")
    (request,) = ticks.asked()
    assert request.partition_key == partition_key(OAK, "2026-10")
    steps = set(request.asset_selection or [])
    made = {key for key in steps if key.path[0] == "packs"}
    assert made == {packs_key("capacity_tracker")}
    assert VERDICTS in steps and not steps & {LANDED_EXTRACTS, LOADED_EXTRACTS}
    chosen = request.run_config["resources"]["choices"]["config"]
    assert chosen == {"as_at": "2026-10-11", "only": ["capacity_tracker"]}
    assert request.tags["touched_by"] == "vaccination" and late in str(request.run_key)
    assert ticks.asked() == []


def test_a_sensor_that_lost_its_cursor_asks_with_the_same_key(ticks: Ticks) -> None:
    with_packs_of_two_months(ticks)
    ticks.loaded(ELM, "vac-3", "2026-09-02", "2026-10-12T12:00:00Z")
    before = [(request.partition_key, request.run_key) for request in ticks.asked()]
    assert [key for key, _ in before] == [partition_key(ELM, "2026-09"), partition_key(ELM, "2026-10")]
    ticks.cursor = None
    assert [(request.partition_key, request.run_key) for request in ticks.asked()] == before


def test_while_a_run_of_the_client_is_at_work_nothing_is_asked_and_nothing_forgotten(ticks: Ticks) -> None:
    with_packs_of_two_months(ticks)
    ticks.asked()
    at_work = create_run_for_test(
        ticks.instance,
        JOB,
        tags={f"dagster/partition/{CLIENT}": OAK},
        status=DagsterRunStatus.STARTED,
    )
    for name in (OAK, ELM):
        ticks.loaded(name, "vac-3", "2026-10-02", "2026-10-12T12:00:00Z")
    assert [request.partition_key for request in ticks.asked()] == [partition_key(ELM, "2026-10")]
    ticks.instance.report_run_failed(at_work)
    assert [request.partition_key for request in ticks.asked()] == [partition_key(OAK, "2026-10")]
    assert ticks.asked() == []


def test_an_extract_whose_records_cannot_count_on_the_day_asks_for_nothing(ticks: Ticks) -> None:
    with_packs_of_two_months(ticks)
    ticks.asked()
    ticks.loaded(OAK, "vac-3", "2026-10-12", "2026-10-12T12:00:00Z")
    assert ticks.asked() == []
