"""What a run tells the person who waits for it: the step it is in, what each step found, what went wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Line = Callable[[str], None]


def _silent(_: str) -> None:
    pass


class Narrator:
    """Tells the steps of a run as they happen; the default says nothing."""

    def __init__(self, say: Line = _silent, doing: Line = _silent) -> None:
        self.say = say
        self.doing = doing
        self.failure: tuple[str, Exception] | None = None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell that a step has started, how long it took, and keep the error it ended with."""
        started = time.monotonic()
        self.doing(name)
        try:
            yield
        except Exception as error:
            self.failure = (name, error)
            raise
        self.say(f"{name} ({time.monotonic() - started:.1f} s)")
