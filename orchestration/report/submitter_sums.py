"""What ties the numbers about one submitter: within a return, between returns, and with who stands in them.

Sums that are known by name stand in `data/standards/disclosure/sums.csv`. Others are looked for: an item's
answers that add up to another answer, and equal numbers of one unit. A tie is noted only where it holds.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache

from orchestration.report.disclosure_profiles import FOLDER, DisclosureError
from orchestration.report.disclosure_system import DENOMINATOR, NUMERATOR, VALUE, Part, Relation
from orchestration.report.packs_read import Pack
from orchestration.report.tidy import NOBODY, TidyTable

# Equal numbers under this are too often equal by chance; they are held back on their own account.
LEAST_ALIKE = 5


@dataclass(frozen=True)
class Count:
    """One count about a submitter: where it stands, and in which item of which return."""

    part: Part
    number: Decimal
    return_id: str
    cell_id: str
    item_id: str

    @property
    def kind(self) -> str:
        """What is counted; a denominator does not say."""
        return "" if self.part.name == DENOMINATOR else self.part.unit


@cache
def known_sums() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the sums between cells that are known by name: the total, and patterns of its parts."""
    with (FOLDER / "sums.csv").open(encoding="utf-8", newline="") as handle:
        found = tuple((row["total"], tuple(row["parts"].split("|"))) for row in csv.DictReader(handle))
    wrong = [name for total, parts in found for name in (total, *parts) if ":" not in name]
    if wrong:
        raise DisclosureError(f"sums.csv: '{wrong[0]}' must be written return:cell")
    return found


@cache
def _cells_of_places() -> tuple[str, ...]:
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(row["cell"] for row in csv.DictReader(handle))


def is_of_places(return_id: str, cell_id: str) -> bool:
    """Return whether a cell tells of a place and of nobody in it, as `places.csv` says."""
    return any(fnmatchcase(f"{return_id}:{cell_id}", cell) for cell in _cells_of_places())


def counts_of(return_id: str, pack: Pack, table: TidyTable) -> list[Count]:
    """Return the counts in the figures of one pack."""
    items = {f.cell_id: f.item_id for f in pack.figures}
    found = []
    for row in table.rows:
        if not row.counts_people and row.unit not in NOBODY:
            continue
        names = {VALUE: row.value}
        if row.numerator is not None or row.denominator is not None:
            names = {NUMERATOR: row.numerator, DENOMINATOR: row.denominator}
        cell_id = row.keys[0]
        for name, number in names.items():
            if number is not None:
                part = Part(table.table_id, row.keys, row.unit, name)
                found.append(Count(part, number, return_id, cell_id, items.get(cell_id, "")))
    return found


def sums_of(counts: Sequence[Count]) -> Iterator[Relation]:
    """Yield what ties the figures of one submitter and one period."""
    yield from _named(counts)
    yield from _items(counts)
    yield from alike((c.kind, c.number, c.part) for c in counts if c.part.name != NUMERATOR)


def _named(counts: Sequence[Count]) -> Iterator[Relation]:
    cells = {f"{c.return_id}:{c.cell_id}": c for c in counts if c.part.name == VALUE}
    for total, patterns in known_sums():
        if total in cells:
            parts = [c for name, c in cells.items() if any(fnmatchcase(name, p) for p in patterns)]
            if parts:
                yield Relation(cells[total].part, tuple(c.part for c in parts))


def _items(counts: Sequence[Count]) -> Iterator[Relation]:
    """The answers of one item, and any count that is their sum: a whole, or one of them beside the others."""
    groups: dict[tuple[str, ...], list[Count]] = defaultdict(list)
    for count in counts:
        if count.part.name == VALUE and count.item_id:
            groups[count.return_id, count.item_id, count.kind].append(count)
    values = [c for c in counts if c.part.name == VALUE]
    for group in groups.values():
        if len(group) < 2:
            continue
        added = sum(c.number for c in group)
        own = {c.part for c in group}
        for whole in values:
            parts = [c for c in group if c is not whole]
            rest = added - whole.number if whole.part in own else added
            if whole.kind == group[0].kind and whole.number == rest and rest:
                yield Relation(whole.part, tuple(c.part for c in parts), guessed=True)


def alike(counts: Iterable[tuple[str, Decimal, Part]]) -> Iterator[Relation]:
    """Yield a tie for every count that is equal to another of its kind; a kind that is not said fits all."""
    first: dict[tuple[str, Decimal], Part] = {}
    for kind, number, part in counts:
        if number < LEAST_ALIKE:
            continue
        known = first.setdefault((kind, number), part)
        if known != part:
            yield Relation(known, (part,))
        whole = first.setdefault(("", number), part)
        if kind and whole != part and whole.name == DENOMINATOR:
            yield Relation(whole, (part,))


def standing_sums(counts: Sequence[Count], return_id: str, standing: TidyTable) -> Iterator[Relation]:
    """Yield what ties who stands in the cells of one return to the figures of the submitter."""
    by_cell: dict[tuple[str, str], dict[str, list[tuple[Part, Decimal]]]] = {}
    at = {row.keys: row for row in standing.rows}
    for keys, row in at.items():
        if row.value is None:
            continue
        _, cell_id, role, _, counted = keys
        part = Part(standing.table_id, keys, row.unit)
        by_cell.setdefault((cell_id, counted), {}).setdefault(role, []).append((part, row.value))
        if counted == "rows":
            people = at.get((*keys[:-1], "people"))
            if people is not None and people.value:
                yield Relation(part, (Part(standing.table_id, people.keys, people.unit),))
    totals: dict[Decimal, list[Count]] = defaultdict(list)
    kinds: dict[str, str] = {}
    for count in counts:
        totals[count.number].append(count)
        if count.return_id == return_id:
            kinds[count.cell_id] = count.kind
    for (cell_id, _), roles in by_cell.items():
        for together in _choices(roles):
            parts = [part for role in together for part, _ in roles[role]]
            added = sum((n for role in together for _, n in roles[role]), Decimal(0))
            for count in totals.get(added, []):
                own = count.cell_id == cell_id and count.return_id == return_id
                alike_kind = count.kind == kinds.get(cell_id) and (count.kind or count.return_id == return_id)
                if added and (own or (added >= LEAST_ALIKE and alike_kind)):
                    yield Relation(count.part, tuple(parts), guessed=True)


def _choices(roles: Iterable[str]) -> list[list[str]]:
    """Each role alone, and all that are counted or looked at, without and with those left out."""
    names = sorted(roles)
    inside = [name for name in names if name != "excluded"]
    choices = [[name] for name in names] + [inside, names]
    return [list(c) for c in dict.fromkeys(tuple(c) for c in choices if c)]
