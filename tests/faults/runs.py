"""Runs in processes of their own, forked from one that has already imported what a run needs."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harbour import CLIENT

from orchestration.settings import PROJECT, Settings

LONGEST_RUN_SECONDS = 300
# The return that has a pack, a sheet and a month of its own: enough of the road, at a third of its cost.
ONE_RETURN = ("capacity_tracker",)
Fault = Callable[[], Callable[[], None] | None]
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["runs_preload"])


@dataclass(frozen=True)
class Outcome:
    """What a run came to: whether it completed, what a person was told, and its rows and packs."""

    completed: bool
    why: str
    received: int = 0
    loaded: int = 0
    quarantined: int = 0
    written: int = 0
    unchanged: int = 0
    altered: int = 0


@dataclass(frozen=True)
class Said:
    """How a run ended: its outcome, or none when it was killed, and all that it printed."""

    outcome: Outcome | None
    printed: str
    ended: int
    seconds: float

    @property
    def words(self) -> str:
        """What a person was told."""
        if self.outcome is None:
            return f"nothing: ended by signal {-self.ended}"
        return self.outcome.why or f"complete, {self.outcome.written} packs written"


@dataclass
class Running:
    """A run at work."""

    process: Any
    folder: tempfile.TemporaryDirectory[str]
    started: float

    def kill(self) -> None:
        """End the run as `kill -9` does."""
        self.process.kill()

    def wait(self, seconds: float = LONGEST_RUN_SECONDS) -> bool:
        """Wait so long for the run; return whether it has ended."""
        self.process.join(seconds)
        return self.process.exitcode is not None

    def said(self) -> Said:
        """Wait until the run has ended and return what it said."""
        if not self.wait():
            self.kill()
            raise AssertionError("the run did not end")
        seconds = time.monotonic() - self.started
        return Said(*_answer(self.folder, self.process.exitcode or 0), seconds)


def start(
    lake: Path,
    clients: Path,
    extracts: Path,
    fault: Fault | None = None,
    client: str = CLIENT,
    only: tuple[str, ...] = ONE_RETURN,
) -> Running:
    """Start a run of the client, for one return alone or, where `only` is empty, on the whole road."""
    folder = tempfile.TemporaryDirectory(prefix="returns_said_")
    # A run as another user must be able to say how it ended.
    Path(folder.name).chmod(0o777)
    process = _FORKED.Process(target=_walk, args=(lake, clients, extracts, fault, client, only, folder.name))
    process.start()
    return Running(process, folder, time.monotonic())


def run(*args: Any, **named: Any) -> Said:
    """Make a run and return what it said when it had ended."""
    return start(*args, **named).said()


def clocked(environment: Mapping[str, str], wanted: Sequence[tuple[Path, Path, Path]]) -> list[Said]:
    """Make runs of one return at the same time, in processes started with an environment of their own."""
    paths = os.pathsep.join([str(PROJECT), str(Path(__file__).parent)])
    code = "import sys, runs; runs.walk_named(*sys.argv[1:])"
    started = []
    for places in wanted:
        folder = tempfile.TemporaryDirectory(prefix="returns_said_")
        words = [sys.executable, "-c", code, *map(str, places), folder.name]
        process = subprocess.Popen(words, env=os.environ | {"PYTHONPATH": paths} | environment)
        started.append((process, folder, time.monotonic()))
    return [
        Said(*_answer(folder, process.wait(LONGEST_RUN_SECONDS)), time.monotonic() - begun)
        for process, folder, begun in started
    ]


def walk_named(lake: str, clients: str, extracts: str, answer: str) -> None:
    """Make a run whose places are given as words."""
    _walk(Path(lake), Path(clients), Path(extracts), None, CLIENT, ONE_RETURN, answer)


def _answer(folder: tempfile.TemporaryDirectory[str], ended: int) -> tuple[Outcome | None, str, int]:
    with folder as place:
        answer, printed = Path(place, "answer.json"), Path(place, "printed")
        # A run that was killed in its first instant has not even made the file it prints to.
        words = printed.read_text(encoding="utf-8") if printed.exists() else ""
        return (Outcome(**json.loads(answer.read_text())) if answer.exists() else None), words, ended


def _walk(
    lake: Path,
    clients: Path,
    extracts: Path,
    fault: Fault | None,
    client: str,
    only: tuple[str, ...],
    answer: str,
) -> None:
    from orchestration.settings import load_settings

    printed = os.open(Path(answer, "printed"), os.O_CREAT | os.O_WRONLY, 0o600)
    told = os.open(Path(answer, "answer.part"), os.O_CREAT | os.O_WRONLY, 0o600)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    undo = fault() if fault else None
    settings = load_settings(lake, clients, extracts, {"RETURNS_THREADS": "1"})
    outcome = _one_return(settings, client, only) if only else _whole_road(settings, client)
    if undo:
        undo()
    os.write(told, json.dumps(asdict(outcome)).encode())
    Path(answer, "answer.part").replace(Path(answer, "answer.json"))


def _whole_road(settings: Settings, client: str) -> Outcome:
    from orchestration.batch import FAILED, walk_client
    from orchestration.extracts.offered import offers

    offered = offers(settings.extracts, {client: settings.client(client).senders}).of_client[client]
    made = walk_client(None, None, (client, settings, offered))
    return Outcome(
        made.state != FAILED, made.why, made.received, made.loaded, made.quarantined,
        made.packs_written, made.packs_unchanged, made.packs_altered,
    )  # fmt: skip


def _one_return(settings: Settings, client_id: str, only: tuple[str, ...]) -> Outcome:
    """Go the road of a scheduled run for one return, and end in plain words as the command does."""
    from orchestration import road
    from orchestration.as_at import newest_as_at
    from orchestration.client_lock import client_lock
    from orchestration.extracts.offered import extracts_in
    from orchestration.plain_words import plain_words
    from orchestration.returns.packs import ALTERED, UNCHANGED, WRITTEN

    try:
        client = settings.client(client_id)
        day = newest_as_at(settings, client, extracts_in(settings.extracts))
        run = road.Run(settings, client, f"{day:%Y-%m}", settings.extracts, day, only=only)
        with client_lock(settings.lake, client_id, print):
            taken = road.land_extracts(run)
            receipts = road.load_landed(run)
            road.link_people(run)
            road.build_warehouse(run)
            packs = road.settle_packs(run, road.judge_warehouse(run))
    except Exception as error:
        return Outcome(False, plain_words(error))
    states = [pack.state for pack in packs]
    return Outcome(
        True,
        "; ".join(f"{name}: {why}" for name, why in taken.unusable),
        sum(r.received for r in receipts),
        sum(r.loaded for r in receipts),
        sum(r.quarantined for r in receipts),
        states.count(WRITTEN),
        states.count(UNCHANGED),
        states.count(ALTERED),
    )
