"""Extracts in object storage are read as those on disk are, and with as little trust."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from orchestration import road
from orchestration.as_at import newest_as_at
from orchestration.cli import app
from orchestration.clients_file import Client
from orchestration.extracts import limits, object_store
from orchestration.extracts.landing import UnusableExtract, land
from orchestration.extracts.object_store import PlaceNotReached, PlaceRefused, StorePlace, store_place
from orchestration.extracts.offered import extracts_in, manifest_of, offers
from orchestration.extracts.stored_extracts import StoredExtract
from orchestration.settings import Settings, SettingsError
from tests.unit.extracts.tiny_extract import TinyExtract, provider
from tests.unit.object_storage import Storage, object_storage


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    with object_storage() as made:
        yield made


@pytest.fixture
def prefix() -> str:
    return f"in-{uuid4().hex}"


def place_of(storage: Storage, prefix: str) -> StorePlace:
    return store_place(f"s3://{storage.bucket}/{prefix}")


def below(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def stored(storage: Storage, prefix: str, name: str) -> StoredExtract:
    found = {extract.name: extract for extract in extracts_in(place_of(storage, prefix))}
    extract = found[name]
    assert isinstance(extract, StoredExtract)
    return extract


def test_a_folder_and_a_zip_in_storage_land_as_those_on_disk_do(
    storage: Storage, prefix: str, tmp_path: Path
) -> None:
    storage.put_all(f"{prefix}/oak", provider().contents())
    storage.put(f"{prefix}/oak.zip", provider().write_zip(tmp_path / "oak.zip").read_bytes())
    on_disk = land(provider().write(tmp_path / "oak"), "northmere", tmp_path / "lake")
    for number, name in enumerate(("oak", "oak.zip")):
        landed = land(stored(storage, prefix, name), "northmere", tmp_path / f"lake{number}")
        assert landed.extract_id == on_disk.extract_id
        assert below(landed.path) == below(on_disk.path)


def test_a_whole_bucket_may_be_a_place(tmp_path: Path) -> None:
    with object_storage() as whole:
        whole.put_all("oak", provider().contents())
        whole.put_all("oak_group/late", provider().contents())
        found = offers(store_place(f"s3://{whole.bucket}"), {"oak_group": ["oakfield_care"]})
        (oak, late) = found.of_client["oak_group"]
        assert (oak.name, late.name) == ("oak", "late")
        assert land(late, "oak_group", tmp_path).extract_id == land(oak, "oak_group", tmp_path).extract_id


def test_the_place_itself_may_be_an_extract(storage: Storage, prefix: str, tmp_path: Path) -> None:
    storage.put_all(prefix, provider().contents())
    (extract,) = extracts_in(place_of(storage, prefix))
    assert extract.name == prefix
    assert land(extract, "northmere", tmp_path).manifest.sender_id == "oakfield_care"


def test_only_what_lies_below_the_address_is_offered(storage: Storage, prefix: str) -> None:
    storage.put_all(f"{prefix}/oak", provider().contents())
    storage.put_all(f"{prefix}other/elm", provider().contents())
    storage.put(f"{prefix}/notes.txt")
    storage.put(f"{prefix}/empty/", b"")
    storage.put_all(f"{prefix}/elm_group/late", provider().contents())
    found = offers(place_of(storage, prefix), {"oak_group": ["oakfield_care"], "elm_group": ["ash_care"]})
    assert {c: [e.name for e in extracts] for c, extracts in found.of_client.items()} == {
        "oak_group": ["oak"],
        "elm_group": ["late"],
    }


@pytest.mark.parametrize("evil", ["../../evil", "./evil", "sub//evil", "bell\x07", "back\\slash", "C:evil"])
def test_a_key_with_a_trick_spoils_its_own_extract_and_no_other(
    storage: Storage, prefix: str, tmp_path: Path, evil: str
) -> None:
    storage.put_all(f"{prefix}/bad", provider().contents())
    storage.put(f"{prefix}/bad/{evil}")
    storage.put_all(f"{prefix}/good", provider().contents())
    with pytest.raises(UnusableExtract):
        land(stored(storage, prefix, "bad"), "northmere", tmp_path / "lake")
    assert land(stored(storage, prefix, "good"), "northmere", tmp_path / "lake").path.is_dir()
    assert {p.name for p in tmp_path.iterdir()} == {"lake"}


TRICKS_AT_THE_TOP = [
    *("../evil/manifest.json", "/absolute/manifest.json", "./manifest.json"),
    *("bell\x07/manifest.json", "bell\x07.zip", "\x7fdelete/manifest.json", "tab\tbed/manifest.json"),
]


@pytest.mark.parametrize("evil", TRICKS_AT_THE_TOP)
def test_a_key_with_a_trick_at_the_top_is_told_and_the_others_are_read(
    storage: Storage, prefix: str, tmp_path: Path, evil: str
) -> None:
    storage.put(f"{prefix}/{evil}")
    for name in ("-early", "apple", "good", "zebra"):
        storage.put_all(f"{prefix}/{name}", provider().contents())
    storage.put(f"{prefix}/zip.zip", provider().write_zip(tmp_path / "zip.zip").read_bytes())
    found = {extract.name: extract for extract in extracts_in(place_of(storage, prefix))}
    for name in ("-early", "apple", "good", "zebra", "zip.zip"):
        assert manifest_of(found.pop(name)) is not None
    ((_, refused),) = found.items()
    with pytest.raises(UnusableExtract, match="path"):
        land(refused, "northmere", tmp_path / "lake")
    storage.remove(f"{prefix}/{evil}")


def test_a_hostile_name_is_told_without_what_makes_it_hostile(storage: Storage, prefix: str) -> None:
    storage.put(f"{prefix}/bell\x07\x1b[2J/manifest.json")
    storage.put_all(f"{prefix}/good", provider().contents())
    storage.put_all(f"{prefix}/oak_group/late", provider().contents())
    found = offers(place_of(storage, prefix), {"oak_group": ["oakfield_care"]})
    assert [extract.name for extract in found.of_client["oak_group"]] == ["good", "late"]
    ((_, why),) = found.of_nobody
    assert "bell??[2J" in why and "\x07" not in why


def test_names_with_spaces_accents_and_percent_signs_are_names(
    storage: Storage, prefix: str, tmp_path: Path
) -> None:
    storage.put_all(f"{prefix}/Été 100%", provider().contents())
    assert land(stored(storage, prefix, "Été 100%"), "northmere", tmp_path).path.is_dir()


def test_a_listed_path_that_steps_out_of_the_extract_is_refused(
    storage: Storage, prefix: str, tmp_path: Path
) -> None:
    extract = provider()
    extract.files = [{"path": "../service.csv", "class": "service", "rows": 1, "sha256": "0" * 64}]
    storage.put_all(f"{prefix}/bad", extract.contents())
    with pytest.raises(UnusableExtract):
        land(stored(storage, prefix, "bad"), "northmere", tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_an_object_that_is_too_large_is_refused_before_it_is_fetched(
    storage: Storage, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.put_all(f"{prefix}/oak", provider().contents())
    monkeypatch.setattr(limits, "FILE_BYTES", 50)
    monkeypatch.setattr(object_store, "reading", lambda *_: pytest.fail("was fetched"))
    with pytest.raises(UnusableExtract, match="50 bytes"):
        land(stored(storage, prefix, "oak"), "northmere", tmp_path)


def test_an_object_that_goes_away_while_it_is_read_leaves_nothing_behind(
    storage: Storage, prefix: str, tmp_path: Path
) -> None:
    storage.put_all(f"{prefix}/oak", provider().contents())
    seen = stored(storage, prefix, "oak")
    storage.remove(f"{prefix}/oak/service.csv")
    with pytest.raises(UnusableExtract, match="not in the extract"):
        land(seen, "northmere", tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_storage_that_goes_silent_while_landing_is_no_fault_of_the_sender(
    storage: Storage, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.put_all(f"{prefix}/oak", provider().contents())
    seen = stored(storage, prefix, "oak")
    monkeypatch.setattr(object_store, "_RETRIES", {"max_retries": 0})
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(PlaceNotReached):
        land(seen, "northmere", tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_an_extract_can_be_handed_to_another_process(storage: Storage, prefix: str) -> None:
    storage.put_all(f"{prefix}/oak", provider().contents())
    assert manifest_of(pickle.loads(pickle.dumps(stored(storage, prefix, "oak")))) is not None


def test_the_road_takes_the_clients_own_extracts_in_from_storage(
    storage: Storage, prefix: str, tmp_path: Path
) -> None:
    storage.put_all(f"{prefix}/oak", provider().contents())
    storage.put_all(f"{prefix}/ash", TinyExtract(provider().rows, sender={"id": "ash_care"}).contents())
    client = Client("oak_group", "Oak", "provider", True, ("oakfield_care",), ())
    place = place_of(storage, prefix)
    settings = Settings(tmp_path, place, tmp_path / "c.toml", {"oak_group": client}, "1GB", 1, None)
    run = road.Run(settings, client, "2026-10", settings.place_of(client))
    first, again = road.land_extracts(run), road.land_extracts(run)
    assert [(landed.manifest.sender_id, landed.already) for landed in first.landed] == [
        ("oakfield_care", False)
    ]
    assert [one.already for one in again.landed] == [True]
    assert first.not_ours == (("ash", "ash_care"),) and first.unusable == ()
    assert newest_as_at(settings, client, run.offered_extracts) == date(2026, 10, 12)


def test_the_command_refuses_a_wrong_address_without_repeating_it(storage: Storage) -> None:
    typed = ["run", "--extracts", "s3://AKIA:hush@bucket/in"]
    with pytest.raises(SettingsError) as refused:
        app(typed, standalone_mode=False)
    assert "an address never carries a key" in str(refused.value) and "hush" not in str(refused.value)
    with pytest.raises(PlaceRefused, match="s3://nowhere-at-all/in is not there"):
        app(["run", "--extracts", "s3://nowhere-at-all/in"], standalone_mode=False)


def test_a_bucket_that_is_not_there_is_said_to_be_missing(storage: Storage) -> None:
    with pytest.raises(PlaceRefused, match="s3://nowhere-at-all/in is not there"):
        extracts_in(StorePlace("s3://nowhere-at-all/in"))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("s3://key:secret@bucket/in", "never carries a key"),
        ("s3://bucket/in?X-Amz-Signature=abc", "never carries a key"),
        ("https://bucket/in", "no address of object storage"),
        ("s3:///in", "no address of object storage"),
        ("s3://bucket/in/../out", "never steps up"),
    ],
)
def test_an_address_is_plain_or_refused_without_being_repeated(address: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as told:
        store_place(address)
    assert address not in str(told.value) and "secret" not in str(told.value)
