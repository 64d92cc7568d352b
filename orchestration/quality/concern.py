"""Whom a finding concerns: one submitter of a return, or the whole return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from heapq import merge
from typing import Generic, Protocol, TypeVar


class Finding(Protocol):
    """Something found for a return and a submitter; for the whole return where no submitter is named."""

    @property
    def return_id(self) -> str:
        """The return."""

    @property
    def submitter_id(self) -> str | None:
        """The submitter, or nothing."""


Found = TypeVar("Found", bound=Finding)


class Concerning(Generic[Found]):
    """Findings, each looked up by whom it concerns, however many submitters there are."""

    def __init__(self, found: Iterable[Found]) -> None:
        self._of: defaultdict[tuple[str, str], list[tuple[int, Found]]] = defaultdict(list)
        for number, one in enumerate(found):
            self._of[one.return_id, one.submitter_id or ""].append((number, one))

    def submitter(self, return_id: str, submitter_id: str) -> list[Found]:
        """Return what concerns one submitter of a return: its own and the whole, in the order found."""
        own, whole = self._of.get((return_id, submitter_id), []), self._of.get((return_id, ""), [])
        return [one for _, one in merge(own, whole, key=lambda numbered: numbered[0])]
