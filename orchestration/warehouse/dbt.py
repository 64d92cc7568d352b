"""The dbt project as Dagster sees it, and what Dagster is told while a plan of it is run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dagster import AssetCheckResult, AssetCheckSeverity, AssetKey, AssetSpec, MaterializeResult
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from orchestration.warehouse import raw
from orchestration.warehouse.build import DBT_PROJECT
from orchestration.warehouse.plan import TARGET, Step, current_plan, prepare_manifest, run_plan

LOADED_EXTRACTS = AssetKey("loaded_extracts")
PERSON_INDEX = AssetKey("person_index")
KEPT = "kept from the build before"


def was_kept(event: MaterializeResult[Any] | AssetCheckResult) -> bool:
    """Whether what an event tells of was kept from the build before; Dagster wraps the values of some."""
    told = (event.metadata or {}).get(KEPT)
    return getattr(told, "value", told) is True


class Translator(DagsterDbtTranslator):
    """Names the dbt models as assets and hangs their sources on the steps that write them."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> AssetSpec:
        """Return the asset of a model, or of the step behind a source."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = self.get_resource_props(manifest, unique_id)
        if node["resource_type"] == "source":
            step = PERSON_INDEX if node["name"] in raw.IDENTITY_TABLES else LOADED_EXTRACTS
            return spec.replace_attributes(key=step)
        schema = node["schema"]
        return spec.replace_attributes(key=AssetKey([schema, node["name"]]), group_name=schema)


def project() -> DbtProject:
    """Return the dbt project with a manifest, compiled again whenever a file of it changed."""
    prepare_manifest()
    return DbtProject(project_dir=DBT_PROJECT, target_path=TARGET, profiles_dir=DBT_PROJECT)


class Building:
    """Runs the plan of the project and tells Dagster of every model and test as it is done."""

    def __init__(self, project: DbtProject) -> None:
        self.plan = current_plan()
        self.manifest = json.loads(project.manifest_path.read_text(encoding="utf-8"))
        self.translator = Translator()
        self.asset_of = {
            step.unique_id: self.translator.get_asset_spec(self.manifest, step.unique_id, project).key
            for step in self.plan
            if not step.is_test
        }
        self.check_of = {
            step.unique_id: get_asset_check_key_for_test(
                self.manifest, self.translator, step.unique_id, project
            )
            for step in self.plan
            if step.is_test
        }

    def models(self, plan: Iterable[Step]) -> set[AssetKey]:
        """Return the assets that a part of the plan makes."""
        return {self.asset_of[step.unique_id] for step in plan if not step.is_test}

    def events(self, plan: tuple[Step, ...], file: Path, memory_limit: str, threads: int) -> Iterator[Any]:
        """Build a part of the plan into a prepared warehouse file and yield one event per model and test.

        Raises WarehouseBuildError that names the models and tests that failed.
        """
        for done in run_plan(plan, file, memory_limit, threads):
            if not done.step.is_test:
                yield MaterializeResult(
                    asset_key=self.asset_of[done.step.unique_id], metadata={KEPT: done.kept}
                )
                continue
            check = self.check_of[done.step.unique_id]
            if check is not None:
                yield AssetCheckResult(
                    passed=done.passed,
                    asset_key=check.asset_key,
                    check_name=check.name,
                    severity=AssetCheckSeverity.WARN if done.step.only_warns else AssetCheckSeverity.ERROR,
                    metadata={"failing rows": done.failing, KEPT: done.kept},
                )
