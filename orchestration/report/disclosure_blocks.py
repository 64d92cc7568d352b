"""Which counts are tied to which: groups that nothing ties to one another, and what lies around a count."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from orchestration.report.disclosure_system import System

Tie = dict[int, float]
# A block does not reach through a sum of more counts than this: a total over every home of a council.
LONGEST = 60


class Ties:
    """The equations and limits of a system, found by the counts they tie."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.equations = self._by_count(system.equations)
        self.limits = self._by_count(system.limits)

    def _by_count(self, ties: list[Tie]) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.system.parts]
        for number, tie in enumerate(ties):
            for i in tie:
                found[i].append(number)
        return found

    def equations_on(self, group: Iterable[int]) -> list[Tie]:
        """Return the equations that a change of these counts could break, each once."""
        return [self.system.equations[n] for n in sorted({n for i in group for n in self.equations[i]})]

    def limits_on(self, group: Iterable[int]) -> list[Tie]:
        """Return the limits that a change of these counts could break, each once."""
        return [self.system.limits[n] for n in sorted({n for i in group for n in self.limits[i]})]

    @cached_property
    def groups(self) -> list[list[int]]:
        """The counts in groups that nothing ties to one another, each group in order."""
        leader = list(range(len(self.system.parts)))

        def find(i: int) -> int:
            while leader[i] != i:
                leader[i] = leader[leader[i]]
                i = leader[i]
            return i

        ties = [list(tie) for tie in (*self.system.equations, *self.system.limits)] + self.system.parts_of
        for tie in ties:
            for i in tie[1:]:
                leader[find(i)] = find(tie[0])
        groups: dict[int, list[int]] = {}
        for i in range(len(leader)):
            groups.setdefault(find(i), []).append(i)
        return list(groups.values())

    def around(self, start: Iterable[int], size: int) -> list[int]:
        """Return about so many counts, the nearest to some first, through the sums they stand in."""
        found = dict.fromkeys(start)
        for i in found.copy():
            found |= dict.fromkeys(self.system.parts_of[self.system.row_of[i]])
        queue = list(found)
        for i in queue:
            if len(found) >= size:
                break
            for j in self._beside(i):
                if j not in found:
                    found[j] = None
                    queue.append(j)
        return list(found)

    def _beside(self, i: int) -> Iterable[int]:
        ties = [self.system.equations[n] for n in self.equations[i]]
        ties += [self.system.limits[n] for n in self.limits[i]]
        for tie in ties:
            if len(tie) <= LONGEST:
                for j in tie:
                    yield from self.system.parts_of[self.system.row_of[j]]
