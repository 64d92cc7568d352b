"""`returns run` for many clients: each walks the road on its own, and a bad one never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from multiprocessing import get_context
from string import digits
from typing import TypeVar

from orchestration import road
from orchestration.client_lock import client_lock
from orchestration.extracts.masking import shown
from orchestration.extracts.offered import Extract, Offers, extracts_in, offers
from orchestration.narrator import silent
from orchestration.plain_words import plain_words
from orchestration.returns.calendar import month_bounds
from orchestration.returns.packs import ALTERED, HELD, UNCHANGED, WRITTEN, PackResult
from orchestration.returns.sources import NOBODY, OTHER_INPUTS, RECORDS
from orchestration.settings import MEMORY, Client, Settings
from orchestration.warehouse.plan import prepare_manifest
from orchestration.workers import Died, in_workers

Outcome = TypeVar("Outcome")
# A client, settings with no other client in them, and the extracts offered to it.
Task = tuple[str, Settings, tuple[Extract, ...]]
COMPLETE, LOOK_AT, FAILED = "complete", "look_at", "failed"


@dataclass(frozen=True)
class ClientOutcome:
    """What became of one client: `complete`, `look_at` (something was stopped or set aside) or `failed`."""

    client_id: str
    name: str
    state: str
    why: str
    reporting_period: str = ""
    as_at_date: str = ""
    extracts: int = 0
    received: int = 0
    loaded: int = 0
    quarantined: int = 0
    people: int = 0
    packs_written: int = 0
    packs_unchanged: int = 0
    packs_altered: int = 0
    packs_stopped: int = 0
    answers_from_records: int = 0
    answers_from_other_inputs: int = 0
    answers_from_nobody: int = 0


@dataclass(frozen=True)
class Batch:
    """All that a run over many clients found, in the order of the clients file."""

    clients: tuple[ClientOutcome, ...]
    extracts_of_nobody: tuple[tuple[str, str], ...]

    def count(self, state: str) -> int:
        """Return how many clients ended in a state."""
        return sum(outcome.state == state for outcome in self.clients)


def run_batch(
    settings: Settings,
    period: str | None,
    as_at: date | None,
    tell: Callable[[ClientOutcome], None],
) -> Batch:
    """Walk the road for every client of the settings and return what became of each.

    Clients are spread over as many processes as the settings allow threads; each process starts once, keeps
    what takes long to load, and has its part of the memory. `tell` hears of each client as it is done.
    """
    if period is not None:
        month_bounds(period)
    offered = offers_to(settings)
    found: dict[str, ClientOutcome] = {}
    for client_id, outcome in over_clients(settings, partial(walk_client, period, as_at), offered):
        if isinstance(outcome, Died):
            outcome = _failed(settings, client_id, outcome.why)
        found[client_id] = outcome
        tell(outcome)
    return Batch(tuple(found[client_id] for client_id in settings.clients), offered.of_nobody)


def over_clients(
    settings: Settings, work: Callable[[Task], Outcome], offered: Offers
) -> Iterator[tuple[str, Outcome | Died]]:
    """Yield what a piece of work gave for each client, as it is done, several clients at a time."""
    prepare_manifest()
    processes = min(settings.threads, len(settings.clients))
    own = replace(
        settings,
        threads=max(1, settings.threads // processes),
        memory_limit=_part_of(settings.memory_limit, processes),
    )
    tasks: list[Task] = [
        (client_id, replace(own, clients={client_id: client}), offered.of_client[client_id])
        for client_id, client in settings.clients.items()
    ]
    for (client_id, _, _), outcome in in_workers(work, tasks, processes, get_context("spawn")):
        yield client_id, outcome


def offers_to(settings: Settings) -> Offers:
    """Return what lies in the common place; a client's own place is looked into when its turn comes."""
    common = {c.client_id: c.senders for c in settings.clients.values() if c.extracts is None}
    found = offers(settings.extracts, common) if common else Offers({}, ())
    own: dict[str, tuple[Extract, ...]] = {c: () for c in settings.clients if c not in common}
    return Offers({**found.of_client, **own}, found.of_nobody)


def taken_from(client: Client, offered: tuple[Extract, ...]) -> tuple[Extract, ...]:
    """Return what is offered to a client whose turn has come, from its own place where it has one.

    Here and not before: a place that cannot be reached costs its own client and no other.
    """
    return tuple(extracts_in(client.extracts)) if client.extracts else offered


def _part_of(memory_limit: str, parts: int) -> str:
    unit = memory_limit.lstrip(f"{digits}.")
    if not MEMORY.match(memory_limit) or parts == 1:
        return memory_limit
    return f"{float(memory_limit.removesuffix(unit)) / parts:.3g}{unit}"


def walk_client(period: str | None, as_at: date | None, task: Task) -> ClientOutcome:
    """Walk the whole road for one client and return what became of it; no error comes out of here."""
    client_id, settings, offered = task
    try:
        return _walked(settings, client_id, offered, period, as_at)
    except Exception as error:
        return _failed(settings, client_id, plain_words(error))


def _answers(packs: Sequence[PackResult], kind: str) -> int:
    return sum(pack.filled_from.get(kind, 0) for pack in packs)


def to_look_at(packs: Sequence[PackResult]) -> list[str]:
    """Return why packs were stopped, and which were left because somebody changed them."""
    why = [f"{p.submitter_id} {p.return_id}: {reason}" for p in packs for reason in p.stopped_for]
    return why + [
        f"{p.submitter_id} {p.return_id}: {p.folder} was changed by hand; move it away and run again "
        "to have it written anew"
        for p in packs
        if p.state == ALTERED
    ]


def _failed(settings: Settings, client_id: str, why: str) -> ClientOutcome:
    return ClientOutcome(client_id, settings.client(client_id).name, FAILED, " ".join(why.split()))


def _walked(
    settings: Settings,
    client_id: str,
    offered: tuple[Extract, ...],
    period: str | None,
    as_at: date | None,
) -> ClientOutcome:
    client = settings.client(client_id)
    settings.person_key(client)
    offered = taken_from(client, offered)
    run = road.run_for(settings, client, period, as_at, offered)
    with client_lock(settings.lake, client_id, silent):
        taken = road.land_extracts(run)
        receipts = road.load_landed(run)
        people = road.link_people(run)
        packs = road.fill(run)
    quarantined = sum(r.quarantined for r in receipts)
    states = [pack.state for pack in packs]
    silent_senders = sorted(set(client.senders) - {r.sender_id for r in receipts})
    why = [f"{shown(name)}: {reason}" for name, reason in taken.unusable]
    why += [f"nothing was ever received of {', '.join(silent_senders)}"] if silent_senders else []
    why += to_look_at(packs)
    why += [f"{quarantined} rows set aside"] if quarantined else []
    return ClientOutcome(
        client_id=client_id,
        name=client.name,
        state=LOOK_AT if why else COMPLETE,
        why="; ".join(" ".join(reason.split()) for reason in why),
        reporting_period=run.period,
        as_at_date=f"{run.as_at}",
        extracts=len(receipts),
        received=sum(r.received for r in receipts),
        loaded=sum(r.loaded for r in receipts),
        quarantined=quarantined,
        people=people.people,
        packs_written=states.count(WRITTEN),
        packs_unchanged=states.count(UNCHANGED),
        packs_altered=states.count(ALTERED),
        packs_stopped=states.count(HELD),
        answers_from_records=_answers(packs, RECORDS),
        answers_from_other_inputs=_answers(packs, OTHER_INPUTS),
        answers_from_nobody=_answers(packs, NOBODY),
    )
