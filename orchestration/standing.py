"""How things stand on a day: senders that are overdue, windows that close before their pack is ready."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from orchestration.clients_file import Client
from orchestration.extracts.receipts import ENGLAND, LoadReceipt
from orchestration.returns.confirmations import read_confirmations
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.due import Due, owed_by
from orchestration.returns.made_packs import latest_pack
from orchestration.returns.packs import STOPPED
from orchestration.settings import Settings

HEARD, OVERDUE, NEVER = "heard of", "overdue", "never heard of"
READY, STOPPED_PACK, NOT_MADE = "ready, not handed in", "stopped", "not made"


@dataclass(frozen=True)
class SenderStanding:
    """One sender on a day: what day its newest extract stands for, its age, and the age it may reach."""

    sender_id: str
    newest: date | None
    age: int | None
    expected_days: int | None
    state: str

    @property
    def is_late(self) -> bool:
        """True where somebody said how often the sender sends, and it has not."""
        return self.expected_days is not None and self.state != HEARD


@dataclass(frozen=True)
class Closing:
    """One window that closes soon and is not handed in: days left, and how its pack stands."""

    client_id: str
    submitter_id: str
    return_id: str
    closes: date
    days_left: int
    state: str
    stopped_by: tuple[str, ...] = ()


def senders_on(client: Client, receipts: Iterable[LoadReceipt], day: date) -> list[SenderStanding]:
    """Return how each sender of a client stands on a day, by what was loaded of it up to that day."""
    newest: dict[str, date] = {}
    for receipt in receipts:
        as_at = datetime.fromisoformat(receipt.as_at).astimezone(ENGLAND).date()
        newest[receipt.sender_id] = max(as_at, newest.get(receipt.sender_id, as_at))
    found = []
    for sender in client.senders:
        seen, expected = newest.get(sender), client.expected_days.get(sender)
        age = (day - seen).days if seen else None
        state = NEVER if age is None else OVERDUE if expected is not None and age > expected else HEARD
        found.append(SenderStanding(sender, seen, age, expected, state))
    return found


def closing_on(
    definition: ReturnDefinition, clients: Iterable[Client], settings: Settings, day: date
) -> list[Closing]:
    """Return the windows of a return that close within the days that are warned ahead, soonest first."""
    last = day + timedelta(days=settings.warn_days)
    found = []
    for client in clients:
        confirmed = read_confirmations(settings.lake, client.client_id)
        for submitter in client.submitters:
            for due in owed_by([definition], submitter, day, last, confirmed):
                if due.closes and due.opens and day <= due.closes <= last and not due.is_settled:
                    found.append(_closing(settings.lake, client.client_id, due, due.closes, day))
    return sorted(found, key=lambda one: (one.closes, one.client_id, one.submitter_id))


def _closing(lake: Path, client_id: str, due: Due, closes: date, day: date) -> Closing:
    folder = lake / "packs" / client_id / due.submitter_id / due.return_id
    state, stopped_by = _pack_state(_period_folders(folder, due))
    left = (closes - day).days
    return Closing(client_id, due.submitter_id, due.return_id, closes, left, state, stopped_by)


def _period_folders(folder: Path, due: Due) -> Sequence[Path]:
    """The folders of the packs for a window: of its own period, or of a day since it opened."""
    if due.period_label:
        return [folder / due.period_label]
    opens = f"{due.opens}"
    every = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
    return [period for period in every if period.name.rpartition("_")[2] >= opens]


def _pack_state(periods: Sequence[Path]) -> tuple[str, tuple[str, ...]]:
    """How the newest pack stands: a reason to stop it goes before what went out earlier."""
    for period in periods:
        if (period / STOPPED).is_file():
            told = json.loads((period / STOPPED).read_text(encoding="utf-8"))
            return STOPPED_PACK, tuple(sorted({str(reason["rule_id"]) for reason in told["reasons"]}))
        if latest_pack(period):
            return READY, ()
    return NOT_MADE, ()
