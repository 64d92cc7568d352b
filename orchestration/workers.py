"""Work spread over processes, where the death of one process costs one piece of work and not the rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Died:
    """The process that worked on a task ended before it had a result."""

    why: str = "its process ended without a word; perhaps the machine ran out of memory."


def in_workers(
    work: Callable[[Task], Result], tasks: Sequence[Task], processes: int, context: BaseContext
) -> Iterator[tuple[Task, Result | Died]]:
    """Yield each task with its result as they are done, worked on by so many processes at a time.

    When a process dies, what was being worked on is tried once more, each alone: only a task that kills its
    own process is given up.
    """
    waiting, suspects = deque(tasks), deque[Task]()
    while waiting:
        yield from _until_a_death(work, waiting, suspects, processes, context)
        while suspects:
            suspect = suspects.popleft()
            again = deque[Task]()
            yield from _until_a_death(work, deque([suspect]), again, 1, context)
            if again:
                yield suspect, Died()


def _until_a_death(
    work: Callable[[Task], Result],
    waiting: deque[Task],
    suspects: deque[Task],
    processes: int,
    context: BaseContext,
) -> Iterator[tuple[Task, Result | Died]]:
    """Work through what waits; when a process dies, leave what was in work among the suspects and stop."""
    running: dict[Future[Result], Task] = {}
    with ProcessPoolExecutor(processes, context) as pool:
        while waiting or running:
            while waiting and len(running) < processes and not suspects:
                task = waiting.popleft()
                try:
                    running[pool.submit(work, task)] = task
                except BrokenProcessPool:
                    suspects.append(task)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task = running.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    suspects.append(task)
                else:
                    yield task, result
            if suspects and not running:
                return
