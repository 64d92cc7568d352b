"""Somebody who reads released tables, knows how they add up, and lets a linear programme do the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from orchestration.report.disclosure_profiles import DisclosureProfile
from orchestration.report.tidy import TOTAL, TidyTable

Name = tuple[str, tuple[str, ...], str, str]
HUGE = 1e5


class Attack:
    """What follows from released tables alone; it shares no code with the protection.

    It knows that totals are sums, that counts are not negative, that shares are counts divided, that the
    same thing counted in two places is one number, how numbers are rounded, and which zeros would be shown;
    and whether shares are of everybody or of each group.
    """

    def __init__(
        self,
        released: Sequence[TidyTable],
        profile: DisclosureProfile | None = None,
        *,
        shares_of_all: bool = False,
    ) -> None:
        self.at: dict[Name, int] = {}
        self.bounds: list[tuple[float, float]] = []
        self.sums: list[dict[int, float]] = []
        self.limits: list[dict[int, float]] = []
        self.profile = profile
        self.shares_of_all = shares_of_all
        same: dict[tuple[str, frozenset[tuple[str, str]]], int] = {}
        for t in released:
            names = [d.name for d in t.dimensions]
            for row in t.rows:
                about = frozenset((n, k) for n, k in zip(names, row.keys, strict=True) if k != TOTAL)
                if row.unit == "percent":
                    part = self._number(
                        (t.table_id, row.keys, row.unit, "part"), row.numerator, bool(row.mark), 0
                    )
                    whole = self._number(
                        (t.table_id, row.keys, row.unit, "whole"), row.denominator, bool(row.mark), 0
                    )
                    self.limits.append({part: 1.0, whole: -1.0})
                    kind = ("people", about)
                    this = part
                else:
                    least = 1.0 if profile and profile.zeros_shown and row.mark else 0.0
                    this = self._number(
                        (t.table_id, row.keys, row.unit, "value"), row.value, bool(row.mark), least
                    )
                    kind = (row.unit, about)
                if kind in same:
                    self.sums.append({same[kind]: 1.0, this: -1.0})
                same.setdefault(kind, this)
            self._add_up(t)
        everybody = [
            i for (_, keys, _, name), i in self.at.items() if name == "value" and set(keys) == {TOTAL}
        ]
        if shares_of_all:
            wholes = [i for (_, _, _, name), i in self.at.items() if name == "whole"]
            self.sums += [{everybody[0]: 1.0, i: -1.0} for i in wholes]

    def _number(self, name: Name, shown: object, hidden: bool, least: float) -> int:
        self.at[name] = len(self.bounds)
        if hidden or shown is None:
            self.bounds.append((least, HUGE))
        elif self.profile and self.profile.round_to:
            self.bounds.append(self._unrounded(int(str(shown))))
        else:
            self.bounds.append((float(str(shown)), float(str(shown))))
        return self.at[name]

    def _unrounded(self, shown: int) -> tuple[float, float]:
        """Every whole number that would have been shown so, by trying them."""
        assert self.profile is not None
        fits = []
        for n in range(shown + 11):
            low = self.profile.below_threshold_as_zero and n < self.profile.threshold
            if (0 if low else (n + 2) // 5 * 5) == shown:
                fits.append(n)
        return float(min(fits)), float(max(fits))

    def _add_up(self, t: TidyTable) -> None:
        for place in range(len(t.dimensions)):
            groups: dict[tuple[object, ...], dict[str, int]] = defaultdict(dict)
            for (table_id, keys, unit, name), i in self.at.items():
                if table_id == t.table_id and not (name == "whole" and self.shares_of_all):
                    groups[keys[:place], keys[place + 1 :], unit, name][keys[place]] = i
            for group in groups.values():
                if TOTAL in group and len(group) > 1:
                    tie = {i: 1.0 for key, i in group.items() if key != TOTAL}
                    self.sums.append({**tie, group[TOTAL]: -1.0})

    def _extreme(self, aim: dict[int, float], sign: int) -> float:
        def matrix(ties: list[dict[int, float]]) -> np.ndarray | None:
            if not ties:
                return None
            dense = np.zeros((len(ties), len(self.bounds)))
            for n, tie in enumerate(ties):
                for i, value in tie.items():
                    dense[n, i] += value
            return dense

        goal = np.zeros(len(self.bounds))
        for i, value in aim.items():
            goal[i] = sign * value
        found = linprog(
            goal,
            A_eq=matrix(self.sums),
            b_eq=np.zeros(len(self.sums)) if self.sums else None,
            A_ub=matrix(self.limits),
            b_ub=np.zeros(len(self.limits)) if self.limits else None,
            bounds=self.bounds,
        )
        assert found.success, found.message
        return sign * float(found.fun)

    def room(self, keys: tuple[str, ...], unit: str = "people", table_id: str = "t") -> float:
        """Return how far apart the least and the most are that a count may be."""
        aim = {self.at[table_id, keys, unit, "value"]: 1.0}
        return self._extreme(aim, -1) - self._extreme(aim, 1)

    def must_leave(self, room: float, true: Sequence[TidyTable], profile: DisclosureProfile) -> None:
        """Fail where a sensitive count can be told more closely than the room asked for."""
        least = 0 if not profile.zeros_shown else 1
        for t in true:
            for row in t.rows:
                numbers = {"value": row.value, "part": row.numerator, "whole": row.denominator}
                aims = [
                    ({self.at[t.table_id, row.keys, row.unit, name]: 1.0}, number)
                    for name, number in numbers.items()
                    if number is not None and (t.table_id, row.keys, row.unit, name) in self.at
                ]
                if row.unit == "percent" and row.numerator is not None and row.denominator is not None:
                    part, whole = (self.at[t.table_id, row.keys, row.unit, n] for n in ("part", "whole"))
                    aims.append(({whole: 1.0, part: -1.0}, row.denominator - row.numerator))
                for aim, number in aims:
                    if least <= number < profile.threshold:
                        found = self._extreme(aim, -1) - self._extreme(aim, 1)
                        assert found >= room - 1e-6, f"{t.table_id} {row.keys} {row.unit}: room {found}"
