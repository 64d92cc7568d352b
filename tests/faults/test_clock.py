"""A clock that is years away, or jumps, changes no byte of what a run leaves and holds nobody up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from runs import clocked
from trials import Trial

YEAR = 365 * 24 * 3600
COMPILER = shutil.which("cc") or shutil.which("gcc")
pytestmark = pytest.mark.skipif(
    COMPILER is None, reason="another clock needs a C compiler, which was not found"
)


@pytest.fixture(scope="session")
def other_clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("clock") / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([f"{COMPILER}", "-shared", "-fPIC", "-o", str(made), str(source), "-ldl"], check=True)
    return made


def clock(preloaded: Path, years: int, jumps: bool = False) -> dict[str, str]:
    """The environment of a process whose clock is so many years away."""
    told = {"LD_PRELOAD": str(preloaded), "CLOCK_OFFSET": f"{years * YEAR}"}
    return told | ({"CLOCK_JUMPS": "1"} if jumps else {})


def test_the_clock_of_these_runs_is_another(other_clock: Path) -> None:
    looks = "import datetime; print({datetime.datetime.now().year for _ in range(500)})"
    told = {}
    for jumps in (False, True):
        environment = os.environ | clock(other_clock, 20, jumps)
        looked = subprocess.run(
            [sys.executable, "-c", looks], env=environment, capture_output=True, check=True
        )
        told[jumps] = looked.stdout.decode()
    assert told[False].count(",") == 0
    assert told[True].count(",") == 1


@pytest.mark.parametrize(
    ("years", "jumps"), [(40, False), (-20, False), (15, True)], ids=["ahead", "behind", "jumps"]
)
def test_the_clock_is_wrong(
    trial: Trial, other_clock: Path, years: int, jumps: bool, request: pytest.FixtureRequest
) -> None:
    if not jumps:
        request.getfixturevalue("the_long_part")
    ground = trial.ground
    (said,) = clocked(clock(other_clock, years, jumps), [(trial.lake, ground.clients, ground.extracts)])
    assert said.outcome is not None and said.outcome.completed, said
    trial.check_first(said)
    trial.check_end(said)
    trial.rerun()


@pytest.mark.long
def test_the_clock_jumps_while_a_run_waits_for_another(trial: Trial, other_clock: Path) -> None:
    ground = trial.ground
    both = clocked(clock(other_clock, 15, True), [(trial.lake, ground.clients, ground.extracts)] * 2)
    assert [said.outcome is not None and said.outcome.completed for said in both] == [True, True]
    assert sorted(said.outcome.written for said in both if said.outcome) == [0, 1]
    trial.check_first(both[0])
    trial.rerun()
