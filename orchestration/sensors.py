"""Runs for extracts as they arrive: one sensor per place that extracts come to, off until it is started.

One per place, so that each has its own memory, its own list of ticks and its own failures: a place that
cannot be reached keeps no other from being looked into.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dagster import (
    DefaultSensorStatus,
    RunRequest,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from orchestration.arriving import AskedRun, as_cursor, runs_asked_for, seen_before, watch
from orchestration.clients_file import Client
from orchestration.extracts.masking import shown
from orchestration.extracts.offered import Place
from orchestration.partitions import partition_key
from orchestration.run_tags import ARRIVAL, ASKED_BY, EXTRACTS, SENDERS
from orchestration.settings import Settings

SECONDS_BETWEEN_LOOKS = 60
_LONGEST_TAG = 200


def sensors_of_places(settings: Settings, job_name: str) -> list[SensorDefinition]:
    """Return one sensor per place: the common one, and those that clients have of their own."""
    common = {i: client for i, client in settings.clients.items() if client.extracts is None}
    own = {i: client for i, client in settings.clients.items() if client.extracts is not None}
    found = [_sensor("arrivals", settings.extracts, common, settings, job_name)] if common else []
    for client_id, client in own.items():
        name = f"arrivals_{client_id}"
        found.append(_sensor(name, settings.place_of(client), {client_id: client}, settings, job_name))
    return found


def _sensor(
    name: str, place: Place, clients: Mapping[str, Client], settings: Settings, job_name: str
) -> SensorDefinition:
    @sensor(
        name=name,
        job_name=job_name,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=DefaultSensorStatus.STOPPED,
        description=f"Asks for a run when an extract of a client's sender has arrived whole in {place}.",
    )
    def arrivals(context: SensorEvaluationContext) -> SensorResult:
        found = watch(place, clients, seen_before(context.cursor))
        for line in found.told:
            context.log.warning(line)
        requests = [
            _request(asked, place)
            for client_id, arrived in sorted(found.arrived.items())
            for asked in runs_asked_for(settings, clients[client_id], arrived)
        ]
        quiet = f"nothing new among {len(found.seen)} extracts in {place}"
        return SensorResult(
            run_requests=requests,
            skip_reason=None if requests else SkipReason("\n".join(found.told) or quiet),
            cursor=as_cursor(found.seen),
        )

    return arrivals


def _request(asked: AskedRun, place: Place) -> RunRequest:
    return RunRequest(
        run_key=asked.key,
        partition_key=partition_key(asked.client_id, asked.period),
        run_config={"resources": {"choices": {"config": {"extracts": str(place)}}}},
        tags={
            ASKED_BY: ARRIVAL,
            EXTRACTS: _listed(extract.name for extract in asked.arrived),
            SENDERS: _listed(extract.sender_id for extract in asked.arrived),
        },
    )


def _listed(names: Iterable[str]) -> str:
    """Names as the value of a tag: each once, as far as they fit."""
    every = sorted({shown(name) for name in names})
    text = ", ".join(every)
    return text if len(text) <= _LONGEST_TAG else f"{len(every)}, among them {every[0]}"
