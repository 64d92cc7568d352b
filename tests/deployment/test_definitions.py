"""The definitions can be served: what a process of its own loads, not only what a test picks out of them."""

from __future__ import annotations

from orchestration.definitions import assemble
from orchestration.settings import load_settings


def test_the_whole_location_loads() -> None:
    repository = assemble(load_settings(environment={})).get_repository_def()
    # Dagster looks for names that clash, and for jobs that cannot be made, only when everything is asked for.
    repository.load_all_definitions()
    assert repository.schedule_defs and repository.sensor_defs
    assert {"road", "standing"} <= set(repository.job_names)
