"""The day the figures of a run stand for, where nobody names one: never the machine's clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from orchestration.extracts.offered import Extract, manifest_of
from orchestration.extracts.receipts import newest_day
from orchestration.returns import period_rules as rules
from orchestration.returns.calendar import bank_holidays, month_bounds, window_bounds
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.made_packs import made_packs
from orchestration.settings import Client, Settings


class NothingReceived(RuntimeError):
    """No extract tells of any day; the message says where one was looked for."""


def newest_as_at(settings: Settings, client: Client, offered: Iterable[Extract]) -> date:
    """Return the day, in England, of the newest as-at time among what is loaded and what is offered."""
    # What was landed counts from then on, also where the run that did it ended before it was loaded.
    landed = (settings.lake / "landing" / client.client_id).glob("[!.]*")
    manifests = [manifest_of(path) for path in (*sorted(landed), *offered)]
    times = [m.as_at for m in manifests if m and m.sender_id in client.senders]
    newest = newest_day(client.client_id, settings.lake, times)
    if newest is None:
        raise NothingReceived(
            f"there is no extract for client '{client.client_id}': none in {settings.place_of(client)} is of"
            " its senders."
        )
    return newest


def as_at_of(
    settings: Settings,
    client: Client,
    period: str,
    returns: Mapping[str, ReturnDefinition],
    offered: Sequence[Extract],
) -> date:
    """Return the day the figures of a reporting period stand for.

    While extracts go no further than the period: their newest day. Of a period that has passed: the day its
    packs were made for before, so that the same question is asked again; else the last day of its monthly
    windows, for that is when it had to be answered; else the last day of the month.
    """
    newest = newest_as_at(settings, client, offered)
    first, last = month_bounds(period)
    if newest <= last:
        return newest
    monthly = {r: d for r, d in returns.items() if d.period_rule == rules.CALENDAR_MONTH}
    made = [
        p
        for p in made_packs(settings.lake, client.client_id)
        if p.reporting_period == period and p.return_id in returns
    ]
    # A list of the day or a return asked for at any time may be made long after the month's own answers.
    days = [p.as_at for p in made if p.return_id in monthly] or [p.as_at for p in made]
    if days:
        return max(days)
    windows = [window_bounds(d.window, first, last, bank_holidays())[1] for d in monthly.values() if d.window]
    return max((closes for closes in windows if closes), default=last)
