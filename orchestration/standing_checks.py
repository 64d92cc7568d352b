"""Checks on how things stand: senders that should have sent, windows that close before a pack is ready.

Dagster's own freshness policies look at an asset as a whole; here one asset holds every client, and a client
that sends would make all others look fresh. So each client and each return has a check of its own.
"""

# Annotations are not postponed here: Dagster reads the type of `context` as it is written.

from collections.abc import Iterator
from datetime import date
from functools import partial

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckKey,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetSelection,
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    define_asset_job,
    in_process_executor,
    multi_asset_check,
    schedule,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.asset_keys import LANDED_EXTRACTS, packs_key
from orchestration.extracts.receipts import ENGLAND, read_receipts
from orchestration.metadata import markdown
from orchestration.returns.definitions import ReturnDefinition, load_definitions
from orchestration.settings import Settings
from orchestration.standing import READY, closing_on, senders_on

STANDING = "standing"
# Dagster serves no location in which a step and a job have one name.
STEP = "how_things_stand"
READY_IN_TIME = "ready_before_the_window_closes"
DAY = "returns/day"
EVERY_MORNING = "0 7 * * *"


def senders_check(client_id: str) -> AssetCheckKey:
    """Return the check on the senders of a client."""
    return AssetCheckKey(LANDED_EXTRACTS, f"senders_of_{client_id}_are_heard_of")


def window_check(return_id: str) -> AssetCheckKey:
    """Return the check on the windows of a return."""
    return AssetCheckKey(packs_key(return_id), READY_IN_TIME)


def standing_checks(settings: Settings) -> AssetChecksDefinition:
    """Return the checks on how things stand, which read the lake and compute nothing."""
    by_key = {senders_check(i): partial(_senders, settings, i) for i in settings.clients}
    returns = {r: d for r, d in load_definitions().items() if d.window}
    by_key |= {window_check(r): partial(_windows, settings, d) for r, d in returns.items()}

    @multi_asset_check(
        name=STEP,
        specs=[AssetCheckSpec(key.name, asset=key.asset_key) for key in by_key],
        can_subset=True,
    )
    def standing(context: AssetCheckExecutionContext) -> Iterator[AssetCheckResult]:
        day = _day_of(context)
        for key in sorted(context.selected_asset_check_keys):
            yield by_key[key](day)

    return standing


def standing_job(checks: AssetChecksDefinition) -> UnresolvedAssetJobDefinition:
    """Return the job that makes these checks and nothing else."""
    return define_asset_job(
        STANDING,
        selection=AssetSelection.checks(checks),
        executor_def=in_process_executor,
        description="Which senders are overdue, and which windows close before their pack is ready.",
    )


def standing_schedule() -> ScheduleDefinition:
    """Return the schedule that asks every morning how things stand on that day."""

    @schedule(
        name="standing_every_morning",
        cron_schedule=EVERY_MORNING,
        job_name=STANDING,
        execution_timezone=ENGLAND.key,
        default_status=DefaultScheduleStatus.STOPPED,
        description="Senders that should have sent, and windows that close before their pack is ready.",
    )
    def every_morning(context: ScheduleEvaluationContext) -> RunRequest:
        day = context.scheduled_execution_time.date().isoformat()
        return RunRequest(run_key=day, tags={DAY: day})

    return every_morning


def _day_of(context: AssetCheckExecutionContext) -> date:
    """The day that is asked about: the schedule's, or else the day the run was made, in England."""
    if DAY in context.run.tags:
        return date.fromisoformat(context.run.tags[DAY])
    record = context.instance.get_run_record_by_id(context.run.run_id)
    if record is None:
        raise ValueError(f"the run must say which day it asks about, in its tag {DAY}")
    return record.create_timestamp.astimezone(ENGLAND).date()


def _senders(settings: Settings, client_id: str, day: date) -> AssetCheckResult:
    key, client = senders_check(client_id), settings.client(client_id)
    found = senders_on(client, read_receipts(client_id, settings.lake), day)
    late = [one.sender_id for one in found if one.is_late]
    unset = [one.sender_id for one in found if one.expected_days is None]
    table = markdown(
        ("sender", "state", "newest extract stands for", "days ago", "expected every"),
        [
            (
                one.sender_id,
                one.state,
                one.newest or "",
                "" if one.age is None else one.age,
                f"{one.expected_days} days" if one.expected_days else "not set",
            )
            for one in found
        ],
    )
    said = [f"overdue or never heard of: {', '.join(late)}"] if late else []
    said += [f"how often they send is not set, so they are not judged: {', '.join(unset)}"] if unset else []
    return AssetCheckResult(
        passed=not late,
        asset_key=key.asset_key,
        check_name=key.name,
        severity=AssetCheckSeverity.WARN,
        description="; ".join(said) or "every sender has sent within its time",
        metadata={"day": str(day), "senders": table, "late": len(late), "not judged": len(unset)},
    )


def _windows(settings: Settings, definition: ReturnDefinition, day: date) -> AssetCheckResult:
    key = window_check(definition.return_id)
    closing = closing_on(definition, settings.clients.values(), settings, day)
    unready = [one for one in closing if one.state != READY]
    last = [one for one in unready if one.days_left == 0]
    table = markdown(
        ("client", "submitter", "closes", "days left", "pack", "stopped by"),
        [
            (one.client_id, one.submitter_id, one.closes, one.days_left, one.state, ", ".join(one.stopped_by))
            for one in closing
        ],
    )
    within = f"within {settings.warn_days} days"
    return AssetCheckResult(
        passed=not unready,
        asset_key=key.asset_key,
        check_name=key.name,
        severity=AssetCheckSeverity.ERROR if last else AssetCheckSeverity.WARN,
        description=f"{len(closing)} windows close {within}; {len(unready)} of their packs are not ready",
        metadata={"day": str(day), "windows": table, "closing": len(closing), "not ready": len(unready)},
    )
