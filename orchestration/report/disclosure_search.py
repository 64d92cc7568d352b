"""Which numbers must be held back besides the small ones: another table that fits all that is shown is proof.

For each sensitive count we look for a second table that agrees with every published number, sum and share,
and in which that count is larger by the protection asked for. Where there is none, the fewest and least
telling further numbers are given up until there is. A table that was found stays a proof, for what is held
back only grows. This is the linear relaxation of cell suppression; HiGHS solves it, through scipy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix, hstack, identity, vstack

from orchestration.report.disclosure_blocks import Tie, Ties
from orchestration.report.disclosure_profiles import DisclosureError
from orchestration.report.disclosure_system import System
from orchestration.report.tidy import TOTAL

Vector = NDArray[np.float64]
TINY = 1e-6
MARGINS_COST, PLACES_COST = 4.0, 1_000.0
# Groups of more counts than `LARGE` are worked through in blocks; in groups and blocks of more than `SOME`
# counts several needs are met at a time: quicker, a little less sparing.
LARGE, BLOCKS = 1_000, (500, 4_000)
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
    for group in ties.groups:
        left = [need for i in group for need in by_count.get(i, [])]
        if len(group) > LARGE:
            for size in BLOCKS:
                left = _by_blocks(ties, shown, left, size)
        if left:
            left = _Component(ties, shown, group).satisfy(left)
        # A zero may follow from the sums alone, with nothing published: everybody is in these two homes, so
        # nobody is in the third. Any other number can be kept by hiding enough.
        if any(sum(v * system.true[i] for i, v in need.expression.items()) for need in left):
            raise DisclosureError("a sensitive number cannot be protected, whatever else is held back")


def _by_blocks(ties: Ties, shown: Shown, needs: list[Need], size: int) -> list[Need]:
    """Satisfy needs by changes near them alone, and return those for which that is not enough."""
    left: list[Need] = []
    while needs:
        block = ties.around(needs[0].expression, size)
        # What lies at the edge of this block lies inside another.
        core = {*needs[0].expression, *block[: len(block) // 2]}
        here = [need for need in needs if core.issuperset(need.expression)]
        needs = [need for need in needs if not core.issuperset(need.expression)]
        left += _Component(ties, shown, block).satisfy(here)
    return left


class _Component:
    """The linear programme of some counts; all others stay as they are."""

    def __init__(self, ties: Ties, shown: Shown, group: list[int]) -> None:
        system = ties.system
        self.system, self.shown, self.group = system, shown, group
        self.local = {i: n for n, i in enumerate(group)}
        self.true = np.array([system.true[i] for i in group])
        self.base = np.array([self._cost(i) for i in group])
        limits = ties.limits_on(group)
        self.equal = self._matrix(ties.equations_on(group))
        self.limit = self._matrix(limits)
        self.slack = np.array([-sum(v * system.true[i] for i, v in tie.items()) for tie in limits])

    def _cost(self, i: int) -> float:
        """Margins tell most, then large numbers; a trace of the order settles ties, always the same way."""
        levels = self.system.parts[i].keys.count(TOTAL) + 2 * (i in self.system.wholes)
        size = 1 + math.log10(1 + self.system.true[i])
        of_places = self.system.rows[self.system.row_of[i]][1].is_of_places
        return size * (PLACES_COST if of_places else MARGINS_COST**levels) + 1e-4 * self.local[i]

    def _matrix(self, ties: list[Tie]) -> csr_matrix | None:
        entries = [
            (n, self.local[i], v)
            for n, tie in enumerate(ties)
            for i, v in tie.items()
            if v and i in self.local
        ]
        if not entries:
            return None
        at, column, value = zip(*entries, strict=True)
        return coo_matrix((value, (at, column)), shape=(len(ties), len(self.group))).tocsr()

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
            moved = -sum(v * change[self.local[i]] for i, v in need.expression.items())
            asked[id(need)] = replace(need, below=max(need.below, moved))
        return [asked.get(id(need), need) for need in needs]

    def _amount(self, need: Need) -> float:
        return float(sum(v * self.true[self.local[i]] for i, v in need.expression.items()))

    def _immovable(self, needs: list[Need]) -> list[Need]:
        """The zeros that no table could have otherwise, whatever were held back."""
        if not needs:
            return []
        low, high = self._bounds()
        hideable = self.shown.may_hide[self.group]
        least = self.shown.least[self.group] - self.true
        wide = np.where(hideable, np.minimum(low, least), low), np.where(hideable, np.inf, high)
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
        count, low_high = len(self.group), np.column_stack(bounds or self._bounds())
        moves = self._moves(needs, [sign] * len(needs))
        limits, right = [hstack([moves, identity(len(needs))]).tocsr()], [np.zeros(len(needs))]
        if self.limit is not None:
            limits.append(_padded(self.limit, len(needs)))
            right.append(self.slack)
        asked = np.array([[0.0, max(abs(a) for a in need.asked)] for need in needs])
        found = linprog(
            np.concatenate([np.zeros(count), -np.ones(len(needs))]),
            A_eq=None if self.equal is None else _padded(self.equal, len(needs)),
            b_eq=None if self.equal is None else np.zeros(self.equal.shape[0]),
            A_ub=vstack(limits).tocsr(),
            b_ub=np.concatenate(right),
            bounds=np.vstack([low_high, asked]),
            method="highs",
        )
        if found.x is None or not found.success:
            raise DisclosureError(f"the tables contradict themselves: {found.message}")
        return np.asarray(found.x[:count])

    def _proves(self, change: Vector, need: Need) -> bool:
        moved = sum(v * change[self.local[i]] for i, v in need.expression.items())
        return any(moved * amount > 0 and abs(moved) >= abs(amount) - TINY for amount in need.asked)

    def _moves(self, needs: list[Need], signs: list[float]) -> csr_matrix:
        """One row per need: how far a change moves it against the way it is to go."""
        entries = [
            (n, self.local[i], -signs[n] * value)
            for n, need in enumerate(needs)
            for i, value in need.expression.items()
        ]
        at, column, value = zip(*entries, strict=True)
        return coo_matrix((value, (at, column)), shape=(len(needs), len(self.group))).tocsr()

    def _bounds(self) -> tuple[Vector, Vector]:
        shown = self.shown
        return shown.low[self.group] - self.true, shown.high[self.group] - self.true

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

    def _search(self, needs: list[Need], way: int) -> Vector | None:
        """The cheapest change of the true table that moves all the needs by one of their amounts, or None."""
        count = len(self.group)
        low, high = self._bounds()
        least = self.shown.least[self.group] - self.true
        more = np.where(self.shown.may_hide[self.group] & np.isfinite(high), np.inf, 0.0)
        less = np.where(self.shown.may_hide[self.group], np.maximum(low - least, 0.0), 0.0)
        bounds = np.column_stack(
            [np.concatenate([low, np.zeros(2 * count)]), np.concatenate([high, more, less])]
        )
        signs = [math.copysign(1.0, need.asked[way]) for need in needs]
        limits, right = (
            [_widened(self._moves(needs, signs))],
            [-np.array([abs(n.asked[way]) for n in needs])],
        )
        if self.limit is not None:
            limits.append(_widened(self.limit))
            right.append(self.slack)
        found = linprog(
            np.concatenate([np.zeros(count), self.base, self.base]),
            A_eq=None if self.equal is None else _widened(self.equal),
            b_eq=None if self.equal is None else np.zeros(self.equal.shape[0]),
            A_ub=vstack(limits).tocsr(),
            b_ub=np.concatenate(right),
            bounds=bounds,
            method="highs",
        )
        if found.x is None or not found.success:
            return None
        return np.asarray(found.x[:count] + found.x[count : 2 * count] - found.x[2 * count :])


def _padded(matrix: csr_matrix, columns: int) -> csr_matrix:
    return hstack([matrix, csr_matrix((matrix.shape[0], columns))]).tocsr()


def _widened(matrix: csr_matrix) -> csr_matrix:
    """The matrix over what stays within the published, what goes above it, and what goes below."""
    return hstack([matrix, matrix, -matrix]).tocsr()
