"""When returns are computed: ahead of each window and each day it is open, until it is handed in.

One schedule per return, asked every morning; the days come from the same rules as `returns calendar`. Off
until it is started.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, timedelta

from dagster import (
    AssetKey,
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    schedule,
)

from orchestration.partitions import partition_key
from orchestration.returns import period_rules as rules
from orchestration.returns.confirmations import read_confirmations
from orchestration.returns.definitions import ReturnDefinition, load_definitions
from orchestration.returns.due import Due, owed_by
from orchestration.run_tags import ASKED_BY, CLOSES, FINAL, KIND, LEAD_TIME, REMINDER, RETURN, SCHEDULE
from orchestration.settings import Client, Settings

ENGLAND = "Europe/London"
EVERY_MORNING = "0 6 * * *"
# Early enough to put right what stops a pack before its window opens.
AHEAD = timedelta(days=3)
# A return about a period that must have ended first cannot be computed ahead.
COMPUTED_AHEAD = (rules.CALENDAR_MONTH, rules.AS_AT_DAY, rules.TWELVE_MONTHS_TO_AS_AT)


def schedules_of_returns(
    settings: Settings, job_name: str, steps_of: Callable[[str], Collection[AssetKey]]
) -> list[ScheduleDefinition]:
    """Return one schedule per return folder; each walks the steps its own return needs, for every client."""
    return [
        _schedule(definition, settings, job_name, steps_of(definition.return_id))
        for definition in load_definitions().values()
    ]


def run_kind(due: Due, day: date, ahead: timedelta) -> str | None:
    """Return which run a window asks for on a day, if any: ahead of it and while it is open, until handed in.

    What stands open without a last day is run when it opens and then once a month; what is due without delay
    is run every day; what is only expected, on the first day of its month.
    """
    if due.is_settled:
        return None
    if due.opens is None:
        return LEAD_TIME if due.expected == day else None
    if day == due.closes:
        return FINAL
    if day == due.opens - ahead and ahead:
        return LEAD_TIME
    if due.closes is None:
        once_a_month = day >= due.opens and day.day == due.opens.day
        return REMINDER if due.every_day or once_a_month else None
    return REMINDER if due.opens <= day < due.closes else None


def dues_to_run(definition: ReturnDefinition, client: Client, settings: Settings, day: date) -> list[Due]:
    """Return the windows of a return for which a client's figures are to be computed on a day."""
    confirmed = read_confirmations(settings.lake, client.client_id)
    ahead = ahead_of(definition)
    return [
        due
        for submitter in client.submitters
        for due in owed_by([definition], submitter, day, day + ahead, confirmed)
        if run_kind(due, day, ahead)
    ]


def ahead_of(definition: ReturnDefinition) -> timedelta:
    """Return how long before a window opens the figures of a return are computed."""
    return AHEAD if definition.period_rule in COMPUTED_AHEAD else timedelta()


def tags_of(definition: ReturnDefinition, dues: Sequence[Due], day: date) -> dict[str, str]:
    """Return what a scheduled run says of itself: the most urgent of its windows, and when that closes."""
    kinds = {run_kind(due, day, ahead_of(definition)) for due in dues}
    kind = next(k for k in (FINAL, REMINDER, LEAD_TIME) if k in kinds)
    closing = [due.closes for due in dues if due.closes]
    closes = {CLOSES: min(closing).isoformat()} if closing else {}
    return {ASKED_BY: SCHEDULE, RETURN: definition.return_id, KIND: kind} | closes


def period_to_run(definition: ReturnDefinition, dues: Sequence[Due], day: date) -> str:
    """Return the reporting month a run is for: the window's own month, or the month of the day."""
    months = [due.period_label for due in dues if definition.period_rule == rules.CALENDAR_MONTH]
    return min(months, default=f"{day:%Y-%m}")


def _schedule(
    definition: ReturnDefinition, settings: Settings, job_name: str, steps: Collection[AssetKey]
) -> ScheduleDefinition:
    @schedule(
        name=f"{definition.return_id}_due",
        cron_schedule=EVERY_MORNING,
        job_name=job_name,
        execution_timezone=ENGLAND,
        default_status=DefaultScheduleStatus.STOPPED,
        description=f"{definition.title}: ahead of each window and while it is open, until it is handed in.",
    )
    def due(context: ScheduleEvaluationContext) -> Iterator[RunRequest]:
        day = context.scheduled_execution_time.date()
        for client in settings.clients.values():
            dues = dues_to_run(definition, client, settings, day)
            if dues:
                yield RunRequest(
                    run_key=f"{definition.return_id}:{client.client_id}:{day}",
                    partition_key=partition_key(client.client_id, period_to_run(definition, dues, day)),
                    asset_selection=sorted(steps),
                    run_config={"resources": {"choices": {"config": {"only": [definition.return_id]}}}},
                    tags=tags_of(definition, dues, day),
                )

    return due
