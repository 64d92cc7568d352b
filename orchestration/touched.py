"""Which packs a late or corrected extract touches: what has to be computed again, and nothing else.

Answered from the lake alone: beside each pack stands which extracts it was made from; the rows of the others
tell what changed; the compiled models tell which return reads what. Once made again, nothing is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from orchestration.extracts.changes import ChangedClass, changed_classes
from orchestration.extracts.profile import load_profile
from orchestration.extracts.receipts import read_receipts
from orchestration.identity.person_records import CLASSES as CLASSES_OF_THE_INDEX
from orchestration.returns.calendar import month_bounds
from orchestration.returns.definitions import ReturnDefinition, load_definitions
from orchestration.returns.made_packs import made_packs
from orchestration.road import part_for
from orchestration.settings import Client, Settings
from orchestration.warehouse.build import run_of
from orchestration.warehouse.raw import IDENTITY_TABLES


@dataclass(frozen=True)
class Rerun:
    """One run to be made again: a client, a period as at the day of its packs, and the returns touched.

    `renews_pages`: the client's warehouse and pages are of this very run and are made anew with it.
    """

    client_id: str
    period: str
    as_at: date
    returns: tuple[str, ...]
    classes: tuple[str, ...]
    extracts: tuple[str, ...]
    renews_pages: bool


@dataclass
class _Why:
    """Why a return of a reporting period is touched."""

    day: date
    classes: set[str]
    extracts: set[str]


# The packs of a return in a reporting period.
Made = tuple[str, str]


def touched(settings: Settings, client: Client) -> list[Rerun]:
    """Return the runs of a client that its loaded extracts touch, the oldest period first.

    A pack is touched by the extracts it was not made from, where they change a record of a class that its
    return reads and the record may count on the day of the pack. Of several days in one reporting period the
    newest counts. A return that asks what changed since earlier months follows the packs of those.
    """
    definitions = load_definitions()
    loaded = {receipt.extract_id for receipt in read_receipts(client.client_id, settings.lake)}
    changes: dict[frozenset[str], Mapping[str, ChangedClass]] = {}
    made = _newest_packs(settings, client, definitions)
    why: dict[Made, _Why] = {}
    for (return_id, period), (day, seen) in made.items():
        if loaded <= seen:
            continue
        if seen not in changes:
            changes[seen] = changed_classes(client.client_id, settings.lake, load_profile(), seen)
        reads = classes_read(definitions[return_id])
        reaching = {
            name
            for name in reads & changes[seen].keys()
            if says_who_people_are(name) or changes[seen][name].reaches(day)
        }
        if reaching:
            why[return_id, period] = _Why(day, reaching, loaded - seen)
    _follow(definitions, made, why)
    return _as_runs(settings, client, why)


def classes_read(definition: ReturnDefinition) -> frozenset[str]:
    """Return the record classes a return is made from: those its models read, and for people all that tell
    who they are.
    """
    steps = part_for({definition.return_id: definition}, with_pages=False)
    tables = frozenset[str]().union(*(step.raw_tables for step in steps if not step.is_test))
    people = frozenset(CLASSES_OF_THE_INDEX) if tables & IDENTITY_TABLES.keys() else frozenset[str]()
    return (tables | people) & load_profile().classes.keys()


def says_who_people_are(record_class: str) -> bool:
    """Return whether a class identifies people: that counts on any day, whatever dates stand beside it.

    A service only says when a person was last seen, by a date of its own.
    """
    columns = load_profile().classes[record_class].columns
    return record_class in CLASSES_OF_THE_INDEX and any(column.identifying for column in columns)


def _newest_packs(
    settings: Settings, client: Client, definitions: Mapping[str, ReturnDefinition]
) -> dict[Made, tuple[date, frozenset[str]]]:
    """The day of the newest packs of each return and period, and the extracts that all of them stand on."""
    kinds = {submitter.submitter_id: submitter.kind for submitter in client.submitters}
    found: dict[Made, tuple[date, frozenset[str]]] = {}
    for pack in made_packs(settings.lake, client.client_id):
        definition = definitions.get(pack.return_id)
        if definition is None or kinds.get(pack.submitter_id) != definition.submitted_by:
            continue
        key = (pack.return_id, pack.reporting_period)
        day, extracts = found.get(key, (date.min, frozenset[str]()))
        if pack.as_at > day:
            found[key] = (pack.as_at, pack.extracts)
        elif pack.as_at == day:
            found[key] = (day, extracts & pack.extracts)
    return found


def _follow(
    definitions: Mapping[str, ReturnDefinition],
    made: Mapping[Made, tuple[date, frozenset[str]]],
    why: dict[Made, _Why],
) -> None:
    """Add the periods whose packs compare themselves with a pack that is made again."""
    for (return_id, period), reason in list(why.items()):
        first = month_bounds(period)[0]
        for other, (day, _) in made.items():
            back = _months_between(first, month_bounds(other[1])[0])
            if other[0] == return_id and 0 < back <= definitions[return_id].unchanged_months:
                why.setdefault(other, _Why(day, set(reason.classes), set(reason.extracts)))


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _as_runs(settings: Settings, client: Client, why: Mapping[Made, _Why]) -> list[Rerun]:
    current = run_of(settings.lake / "warehouse" / f"{client.client_id}.duckdb")
    shown = (current.reporting_period, current.as_at_date) if current else None
    runs = []
    for period, day in sorted({(period, reason.day) for (_, period), reason in why.items()}):
        of_it = {r: reason for (r, p), reason in why.items() if (p, reason.day) == (period, day)}
        runs.append(
            Rerun(
                client_id=client.client_id,
                period=period,
                as_at=day,
                returns=tuple(sorted(of_it)),
                classes=tuple(sorted(set[str]().union(*(reason.classes for reason in of_it.values())))),
                extracts=tuple(sorted(set[str]().union(*(reason.extracts for reason in of_it.values())))),
                renews_pages=(period, day) == shown,
            )
        )
    return runs
