"""The death of one process costs one piece of work, and the rest is done."""

from __future__ import annotations

import os
from multiprocessing import get_context
from pathlib import Path

from orchestration.workers import Died, in_workers


def work(task: tuple[str, str]) -> str:
    """Do as the task says: end the process, end it the first time only, or give an answer."""
    name, told = task
    if name == "dies":
        os._exit(9)
    if name == "dies once" and not Path(told).exists():
        Path(told).touch()
        os._exit(9)
    return name.upper()


def test_every_task_has_a_result_and_the_one_that_kills_its_process_is_named(tmp_path: Path) -> None:
    tasks = [(name, str(tmp_path / "seen")) for name in ("a", "dies", "b", "dies once", "c", "d")]
    found = dict(in_workers(work, tasks, 2, get_context("fork")))
    assert isinstance(found.pop(tasks[1]), Died)
    assert sorted(str(result) for result in found.values()) == ["A", "B", "C", "D", "DIES ONCE"]


def test_nothing_to_do_is_done_at_once() -> None:
    assert list(in_workers(work, [], 2, get_context("fork"))) == []
