"""The build plan: what dbt makes of the project, compiled once and run for each client on one connection.

dbt costs seconds to start and some 25 ms per model and test, for every client again, though its SQL is the
same for all of them but for the name of the warehouse. So dbt compiles the project once, whenever a file of
it changed, and the compiled statements are run here in dbt's order: tables, views, tests.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from orchestration.engine import open_engine
from orchestration.warehouse import spark
from orchestration.warehouse.build import DBT_PROJECT, WarehouseBuildError, dbt_environment
from orchestration.warehouse.earlier_build import EarlierBuild

DBT = Path(sys.executable).with_name("dbt")
TARGET = DBT_PROJECT / "target"
RETURNS = DBT_PROJECT / "returns"
# The official methods work on a store of submissions and are built by `returns build`, not by the road.
OFFICIAL_METHODS = "tag:cld_method"
# Unit tests of dbt hold the software to its words; they are run by pytest and say nothing about a client.
NOT_ON_THE_ROAD = (OFFICIAL_METHODS, "resource_type:unit_test")
COMPILE = (
    *("--quiet", "compile", "--no-partial-parse", "--no-version-check"),
    # Nothing in the project asks the database anything while it is compiled: there is none yet.
    *("--no-introspect", "--no-populate-cache"),
)
# dbt writes the name of the database into its SQL; this one stands for the client's and is replaced by it.
ANY_CLIENT = "the_warehouse_of_a_client"
# What dbt would do beyond `create` and `count(*)`; a project that asks for it must not be built without it.
PLAIN_MODEL: dict[str, Any] = {"pre-hook": [], "post-hook": [], "grants": {}}
_MORE_MEMORY = (
    " It had too little memory: set RETURNS_MEMORY_LIMIT higher, for example to 6GB, and run again."
)
_RAW_TABLE = re.compile(r'\braw"?\."?(\w+)')
PLAIN_TEST: dict[str, Any] = {"fail_calc": "count(*)", "warn_if": "!= 0", "error_if": "!= 0", "limit": None}


@dataclass(frozen=True)
class Step:
    """One statement of the plan: a table or view to make, or a test whose rows are faults."""

    unique_id: str
    kind: str
    schema: str
    name: str
    sql: str
    only_warns: bool
    # The return whose folder it stands in, if any; the models it reads; the tables of schema `raw` it reads.
    return_id: str | None = None
    reads: frozenset[str] = frozenset()
    raw_tables: frozenset[str] = frozenset()
    # Each of its rows follows from the records of the sender in its column `sender_id` alone.
    by_sender: bool = False

    @property
    def is_test(self) -> bool:
        """True for a test: nothing is made, the rows are counted."""
        return self.kind == "test"


@dataclass(frozen=True)
class StepDone:
    """A step that was run, or kept from an earlier build; for a test, how many rows fail it."""

    step: Step
    failing: int = 0
    kept: bool = False

    @property
    def passed(self) -> bool:
        """False for a test that found rows, also for one that only warns."""
        return self.failing == 0


def prepare_manifest() -> Path:
    """Return dbt's compiled manifest of the project, made first unless one of the same files is there."""
    inputs = hash_of_project()
    TARGET.mkdir(exist_ok=True)
    # Of two runs that find it missing one compiles, and neither reads what the other is putting in place.
    with (TARGET / "manifest.lock").open("a") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        return _manifest_of(inputs)


def _manifest_of(inputs: str) -> Path:
    manifest, stamp = TARGET / "manifest.json", TARGET / "manifest.inputs"
    if manifest.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == inputs:
        return manifest
    with tempfile.TemporaryDirectory(dir=TARGET, prefix=".compiling-") as scratch:
        folder = Path(scratch)
        outcome = subprocess.run(
            [str(DBT), *COMPILE, "--exclude", *NOT_ON_THE_ROAD],
            cwd=DBT_PROJECT,
            env=os.environ
            | dbt_environment(folder / f"{ANY_CLIENT}.duckdb", "1GB", 1)
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


def hash_of_project() -> str:
    """Return a hash of what dbt reads and of dbt itself: any change of either gives another."""
    digest = hashlib.sha256(f"compiled {version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(DBT_PROJECT.rglob("*")):
        inside = path.relative_to(DBT_PROJECT)
        if path.suffix in {".sql", ".yml"} and inside.parts[0] not in {"target", "logs"}:
            digest.update(f"\0{inside.as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def current_plan() -> tuple[Step, ...]:
    """Return the plan of the project as it is now."""
    manifest = prepare_manifest()
    return _plan(manifest, (TARGET / "manifest.inputs").read_text(encoding="ascii"))


@cache
def _plan(manifest: Path, inputs: str) -> tuple[Step, ...]:
    return plan_of(json.loads(manifest.read_text(encoding="utf-8")))


def plan_of(manifest: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the compiled models and tests of a manifest, each after what it reads.

    Raises WarehouseBuildError for a node that needs more of dbt than making a table or view or counting rows.
    """
    compiled = {key: node for key, node in manifest["nodes"].items() if node.get("compiled_code")}
    reads = {
        k: sorted(set(node["depends_on"]["nodes"]) & set(compiled)) for k, node in sorted(compiled.items())
    }
    order = TopologicalSorter(reads)
    return tuple(_step(compiled[key], frozenset(reads[key])) for key in order.static_order())


def _step(node: Mapping[str, Any], reads: frozenset[str]) -> Step:
    config, is_test = node["config"], node["resource_type"] == "test"
    kind = "test" if is_test else config["materialized"]
    plain = PLAIN_TEST if is_test else PLAIN_MODEL
    odd = [name for name, usual in plain.items() if config.get(name, usual) != usual]
    if not is_test and config.get("contract", {}).get("enforced"):
        odd.append("contract")
    if kind not in ("table", "view", "test"):
        odd.append(f"materialized = {kind}")
    if odd:
        raise WarehouseBuildError(
            f"{node['name']} sets {', '.join(odd)}, which the build plan does not hold; see {__name__}."
        )
    return Step(
        unique_id=node["unique_id"],
        kind=kind,
        schema=node["schema"],
        name=node["name"],
        sql=node["compiled_code"],
        only_warns=is_test and config.get("severity", "error").lower() == "warn",
        return_id=_return_of(node["original_file_path"]),
        reads=reads,
        # A model that reads every class of the profile names them itself, and dbt does not know of it.
        raw_tables=frozenset(
            key.rpartition(".")[2] for key in node["depends_on"]["nodes"] if key.startswith("source.")
        ).union(_RAW_TABLE.findall(node["compiled_code"])),
        by_sender=bool(config.get("meta", {}).get("made_by_sender")),
    )


def _return_of(path: str) -> str | None:
    top, *rest = path.split("/")
    return rest[0] if top == RETURNS.name and len(rest) > 1 else None


def run_plan(plan: tuple[Step, ...], file: Path, memory_limit: str, threads: int) -> Iterator[StepDone]:
    """Run every step of a plan in a warehouse file that holds schema `raw`, and yield each as it is done.

    What an earlier build in that file left and still holds is not run again.
    Raises WarehouseBuildError at the first statement that cannot be run, at the end for failed tests.
    """
    failed: list[str] = []
    made = _made_elsewhere(plan, file, threads)
    config = {"memory_limit": memory_limit, "threads": threads}
    with open_engine(file, config=config) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for schema in sorted({step.schema for step in plan if not step.is_test}):
            connection.execute(f'create schema if not exists "{schema}"')
        earlier = None if made else EarlierBuild(connection, file, plan)
        for step in plan:
            if step.unique_id in made:
                done = StepDone(step)
            elif earlier and earlier.still_holds(step):
                done = StepDone(step, earlier.keep(step), kept=True)
            else:
                before, part = (earlier.before(step), earlier.made_of(step)) if earlier else (None, None)
                done = StepDone(step, _run(connection, step, file, part))
                if earlier:
                    earlier.made(step, done.failing, before)
            if not done.passed and not step.only_warns:
                failed.append(step.name)
            yield done
        if earlier and not failed:
            earlier.close()
    if failed:
        raise WarehouseBuildError(f"the warehouse could not be built; failed: {', '.join(sorted(failed))}.")


def _made_elsewhere(plan: tuple[Step, ...], file: Path, threads: int) -> frozenset[str]:
    """Have Spark make the tables of a plan, where it is chosen; views and tests stay with DuckDB."""
    if not spark.is_chosen():
        return frozenset()
    models = sorted(step.name for step in plan if not step.is_test)
    made = set(spark.build_on_spark(file, file.with_suffix(".spark"), ["--select", *models], threads))
    return frozenset(step.unique_id for step in plan if (step.schema, step.name) in made)


def _run(
    connection: duckdb.DuckDBPyConnection, step: Step, file: Path, part: tuple[str, str] | None = None
) -> int:
    """Run a step, for the senders and by the statement of a part where one is given."""
    sql = (part[1] if part else step.sql).replace(f'"{ANY_CLIENT}".', f'"{file.stem}".')
    made = f'"{file.stem}"."{step.schema}"."{step.name}"'
    try:
        if part:
            connection.execute(f"delete from {made} where sender_id in ({part[0]})")
            connection.execute(f"insert into {made} {sql}")
            return 0
        if not step.is_test:
            connection.execute(f"create or replace {step.kind} {made} as {sql}")
            return 0
        counted = connection.execute(f"select count(*) from ({sql}\n) as failing").fetchone()
    except duckdb.Error as error:
        # The message of the engine may quote a value of a record: it stays beside the restricted file.
        log = file.with_name("build.log")
        log.write_text(f"{step.unique_id}\n\n{error}\n\n{sql}\n", encoding="utf-8")
        log.chmod(0o600)
        memory = _MORE_MEMORY if isinstance(error, duckdb.OutOfMemoryException) else ""
        raise WarehouseBuildError(
            f"the warehouse could not be built; failed: {step.name} ({type(error).__name__}). "
            f"What the engine said is in {log}.{memory}"
        ) from None
    return int(counted[0]) if counted else 0
