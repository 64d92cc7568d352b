"""Walking the sample along the whole road through Dagster, and reading what that left."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dagster import DagsterInstance, ExecuteInProcessResult

from orchestration.definitions import road_job
from orchestration.narrator import Narrator
from orchestration.partitions import partition_key
from orchestration.returns.packs import PackResult
from orchestration.settings import DEFAULT_CLIENTS, SAMPLE, Settings, load_settings

CLIENT = "northmere"
PERIOD, BEFORE = "2026-10", "2026-09"


@dataclass(frozen=True)
class Walk:
    """A run that has ended: what Dagster says of it, what it told, and the lake it left."""

    settings: Settings
    result: ExecuteInProcessResult
    narrator: Narrator
    told: list[str]

    @property
    def packs(self) -> dict[tuple[str, str], PackResult]:
        return {(p.return_id, p.submitter_id): p for p in self.narrator.packs}

    @property
    def warehouse(self) -> Path:
        return self.settings.lake / "warehouse" / f"{CLIENT}.duckdb"

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def walk(lake: Path, extracts: Path = SAMPLE) -> Walk:
    """Materialise one partition of every asset through Dagster, in this process."""
    settings = load_settings(lake=lake, clients_file=DEFAULT_CLIENTS, extracts=extracts, environment={})
    told: list[str] = []
    narrator = Narrator(doing=told.append, found=told.append)
    with DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        result = road_job(settings, narrator).execute_in_process(
            partition_key=partition_key(CLIENT, PERIOD),
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    return Walk(settings, result, narrator, told)


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def files_below(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
