"""An extract lands whole, once, under the hash of its content; an unusable one leaves nothing behind."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from orchestration.extracts import landing
from orchestration.extracts.landing import UnusableExtract, land, open_landed
from tests.unit.extracts.tiny_extract import ALERT, FAMILY, NHS_NUMBER, PERSON, provider, second

CLIENT = "northmere"


def everything_below(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*")) if folder.exists() else []


def test_what_lands_is_the_manifest_and_the_listed_files(tmp_path: Path) -> None:
    extract = provider()
    extract.extra["notes.txt"] = b"not listed"
    landed = land(extract.write(tmp_path / "x"), CLIENT, tmp_path / "lake")
    assert landed.path == tmp_path / "lake" / "landing" / CLIENT / landed.extract_id
    assert everything_below(landed.path) == sorted(
        ["manifest.json", *(f.path for f in landed.manifest.files)]
    )
    assert (landed.path / "alert.csv").read_bytes() == (tmp_path / "x" / "alert.csv").read_bytes()


def test_a_landed_extract_is_private(tmp_path: Path) -> None:
    landed = land(provider().write(tmp_path / "x"), CLIENT, tmp_path / "lake")
    assert stat.S_IMODE(landed.path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in landed.path.iterdir()} == {0o600}


def test_the_same_extract_is_recognised_in_any_wrapping(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    first = land(provider().write(tmp_path / "x"), CLIENT, lake)
    contents = provider().contents()
    manifest = json.loads(contents["manifest.json"])
    manifest["files"].reverse()
    shuffled = provider()
    shuffled.manifest_bytes = json.dumps(dict(reversed(manifest.items())), indent=3).encode()
    again = land(shuffled.write_zip(tmp_path / "x.zip"), CLIENT, lake)
    assert (first.already, again.already) == (False, True)
    assert first.extract_id == again.extract_id
    assert len(list((lake / "landing" / CLIENT).iterdir())) == 1


@pytest.mark.parametrize(
    "other",
    [
        provider(alert=[ALERT | {"status": "closed"}]),
        provider(alert=[second(ALERT)]),
    ],
)
def test_another_content_is_another_extract(other: object, tmp_path: Path) -> None:
    first = land(provider().write(tmp_path / "x"), CLIENT, tmp_path / "lake")
    second_ = land(other.write(tmp_path / "y"), CLIENT, tmp_path / "lake")  # type: ignore[attr-defined]
    assert first.extract_id != second_.extract_id


def test_an_unusable_extract_leaves_nothing_behind(tmp_path: Path) -> None:
    extract = provider()
    extract.counts["alert.csv"] = 9
    with pytest.raises(UnusableExtract) as refused:
        land(extract.write(tmp_path / "x"), CLIENT, tmp_path / "lake")
    assert [g.rule.rule_id for g in refused.value.problems] == ["rows_differ"]
    assert "alert.csv" in str(refused.value)
    assert FAMILY not in str(refused.value) and NHS_NUMBER not in str(refused.value)
    assert not (tmp_path / "lake").exists()


def test_a_missing_path_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UnusableExtract):
        land(tmp_path / "nowhere", CLIENT, tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_an_extract_with_row_errors_lands(tmp_path: Path) -> None:
    rows = [PERSON, second(PERSON) | {"subject_of_care_id": "P2", "date_of_birth": "1.1.1940"}]
    assert land(provider(subject_of_care=rows).write(tmp_path / "x"), CLIENT, tmp_path / "lake").path.is_dir()


def test_what_a_killed_landing_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    area = tmp_path / "lake" / "landing" / CLIENT
    finished = subprocess.Popen(["true"])
    finished.wait()
    dead = finished.pid
    (area / f".part-{dead}-abc").mkdir(parents=True)
    (area / f".part-{os.getpid()}-abc").mkdir()
    landed = land(provider().write(tmp_path / "x"), CLIENT, tmp_path / "lake")
    assert {p.name for p in area.iterdir()} == {landed.extract_id, f".part-{os.getpid()}-abc"}


@pytest.mark.parametrize("client", ["../elsewhere", "", "Northmere", "a/b"])
def test_a_client_id_cannot_lead_out_of_the_lake(client: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a client id"):
        land(provider().write(tmp_path / "x"), client, tmp_path / "lake")


def test_a_landed_extract_is_found_again_unless_it_was_changed(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    landed = land(provider().write(tmp_path / "x"), CLIENT, lake)
    assert open_landed(CLIENT, landed.extract_id, lake).manifest == landed.manifest
    manifest = landed.path / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"Oakfield Care Ltd", b"Elmfield Care Ltd"))
    with pytest.raises(UnusableExtract):
        open_landed(CLIENT, landed.extract_id, lake)


@pytest.mark.parametrize("name", ["alert.csv", "manifest.json"])
def test_a_landed_copy_that_was_damaged_gives_way_to_the_same_extract(tmp_path: Path, name: str) -> None:
    extract = provider().write(tmp_path / "x")
    there = land(extract, CLIENT, tmp_path / "lake")
    whole = (there.path / name).read_bytes()
    (there.path / name).write_bytes(whole[: len(whole) // 2])
    assert land(extract, CLIENT, tmp_path / "lake").already
    assert (there.path / name).read_bytes() == whole


def test_a_full_disk_of_ours_is_no_fault_of_the_extract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(landing, "copy_out", full)
    with pytest.raises(OSError, match="No space left"):
        land(provider().write(tmp_path / "x"), CLIENT, tmp_path / "lake")
    assert everything_below(tmp_path / "lake") == []


@pytest.mark.parametrize("left", [b"{", b""])
def test_a_landed_manifest_that_was_cut_short_is_told_as_an_unusable_extract(
    tmp_path: Path, left: bytes
) -> None:
    there = land(provider().write(tmp_path / "x"), CLIENT, tmp_path / "lake")
    (there.path / "manifest.json").write_bytes(left)
    with pytest.raises(UnusableExtract, match=r"manifest\.json is not JSON"):
        open_landed(CLIENT, there.extract_id, tmp_path / "lake")
