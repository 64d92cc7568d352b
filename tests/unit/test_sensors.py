"""A run is asked for when an extract has arrived whole: once per content, whatever else lies in the place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from dagster import (
    AssetSelection,
    DagsterInstance,
    DefaultSensorStatus,
    Definitions,
    RunRequest,
    asset,
    build_sensor_context,
    define_asset_job,
)
from dagster._core.definitions.sensor_definition import SensorExecutionData

from orchestration import arriving, batch
from orchestration.clients_file import Client
from orchestration.extracts.object_store import PlaceNotReached, PlaceRefused, StorePlace
from orchestration.extracts.offered import Place
from orchestration.partitions import client_periods
from orchestration.sensors import sensors_of_places
from orchestration.settings import Settings
from tests.unit.extracts.tiny_extract import NAME, NHS_NUMBER, TinyExtract, provider
from tests.unit.object_storage import SECRET, Storage, object_storage

OAK, ELM = "oak_group", "elm_group"


def client(client_id: str, *senders: str) -> Client:
    return Client(client_id, client_id, "provider", True, senders, ())


class Ticks:
    """The ticks of one sensor, one after another: each begins with the cursor that the last one left."""

    def __init__(self, settings: Settings, name: str, instance: DagsterInstance) -> None:
        @asset(partitions_def=client_periods(settings.clients))
        def packs_of_a_client() -> None:
            """What a run would make; none is made here."""

        known = Definitions(
            assets=[packs_of_a_client],
            jobs=[define_asset_job("road", AssetSelection.assets(packs_of_a_client))],
            sensors=sensors_of_places(settings, "road"),
        )
        self.repository = known.get_repository_def()
        self.sensor = self.repository.get_sensor_def(name)
        self.instance = instance
        self.cursor: str | None = None

    def tick(self) -> SensorExecutionData:
        context = build_sensor_context(self.instance, self.cursor, repository_def=self.repository)
        result = self.sensor.evaluate_tick(context)
        self.cursor = result.cursor
        return result

    def asked(self) -> list[RunRequest]:
        return list(self.tick().run_requests or [])

    def told(self) -> str:
        result = self.tick()
        assert not result.run_requests
        return str(result.skip_message)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterInstance]:
    home = tmp_path_factory.mktemp("dagster")
    with DagsterInstance.local_temp(str(home)) as made:
        yield made


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    with object_storage() as made:
        yield made


def settings_with(place: Place, lake: Path, *clients: Client) -> Settings:
    known = clients or (client(OAK, "oakfield_care"), client(ELM, "elm_care"))
    return Settings(lake, place, lake / "clients.toml", {c.client_id: c for c in known}, "1GB", 1, None)


class Folder:
    """A landing folder on disk or in object storage, written to in the same words."""

    def __init__(self, where: Path | Storage) -> None:
        self.where = where
        self.prefix = f"in-{uuid4().hex}"

    @property
    def place(self) -> Place:
        if isinstance(self.where, Path):
            return self.where
        return StorePlace(f"s3://{self.where.bucket}/{self.prefix}")

    def put(self, name: str, content: bytes) -> None:
        if isinstance(self.where, Path):
            (self.where / name).parent.mkdir(parents=True, exist_ok=True)
            (self.where / name).write_bytes(content)
        else:
            self.where.put(f"{self.prefix}/{name}", content)

    def put_extract(self, name: str, extract: TinyExtract) -> None:
        for path, content in extract.contents().items():
            self.put(f"{name}/{path}", content)


@pytest.fixture(params=["disk", "object storage"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    if request.param == "disk":
        (tmp_path / "in").mkdir()
        return Folder(tmp_path / "in")
    return Folder(request.getfixturevalue("storage"))


@pytest.fixture
def ticks(folder: Folder, tmp_path: Path, instance: DagsterInstance) -> Ticks:
    return Ticks(settings_with(folder.place, tmp_path / "lake"), "arrivals", instance)


def test_an_extract_that_has_arrived_asks_for_a_run_of_its_client_and_only_once(
    folder: Folder, ticks: Ticks
) -> None:
    assert ticks.asked() == []
    folder.put_extract("october", provider())
    (asked,) = ticks.asked()
    assert asked.partition_key == "oak_group|2026-10"
    assert asked.run_config["resources"]["choices"]["config"]["extracts"] == str(folder.place)
    assert asked.tags["returns/extracts"] == "october"
    assert ticks.asked() == []
    # The same content under another name, or sent again, asks for nothing.
    folder.put_extract("october_again", provider())
    folder.put_extract("october", provider())
    assert ticks.asked() == []


def test_a_zip_asks_as_a_folder_does(folder: Folder, ticks: Ticks, tmp_path: Path) -> None:
    whole = provider().write_zip(tmp_path / "made.zip").read_bytes()
    folder.put("october.zip", whole[:-40])
    assert "october.zip is not complete yet, or damaged." in ticks.told()
    folder.put("october.zip", whole)
    assert len(ticks.asked()) == 1


def test_a_changed_extract_asks_for_a_new_run(folder: Folder, ticks: Ticks) -> None:
    folder.put_extract("oak", provider())
    (first,) = ticks.asked()
    folder.put_extract("oak", TinyExtract(provider().rows, manifest={"as_at": "2026-11-11T23:00:00Z"}))
    (second,) = ticks.asked()
    assert second.partition_key == "oak_group|2026-11"
    assert first.run_key != second.run_key


def test_a_lost_cursor_asks_with_the_same_key_so_that_no_second_run_is_made(
    folder: Folder, ticks: Ticks
) -> None:
    folder.put_extract("oak", provider())
    (first,) = ticks.asked()
    ticks.cursor = None
    assert [asked.run_key for asked in ticks.asked()] == [first.run_key]


def test_extracts_that_arrive_together_ask_for_one_run_of_their_client(folder: Folder, ticks: Ticks) -> None:
    folder.put_extract("oak", provider())
    folder.put_extract("oak_later", TinyExtract(provider().rows, manifest={"as_at": "2026-12-01T00:00:00Z"}))
    folder.put_extract("elm", TinyExtract(provider().rows, sender={"id": "elm_care"}))
    assert sorted(str(asked.partition_key) for asked in ticks.asked()) == [
        "elm_group|2026-10",
        "oak_group|2026-12",
    ]


def test_an_extract_without_a_manifest_is_waited_for(folder: Folder, ticks: Ticks) -> None:
    contents = provider().contents()
    manifest = contents.pop("manifest.json")
    for name, content in contents.items():
        folder.put(f"oak/{name}", content)
    assert "nothing new among 0 extracts" in ticks.told()
    folder.put("oak/manifest.json", manifest)
    assert len(ticks.asked()) == 1


@pytest.mark.parametrize("half", [None, b"record_uid,version"])
def test_a_file_that_is_missing_or_cut_short_is_waited_for_and_told_once(
    folder: Folder, ticks: Ticks, half: bytes | None
) -> None:
    contents = provider().contents()
    whole = contents.pop("service.csv")
    for name, content in contents.items():
        folder.put(f"oak/{name}", content)
    if half is not None:
        folder.put("oak/service.csv", half)
    told = ticks.told()
    assert "oak is not complete yet, or damaged." in told and "service.csv" in told
    assert "not complete" not in ticks.told()
    if half is not None:
        folder.put("oak/service.csv", half + b"_number")
        assert "not complete" not in ticks.told()
    folder.put("oak/service.csv", whole)
    assert len(ticks.asked()) == 1


def test_an_extract_of_nobody_and_an_unusable_one_are_told_once_and_hold_nobody_up(
    folder: Folder, ticks: Ticks
) -> None:
    folder.put_extract("ash", TinyExtract(provider().rows, sender={"id": "ash_care"}))
    folder.put_extract("bad", TinyExtract(provider().rows, manifest={"as_at": "yesterday"}))
    told = ticks.told()
    assert "ash was left: ash_care sends for nobody here." in told
    assert "bad was left. The extract is unusable." in told
    folder.put_extract("oak", provider())
    assert len(ticks.asked()) == 1
    assert "left" not in ticks.told()


def test_a_sender_that_joins_a_client_later_is_heard_from_then_on(
    folder: Folder, tmp_path: Path, instance: DagsterInstance
) -> None:
    folder.put_extract("oak", provider())
    nobody = Ticks(settings_with(folder.place, tmp_path, client(OAK, "ash_care")), "arrivals", instance)
    assert "oakfield_care sends for nobody here" in nobody.told()
    joined = client(OAK, "ash_care", "oakfield_care")
    later = Ticks(settings_with(folder.place, tmp_path, joined), "arrivals", instance)
    later.cursor = nobody.cursor
    assert len(later.asked()) == 1
    assert later.asked() == []


def test_a_folder_named_after_a_client_is_looked_into_for_that_client(folder: Folder, ticks: Ticks) -> None:
    folder.put_extract(f"{OAK}/october", provider())
    folder.put_extract(f"{ELM}/october", provider())
    result = ticks.tick()
    assert [asked.partition_key for asked in result.run_requests or []] == ["oak_group|2026-10"]
    assert "nothing new" in ticks.told()


def test_what_is_too_large_to_be_read_at_a_look_has_arrived_when_it_no_longer_changes(
    folder: Folder, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "READ_IN_ONE_LOOK", 100)
    contents = provider().contents()
    whole = contents["service.csv"]
    folder.put_extract("oak", TinyExtract(provider().rows))
    folder.put("oak/service.csv", whole[:-9])
    assert ticks.asked() == []
    folder.put("oak/service.csv", whole)
    assert ticks.asked() == []
    assert len(ticks.asked()) == 1


def test_no_person_is_in_what_a_sensor_tells_or_keeps(folder: Folder, ticks: Ticks) -> None:
    folder.put_extract(f"letters of {NHS_NUMBER}", TinyExtract(provider().rows, sender={"id": "ash_care"}))
    folder.put_extract("oak", provider())
    result = ticks.tick()
    (asked,) = result.run_requests or []
    said = json.dumps([asked.tags, asked.run_config, asked.run_key])
    assert NHS_NUMBER not in said + str(result.cursor) and NAME not in said + str(result.cursor)


def test_a_place_that_cannot_be_reached_is_told_and_the_others_go_on(
    tmp_path: Path, instance: DagsterInstance, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider().write(tmp_path / "in" / "oak")
    gone = replace(client("gone", "gone_care"), extracts=tmp_path / "unmounted")
    away = replace(client("away", "away_care"), extracts=StorePlace("s3://no-such-bucket/in"))
    settings = settings_with(tmp_path / "in", tmp_path / "lake", client(OAK, "oakfield_care"), gone, away)
    with pytest.raises(PlaceNotReached, match="unmounted cannot be read just now"):
        Ticks(settings, "arrivals_gone", instance).tick()
    with pytest.raises(PlaceRefused, match="s3://no-such-bucket/in is not there"):
        Ticks(settings, "arrivals_away", instance).tick()
    assert len(Ticks(settings, "arrivals", instance).asked()) == 1


def test_among_many_clients_a_place_that_cannot_be_reached_costs_its_own_client_alone(
    tmp_path: Path, storage: Storage
) -> None:
    provider().write(tmp_path / "in" / "oak")
    away = replace(client("away", "away_care"), extracts=StorePlace("s3://no-such-bucket/in"))
    settings = settings_with(tmp_path / "in", tmp_path / "lake", client(OAK, "oakfield_care"), away)
    offered = batch.offers_to(settings)
    assert {c: [e.name for e in extracts] for c, extracts in offered.of_client.items()} == {
        OAK: ["oak"],
        "away": [],
    }
    outcome = batch.walk_client(None, None, ("away", settings, ()))
    assert outcome.state == batch.FAILED
    assert outcome.why == "s3://no-such-bucket/in is not there; check the address."


def test_storage_that_does_not_answer_is_told_without_a_key_or_a_request(
    tmp_path: Path, instance: DagsterInstance, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("orchestration.extracts.object_store._RETRIES", {"max_retries": 0})
    settings = settings_with(StorePlace("s3://silent/in"), tmp_path)
    with pytest.raises(PlaceNotReached) as told:
        Ticks(settings, "arrivals", instance).tick()
    assert str(told.value) == "s3://silent/in cannot be reached just now."
    assert told.value.__suppress_context__ and SECRET not in repr(told.value)


def test_a_sensor_sleeps_until_it_is_started(tmp_path: Path) -> None:
    for one in sensors_of_places(settings_with(tmp_path, tmp_path), "road"):
        assert one.default_status is DefaultSensorStatus.STOPPED and one.job_name == "road"


def test_a_link_in_a_landing_folder_is_not_followed(tmp_path: Path, instance: DagsterInstance) -> None:
    provider().write(tmp_path / "in" / "oak")
    outside = tmp_path / "outside.csv"
    (tmp_path / "in" / "oak" / "service.csv").rename(outside)
    (tmp_path / "in" / "oak" / "service.csv").symlink_to(outside)
    told = Ticks(settings_with(tmp_path / "in", tmp_path / "lake"), "arrivals", instance).told()
    assert "oak was left. The extract is unusable." in told
