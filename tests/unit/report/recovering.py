"""Working numbers out: a linear programme over what is published and what is known to hold."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix, hstack, identity, vstack

from orchestration.report.disclosure_profiles import DisclosureProfile

HUGE = 1e7
TINY = 1e-6
Expression = Mapping[Hashable, float]


def unrounded(shown: float, profile: DisclosureProfile) -> tuple[float, float]:
    """Return the least and the most whole number that a rounded one may have been, by trying them."""
    fits = [
        n
        for n in range(max(0, int(shown) - 6), int(shown) + 7)
        if (0 if profile.below_threshold_as_zero and n < profile.threshold else (n + 2) // 5 * 5) == shown
    ]
    return float(min(fits)), float(max(fits))


class Recovery:
    """Numbers by name, each published or not, and the sums an attacker knows or guesses."""

    def __init__(self) -> None:
        self.at: dict[Hashable, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.sums: list[dict[int, float]] = []
        self.limits: list[dict[int, float]] = []

    def number(self, name: Hashable, low: float, high: float = HUGE) -> None:
        """Note a number by the least and the most it may be; told of twice, it is one number."""
        if name in self.at:
            i = self.at[name]
            self.low[i], self.high[i] = max(self.low[i], low), min(self.high[i], high)
            return
        self.at[name] = len(self.low)
        self.low.append(low)
        self.high.append(high)

    def equal(self, expression: Expression) -> None:
        """Note that a sum is zero."""
        self.sums.append({self.at[name]: value for name, value in expression.items()})

    def at_most(self, expression: Expression) -> None:
        """Note that a sum is at most zero."""
        self.limits.append({self.at[name]: value for name, value in expression.items()})

    def recovered(
        self, aims: Iterable[Expression], true: Mapping[Hashable, float], room: float
    ) -> list[tuple[Expression, float]]:
        """Return the aims that can be told more closely than the room, each with how far apart it may be.

        Many are cleared at once by tables in which they are larger or smaller, while all that is known holds;
        what is left is asked for its least and its most.
        """
        left = self.not_apart(aims, true, room)
        told = ((aim, self._extreme(aim, -1) - self._extreme(aim, 1)) for aim in left)
        return [(aim, apart) for aim, apart in told if apart < room - TINY]

    def not_apart(
        self, aims: Iterable[Expression], true: Mapping[Hashable, float], room: float
    ) -> list[Expression]:
        """Return the aims of which no two tables were found that lie apart by the room."""
        left = [(aim, [sum(v * true[n] for n, v in aim.items())] * 2) for aim in aims]
        cleared = True
        while cleared and left:
            before = len(left)
            for way in (1.0, -1.0):
                found = self._wide([aim for aim, _ in left], true, room, way) if left else np.zeros(0)
                for aim, seen in left:
                    seen[:] = min(seen[0], self._of(aim, found)), max(seen[1], self._of(aim, found))
                left = [(aim, seen) for aim, seen in left if seen[1] - seen[0] < room - TINY]
            cleared = len(left) < before
        return [aim for aim, _ in left]

    def _of(self, aim: Expression, values: np.ndarray) -> float:
        return float(sum(v * values[self.at[n]] for n, v in aim.items()))

    def _matrix(self, ties: list[dict[int, float]], more: int = 0) -> csr_matrix | None:
        if not ties:
            return None
        entries = [(n, i, v) for n, tie in enumerate(ties) for i, v in tie.items()]
        row, column, value = zip(*entries, strict=True)
        return coo_matrix((value, (row, column)), shape=(len(ties), len(self.low) + more)).tocsr()

    def _wide(
        self, aims: list[Expression], true: Mapping[Hashable, float], room: float, way: float
    ) -> np.ndarray:
        """A table in which the aims are larger, or the other way smaller, together as far as they can be."""
        count, more = len(self.low), len(aims)
        moves = self._matrix([{self.at[n]: -v * way for n, v in aim.items()} for aim in aims])
        assert moves is not None
        upper, right = (
            [hstack([moves, identity(more)])],
            [-way * np.array([sum(v * true[n] for n, v in aim.items()) for aim in aims])],
        )
        if self.limits:
            upper.append(self._matrix(self.limits, more))
            right.append(np.zeros(len(self.limits)))
        found = linprog(
            np.concatenate([np.zeros(count), -np.ones(more)]),
            A_eq=self._matrix(self.sums, more),
            b_eq=np.zeros(len(self.sums)) if self.sums else None,
            A_ub=vstack(upper).tocsr(),
            b_ub=np.concatenate(right),
            bounds=[*zip(self.low, self.high, strict=True), *([(0.0, room)] * more)],
        )
        assert found.success, found.message
        return np.asarray(found.x[:count])

    def _extreme(self, aim: Expression, sign: int) -> float:
        goal = np.zeros(len(self.low))
        for name, value in aim.items():
            goal[self.at[name]] = sign * value
        found = linprog(
            goal,
            A_eq=self._matrix(self.sums),
            b_eq=np.zeros(len(self.sums)) if self.sums else None,
            A_ub=self._matrix(self.limits),
            b_ub=np.zeros(len(self.limits)) if self.limits else None,
            bounds=list(zip(self.low, self.high, strict=True)),
        )
        assert found.success, found.message
        return sign * float(found.fun)
