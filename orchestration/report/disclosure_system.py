"""What ties the numbers of tables together: every sum, share and repetition an attacker could use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from orchestration.report.disclosure_profiles import DisclosureError
from orchestration.report.tidy import NOBODY, TOTAL, Row, TidyTable

VALUE, NUMERATOR, DENOMINATOR = "value", "numerator", "denominator"
SHARES = frozenset({"share", "percent", "share_of_lines"})


@dataclass(frozen=True, order=True)
class Part:
    """One count: the value of a row, or the numerator or denominator of its share, rate or mean."""

    table_id: str
    keys: tuple[str, ...]
    unit: str
    name: str = VALUE


@dataclass(frozen=True)
class Relation:
    """A total and the parts that add up to it, where tables alone do not tell; one part: the same number.

    `beside` stands on the side of the total: those at the end and those who left are those at the start and
    those who joined. Such a balance is told only where it holds exactly. A sum that is `guessed` holds in
    these numbers and may do so by chance.
    """

    total: Part
    parts: tuple[Part, ...]
    beside: tuple[Part, ...] = ()
    guessed: bool = False


@dataclass
class System:
    """All counts of linked tables as one vector, and what is known to hold between them.

    `amounts` says of how many people a number is that counts nobody itself: hours, money. `wholes` are the
    totals of known sums whose keys do not say so: everybody in a home, beside those of each age.
    An equation or a limit is a sum of coefficients by index: an equation is zero, a limit at most zero.
    """

    parts: list[Part] = field(default_factory=list)
    true: list[float] = field(default_factory=list)
    row_of: list[int] = field(default_factory=list)
    parts_of: list[list[int]] = field(default_factory=list)
    rows: list[tuple[TidyTable, Row]] = field(default_factory=list)
    amounts: dict[int, float] = field(default_factory=dict)
    wholes: set[int] = field(default_factory=set)
    equations: list[dict[int, float]] = field(default_factory=list)
    limits: list[dict[int, float]] = field(default_factory=list)

    def tie(self, total: int, parts: Sequence[int]) -> None:
        """Note what holds between a total and its parts, the strongest that is true.

        Parts that overlap add up to more than their total, and parts of which some are not there to less; an
        attacker who guesses which is the case must still fail.
        """
        added = sum(self.true[p] for p in parts)
        whole = self.true[total]
        summed = dict.fromkeys(parts, 1.0)
        if abs(added - whole) <= 1e-9 * max(1.0, whole):
            self.equations.append({**summed, total: summed.get(total, 0.0) - 1.0})
            return
        if added < whole:
            self.limits.append({**summed, total: -1.0})
            return
        self.limits.append({**dict.fromkeys(parts, -1.0), total: 1.0})
        self.limits += [{p: 1.0, total: -1.0} for p in parts if self.true[p] <= whole]

    def balance(self, ends: Sequence[int], starts: Sequence[int]) -> None:
        """Note that two sides are the same sum, where they are."""
        tie: dict[int, float] = defaultdict(float)
        for side, sign in ((ends, 1.0), (starts, -1.0)):
            for i in side:
                tie[i] += sign
        if abs(sum(self.true[i] * sign for i, sign in tie.items())) < 1e-9:
            self.equations.append(dict(tie))

    def same(self, one: int, other: int) -> None:
        """Note that two counts are one number."""
        self.equations.append({one: 1.0, other: -1.0})


def build_system(tables: Sequence[TidyTable], relations: Iterable[Relation]) -> System:
    """Return the counts of all tables and everything that ties them.

    Within a table a row at `TOTAL` is the sum over that dimension. Counts at the same dimension values are
    one number when they are equal, in whatever table, unit or part they stand; a denominator may be a margin.
    """
    system = System()
    index: dict[Part, int] = {}
    for table in tables:
        for row in table.rows:
            _add_row(system, index, table, row)
    for table in tables:
        _sums(system, index, table)
    _repetitions(system)
    for relation in relations:
        named = (relation.total, *relation.beside, *relation.parts)
        unknown = [p for p in named if p not in index]
        if unknown:
            raise DisclosureError(f"a relation names counts that no table has: {unknown[0]}")
        total, parts = index[relation.total], [index[p] for p in relation.parts]
        if len(parts) > 1 and not relation.guessed and TOTAL not in relation.total.keys:
            system.wholes.add(total)
        if relation.beside:
            system.balance([total, *(index[p] for p in relation.beside)], parts)
        else:
            system.tie(total, parts)
    return system


def _add_row(system: System, index: dict[Part, int], table: TidyTable, row: Row) -> None:
    if not (row.counts_people or row.unit in NOBODY or row.of_people is not None):
        return
    share = row.numerator is not None or row.denominator is not None
    named = ((NUMERATOR, row.numerator), (DENOMINATOR, row.denominator)) if share else ((VALUE, row.value),)
    held = []
    for name, number in named:
        if number is None:
            continue
        if number < 0:
            raise DisclosureError(f"table {table.table_id}: a count below zero cannot be protected")
        part = Part(table.table_id, row.keys, row.unit, name)
        if part in index:
            raise DisclosureError(f"table {table.table_id} holds a row twice, so its sums cannot be told")
        index[part] = len(system.parts)
        held.append(index[part])
        system.parts.append(part)
        system.true.append(float(number))
        system.row_of.append(len(system.rows))
        if row.of_people is not None:
            system.amounts[index[part]] = float(row.of_people)
    if held:
        if share and len(held) == 2 and row.unit in SHARES:
            system.limits.append({held[0]: 1.0, held[1]: -1.0})
        system.parts_of.append(held)
        system.rows.append((table, row))


def _sums(system: System, index: dict[Part, int], table: TidyTable) -> None:
    names = {(row.keys, row.unit) for row in table.rows if TOTAL in row.keys}
    if not names:
        return
    own = [
        part
        for row in table.rows
        for name in (VALUE, NUMERATOR, DENOMINATOR)
        if (part := Part(table.table_id, row.keys, row.unit, name)) in index
    ]
    for place in range(len(table.dimensions)):
        groups: dict[tuple[object, ...], list[Part]] = defaultdict(list)
        for part in own:
            rest = part.keys[:place] + part.keys[place + 1 :]
            groups[rest, part.unit, part.name].append(part)
        for group in groups.values():
            totals = [index[p] for p in group if p.keys[place] == TOTAL]
            parts = [index[p] for p in group if p.keys[place] != TOTAL]
            if totals and parts:
                system.tie(totals[0], parts)


def _repetitions(system: System) -> None:
    """Tie counts that are one number: same dimension values and equal, or a denominator equal to a margin."""
    at: dict[frozenset[tuple[str, str]], list[int]] = defaultdict(list)
    for i in range(len(system.parts)):
        at[_about(system, i, system.parts[i].keys)].append(i)
    for alike in at.values():
        first: dict[float, int] = {}
        for i in alike:
            known = first.setdefault(system.true[i], i)
            if known != i:
                system.same(known, i)
    for i, part in enumerate(system.parts):
        if part.name == DENOMINATOR:
            for about in _margins(system, i):
                for other in at.get(about, []):
                    if other != i and system.true[other] == system.true[i]:
                        system.same(i, other)
                        break


def _about(system: System, i: int, keys: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    table, row = system.rows[system.row_of[i]]
    names = (d.name for d in table.dimensions)
    about = {(n, k) for n, k in zip(names, keys, strict=True) if k != TOTAL}
    kind = row.unit if i in system.amounts else ""
    return frozenset({*about, ("", table.scope), ("unit", kind)})


def _margins(system: System, i: int) -> Iterator[frozenset[tuple[str, str]]]:
    keys = system.parts[i].keys
    choices = product(*((key, TOTAL) if key != TOTAL else (key,) for key in keys))
    next(choices)
    for choice in choices:
        yield _about(system, i, choice)
