"""Which numbers must be held back besides the small ones: another table that fits all that is shown is proof.

For each sensitive count we look for a second table that agrees with every published number, sum and share,
and in which that count is larger by the protection asked for. Where there is none, the fewest and least
telling further numbers are given up until there is. A table that was found stays a proof, for what is held
back only grows. This is the linear relaxation of cell suppression; HiGHS solves it, through scipy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix, hstack, identity, vstack

from orchestration.report.disclosure_profiles import DisclosureError
from orchestration.report.disclosure_system import System
from orchestration.report.tidy import TOTAL

Vector = NDArray[np.float64]
TINY = 1e-6
MARGINS_COST = 4.0
# Tables of more counts than this are worked through some needs at a time: quicker, a little less sparing.
LARGE, AT_ONCE = 1_000, 4
# Those of a whole council with all its homes, a share of the needs at a time: seconds instead of minutes.
HUGE, SHARE_AT_ONCE = 5_000, 4


@dataclass(frozen=True)
class Need:
    """A count, or a difference of counts, that must be able to be larger (or smaller) by an amount."""

    expression: dict[int, float]
    amounts: tuple[float, ...]


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


def components(system: System) -> list[list[int]]:
    """Return the counts in groups that nothing ties to one another, each group in order."""
    leader = list(range(len(system.parts)))

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    ties = [list(tie) for tie in (*system.equations, *system.limits)] + system.parts_of
    for tie in ties:
        for i in tie[1:]:
            leader[find(i)] = find(tie[0])
    groups: dict[int, list[int]] = {}
    for i in range(len(leader)):
        groups.setdefault(find(i), []).append(i)
    return list(groups.values())


def hide_until_safe(system: System, shown: Shown, needs: list[Need]) -> None:
    """Hide rows of `shown` until every need has its proof. Raises DisclosureError if none can be had."""
    by_count: dict[int, list[Need]] = {}
    for need in needs:
        by_count.setdefault(min(need.expression), []).append(need)
    groups = components(system)
    group_of = {i: n for n, group in enumerate(groups) for i in group}
    equations, limits = _by_group(system.equations, group_of), _by_group(system.limits, group_of)
    for n, group in enumerate(groups):
        wanted = [need for i in group for need in by_count.get(i, [])]
        if wanted:
            _Component(system, shown, group, equations.get(n, []), limits.get(n, [])).satisfy(wanted)


def _by_group(ties: list[dict[int, float]], group_of: dict[int, int]) -> dict[int, list[dict[int, float]]]:
    """Ties by the group of counts they tie, so that no group has to look through those of all others."""
    found: dict[int, list[dict[int, float]]] = {}
    for tie in ties:
        found.setdefault(group_of[next(iter(tie))], []).append(tie)
    return found


class _Component:
    """The linear programme of counts that are tied to one another."""

    def __init__(
        self,
        system: System,
        shown: Shown,
        group: list[int],
        equations: list[dict[int, float]],
        limits: list[dict[int, float]],
    ) -> None:
        self.system, self.shown, self.group = system, shown, group
        self.local = {i: n for n, i in enumerate(group)}
        self.true = np.array([system.true[i] for i in group])
        self.base = np.array([self._cost(i) for i in group])
        self.equal = self._matrix(equations)
        self.limit = self._matrix(limits)
        self.slack = np.zeros(0) if self.limit is None else -(self.limit @ self.true)

    def _cost(self, i: int) -> float:
        """Margins tell most, then large numbers; a trace of the order settles ties, always the same way."""
        totals = self.system.parts[i].keys.count(TOTAL)
        return (1 + math.log10(1 + self.system.true[i])) * MARGINS_COST**totals + 1e-4 * self.local[i]

    def _matrix(self, ties: list[dict[int, float]]) -> csr_matrix | None:
        entries = [(n, self.local[i], v) for n, tie in enumerate(ties) for i, v in tie.items() if v]
        if not entries:
            return None
        at, column, value = zip(*entries, strict=True)
        return coo_matrix((value, (at, column)), shape=(len(ties), len(self.group))).tocsr()

    def satisfy(self, needs: list[Need]) -> None:
        """Hide what is needed until a proof is found for every need."""
        open_needs = self._provable(needs)
        while open_needs:
            together, change = self._cheapest(open_needs)
            if change is None:
                open_needs = open_needs[1:]
                continue
            self._hide(change)
            left = [need for need in open_needs[together:] if not self._proves(change, need)]
            open_needs = self._provable(left)

    def _cheapest(self, needs: list[Need]) -> tuple[int, Vector | None]:
        """The cheapest change that moves the first of the needs, and how many those are.

        None for a zero that follows from the sums alone, with nothing published: everybody is in these two
        homes, so nobody is in the third. Any other number can be kept by hiding enough.
        """
        together = min(len(needs), AT_ONCE if len(self.group) > LARGE else 1)
        while together:
            ways = range(len(needs[0].amounts))
            found = [c for way in ways if (c := self._search(needs[:together], way)) is not None]
            if found:
                return together, min(found, key=self._price)
            together //= 2
        if self._amount(needs[0]) == 0:
            return 1, None
        raise DisclosureError("a sensitive number cannot be protected, whatever else is held back")

    def _amount(self, need: Need) -> float:
        return float(sum(v * self.true[self.local[i]] for i, v in need.expression.items()))

    def _provable(self, needs: list[Need]) -> list[Need]:
        """The needs left over once tables that hide nothing more have proved all they can, many at a time."""
        signs = [1.0, -1.0] if needs and len(needs[0].amounts) > 1 else [1.0]
        for sign in signs:
            proved = True
            while proved and needs:
                change = self._widest(needs, sign)
                left = [need for need in needs if not self._proves(change, need)]
                proved, needs = len(left) < len(needs), left
        return needs

    def _widest(self, needs: list[Need], sign: float) -> Vector:
        """The change within what is published that moves the needs furthest, each no further than asked."""
        if self.equal is None and self.limit is None and all(_is_one_count(need) for need in needs):
            return self._alone(needs, sign)
        count, low_high = len(self.group), np.column_stack(self._bounds())
        moves = self._moves(needs, [sign] * len(needs))
        limits, right = [hstack([moves, identity(len(needs))]).tocsr()], [np.zeros(len(needs))]
        if self.limit is not None:
            limits.append(_padded(self.limit, len(needs)))
            right.append(self.slack)
        asked = np.array([[0.0, max(abs(a) for a in need.amounts)] for need in needs])
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

    def _alone(self, needs: list[Need], sign: float) -> Vector:
        """The same for counts that nothing ties: each goes as far as it may, without a programme."""
        low, high = self._bounds()
        change = np.zeros(len(self.group))
        for need in needs:
            ((i, _),) = need.expression.items()
            asked = sign * max(*(abs(a) for a in need.amounts), abs(change[self.local[i]]))
            change[self.local[i]] = min(max(asked, low[self.local[i]]), high[self.local[i]])
        return change

    def _proves(self, change: Vector, need: Need) -> bool:
        moved = sum(v * change[self.local[i]] for i, v in need.expression.items())
        return any(moved * amount > 0 and abs(moved) >= abs(amount) - TINY for amount in need.amounts)

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
        signs = [math.copysign(1.0, need.amounts[way]) for need in needs]
        limits, right = (
            [_widened(self._moves(needs, signs))],
            [-np.array([abs(n.amounts[way]) for n in needs])],
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


def _is_one_count(need: Need) -> bool:
    return list(need.expression.values()) == [1.0]


def _padded(matrix: csr_matrix, columns: int) -> csr_matrix:
    return hstack([matrix, csr_matrix((matrix.shape[0], columns))]).tocsr()


def _widened(matrix: csr_matrix) -> csr_matrix:
    """The matrix over what stays within the published, what goes above it, and what goes below."""
    return hstack([matrix, matrix, -matrix]).tocsr()
