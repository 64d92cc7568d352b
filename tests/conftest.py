"""Which tests go to one worker: those of a file, and all that stand on the one walk of the sample."""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

WALK_OF_THE_SAMPLE = "tests/journey/"
WALKS_OF_THEIR_OWN = ("tests/journey/test_many_clients.py", "tests/journey/test_planted_people.py")


class WithWhatTheyShare(LoadScopeScheduling):
    """Hands out tests with those that use the same fixtures: these cost far more than the tests."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        shares = file.startswith(WALK_OF_THE_SAMPLE) and file not in WALKS_OF_THEIR_OWN
        return WALK_OF_THE_SAMPLE if shares else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WithWhatTheyShare:
    """Return the scheduler that every run on several workers uses.

    xdist's own groups are written into a field of a test that pytest 9.2 no longer reads.
    """
    return WithWhatTheyShare(config, log)
