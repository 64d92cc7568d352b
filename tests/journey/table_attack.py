"""Somebody with the tables to take away, and every sum between them that the product itself knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from walking import CLIENT, Walk

from orchestration.report.contents import gather
from orchestration.report.disclosure_profiles import DisclosureProfile
from orchestration.report.disclosure_system import Relation
from orchestration.report.facts import read_facts
from orchestration.report.release import Gathering, Released
from orchestration.report.tidy import NOBODY, TOTAL, Row, TidyTable
from orchestration.returns.definitions import load_definitions
from tests.unit.report.recovering import Recovery, unrounded

Number = tuple[str, tuple[str, ...], str, str]


def gathered_of(sample: Walk) -> Gathering:
    client = sample.settings.client(CLIENT)
    facts = read_facts(sample.settings.lake, CLIENT, client.name, load_definitions())
    return gather(facts, sample.settings.lake)[0]


def numbers(table: TidyTable, row: Row) -> Iterator[tuple[Number, Decimal | None]]:
    """The numbers of a row that count, whether or not they are told."""
    if row.numerator is None and row.denominator is None:
        yield (table.table_id, row.keys, row.unit, "value"), row.value
    else:
        yield (table.table_id, row.keys, row.unit, "numerator"), row.numerator
        yield (table.table_id, row.keys, row.unit, "denominator"), row.denominator


def recovery_of(
    gathered: Gathering, released: Released, profile: DisclosureProfile
) -> tuple[Recovery, dict[Number, float], list[dict[Number, float]]]:
    """All that tables to take away tell, with every sum that is known to hold; and the small numbers."""
    recovery, true, small = Recovery(), {}, []
    for table in gathered.tables:
        out = {(row.keys, row.unit): row for row in released.tables[table.table_id].rows}
        for row in table.rows:
            told = dict(numbers(table, out[row.keys, row.unit]))
            for name, number in numbers(table, row):
                if number is None or not (
                    row.counts_people or row.unit in NOBODY or row.of_people is not None
                ):
                    continue
                true[name] = float(number)
                shown = told.get(name)
                if shown is None:
                    known = profile.zeros_shown and row.unit not in NOBODY
                    recovery.number(name, min(1.0, true[name]) if known else 0.0)
                elif profile.round_to and row.counts_people:
                    recovery.number(name, *unrounded(float(shown), profile))
                else:
                    recovery.number(name, float(shown), float(shown))
                if row.counts_people and row.unit not in NOBODY and 0 < number < profile.threshold:
                    small.append({name: 1.0})
        by_rest: dict[tuple[object, ...], dict[str, Number]] = defaultdict(dict)
        for name in [n for n in true if n[0] == table.table_id]:
            for place in range(len(table.dimensions)):
                keys = name[1]
                by_rest[place, keys[:place], keys[place + 1 :], name[2:]][keys[place]] = name
        for own in by_rest.values():
            if TOTAL in own and len(own) > 1:
                tie(recovery, true, own[TOTAL], [n for key, n in own.items() if key != TOTAL])
        for name in [n for n in true if n[0] == table.table_id and n[3] == "numerator"]:
            whole = (*name[:3], "denominator")
            if "share" in name[2] and whole in true:
                recovery.at_most({name: 1.0, whole: -1.0})
                if 0 < true[whole] - true[name] < profile.threshold and name[2] not in NOBODY:
                    small.append({whole: 1.0, name: -1.0})
    for relation in gathered.relations:
        balance(recovery, true, relation)
    return recovery, true, small


def tie(recovery: Recovery, true: dict[Number, float], total: Number, parts: list[Number]) -> None:
    if abs(sum(true[p] for p in parts) - true[total]) < 1e-6:
        recovery.equal({**dict.fromkeys(parts, 1.0), total: -1.0})


def balance(recovery: Recovery, true: dict[Number, float], relation: Relation) -> None:
    sides: dict[Number, float] = defaultdict(float)
    for part, sign in ((relation.total, -1.0), *((p, -1.0) for p in relation.beside)):
        sides[part.table_id, part.keys, part.unit, part.name] += sign
    for part in relation.parts:
        sides[part.table_id, part.keys, part.unit, part.name] += 1.0
    over = sum(v * true[n] for n, v in sides.items())
    if abs(over) < 1e-6:
        recovery.equal(sides)
    elif over < 0 and not relation.beside:
        recovery.at_most(sides)
