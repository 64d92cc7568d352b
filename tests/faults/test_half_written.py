"""An extract that is still being written, or came only in part, is left and named; whole, it is taken in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from trials import Trial


def without_manifest(extract: Path) -> Path:
    (extract / "manifest.json").unlink()
    return extract


def manifest_cut_short(extract: Path) -> Path:
    content = (extract / "manifest.json").read_bytes()
    (extract / "manifest.json").write_bytes(content[: len(content) // 2])
    return extract


def file_missing(extract: Path) -> Path:
    (extract / "service.csv").unlink()
    return extract


def file_cut_short(extract: Path) -> Path:
    content = (extract / "service.csv").read_bytes()
    (extract / "service.csv").write_bytes(content[: len(content) // 2])
    return extract


def zip_cut_off(extract: Path) -> Path:
    packed = Path(shutil.make_archive(str(extract), "zip", extract))
    shutil.rmtree(extract)
    packed.write_bytes(packed.read_bytes()[:-2000])
    return packed


HALVES = {
    without_manifest: "still being written",
    manifest_cut_short: "manifest.json is not JSON",
    file_missing: "it is not in the extract",
    file_cut_short: "not the one whose SHA-256",
    zip_cut_off: "damaged or cut short",
}


SHORT = (without_manifest, zip_cut_off)
EACH = [pytest.param(half, marks=() if half in SHORT else pytest.mark.long) for half in HALVES]


@pytest.mark.parametrize("half", EACH)
def test_half_an_extract(trial: Trial, tmp_path: Path, half: Callable[[Path], Path]) -> None:
    offered = Path(shutil.copytree(trial.ground.extracts, tmp_path / "offered"))
    left = half(offered / "second")
    said = trial.disturbed(extracts=offered)
    assert said.outcome is not None and said.outcome.completed
    assert f"{left.name}: " in said.words and HALVES[half] in said.words
    assert said.outcome.received == said.outcome.loaded + said.outcome.quarantined == 413
    assert said.outcome.unchanged == 1, "without the new extract the pack is that of the first run"
    trial.rerun()
