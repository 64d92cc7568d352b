"""Running dbt: the project as Dagster sees it, and one build of everything into one warehouse file."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster import AssetKey, AssetSpec
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject

from orchestration.warehouse import raw
from orchestration.warehouse.build import DBT_PROJECT, WarehouseBuildError, dbt_environment

if TYPE_CHECKING:
    from dagster import AssetExecutionContext

DBT = Path(sys.executable).with_name("dbt")
TARGET = DBT_PROJECT / "target"
# dbt unit tests hold the software to its words; they are run by pytest and say nothing about a client's data.
BUILD_EVERYTHING = ("build", "--exclude-resource-type", "unit_test", "--no-version-check")

# The official methods work on a store of submissions and are built by `returns build`, not by the road.
OFFICIAL_METHODS = "tag:cld_method"

LOADED_EXTRACTS = AssetKey("loaded_extracts")
PERSON_INDEX = AssetKey("person_index")


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
    """Return the dbt project with a manifest that is parsed once and again whenever a file of it changed."""
    prepare_manifest()
    return DbtProject(project_dir=DBT_PROJECT, target_path=TARGET, profiles_dir=DBT_PROJECT)


def prepare_manifest() -> Path:
    """Return the manifest of the project, parsing it first unless one of the same files is there."""
    manifest, stamp = TARGET / "manifest.json", TARGET / "manifest.inputs"
    inputs = _hash_of_inputs()
    if manifest.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == inputs:
        return manifest
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TARGET, prefix=".parsing-") as scratch:
        folder = Path(scratch)
        outcome = subprocess.run(
            [str(DBT), "--quiet", "parse", "--no-partial-parse", "--no-version-check"],
            cwd=DBT_PROJECT,
            env=os.environ
            | dbt_environment(folder / "unbuilt.duckdb", "1GB", 1)
            | {
                "DBT_TARGET_PATH": str(folder),
                "DBT_LOG_PATH": str(folder),
                "DBT_PROFILES_DIR": str(DBT_PROJECT),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if outcome.returncode != 0:
            raise WarehouseBuildError(f"the dbt project cannot be read:\n{outcome.stdout.strip()}")
        stamp.unlink(missing_ok=True)
        (folder / "manifest.json").replace(manifest)
        (folder / "manifest.inputs").write_text(inputs, encoding="ascii")
        (folder / "manifest.inputs").replace(stamp)
    return manifest


def _hash_of_inputs() -> str:
    digest = hashlib.sha256(version("dbt-core").encode())
    for path in sorted(DBT_PROJECT.rglob("*")):
        inside = path.relative_to(DBT_PROJECT)
        if path.suffix in {".sql", ".yml"} and inside.parts[0] not in {"target", "logs"}:
            digest.update(f"\0{inside.as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def resource() -> DbtCliResource:
    """Return the dbt command of this environment, whatever the PATH says."""
    return DbtCliResource(
        project_dir=str(DBT_PROJECT), profiles_dir=str(DBT_PROJECT), dbt_executable=str(DBT)
    )


def build(
    context: AssetExecutionContext, dbt: DbtCliResource, file: Path, memory_limit: str, threads: int
) -> Iterator[Any]:
    """Build every model into a prepared warehouse file and yield Dagster's events, one per model and test.

    Raises WarehouseBuildError that names the models and tests that failed.
    """
    scratch = file.parent / "dbt"
    with _environment(dbt_environment(file, memory_limit, threads)):
        run = dbt.cli(list(BUILD_EVERYTHING), context=context, target_path=scratch, raise_on_error=False)
        yield from run.stream()
        if not run.is_successful():
            raise WarehouseBuildError(_what_failed(run.get_artifact, scratch))


def _what_failed(artifact: Any, scratch: Path) -> str:
    try:
        results = artifact("run_results.json")["results"]
    except FileNotFoundError:
        results = []
    failed = [r["unique_id"].split(".")[2] for r in results if r["status"] in ("error", "fail")]
    named = ", ".join(sorted(failed)) or "dbt itself"
    return f"the warehouse could not be built; failed: {named}. What dbt wrote is in {scratch / 'dbt.log'}"


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
