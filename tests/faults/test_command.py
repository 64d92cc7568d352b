"""The `returns run` that people type: killed, refused and met by another, it ends in plain words."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harbour import CLIENT, broken_packs, differing, files_of, identifiers, packs_in
from trials import Ground, Trial

from orchestration.settings import PROJECT

COMMAND = [sys.executable, "-c", "from orchestration.cli import main; main()", "run", "--client", CLIENT]
LONGEST_RUN_SECONDS = 600
MOMENTS = [random.Random(number).uniform(0.3, 0.95) for number in range(3)]


@pytest.fixture
def whole(make_trial: Callable[[Ground], Trial], whole_road: Ground) -> Iterator[Trial]:
    made = make_trial(whole_road)
    yield made
    shutil.rmtree(made.lake, ignore_errors=True)


def command(trial: Trial, extracts: Path | None = None) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RETURNS_")}
    places = {"--lake": trial.lake, "--clients": trial.ground.clients,
              "--extracts": extracts or trial.ground.extracts}  # fmt: skip
    words = [f"{word}" for pair in places.items() for word in pair]
    return subprocess.Popen(
        [*COMMAND, *words], cwd=PROJECT, env=environment | {"TMPDIR": f"{trial.lake.parent}"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=LONGEST_RUN_SECONDS)
    assert "Traceback" not in out + err
    assert [value for value in identifiers() if value in out + err] == []
    return process.returncode, out, err


@pytest.mark.long
@pytest.mark.parametrize("part", MOMENTS, ids=lambda part: f"{part:.3f}_of_the_time")
def test_the_command_is_killed(whole: Trial, part: float, seconds_of_the_command: float) -> None:
    process = command(whole)
    try:
        process.communicate(timeout=part * seconds_of_the_command)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate(timeout=LONGEST_RUN_SECONDS)
    before, after = packs_in(files_of(whole.ground.before)), files_of(whole.lake)
    assert {name: after.get(name) for name in before} == before
    assert broken_packs(whole.lake) == []
    code, out, err = ended(command(whole))
    assert (code, err) == (1, ""), "one row is set aside, and nothing else is to be told"
    assert "826 rows received in 2 extracts; 825 loaded, 1 quarantined" in out
    assert differing(files_of(whole.lake), files_of(whole.ground.wanted)) == []
    whole.note("fault", f"the command killed after {part:.3f} of its time")
    whole.note("first run", "nothing: ended by signal 9")
    whole.note("rerun", "826 rows received = 825 loaded + 1 quarantined; all files as in an undisturbed run")


@pytest.fixture(scope="session")
def seconds_of_the_command(one_return: Ground) -> float:
    """About how long the command takes: the road of one return is a seventh of what it does beside."""
    return 7 * float((one_return.folder / "seconds").read_text(encoding="ascii"))


def test_the_command_names_a_landed_extract_that_was_damaged(trial: Trial, tmp_path: Path) -> None:
    (landed,) = (trial.lake / "landing").glob("*/*")
    (landed / "manifest.json").write_bytes((landed / "manifest.json").read_bytes()[:99])
    (tmp_path / "offered").mkdir()
    shutil.copytree(trial.ground.extracts / "second", tmp_path / "offered" / "second")
    code, _, err = ended(command(trial, tmp_path / "offered"))
    assert code == 2
    assert err.startswith(f"the landed extract {landed} cannot be loaded: it was changed or damaged")
    assert "Put the same extract into" in err
    trial.note("fault", "the command meets a damaged landed manifest")
    trial.note("first run", err.strip().replace(f"{trial.lake}", "LAKE"))
    trial.rerun()


@pytest.mark.long
def test_the_command_is_given_twice_at_once(whole: Trial) -> None:
    both = [ended(process) for process in [command(whole), command(whole)]]
    assert [(code, err) for code, _, err in both] == [(1, ""), (1, "")]
    waited = [
        "another run of client 'harbour' is at work; waiting until it has ended." in out for _, out, _ in both
    ]
    assert sorted(waited) == [False, True]
    assert differing(files_of(whole.lake), files_of(whole.ground.wanted)) == []
    whole.note("fault", "the command given twice at once")
    whole.note("first run", "another run of client 'harbour' is at work; waiting until it has ended.")
    whole.note("rerun", "not needed: both ended alike")
