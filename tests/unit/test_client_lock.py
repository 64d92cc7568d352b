"""Two runs of one client never work at the same time; runs of two clients may."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.client_lock import ClientBusy, client_lock
from orchestration.settings import PROJECT

HOLD = """
import sys, time
from pathlib import Path
from orchestration.client_lock import client_lock
with client_lock(Path(sys.argv[1]), "northshire", print):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other_run(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_a_second_run_is_told_that_it_waits_and_gives_up_in_the_end(
    tmp_path: Path, other_run: subprocess.Popen[str]
) -> None:
    told: list[str] = []
    with (
        pytest.raises(ClientBusy, match="another run of client 'northshire' is still at work"),
        client_lock(tmp_path, "northshire", told.append, longest_wait=0.4),
    ):
        pass
    assert told == ["another run of client 'northshire' is at work; waiting until it has ended."]


def test_another_client_need_not_wait(tmp_path: Path, other_run: subprocess.Popen[str]) -> None:
    told: list[str] = []
    with client_lock(tmp_path, "southshire", told.append, longest_wait=0):
        assert told == []


def test_a_run_that_was_killed_holds_nothing(tmp_path: Path, other_run: subprocess.Popen[str]) -> None:
    other_run.kill()
    other_run.wait()
    with client_lock(tmp_path, "northshire", print, longest_wait=0):
        pass
