"""The linear programme of a few tied counts, kept by its solver so that each question starts from the last.

A change of the true table is looked for that agrees with every sum and limit. HiGHS solves it; it holds on to
the vertex of its last answer, and most questions differ from the one before in a few bounds only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from orchestration.report.disclosure_profiles import DisclosureError

Vector = NDArray[np.float64]
Numbers = NDArray[np.intp]
INF = highspy.kHighsInf


class Programme:
    """The changes that some counts may make together, and how far each of some expressions of them moves.

    `equal` and `limits` are sums of coefficients by the place of a count: an equation must stay as it is, a
    limit may grow by its `slack`. Every count has three columns: its change within what is published, above
    it and below it, the last two at `cost` for each unit. Every expression has two: how far it moved up and
    how far down, which rows tie to the counts when the expression is asked about.
    """

    def __init__(
        self,
        cost: Vector,
        equal: Sequence[Mapping[int, float]],
        limits: Sequence[Mapping[int, float]],
        slack: Sequence[float],
        expressions: Sequence[Mapping[int, float]],
    ) -> None:
        self.count, self.asked = len(cost), len(expressions)
        ties = [*equal, *limits, *expressions]
        first = len(equal) + len(limits)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = 3 * self.count + 2 * self.asked, len(ties)
        program.col_cost_ = np.concatenate([np.zeros(self.count), cost, cost, -np.ones(2 * self.asked)])
        program.col_lower_ = program.col_upper_ = np.zeros(program.num_col_)
        unbound = np.full(self.asked, INF)
        program.row_lower_ = np.concatenate([np.zeros(len(equal)), np.full(len(limits), -INF), -unbound])
        program.row_upper_ = np.concatenate([np.zeros(len(equal)), np.array(slack, dtype=float), unbound])
        matrix = program.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_, matrix.index_, matrix.value_ = self._coefficients(ties, first)
        self._columns = np.arange(program.num_col_, dtype=np.int32)
        self._rows = np.arange(first, program.num_row_, dtype=np.int32)
        # Each question has its own solver, so that one's last answer is no bad start for the other.
        self._widest, self._cheapest = _solver_of(program), _solver_of(program)

    def _coefficients(
        self, ties: Sequence[Mapping[int, float]], first: int
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], Vector]:
        """Where each row starts, and its columns and values: the ties over all three columns of a count."""
        lengths = [len(tie) for tie in ties]
        row = np.repeat(np.arange(len(ties)), lengths)
        column = np.fromiter(chain.from_iterable(ties), dtype=np.intp, count=len(row))
        value = np.fromiter(chain.from_iterable(t.values() for t in ties), dtype=float, count=len(row))
        asked, moved = np.arange(self.asked), 3 * self.count + np.arange(2 * self.asked)
        rows = np.concatenate([row, row, row, first + asked, first + asked])
        columns = np.concatenate([column, self.count + column, 2 * self.count + column, moved])
        values = np.concatenate([value, value, -value, -np.ones(self.asked), np.ones(self.asked)])
        used = np.flatnonzero(values)
        order = used[np.lexsort((columns[used], rows[used]))]
        start = np.searchsorted(rows[order], np.arange(len(ties) + 1))
        return start.astype(np.int32), columns[order].astype(np.int32), values[order]

    def widest(self, chosen: Numbers, asked: Vector, low: Vector, high: Vector) -> Vector:
        """Return the change within the bounds that moves the chosen expressions furthest.

        What goes further than asked counts no more; what is asked below zero is to move down. Raises
        DisclosureError where no change at all keeps within the bounds: the tables contradict themselves.
        """
        up, down = np.zeros(self.asked), np.zeros(self.asked)
        least, most = np.full(self.asked, -INF), np.full(self.asked, INF)
        up[chosen], down[chosen] = np.maximum(asked, 0.0), np.maximum(-asked, 0.0)
        least[chosen] = np.where(asked > 0, 0.0, -INF)
        most[chosen] = np.where(asked > 0, INF, 0.0)
        nothing = np.zeros(2 * self.count)
        found = self._solved(
            self._widest,
            np.concatenate([low, nothing, np.zeros(2 * self.asked)]),
            np.concatenate([high, nothing, up, down]),
            least,
            most,
        )
        if found is None:
            raise DisclosureError("the tables contradict themselves")
        return found[: self.count]

    def cheapest(
        self, chosen: Numbers, asked: Vector, low: Vector, high: Vector, above: Vector, below: Vector
    ) -> Vector | None:
        """Return the cheapest change that moves every chosen expression as far as asked, or None.

        `above` and `below` say by how much each count may leave the bounds.
        """
        least, most = np.full(self.asked, -INF), np.full(self.asked, INF)
        least[chosen] = np.where(asked > 0, asked, -INF)
        most[chosen] = np.where(asked > 0, INF, asked)
        nothing = np.zeros(self.count), np.zeros(2 * self.asked)
        found = self._solved(
            self._cheapest,
            np.concatenate([low, *nothing[:1], *nothing[:1], nothing[1]]),
            np.concatenate([high, above, below, nothing[1]]),
            least,
            most,
        )
        if found is None:
            return None
        inside, over, under = found[: 3 * self.count].reshape(3, self.count)
        return np.asarray(inside + over - under)

    def _solved(self, solver: Any, low: Vector, high: Vector, least: Vector, most: Vector) -> Vector | None:
        solver.changeColsBounds(len(self._columns), self._columns, low, high)
        solver.changeRowsBounds(len(self._rows), self._rows, least, most)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(solver.getSolution().col_value)


def _solver_of(program: highspy.HighsLp) -> Any:
    # The class beneath `highspy.Highs`, which prints its name before it can be told to be silent; what can be
    # asked of it is told in full by the stubs of that one alone.
    solver: Any = highspy._core._Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(program)
    return solver
