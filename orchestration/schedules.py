"""When returns fall due: one schedule per return, on the day its window opens; off until it is started."""

from __future__ import annotations

from collections.abc import Iterator

from dagster import (
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    schedule,
)

from orchestration.partitions import partition_key
from orchestration.returns.definitions import ReturnDefinition, load_definitions
from orchestration.settings import Settings

ENGLAND = "Europe/London"
MONTHS = {"monthly": "*", "quarterly": "1,4,7,10", "yearly": "4"}


def cron_of(definition: ReturnDefinition) -> str:
    """Return when a return's window opens, as six in the morning of a day in cron's words."""
    window = definition.window
    if definition.cadence == "daily":
        return "0 6 * * *"
    if window and window.refresh_from:
        month, day = (int(part) for part in window.refresh_from.split("-"))
        return f"0 6 {day} {month} *"
    if window and window.days:
        # Each submitter is asked in a month of its own.
        return "0 6 1 * *"
    return f"0 6 {window.opens_day if window else 1} {MONTHS[definition.cadence]} *"


def schedules_of_returns(settings: Settings, job_name: str) -> list[ScheduleDefinition]:
    """Return one schedule per return folder; each walks the road for every client in its month."""
    return [_schedule(definition, settings, job_name) for definition in load_definitions().values()]


def _schedule(definition: ReturnDefinition, settings: Settings, job_name: str) -> ScheduleDefinition:
    @schedule(
        name=f"{definition.return_id}_due",
        cron_schedule=cron_of(definition),
        job_name=job_name,
        execution_timezone=ENGLAND,
        default_status=DefaultScheduleStatus.STOPPED,
        description=f"{definition.title}: {definition.cadence}, when its window opens.",
    )
    def due(context: ScheduleEvaluationContext) -> Iterator[RunRequest]:
        period = f"{context.scheduled_execution_time:%Y-%m}"
        for client_id in settings.clients:
            yield RunRequest(
                run_key=f"{definition.return_id}:{client_id}:{period}",
                partition_key=partition_key(client_id, period),
            )

    return due
