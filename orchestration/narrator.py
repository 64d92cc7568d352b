"""What a run tells the person who waits for it, and what it keeps for the summary at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from orchestration.extracts.receipts import LoadReceipt
from orchestration.identity.index import IndexSummary
from orchestration.report.site import SiteResult
from orchestration.returns.packs import PackResult
from orchestration.road import TakenIn

Line = Callable[[str], None]


def silent(_: str) -> None:
    """Say nothing."""


@dataclass
class Narrator:
    """Tells what a run is doing and has found; keeps the results of its steps and the error it ended with."""

    doing: Line = silent
    found: Line = silent
    taken_in: TakenIn | None = None
    receipts: list[LoadReceipt] = field(default_factory=list)
    people: IndexSummary | None = None
    packs: list[PackResult] = field(default_factory=list)
    site: SiteResult | None = None
    failure: Exception | None = None
    _failed_step: str = ""

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Tell that a step has started, and keep the error if it ends with one."""
        self.doing(what)
        try:
            yield
        except Exception as error:
            self.failure, self._failed_step = error, what
            raise
        if self._failed_step == what:
            # It was tried again, and this time it went well.
            self.failure, self._failed_step = None, ""
