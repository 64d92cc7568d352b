"""Which failed steps are tried again: those whose reason may pass, and never those that the data caused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import Backoff, Failure, Jitter, RetryPolicy

from orchestration.client_lock import ClientBusy
from orchestration.extracts.interrupted import ReadInterrupted
from orchestration.extracts.object_store import PlaceNotReached
from orchestration.plain_words import plain_words

MAY_PASS = (ClientBusy, PlaceNotReached, ReadInterrupted)
# About a quarter of an hour in all: 1, 2, 4 and 8 minutes, not all clients at the same moment.
RETRIES = RetryPolicy(max_retries=4, delay=60, backoff=Backoff.EXPONENTIAL, jitter=Jitter.PLUS_MINUS)


@contextmanager
def retried_only_when_it_may_pass() -> Iterator[None]:
    """Let a trouble that may pass reach the retry policy; turn any other into a failure that ends the step.

    The failure has plain words, and nothing of what the error says about records.
    """
    try:
        yield
    except (*MAY_PASS, Failure):
        raise
    except Exception as error:
        raise Failure(plain_words(error), allow_retries=False) from None
