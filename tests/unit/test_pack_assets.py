"""The step that decides says in a scheduled run what stops packs, louder when the window closes today."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from dagster import DagsterInstance, MultiPartitionsDefinition, ResourceDefinition, materialize

from orchestration import road
from orchestration.asset_keys import NEEDED
from orchestration.narrator import Narrator
from orchestration.pack_assets import pack_assets
from orchestration.partitions import client_periods, partition_key
from orchestration.quality.gate import Decision, StopReason
from orchestration.returns.packs import HELD, PackResult
from tests.unit.extracts.tiny_extract import NHS_NUMBER

KEYS = (f"oakfield_care:service:{NHS_NUMBER}",)
REASON = StopReason("rule.x", "failed", 10, 2, KEYS, "Too many people.", "the sender", "Close services.")
STOPPED, OPEN = Decision("cld", "503", (REASON,)), Decision("cld", "504", ())
FINAL = {"returns/asked_by": "schedule", "returns/kind": "final", "returns/window_closes": "2026-10-30"}
REMINDER = FINAL | {"returns/kind": "reminder"}


@contextmanager
def step(what: str) -> Iterator[Narrator]:
    yield Narrator()


def partitions() -> MultiPartitionsDefinition:
    return client_periods(["oak"])


@pytest.mark.parametrize(("tags", "level"), [(REMINDER, logging.WARNING), (FINAL, logging.ERROR)])
def test_what_stops_a_pack_is_said_by_rule_and_by_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tags: dict[str, str], level: int
) -> None:
    held = PackResult("cld", "CLD", "503", "Northmere", "2026-10", HELD, tmp_path, None, (REASON.text,))
    monkeypatch.setattr(road, "decide_return", lambda run, return_id: [STOPPED, OPEN])
    monkeypatch.setattr(road, "hold_packs", lambda run, return_id, decided: [held])
    monkeypatch.setattr(road, "pack_return", lambda run, return_id: [])
    with DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        result = materialize(
            pack_assets("cld", partitions(), lambda context: SimpleNamespace(), step, None),
            partition_key=partition_key("oak", "2026-10"),
            instance=instance,
            tags=tags,
            resources={name: ResourceDefinition.none_resource() for name in NEEDED},
        )
        said = [
            (e.level, e.user_message) for e in instance.all_logs(result.run_id) if "rule.x" in e.user_message
        ]
        kept = " ".join(str(entry) for entry in instance.all_logs(result.run_id))
    assert [(at, text.rpartition(". ")[2]) for at, text in said] == [
        (level, "cld of 503 is stopped by rule.x")
    ]
    assert NHS_NUMBER not in kept
    (decided,) = result.asset_materializations_for_node("decisions__cld")
    assert decided.metadata["stopped"].value == 1 and decided.metadata["open"].value == 1
    assert decided.metadata["folder of 503"].value == str(tmp_path)
    assert "closes 2026-10-30" in str(decided.metadata["asked for"].value)
    assert "Close services." in str(decided.metadata["why"].value)
