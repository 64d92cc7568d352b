"""Which numbers must be held back besides the small ones: another table that fits all that is shown is proof.

For each sensitive count we look for a second table that agrees with every published number, sum and share,
and in which that count is larger by the protection asked for. Where there is none, the fewest and least
telling further numbers are given up until there is. A table that was found stays a proof, for what is held
back only grows. This is the linear relaxation of cell suppression; HiGHS solves it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orchestration.report.disclosure_blocks import Tie, Ties
from orchestration.report.disclosure_profiles import DisclosureError
from orchestration.report.disclosure_programme import Numbers, Programme, Vector
from orchestration.report.disclosure_system import System
from orchestration.report.tidy import TOTAL

TINY = 1e-6
MARGINS_COST, PLACES_COST = 4.0, 1_000.0
# Groups of more counts than `LARGE` are worked through in blocks; in groups and blocks of more than `SOME`
# counts several needs are met at a time: quicker, a little less sparing.
LARGE, BLOCKS = 1_000, (250, 4_000)
SOME, AT_ONCE = 300, 4


@dataclass(frozen=True)
class Need:
    """A count, or a difference of counts, that must be able to be larger (or smaller) by an amount.

    With `either_way` it must be able to lie so far apart: what it may be smaller by, `below`, counts towards
    the one amount. `hope` is the most that could ever be.
    """

    expression: dict[int, float]
    amounts: tuple[float, ...]
    either_way: bool = False
    hope: float = 0.0
    below: float = 0.0

    @property
    def asked(self) -> tuple[float, ...]:
        """By how much it must still be able to differ."""
        return (self.amounts[0] - self.below,) if self.either_way else self.amounts


@dataclass
class Shown:
    """What is published of each count: between which values it must lie, and what can still be given up.

    `least` is what a reader takes for granted of a number that is held back.
    """

    low: Vector
    high: Vector
    least: Vector
    may_hide: NDArray[np.bool_]
    hidden_rows: set[int]


def hide_until_safe(system: System, shown: Shown, needs: list[Need]) -> None:
    """Hide rows of `shown` until every need has its proof. Raises DisclosureError if none can be had.

    A second table that differs from the true one only near the count is a proof for the whole: in large
    groups it is looked for near by first, then further off, then everywhere.
    """
    ties = Ties(system)
    by_count: dict[int, list[Need]] = {}
    for need in needs:
        by_count.setdefault(min(need.expression), []).append(need)
    for group in _in_dozens(group for group in ties.groups if any(i in by_count for i in group)):
        left = [need for i in group for need in by_count.get(i, [])]
        if len(group) > LARGE:
            for size in BLOCKS:
                left = _by_blocks(ties, shown, left, size)
        if left:
            left = _Component(ties, shown, group, left).satisfy(left)
        # A zero may follow from the sums alone, with nothing published: everybody is in these two homes, so
        # nobody is in the third. Any other number can be kept by hiding enough.
        if any(sum(v * system.true[i] for i, v in need.expression.items()) for need in left):
            raise DisclosureError("a sensitive number cannot be protected, whatever else is held back")


def _in_dozens(groups: Iterable[list[int]]) -> Iterator[list[int]]:
    """Small groups put together up to `SOME` counts, as one question to the solver costs less than many."""
    together: list[int] = []
    for group in groups:
        if len(together) + len(group) > SOME and together:
            yield together
            together = []
        together = together + group
    if together:
        yield together


def _by_blocks(ties: Ties, shown: Shown, needs: list[Need], size: int) -> list[Need]:
    """Satisfy needs by changes near them alone, and return those for which that is not enough."""
    left: list[Need] = []
    while needs:
        block = ties.around(needs[0].expression, size)
        # What lies at the edge of this block lies inside another.
        core = {*needs[0].expression, *block[: len(block) // 2]}
        here = [need for need in needs if core.issuperset(need.expression)]
        needs = [need for need in needs if not core.issuperset(need.expression)]
        left += _Component(ties, shown, block, here).satisfy(here)
    return left


class _Component:
    """Some counts and the changes they may make together; all others stay as they are."""

    def __init__(self, ties: Ties, shown: Shown, group: list[int], needs: list[Need]) -> None:
        system = ties.system
        self.system, self.shown, self.group = system, shown, group
        self.local = {i: n for n, i in enumerate(group)}
        self.place = {tuple(need.expression): n for n, need in enumerate(needs)}
        self.true = np.array([system.true[i] for i in group])
        self.base = np.array([self._cost(i) for i in group])
        limits = ties.limits_on(group)
        self.programme = Programme(
            self.base,
            [self._here(tie) for tie in ties.equations_on(group)],
            [self._here(tie) for tie in limits],
            [-sum(v * system.true[i] for i, v in tie.items()) for tie in limits],
            [self._here(need.expression) for need in needs],
        )

    def _cost(self, i: int) -> float:
        """Margins tell most, then large numbers; a trace of the order settles ties, always the same way."""
        levels = self.system.parts[i].keys.count(TOTAL) + 2 * (i in self.system.wholes)
        size = 1 + math.log10(1 + self.system.true[i])
        of_places = self.system.rows[self.system.row_of[i]][1].is_of_places
        return size * (PLACES_COST if of_places else MARGINS_COST**levels) + 1e-4 * self.local[i]

    def _here(self, tie: Tie) -> Tie:
        return {self.local[i]: v for i, v in tie.items() if i in self.local}

    def satisfy(self, needs: list[Need]) -> list[Need]:
        """Hide what is needed until a proof is found for every need, and return those that have none."""
        without = self._immovable([need for need in needs if not self._amount(need)])
        known = {id(need) for need in without}
        open_needs = self._provable([need for need in needs if id(need) not in known])
        open_needs = self._less_what_is_below(open_needs)
        hoped: set[tuple[int, ...]] = set()
        while open_needs:
            # What is hidden to let a number be larger often lets it be smaller too: less is asked at first.
            tried = [n if tuple(n.expression) in hoped else replace(n, below=n.hope) for n in open_needs]
            together, change = self._cheapest(tried)
            hoped |= {tuple(need.expression) for need in open_needs[:together]}
            if change is None:
                without.append(open_needs[0])
                open_needs = open_needs[1:]
                continue
            self._hide(change)
            left = [need for need in open_needs if not self._proves(change, need)]
            open_needs = self._less_what_is_below(self._provable(left))
        return without

    def _less_what_is_below(self, needs: list[Need]) -> list[Need]:
        """The needs, each told by how much it may be smaller as things are published."""
        below = [need for need in needs if need.either_way]
        if not below:
            return needs
        change = self._widest(below, -1.0)
        asked = {}
        for need in below:
            asked[id(need)] = replace(need, below=max(need.below, -self._moved(change, need)))
        return [asked.get(id(need), need) for need in needs]

    def _amount(self, need: Need) -> float:
        return float(sum(v * self.true[self.local[i]] for i, v in need.expression.items()))

    def _immovable(self, needs: list[Need]) -> list[Need]:
        """The zeros that no table could have otherwise, whatever were held back."""
        if not needs:
            return []
        low, high = self._bounds()
        hideable = self.shown.may_hide[self.group]
        wide = np.where(hideable, np.minimum(low, self._least()), low), np.where(hideable, np.inf, high)
        change = self._widest(needs, 1.0, wide)
        return [need for need in needs if not self._proves(change, need)]

    def _cheapest(self, needs: list[Need]) -> tuple[int, Vector | None]:
        """The cheapest change that moves the first of the needs, and how many those are; None for none."""
        together = min(len(needs), AT_ONCE if len(self.group) > SOME else 1)
        while together:
            ways = range(len(needs[0].asked))
            found = [c for way in ways if (c := self._search(needs[:together], way)) is not None]
            if found:
                return together, min(found, key=self._price)
            together //= 2
        return 1, None

    def _provable(self, needs: list[Need]) -> list[Need]:
        """The needs left over once tables that hide nothing more have proved all they can, many at a time."""
        signs = [1.0, -1.0] if needs and len(needs[0].asked) > 1 else [1.0]
        for sign in signs:
            proved = True
            while proved and needs:
                change = self._widest(needs, sign)
                left = [need for need in needs if not self._proves(change, need)]
                proved, needs = len(left) < len(needs), left
        return needs

    def _widest(self, needs: list[Need], sign: float, bounds: tuple[Vector, Vector] | None = None) -> Vector:
        """The change within what is published that moves the needs furthest, each no further than asked."""
        asked = np.array([sign * max(abs(a) for a in need.asked) for need in needs])
        return self.programme.widest(self._places(needs), asked, *(bounds or self._bounds()))

    def _search(self, needs: list[Need], way: int) -> Vector | None:
        """The cheapest change of the true table that moves all the needs by one of their amounts, or None."""
        low, high = self._bounds()
        hideable = self.shown.may_hide[self.group]
        above = np.where(hideable & np.isfinite(high), np.inf, 0.0)
        below = np.where(hideable, np.maximum(low - self._least(), 0.0), 0.0)
        asked = np.array([need.asked[way] for need in needs])
        return self.programme.cheapest(self._places(needs), asked, low, high, above, below)

    def _places(self, needs: list[Need]) -> Numbers:
        return np.array([self.place[tuple(need.expression)] for need in needs])

    def _moved(self, change: Vector, need: Need) -> float:
        return float(sum(v * change[self.local[i]] for i, v in need.expression.items()))

    def _proves(self, change: Vector, need: Need) -> bool:
        moved = self._moved(change, need)
        return any(moved * amount > 0 and abs(moved) >= abs(amount) - TINY for amount in need.asked)

    def _bounds(self) -> tuple[Vector, Vector]:
        shown = self.shown
        return shown.low[self.group] - self.true, shown.high[self.group] - self.true

    def _least(self) -> Vector:
        return np.asarray(self.shown.least[self.group] - self.true)

    def _extra(self, change: Vector) -> Vector:
        """How far a change goes beyond what is published of each count."""
        low, high = self._bounds()
        return np.maximum(change - high, 0) + np.maximum(low - change, 0)

    def _price(self, change: Vector) -> float:
        return float(sum(self.base[n] for n in np.flatnonzero(self._extra(change) > TINY)))

    def _hide(self, change: Vector) -> None:
        shown = self.shown
        for n in np.flatnonzero(self._extra(change) > TINY):
            row = self.system.row_of[self.group[n]]
            shown.hidden_rows.add(row)
            for i in self.system.parts_of[row]:
                shown.low[i], shown.high[i] = shown.least[i], np.inf
