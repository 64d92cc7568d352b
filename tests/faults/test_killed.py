"""A run that is killed leaves whole packs behind, and the next one ends as if nothing had been."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable

import pytest
from faults import STEPS, KilledAt, KilledAtRename
from runs import start
from trials import ASKED_FOR, Ground, Trial

KILLS = int(os.environ.get("KILLS", "30" if ASKED_FOR == "all" else "3"))
SEED = 20261123
MOMENTS = [random.Random(SEED + number).uniform(0.02, 0.98) for number in range(KILLS)]
# A further one makes test_there_is_no_rename_after_those_that_are_killed_at fail.
RENAMES = 16


def killed(trial: Trial, fault: KilledAt | KilledAtRename) -> None:
    said = trial.disturbed(fault)
    assert said.ended == -signal.SIGKILL
    trial.rerun()


@pytest.mark.parametrize("step", STEPS[:-1])
def test_killed_when_a_step_has_ended(trial: Trial, step: str) -> None:
    killed(trial, KilledAt(step, "end"))


def test_killed_before_the_first_step(trial: Trial) -> None:
    killed(trial, KilledAt(STEPS[0], "start"))


@pytest.mark.parametrize("moment", ["start", "end"])
def test_killed_around_the_report(
    make_trial: Callable[[Ground], Trial], whole_road: Ground, moment: str
) -> None:
    killed(make_trial(whole_road), KilledAt("write_report", moment))


@pytest.mark.parametrize("part", MOMENTS, ids=lambda part: f"{part:.3f}_of_the_time")
def test_killed_at_a_random_moment(trial: Trial, part: float, seconds_of_a_run: float) -> None:
    ground = trial.ground
    running = start(trial.lake, ground.clients, ground.extracts, only=ground.only)
    if not running.wait(part * seconds_of_a_run):
        running.kill()
    said = running.said()
    trial.check_first(said)
    trial.rerun()


@pytest.mark.long
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(1, RENAMES + 1))
def test_killed_at_a_rename(trial: Trial, number: int, moment: str) -> None:
    killed(trial, KilledAtRename(number, moment))


@pytest.mark.long
def test_there_is_no_rename_after_those_that_are_killed_at(trial: Trial) -> None:
    said = trial.disturbed(KilledAtRename(RENAMES + 1, "before"))
    assert said.outcome is not None
    assert said.outcome.completed
    trial.check_end(said)
    trial.note("rerun", "not needed: the run met no rename to be killed at")
