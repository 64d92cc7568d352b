"""A step is tried again where a second try can help, and never for what the data or the machine lack."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from dagster import DagsterInstance, ExecuteInProcessResult, RetryPolicy, materialize

from orchestration import assets, client_lock, road
from orchestration.asset_keys import LANDED_EXTRACTS
from orchestration.client_lock import ClientBusy
from orchestration.clients_file import Client
from orchestration.extracts import archive
from orchestration.extracts.interrupted import ReadInterrupted
from orchestration.extracts.landing import UnusableExtract, land
from orchestration.extracts.object_store import PlaceNotReached, PlaceRefused
from orchestration.narrator import Narrator
from orchestration.partitions import partition_key
from orchestration.resources import RunChoices, lock_of_the_client
from orchestration.retrying import MAY_PASS, RETRIES
from orchestration.road import RoadError
from orchestration.settings import Settings
from tests.unit.extracts.tiny_extract import NAME, NHS_NUMBER, provider

OAK = "oak_group"


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    provider().write(tmp_path / "in" / "oak")
    client = Client(OAK, "Oak", "provider", True, ("oakfield_care",), ())
    return Settings(tmp_path / "lake", tmp_path / "in", tmp_path / "c.toml", {OAK: client}, "1GB", 1, None)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "RETRIES", RetryPolicy(max_retries=RETRIES.max_retries))


def landed(settings: Settings, instance: DagsterInstance, narrator: Narrator) -> ExecuteInProcessResult:
    """Walk the first step of the road as an unattended run does."""
    made = assets.RoadAssets(settings, narrator, unattended=True)
    return materialize(
        [made._landed()],
        partition_key=partition_key(OAK, f"{date(2026, 10, 1):%Y-%m}"),
        instance=instance,
        raise_on_error=False,
        resources={"choices": RunChoices(), "client_lock": lock_of_the_client(settings, narrator)},
    )


def tries(monkeypatch: pytest.MonkeyPatch, where: object, name: str, errors: list[Exception]) -> list[int]:
    """Let a function fail with these errors, one a call, before it works; return its calls as they come."""
    works: Callable[..., object] = getattr(where, name)
    calls: list[int] = []

    def failing(*args: object, **named: object) -> object:
        calls.append(len(calls))
        if len(calls) <= len(errors):
            raise errors[len(calls) - 1]
        return works(*args, **named)

    monkeypatch.setattr(where, name, failing)
    return calls


@pytest.mark.parametrize(
    "trouble",
    [ClientBusy("busy"), PlaceNotReached("away"), ReadInterrupted("broke off")],
    ids=lambda trouble: type(trouble).__name__,
)
def test_what_may_pass_is_tried_again_until_it_works(
    settings: Settings, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    calls = tries(monkeypatch, road, "land_extracts", [trouble, trouble])
    narrator = Narrator()
    result = landed(settings, instance, narrator)
    assert result.success and len(calls) == 3
    assert result.asset_materializations_for_node("landed_extracts")[0].metadata["extracts"].value == 1
    # What went well in the end is no failure of the run.
    assert narrator.failure is None


def test_what_does_not_pass_is_given_up_in_the_end(
    settings: Settings, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tries(monkeypatch, road, "land_extracts", [PlaceNotReached("away")] * 99)
    narrator = Narrator()
    assert not landed(settings, instance, narrator).success
    assert len(calls) == 1 + RETRIES.max_retries
    assert isinstance(narrator.failure, PlaceNotReached)


@pytest.mark.parametrize(
    "trouble",
    [
        RoadError("nothing is loaded"),
        UnusableExtract([]),
        PlaceRefused("no such bucket"),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EACCES, "Permission denied"),
        ValueError(f"row of {NAME}, {NHS_NUMBER}"),
    ],
    ids=lambda trouble: f"{type(trouble).__name__} {getattr(trouble, 'errno', '') or ''}".strip(),
)
def test_what_data_settings_or_a_full_disk_caused_is_tried_once(
    settings: Settings, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    assert not isinstance(trouble, MAY_PASS)
    calls = tries(monkeypatch, road, "land_extracts", [trouble] * 99)
    narrator = Narrator()
    result = landed(settings, instance, narrator)
    assert not result.success and len(calls) == 1
    assert narrator.failure is trouble
    written = " ".join(str(event) for event in result.all_events)
    assert NAME not in written and NHS_NUMBER not in written


def test_a_lock_that_is_busy_is_waited_for_in_a_step_and_let_go_with_the_run(
    settings: Settings, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.resources.client_lock", client_lock.client_lock)
    taken = tries(monkeypatch, client_lock, "_taken", [])
    assert landed(settings, instance, Narrator()).success
    assert len(taken) == 1
    with client_lock.client_lock(settings.lake, OAK, print, longest_wait=0):
        busy = replace(settings)
        monkeypatch.setattr(
            "orchestration.resources.client_lock",
            lambda lake, client, tell: client_lock.client_lock(lake, client, tell, longest_wait=0),
        )
        narrator = Narrator()
        result = landed(busy, instance, narrator)
        assert not result.success and isinstance(narrator.failure, ClientBusy)
        assert [e.step_key for e in result.all_events if e.is_step_restarted] == [
            LANDED_EXTRACTS.to_user_string()
        ] * RETRIES.max_retries


@pytest.mark.parametrize(
    ("number", "passes"), [(errno.EIO, True), (errno.ESTALE, True), (errno.EACCES, False)]
)
def test_a_read_that_broke_off_is_no_fault_of_the_extract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, passes: bool
) -> None:
    extract = provider().write(tmp_path / "oak")

    class Broken:
        def read(self, size: int, /) -> bytes:
            raise OSError(number, "broke off")

        def close(self) -> None:
            pass

    monkeypatch.setattr(archive.FolderSource, "open", lambda self, name: Broken())
    with pytest.raises(ReadInterrupted if passes else UnusableExtract):
        land(extract, OAK, tmp_path / "lake")
    assert not (tmp_path / "lake").exists()
