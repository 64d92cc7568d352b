"""Locations that changed owner: the regulator gives a new id to the same place, and its past goes with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from orchestration.engine import open_engine
from orchestration.returns.confirmations import Confirmation

# The newest version of every record, then the newest record of every location: as the models choose them.
_LOCATIONS = """
with versions as (
    select *, row_number() over (
        partition by _sender_id, record_uid
        order by version_number desc nulls last, _as_at desc nulls last, _extract_id desc nulls last,
            _source_row desc nulls last
    ) as newest_version
    from read_parquet($files, union_by_name = true)
),
records as (
    select *, row_number() over (
        partition by cqc_location_id
        order by _as_at desc nulls last, version_number desc nulls last, _record_key asc nulls last
    ) as newest_record
    from versions
    where newest_version = 1
)
select cqc_location_id, predecessor_cqc_location_id, registration_date, deregistration_date
from records
where newest_record = 1 and cqc_location_id is not null
order by cqc_location_id
"""


@dataclass(frozen=True)
class _Place:
    location_id: str
    predecessor_id: str | None
    registered: date | None
    deregistered: date | None


@dataclass(frozen=True)
class EarlierId:
    """An id a location had before; `steps_back` 1 is the one right before its own."""

    location_id: str
    earlier_location_id: str
    steps_back: int


def earlier_ids(files: Sequence[Path], submitters: Collection[str], day: date) -> list[EarlierId]:
    """Return the earlier ids of each location that says whom it succeeds, as at a day, newest first.

    `files` are the loaded Care provider records. Two locations that were ever registered at once are two
    places: the earlier one must have been taken off the register no later than the new one was put on it. An
    earlier id without a record counts as gone unless it is still a submitter. Where two locations name the
    same predecessor it was parted, and its past is nobody's.
    """
    if not files:
        return []
    with open_engine() as connection:
        rows = connection.execute(_LOCATIONS, {"files": [str(f) for f in sorted(files)]}).fetchall()
    places = {row[0]: _Place(*row) for row in rows}
    claims = Counter(p.predecessor_id for p in places.values() if p.predecessor_id)
    found = []
    for place in places.values():
        seen, here = {place.location_id}, place
        while (before := here.predecessor_id) and before not in seen and claims[before] == 1:
            earlier = places.get(before)
            if not _gave_way(earlier, here, before in submitters, day):
                break
            found.append(EarlierId(place.location_id, before, len(seen)))
            seen.add(before)
            if earlier is None:
                break
            here = earlier
    return found


def _gave_way(earlier: _Place | None, later: _Place, still_owes: bool, day: date) -> bool:
    if earlier is None:
        return not still_owes
    gone = earlier.deregistered
    return gone is not None and gone <= day and gone <= (later.registered or day)


def ids_by_location(found: Iterable[EarlierId]) -> dict[str, tuple[str, ...]]:
    """Return the earlier ids of each location, the newest first."""
    ids: dict[str, tuple[str, ...]] = {}
    for one in sorted(found, key=lambda e: (e.location_id, e.steps_back)):
        ids[one.location_id] = (*ids.get(one.location_id, ()), one.earlier_location_id)
    return ids


def under_new_ids(
    confirmations: Sequence[Confirmation], earlier: Mapping[str, Collection[str]]
) -> list[Confirmation]:
    """Return confirmations with those of earlier ids told of the location's new id as well."""
    moved = [
        replace(c, submitter_id=location)
        for c in confirmations
        for location, ids in earlier.items()
        if c.submitter_id in ids
    ]
    return sorted({*confirmations, *moved})
