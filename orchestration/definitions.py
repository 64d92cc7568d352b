"""The one place that assembles Dagster: assets, schedules, sensors, and the job all of them share."""

from __future__ import annotations

from dagster import (
    AssetSelection,
    Definitions,
    JobDefinition,
    define_asset_job,
    definitions,
    in_process_executor,
)

from orchestration.assets import RoadAssets
from orchestration.narrator import Narrator
from orchestration.resources import RunChoices, lock_of_the_client
from orchestration.schedules import schedules_of_returns
from orchestration.sensors import sensors_of_places
from orchestration.settings import Settings, load_settings
from orchestration.standing_checks import standing_checks, standing_job, standing_schedule
from orchestration.touched_sensor import sensor_of_touched_packs

JOB = "road"


def assemble(
    settings: Settings, narrator: Narrator | None = None, *, unattended: bool = False
) -> Definitions:
    """Return everything Dagster is to know for one set of settings; unattended, steps are tried again."""
    narrator = narrator or Narrator()
    made = RoadAssets(settings, narrator, unattended)
    assets = made.all()
    # One process walks the road: two writers on one DuckDB file would fail on its lock.
    checks = standing_checks(settings)
    job = define_asset_job(
        JOB,
        # How things stand is asked by a job of its own: it is about no partition.
        selection=AssetSelection.all() - AssetSelection.checks(checks),
        partitions_def=made.partitions,
        executor_def=in_process_executor,
        description="From extracts to packs, for one client and reporting period.",
    )
    return Definitions(
        assets=assets,
        asset_checks=[checks],
        jobs=[job, standing_job(checks)],
        schedules=[
            *schedules_of_returns(settings, JOB, made.steps_to_packs),
            standing_schedule(),
        ],
        sensors=[*sensors_of_places(settings, JOB), sensor_of_touched_packs(made, JOB)],
        resources={
            "choices": RunChoices(),
            "client_lock": lock_of_the_client(settings, narrator),
        },
        executor=in_process_executor,
    )


def road_job(settings: Settings, narrator: Narrator) -> JobDefinition:
    """Return the shared job, bound to one set of settings and telling one narrator."""
    return assemble(settings, narrator).resolve_job_def(JOB)


@definitions
def defs() -> Definitions:
    """Return the definitions of the settings in the environment, for `make ui`."""
    return assemble(load_settings(must_be_there=False), unattended=True)
