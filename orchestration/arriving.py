"""Which extracts have newly arrived in a place, whose they are, and which runs they ask for.

What was seen is kept between looks, so that each content asks once and each trouble is told once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from orchestration.clients_file import Client
from orchestration.extracts.arrivals import COMPLETE, UNUSABLE, WAITING, look_into, seen_from_outside
from orchestration.extracts.interrupted import ReadInterrupted
from orchestration.extracts.limits import MB
from orchestration.extracts.masking import shown
from orchestration.extracts.object_store import PlaceNotReached
from orchestration.extracts.offered import Extract, Place, clients_of, extracts_in, extracts_set_aside
from orchestration.extracts.receipts import newest_day
from orchestration.settings import Settings

# A look may not take longer than a sensor is given; it goes on where it stopped at the next one.
READ_IN_ONE_LOOK = 256 * MB
SETTLING, NOBODYS = "settling", "nobodys"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Seen:
    """One extract as it was seen last: its mark from outside, what a look found, who was asked for."""

    mark: str
    state: str
    extract_id: str = ""
    sender_id: str = ""
    as_at: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrived:
    """One content that has newly arrived for a client."""

    name: str
    extract_id: str
    sender_id: str
    as_at: datetime


@dataclass
class Watched:
    """What a look into a place found: new contents by client, what is to be told, and what is now seen."""

    arrived: dict[str, list[Arrived]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)


@dataclass(frozen=True)
class AskedRun:
    """One run that arrivals ask for; its key is the same whenever the same contents ask for it."""

    key: str
    client_id: str
    period: str
    arrived: tuple[Arrived, ...]


def runs_asked_for(settings: Settings, client: Client, arrived: Sequence[Arrived]) -> list[AskedRun]:
    """Return the runs that new extracts of a client ask for."""
    ids = sorted({extract.extract_id for extract in arrived})
    content = ids[0] if len(ids) == 1 else hashlib.sha256("+".join(ids).encode()).hexdigest()[:16]
    return [
        AskedRun(f"arrived:{client.client_id}:{period}:{content}", client.client_id, period, tuple(arrived))
        for period in periods_touched(settings, client, arrived)
    ]


def periods_touched(settings: Settings, client: Client, arrived: Sequence[Arrived]) -> list[str]:
    """Return the reporting months to compute again: that of the newest extract a client then has."""
    day = newest_day(client.client_id, settings.lake, (extract.as_at for extract in arrived))
    return [f"{day:%Y-%m}"] if day else []


def watch(place: Place, clients: Mapping[str, Client], seen: Mapping[str, Seen]) -> Watched:
    """Look into a place. Raises PlaceNotReached or PlaceRefused when it cannot be looked into at all."""
    watching = _Watching(clients, seen)
    for client_id, extract in _offered(place, clients):
        watching.look(client_id, extract)
    return watching.found


def _offered(place: Place, clients: Mapping[str, Client]) -> list[tuple[str, Extract]]:
    """What lies in a place, with the client it is set aside for, if it is."""
    try:
        common: list[tuple[str, Extract]] = [("", extract) for extract in extracts_in(place)]
        return common + list(extracts_set_aside(place, clients))
    except OSError as failed:
        raise PlaceNotReached(f"{place} cannot be read just now ({failed.strerror}).") from None


class _Watching:
    """One look into a place: what was seen before, and what is found."""

    def __init__(self, clients: Mapping[str, Client], seen: Mapping[str, Seen]) -> None:
        self.found = Watched()
        self._senders = {client_id: client.senders for client_id, client in clients.items()}
        self._before = seen
        self._left = READ_IN_ONE_LOOK
        self._asked: dict[str, set[str]] = {}
        for one in seen.values():
            self._asked.setdefault(one.extract_id, set()).update(one.asked)

    def look(self, only_for: str, extract: Extract) -> None:
        """Note what is to be seen of one extract now, and for whom it asks."""
        name = f"{only_for}/{extract.name}" if only_for else extract.name
        try:
            before, now = self._before.get(_kept_as(name)), self._now(name, extract)
        except ReadInterrupted as broken:
            self.found.told.append(f"{shown(name)} is looked into again next time: {broken}")
            return
        if now is None:
            return
        if now.extract_id and now.state in (COMPLETE, NOBODYS):
            candidates = {only_for} if only_for else set(self._senders)
            owners = candidates.intersection(clients_of(now.sender_id, self._senders))
            now = replace(now, state=COMPLETE if owners else NOBODYS)
            if not owners and (before is None or (before.mark, before.state) != (now.mark, NOBODYS)):
                self.found.told.append(f"{shown(name)} was left: {now.sender_id} sends for nobody here.")
            now = replace(now, asked=self._ask(name, now, owners))
        self.found.seen[_kept_as(name)] = now

    def _now(self, name: str, extract: Extract) -> Seen | None:
        """What is to be seen of an extract; None when this look has no time left for it."""
        outside, before = seen_from_outside(extract), self._before.get(_kept_as(name))
        unchanged = before is not None and before.mark == outside.mark
        if before and unchanged and before.state != SETTLING:
            return before
        # What is too large to be read here has arrived when it no longer changes; landing reads all of it.
        if not unchanged and outside.size > READ_IN_ONE_LOOK:
            return Seen(outside.mark, SETTLING)
        if not unchanged and outside.size > self._left:
            return None
        self._left -= 0 if unchanged else outside.size
        found = look_into(extract, verified=not unchanged)
        if found.state == WAITING and (before is None or before.state != WAITING):
            self.found.told.append(f"{shown(name)} is not complete yet, or damaged. {found.why}")
        elif found.state == UNUSABLE:
            self.found.told.append(f"{shown(name)} was left. {found.why}")
        if found.manifest is None or found.state != COMPLETE:
            return Seen(outside.mark, found.state)
        as_at = found.manifest.as_at.isoformat()
        return Seen(outside.mark, COMPLETE, found.extract_id, found.manifest.sender_id, as_at)

    def _ask(self, name: str, now: Seen, owners: Collection[str]) -> tuple[str, ...]:
        """Ask for the clients that were not asked for with the same content, and return all that were."""
        asked = self._asked.setdefault(now.extract_id, set())
        arrived = Arrived(name, now.extract_id, now.sender_id, datetime.fromisoformat(now.as_at))
        for client_id in sorted(set(owners) - asked):
            self.found.arrived.setdefault(client_id, []).append(arrived)
        asked.update(owners)
        return tuple(sorted(asked))


def _kept_as(name: str) -> str:
    """What an extract is remembered by: not its name, for senders put into names what they like."""
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def seen_before(cursor: str | None) -> dict[str, Seen]:
    """Return what a cursor says was seen; nothing for one of another version, or for none."""
    kept = json.loads(cursor) if cursor else {}
    if kept.get("format_version") != FORMAT_VERSION:
        return {}
    return {name: Seen(**{**one, "asked": tuple(one["asked"])}) for name, one in kept["seen"].items()}


def as_cursor(seen: Mapping[str, Seen]) -> str:
    """Return what was seen as the text of a cursor."""
    kept = {name: asdict(one) for name, one in sorted(seen.items())}
    return json.dumps({"format_version": FORMAT_VERSION, "seen": kept}, separators=(",", ":"))
