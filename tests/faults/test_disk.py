"""A disk that is full or may not be written: plain words, whole packs, and a rerun as if nothing had been."""

from __future__ import annotations

import os

import pytest
from faults import DiskFull, NoFileLargerThan, ReadOnly, mounts_of_ones_own
from trials import Trial

own_mounts = pytest.mark.skipif(
    not mounts_of_ones_own(),
    reason="a small disk and a read-only folder need `unshare`, which is not allowed here",
)
KIB = 1024
# From the copy of the extract to the packs: less room than any of them ends the run somewhere else.
ROOMS = [16, 4000, *(pytest.param(room, marks=pytest.mark.long) for room in (400, 1200, 12000))]
AREAS = [".", "packs"]
AREAS += [
    pytest.param(a, marks=pytest.mark.long) for a in ("landing", "loaded", "identity", "warehouse", "sheets")
]


def ends_in_plain_words(trial: Trial, fault: object, *told: str) -> None:
    said = trial.disturbed(fault)  # type: ignore[arg-type]
    assert said.outcome is not None
    assert not said.outcome.completed, "the run met no fault"
    for words in told:
        assert words in said.words
    trial.rerun()


@own_mounts
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: f"{room} KiB left")
def test_the_disk_is_full(trial: Trial, room: int) -> None:
    ends_in_plain_words(trial, DiskFull(trial.lake, room * KIB), "no space left on device", "Make room there")


@pytest.mark.parametrize("most", [4, pytest.param(300, marks=pytest.mark.long)], ids=lambda m: f"{m} KiB")
def test_no_file_may_become_larger(trial: Trial, most: int) -> None:
    ends_in_plain_words(trial, NoFileLargerThan(most * KIB), "file too large", "Make room there")


@own_mounts
@pytest.mark.parametrize("area", AREAS)
def test_a_folder_is_read_only(trial: Trial, area: str) -> None:
    folder = trial.lake / area
    ends_in_plain_words(trial, ReadOnly(folder), f"{folder}", "read-only file system", "writable")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else(trial: Trial) -> None:
    folder = trial.lake / "packs"
    folder.chmod(0o500)
    said = trial.disturbed()
    folder.chmod(0o700)
    assert "permission denied" in said.words
    trial.rerun()
