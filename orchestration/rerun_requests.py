"""What Dagster is asked to run again after a late or corrected extract, and no step more."""

from __future__ import annotations

from dagster import AssetKey, RunRequest

from orchestration.asset_keys import LANDED_EXTRACTS
from orchestration.assets import RoadAssets
from orchestration.partitions import partition_key
from orchestration.report_asset import REPORT_SITE
from orchestration.settings import Client
from orchestration.touched import Rerun, touched
from orchestration.warehouse.dbt import LOADED_EXTRACTS

# The steps that take a new extract in, before anybody can tell what it touches.
TAKING_IN = (LANDED_EXTRACTS, LOADED_EXTRACTS)


def rerun_requests(client: Client, assets: RoadAssets) -> list[RunRequest]:
    """Return one request per period and day of a client that its loaded extracts touch, the oldest first.

    Each has a key of its own extracts, so that a sensor that asks again before it has run has it run once.
    """
    return [_request(rerun, assets) for rerun in touched(assets.settings, client)]


def steps_of(rerun: Rerun, assets: RoadAssets) -> set[AssetKey]:
    """Return the steps of a rerun: nothing is taken in or loaded again, and no pack of another return made.

    Where the pages are made anew, all models are, for the client's warehouse is one file.
    """
    steps = {step for return_id in rerun.returns for step in assets.steps_to_packs(return_id)}
    if rerun.renews_pages:
        steps |= assets.building.models(assets.building.plan) | {REPORT_SITE}
    return steps.difference(TAKING_IN)


def _request(rerun: Rerun, assets: RoadAssets) -> RunRequest:
    only = [] if rerun.renews_pages else list(rerun.returns)
    returns, extracts = "+".join(rerun.returns), "+".join(rerun.extracts)
    return RunRequest(
        run_key=f"touched:{rerun.client_id}:{rerun.period}:{rerun.as_at}:{returns}:{extracts}",
        partition_key=partition_key(rerun.client_id, rerun.period),
        asset_selection=sorted(steps_of(rerun, assets)),
        run_config={"resources": {"choices": {"config": {"as_at": rerun.as_at.isoformat(), "only": only}}}},
        tags={"touched_by": ", ".join(rerun.classes)},
    )
