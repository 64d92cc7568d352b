"""Reads that broke off and may well succeed when they are made again."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

# What networks and network disks answer while they are away. A full or closed disk is not among them.
PASSING = frozenset(
    {
        errno.EIO,
        errno.EINTR,
        errno.EAGAIN,
        errno.ESTALE,
        errno.ETIMEDOUT,
        errno.ECONNRESET,
        errno.ECONNABORTED,
        errno.ENETDOWN,
        errno.ENETUNREACH,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
    }
)


class ReadInterrupted(Exception):
    """A read broke off for a reason that may pass: it says nothing about what was read."""


@contextmanager
def passing_troubles_told(what: str) -> Iterator[None]:
    """Raise ReadInterrupted instead of a system's error that may pass; any other goes through."""
    try:
        yield
    except OSError as failed:
        if failed.errno not in PASSING:
            raise
        raise ReadInterrupted(f"reading {what} broke off ({failed.strerror}); try again.") from None
