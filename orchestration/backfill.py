"""Many periods of many clients: extracts are taken in once, then each period is filled, the oldest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from orchestration import road
from orchestration.as_at import newest_as_at
from orchestration.batch import (
    COMPLETE,
    FAILED,
    LOOK_AT,
    Task,
    offers_to,
    over_clients,
    taken_from,
    to_look_at,
)
from orchestration.client_lock import client_lock
from orchestration.extracts.masking import shown
from orchestration.extracts.offered import Extract
from orchestration.narrator import silent
from orchestration.plain_words import plain_words
from orchestration.returns.calendar import month_bounds
from orchestration.returns.packs import ALTERED, HELD, UNCHANGED, WRITTEN, PackResult
from orchestration.settings import Client, Settings
from orchestration.touched import Rerun, touched
from orchestration.workers import Died


@dataclass(frozen=True)
class PeriodOutcome:
    """What became of one period of one client: `complete`, `look_at` (something was stopped) or `failed`.

    `not_asked` names the returns that had no method in force on the day.
    """

    client_id: str
    reporting_period: str
    as_at_date: str
    state: str
    why: str
    returns: str = ""
    not_asked: str = ""
    packs_written: int = 0
    packs_unchanged: int = 0
    packs_altered: int = 0
    packs_stopped: int = 0


Tell = Callable[[Sequence[PeriodOutcome]], None]


def run_backfill(settings: Settings, periods: Sequence[str], tell: Tell) -> list[PeriodOutcome]:
    """Fill every period for every client of the settings; `tell` hears of each client as it is done."""
    return _for_each_client(settings, partial(fill_client, tuple(periods)), tell)


def run_touched(settings: Settings, tell: Tell) -> list[PeriodOutcome]:
    """Take new extracts in and make again what they touch, for every client of the settings."""
    return _for_each_client(settings, rerun_client, tell)


def _for_each_client(
    settings: Settings, work: Callable[[Task], list[PeriodOutcome]], tell: Tell
) -> list[PeriodOutcome]:
    offered = offers_to(settings)
    found: dict[str, list[PeriodOutcome]] = {}
    for client_id, outcome in over_clients(settings, work, offered):
        rows = [_failed(client_id, "", outcome.why)] if isinstance(outcome, Died) else outcome
        found[client_id] = rows
        tell(rows)
    return [row for client_id in settings.clients for row in found[client_id]]


def fill_client(periods: tuple[str, ...], task: Task) -> list[PeriodOutcome]:
    """Fill the periods of one client, the oldest first; no error comes out of here."""
    client_id, settings, offered = task
    try:
        client = settings.client(client_id)
        with client_lock(settings.lake, client_id, silent):
            offered = taken_from(client, offered)
            refused = _take_in(settings, client, offered, max(periods))
            newest = f"{newest_as_at(settings, client, offered):%Y-%m}"
            made = [_filled(settings, client, offered, period, newest) for period in sorted(periods)]
            return [*refused, *made]
    except Exception as error:
        return [_failed(client_id, "", plain_words(error))]


def rerun_client(task: Task) -> list[PeriodOutcome]:
    """Take the new extracts of one client in and make again what they touch; no error comes out of here."""
    client_id, settings, offered = task
    try:
        client = settings.client(client_id)
        with client_lock(settings.lake, client_id, silent):
            refused = _take_in(settings, client, taken_from(client, offered), None)
            return [*refused, *(_rerun(settings, client, r) for r in touched(settings, client))]
    except Exception as error:
        return [_failed(client_id, "", plain_words(error))]


def _take_in(
    settings: Settings, client: Client, offered: tuple[Extract, ...], period: str | None
) -> list[PeriodOutcome]:
    """Land, load and link once for all periods; return a row for each extract that could not be used."""
    settings.person_key(client)
    run = road.run_for(settings, client, period, None, offered)
    taken = road.land_extracts(run)
    road.load_landed(run)
    road.link_people(run)
    return [
        PeriodOutcome(client.client_id, "", "", LOOK_AT, " ".join(f"{shown(name)}: {reason}".split()))
        for name, reason in taken.unusable
    ]


def _filled(
    settings: Settings, client: Client, offered: tuple[Extract, ...], period: str, newest: str
) -> PeriodOutcome:
    if month_bounds(period) > month_bounds(newest):
        why = f"nothing is known of it yet: the newest extract is of {newest}"
        return _failed(client.client_id, period, why)
    try:
        run = road.run_for(settings, client, period, None, offered)
        return _outcome(run, road.fill(run))
    except Exception as error:
        return _failed(client.client_id, period, plain_words(error))


def _rerun(settings: Settings, client: Client, rerun: Rerun) -> PeriodOutcome:
    only = () if rerun.renews_pages else rerun.returns
    run = road.Run(settings, client, rerun.period, settings.place_of(client), rerun.as_at, (), only)
    try:
        return _outcome(run, road.fill(run, rerun.returns))
    except Exception as error:
        return _failed(client.client_id, rerun.period, plain_words(error))


def _outcome(run: road.Run, packs: Sequence[PackResult]) -> PeriodOutcome:
    states = [pack.state for pack in packs]
    why = to_look_at(packs)
    return PeriodOutcome(
        client_id=run.client.client_id,
        reporting_period=run.period,
        as_at_date=f"{run.day}",
        state=LOOK_AT if why else COMPLETE,
        why="; ".join(" ".join(reason.split()) for reason in why),
        returns=", ".join(sorted({pack.return_id for pack in packs})),
        not_asked=", ".join(r for r, d in run.returns.items() if d.version_at(run.day) is None),
        packs_written=states.count(WRITTEN),
        packs_unchanged=states.count(UNCHANGED),
        packs_altered=states.count(ALTERED),
        packs_stopped=states.count(HELD),
    )


def _failed(client_id: str, period: str, why: str) -> PeriodOutcome:
    return PeriodOutcome(client_id, period, "", FAILED, " ".join(why.split()))
