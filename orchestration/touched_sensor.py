"""Runs for what loaded extracts touch: a sensor that asks once the run that took them in has ended."""

from __future__ import annotations

import hashlib
import json

from dagster import (
    DagsterRunStatus,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from orchestration.assets import RoadAssets
from orchestration.extracts.receipts import loaded_extracts
from orchestration.partitions import CLIENT
from orchestration.rerun_requests import rerun_requests

SECONDS_BETWEEN_LOOKS = 60
ENDED = (DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED)
NOT_ENDED = [status for status in DagsterRunStatus if status not in ENDED]


def sensor_of_touched_packs(assets: RoadAssets, job_name: str) -> SensorDefinition:
    """Return the sensor that has packs made again which extracts loaded since they were made touch."""

    @sensor(
        name="touched_packs",
        job_name=job_name,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=DefaultSensorStatus.STOPPED,
        description="Asks for the periods and returns that late or corrected extracts touch, and no others.",
    )
    def touched_packs(context: SensorEvaluationContext) -> SensorResult:
        seen: dict[str, str] = json.loads(context.cursor or "{}")
        requests: list[RunRequest] = []
        for client_id, client in assets.settings.clients.items():
            extracts = "+".join(loaded_extracts(client_id, assets.settings.lake))
            loaded = hashlib.sha256(extracts.encode()).hexdigest()[:16]
            # A run at work may be the one that takes them in, and makes some of these packs itself.
            if loaded == seen.get(client_id) or _is_at_work(context, client_id):
                continue
            requests += rerun_requests(client, assets)
            seen[client_id] = loaded
        return SensorResult(
            run_requests=requests,
            skip_reason=None if requests else SkipReason("no loaded extract touches a pack made before it"),
            cursor=json.dumps(seen, sort_keys=True),
        )

    return touched_packs


def _is_at_work(context: SensorEvaluationContext, client_id: str) -> bool:
    of_the_client = RunsFilter(tags={f"dagster/partition/{CLIENT}": client_id}, statuses=NOT_ENDED)
    return bool(context.instance.get_runs(of_the_client, limit=1))
