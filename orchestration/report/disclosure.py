"""Disclosure control: tables as others may read them, so that no small number can be seen or worked out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from orchestration.report.disclosure_profiles import DisclosureError, DisclosureProfile
from orchestration.report.disclosure_search import Need, Shown, hide_until_safe
from orchestration.report.disclosure_system import (
    DENOMINATOR,
    NUMERATOR,
    SHARES,
    Relation,
    System,
    build_system,
)
from orchestration.report.tidy import CONFIDENTIAL, NOBODY, Row, TidyTable

# An amount of few people must be able to be larger by this share of itself; what sets a rule here is ours.
AMOUNT_ROOM = 0.2


def protect(
    tables: Sequence[TidyTable], profile: DisclosureProfile, relations: Iterable[Relation] = ()
) -> list[TidyTable]:
    """Return the tables as they may be released together under a profile, in the same order.

    Tables that are read side by side must be protected in one call: a margin that two of them share is one
    number, and is held back in both or in neither. `relations` are sums that the tables do not show by
    themselves. A row held back has the mark [c] and no number at all: a share would tell what its counts
    hide. Numbers that count nobody are left alone. Raises DisclosureError when a table cannot be protected.
    """
    if any(table.released_by for table in tables):
        raise DisclosureError("a table was released before; a second time would hide twice")
    if profile.hides_nothing:
        return [replace(table, released_by=profile.id) for table in tables]
    system = build_system(tables, relations)
    shown = _first_shown(system, profile)
    hide_until_safe(system, shown, _needs(system, profile))
    hidden = {(system.rows[n][0].table_id, _key(system.rows[n][1])) for n in shown.hidden_rows}
    return [
        replace(
            table,
            rows=tuple(_released(table.table_id, row, profile, hidden) for row in table.rows),
            released_by=profile.id,
        )
        for table in tables
    ]


def _key(row: Row) -> tuple[tuple[str, ...], str]:
    return row.keys, row.unit


def _amounts(profile: DisclosureProfile) -> tuple[float, ...]:
    """By how much a sensitive number must be able to differ: upwards, or either way where it is rounded."""
    if profile.round_to:
        least = max(1, profile.protection)
        return (least, -least)
    return (max(profile.protection, profile.threshold),)


def _amount_room(amount: float, profile: DisclosureProfile) -> tuple[float, ...]:
    room = max(1.0, AMOUNT_ROOM * amount)
    return (room, -room) if profile.round_to else (room,)


def _is_sensitive(system: System, i: int, profile: DisclosureProfile) -> bool:
    """A small count of people; hours or money of few people; never a bed, which is nobody."""
    if i in system.amounts:
        return system.true[i] > 0 and profile.is_sensitive(system.amounts[i])
    return system.parts[i].unit not in NOBODY and profile.is_sensitive(system.true[i])


def _needs(system: System, profile: DisclosureProfile) -> list[Need]:
    amounts, either_way = _amounts(profile), not profile.round_to
    needs = [
        Need({i: 1.0}, _amount_room(system.true[i], profile))
        if i in system.amounts
        else Need({i: 1.0}, amounts, either_way, system.true[i] - _never_zero(system, i, profile))
        for i in range(len(system.parts))
        if _is_sensitive(system, i, profile)
    ]
    for whole, part in _complements(system):
        outside = system.true[whole] - system.true[part]
        if profile.is_sensitive(outside):
            needs.append(Need({whole: 1.0, part: -1.0}, amounts, either_way, outside))
    return needs


def _complements(system: System) -> list[tuple[int, int]]:
    """The denominator and numerator of each share: who is not in it can be few as well."""
    found = []
    for held in system.parts_of:
        names = [system.parts[i].name for i in held]
        unit = system.parts[held[0]].unit
        if names == [NUMERATOR, DENOMINATOR] and unit in SHARES and unit not in NOBODY:
            found.append((held[1], held[0]))
    return found


def _first_shown(system: System, profile: DisclosureProfile) -> Shown:
    """What is published before anything is held back for another number's sake."""
    true = np.array(system.true)
    # Whoever knows that zeros are shown knows that a count held back is none.
    least = np.array([float(_never_zero(system, i, profile)) for i in range(len(true))])
    hideable = np.array([_may_hide(system, i, profile) for i in range(len(true))], dtype=bool)
    low, high = true.copy(), true.copy()
    few = [i for i in range(len(true)) if _is_sensitive(system, i, profile)]
    if profile.round_to:
        for i, count in enumerate(system.true):
            if system.rows[system.row_of[i]][1].counts_people:
                low[i], high[i] = _rounded_from(round_count(Decimal(str(count)), profile), profile)
        hidden = {system.row_of[i] for i in few if i in system.amounts}
    else:
        hidden = {system.row_of[i] for i in few}
        for whole, part in _complements(system):
            if profile.is_sensitive(true[whole] - true[part]):
                hidden.add(system.row_of[whole])
    for row in hidden:
        for i in system.parts_of[row]:
            low[i], high[i] = least[i], np.inf
    return Shown(low, high, least, hideable, hidden)


def _never_zero(system: System, i: int, profile: DisclosureProfile) -> bool:
    counted = i not in system.amounts and system.parts[i].name != NUMERATOR
    counted &= system.parts[i].unit not in NOBODY
    return profile.zeros_shown and counted and system.true[i] > 0


def _may_hide(system: System, i: int, profile: DisclosureProfile) -> bool:
    """Zeros of people that are shown stay shown; the row of a share may go where it is one of somebody."""
    if not profile.zeros_shown:
        return True
    held = system.parts_of[system.row_of[i]]
    return all(
        system.true[n] > 0
        for n in held
        if system.parts[n].name != NUMERATOR and system.parts[n].unit not in NOBODY
    )


def round_count(count: Decimal, profile: DisclosureProfile) -> Decimal:
    """Return a count as the profile rounds it."""
    if profile.below_threshold_as_zero and count < profile.threshold:
        return Decimal(0)
    base = Decimal(profile.round_to)
    return (count / base).quantize(Decimal(1), ROUND_HALF_UP) * base


def _rounded_from(rounded: Decimal, profile: DisclosureProfile) -> tuple[float, float]:
    """The smallest and the largest whole number that is shown as a rounded one."""
    half = profile.round_to / 2
    low, high = max(0, math.ceil(float(rounded) - half)), math.ceil(float(rounded) + half) - 1
    if profile.below_threshold_as_zero:
        if rounded == 0:
            return 0.0, float(max(high, profile.threshold - 1))
        low = max(low, profile.threshold)
    return float(low), float(high)


def _released(
    table_id: str,
    row: Row,
    profile: DisclosureProfile,
    hidden: set[tuple[str, tuple[tuple[str, ...], str]]],
) -> Row:
    if (table_id, _key(row)) in hidden:
        return Row(row.keys, row.unit, None, mark=CONFIDENTIAL)
    if not profile.round_to or not row.counts_people:
        return row
    if row.numerator is None and row.denominator is None:
        return row if row.value is None else replace(row, value=round_count(row.value, profile))
    return _rounded_share(row, profile)


def _rounded_share(row: Row, profile: DisclosureProfile) -> Row:
    """A share, rate or mean made again from its rounded counts; none where nobody is left to divide by."""
    if row.numerator is None and row.denominator is not None:
        whole = round_count(row.denominator, profile)
        return replace(row, denominator=whole) if whole else Row(row.keys, row.unit, None, mark=CONFIDENTIAL)
    if row.numerator is None or row.denominator is None:
        return Row(row.keys, row.unit, None, mark=CONFIDENTIAL)
    numerator, denominator = round_count(row.numerator, profile), round_count(row.denominator, profile)
    if row.value is None or denominator == 0:
        return replace(row, value=None, numerator=numerator, denominator=denominator)
    if row.numerator == 0:
        value = Decimal(0)
    else:
        # The unit tells the factor: 1, 100, 100,000.
        factor = Decimal(10) ** round(math.log10(float(row.value * row.denominator / row.numerator)))
        digits = Decimal(1).scaleb(-profile.share_decimals - (2 if factor == 1 else 0))
        value = (numerator / denominator * factor).quantize(digits, ROUND_HALF_UP)
    return replace(row, value=value, numerator=numerator, denominator=denominator)
