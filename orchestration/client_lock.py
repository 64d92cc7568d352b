"""One run per client at a time: a lock that the operating system frees however the process ends."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_WAIT_SECONDS = 900.0
_SECONDS_BETWEEN_TRIES = 0.2


class ClientBusy(RuntimeError):
    """Another run of the client has not ended within the time we were ready to wait."""


@contextmanager
def client_lock(
    lake: Path,
    client_id: str,
    tell: Callable[[str], None],
    longest_wait: float = LONGEST_WAIT_SECONDS,
) -> Iterator[None]:
    """Hold a client's lock while the block runs. Raises ClientBusy when another run keeps it too long."""
    folder = lake / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{client_id}.lock").open("a") as handle:
        waited = 0.0
        while not _taken(handle.fileno()):
            if waited >= longest_wait:
                raise ClientBusy(
                    f"another run of client '{client_id}' is still at work in {lake}; try again later."
                )
            if waited == 0.0:
                tell(f"another run of client '{client_id}' is at work; waiting until it has ended.")
            time.sleep(_SECONDS_BETWEEN_TRIES)
            waited += _SECONDS_BETWEEN_TRIES
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
