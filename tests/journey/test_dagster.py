"""Dagster sees the whole road: every step an asset, every dbt test a check, and a gate that blocks."""

from __future__ import annotations

import csv
import hashlib
import html
import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from dagster import (
    AssetCheckSeverity,
    AssetKey,
    AssetSelection,
    DagsterInstance,
    DefaultScheduleStatus,
    ExecuteInProcessResult,
    build_schedule_context,
)
from walking import CLIENT, PERIOD, Walk, walk

from orchestration.asset_keys import decisions_key, packs_key
from orchestration.assets import RoadAssets
from orchestration.definitions import JOB, assemble, defs, road_job
from orchestration.narrator import Narrator
from orchestration.pack_assets import MAY_GO_OUT
from orchestration.partitions import partition_key
from orchestration.returns.definitions import return_folders
from orchestration.settings import SAMPLE, load_settings
from orchestration.warehouse.plan import OFFICIAL_METHODS, prepare_manifest

OAKFIELD_HOUSE = "1-900000002"
DUE_THAT_DAY = {"capacity_tracker", "cld", "cqc_notifications"}


def nodes_on_the_road(kind: str) -> list[dict[str, Any]]:
    """Nodes of the dbt project that the road builds: the official methods are built by another command."""
    nodes = json.loads(prepare_manifest().read_text(encoding="utf-8"))["nodes"]
    tag = OFFICIAL_METHODS.removeprefix("tag:")
    return [
        node
        for node in nodes.values()
        if node["resource_type"] == kind
        and tag not in node["tags"] + nodes.get(node.get("attached_node"), {"tags": []})["tags"]
    ]


def check_of(result: ExecuteInProcessResult, return_id: str) -> tuple[bool, AssetCheckSeverity]:
    (found,) = [
        e
        for e in result.get_asset_check_evaluations()
        if e.check_name == MAY_GO_OUT and e.asset_key == decisions_key(return_id)
    ]
    return found.passed, found.severity


def materialised(result: ExecuteInProcessResult) -> set[AssetKey]:
    return {e.asset_key for e in result.get_asset_materialization_events() if e.asset_key}


def test_no_asset_has_vanished() -> None:
    graph = defs().resolve_asset_graph()
    steps = {
        AssetKey(k) for k in ("landed_extracts", "loaded_extracts", "person_index", "verdicts", "report_site")
    }
    returns = {key(r) for r in return_folders() for key in (decisions_key, packs_key)}
    models = {AssetKey([str(n["schema"]), str(n["name"])]) for n in nodes_on_the_road("model")}
    assert len(models) > 50
    assert graph.materializable_asset_keys == steps | returns | models


def test_every_data_test_of_dbt_is_a_check_and_no_unit_test_is_run(sample: Walk) -> None:
    tests = {str(n["name"]) for n in nodes_on_the_road("test")}
    assert len(tests) > 100
    evaluations = sample.result.get_asset_check_evaluations()
    on_models = {
        e.check_name for e in evaluations if e.asset_key.path[0] not in ("decisions", "loaded_extracts")
    }
    assert len(on_models) == len(tests)
    assert all(e.passed for e in evaluations)


def test_one_partition_materialises_every_asset(sample: Walk) -> None:
    everything = assemble(sample.settings).resolve_asset_graph().materializable_asset_keys
    assert materialised(sample.result) == everything
    partitions = {e.partition for e in sample.result.get_asset_materialization_events()}
    assert partitions == {partition_key(CLIENT, PERIOD)}


def test_the_steps_say_something_worth_reading(sample: Walk) -> None:
    (loaded,) = sample.result.asset_materializations_for_node("loaded_extracts")
    (people,) = sample.result.asset_materializations_for_node("person_index")
    assert loaded.metadata["received"].value == sum(r.received for r in sample.narrator.receipts)
    assert people.metadata["people"].value == sample.narrator.people.people  # type: ignore[union-attr]


def test_each_return_has_a_schedule_that_sleeps_until_it_is_started() -> None:
    settings = load_settings(environment={})
    made = assemble(settings)
    with DagsterInstance.ephemeral() as instance:
        for return_id in return_folders():
            due = made.resolve_schedule_def(f"{return_id}_due")
            assert due.default_status is DefaultScheduleStatus.STOPPED
            assert due.job_name == JOB
            context = build_schedule_context(
                instance, datetime(2026, 10, 8, 5, tzinfo=UTC), repository_def=made.get_repository_def()
            )
            requests = due.evaluate_tick(context).run_requests or []
            expected = (
                [partition_key(c, PERIOD) for c in settings.clients] if return_id in DUE_THAT_DAY else []
            )
            assert [r.partition_key for r in requests] == expected
            for request in requests:
                steps = set(request.asset_selection or [])
                assert {packs_key(r) for r in return_folders()} & steps == {packs_key(return_id)}
                assert len(steps) > 50


def test_the_steps_of_one_return_make_its_packs_and_no_others(sample: Walk, tmp_path: Path) -> None:
    settings = replace(sample.settings, lake=tmp_path / "lake")
    narrator = Narrator()
    with DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        steps = RoadAssets(settings, narrator).steps_to_packs("capacity_tracker")
        result = road_job(settings, narrator).execute_in_process(
            partition_key=partition_key(CLIENT, PERIOD),
            instance=instance,
            asset_selection=sorted(steps),
            run_config={
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                "resources": {"choices": {"config": {"only": ["capacity_tracker"]}}},
            },
        )
    assert materialised(result) == steps
    models = {key for key in steps if len(key.path) == 2 and key.path[0] not in ("decisions", "packs")}
    every_model = {key for key in materialised(sample.result) if key.path[0] in {m.path[0] for m in models}}
    # Fewer than one model in three is run, none of them of another return.
    assert len(models) * 3 < len(every_model)
    assert {m.path[1].split("__")[0] for m in models if m.path[0] == "returns"} == {
        *("mbr_capacity_tracker", "ret_capacity_tracker", "chk_capacity_tracker", "capacity_tracker")
    }
    assert not (settings.lake / "warehouse" / f"{CLIENT}.duckdb").exists()
    assert not (settings.lake / "site").exists()
    assert {p.return_id for p in narrator.packs} == {"capacity_tracker"}
    assert {p.version for p in narrator.packs} == {
        p.version for p in sample.narrator.packs if p.return_id == "capacity_tracker"
    }


def shrink_oakfield_house(extracts: Path) -> None:
    """Plant a fault: the home has one bed on record, and many people in it."""
    file = extracts / "oakfield_care" / "occupancy.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        if row["provider"] == OAKFIELD_HOUSE and not row["care_category"]:
            row["maximum_capacity"] = "1"
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    path = file.with_name("manifest.json")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    (listed,) = [f for f in manifest["files"] if f["path"] == file.name]
    listed["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    extracts = tmp_path_factory.mktemp("faulty") / "extracts"
    shutil.copytree(SAMPLE, extracts, ignore=shutil.ignore_patterns("truth"))
    shrink_oakfield_house(extracts)
    return walk(extracts.with_name("lake"), extracts)


def test_a_fault_of_one_submitter_stops_its_pack_and_no_other(faulty: Walk) -> None:
    assert faulty.result.success
    assert check_of(faulty.result, "capacity_tracker") == (False, AssetCheckSeverity.WARN)
    assert check_of(faulty.result, "cld") == (True, AssetCheckSeverity.ERROR)
    stopped = faulty.packs.pop(("capacity_tracker", OAKFIELD_HOUSE), None)
    assert stopped is not None
    assert stopped.state == "stopped"
    assert "occupied_over_capacity" in stopped.stopped_for[0]
    assert (stopped.folder / "stopped.json").is_file()
    assert not (stopped.folder / "latest").exists()
    others = {k: p.state for k, p in faulty.packs.items() if k != ("capacity_tracker", OAKFIELD_HOUSE)}
    assert set(others.values()) == {"written"}
    assert {return_id for return_id, _ in others} >= {"capacity_tracker", "cld", "cqc_notifications"}


def test_the_pages_say_why_a_return_is_blocked_and_who_must_act_within_two_clicks(faulty: Walk) -> None:
    site = faulty.settings.lake / "site" / CLIENT
    overview = (site / "index.html").read_text(encoding="utf-8")
    assert "1 return is blocked" in overview
    assert "More people are counted as occupying beds than the location has beds." in overview
    # One click: the card of the blocked return. Its page names the sender, the file, and what is to be done.
    (card,) = re.findall(r'<article class="card card--blocked">.*?</article>', overview, re.DOTALL)
    (path,) = re.findall(r'href="([^"]+)"', card)
    assert path == f"returns/capacity-tracker/{OAKFIELD_HOUSE}.html#why"
    page = (site / path.removesuffix("#why")).read_text(encoding="utf-8")
    why = page[page.index('id="why"') : page.index("</section>", page.index('id="why"'))]
    told = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", why)).split())
    assert "Ask Oakfield Care Ltd To do Close the services of people who left" in told
    assert f"{OAKFIELD_HOUSE}/capacity_tracker/{PERIOD}/stopped.json" in told
    assert 'id="figures"' not in page
    # The records behind it break a rule of their own, and are in a file that has a name.
    assert re.search(r"Oakfield Care Ltd: \S+ records? in Occupancy \(occupancy\.csv\)", page)


def test_the_workbook_of_a_return_says_why_a_submitter_is_blocked_and_holds_no_figure_of_it(
    faulty: Walk,
) -> None:
    tables = faulty.settings.lake / "site" / CLIENT / "tables"
    book = openpyxl.load_workbook(tables / "capacity-tracker.xlsx")
    head, *rows = book["State"].iter_rows(values_only=True)
    states = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert {s["State"] for key, s in states.items() if key != OAKFIELD_HOUSE} == {"ready"}
    blocked = states[OAKFIELD_HOUSE]
    assert blocked["State"] == "blocked"
    assert blocked["Whom to ask"] == "Oakfield Care Ltd"
    assert blocked["What to do"].startswith("Close the services of people who left")
    figures = {row[1] for row in book["Figures"].iter_rows(min_row=2, values_only=True)}
    assert OAKFIELD_HOUSE not in figures and len(figures) == len(states) - 1 > 3


def test_when_nobody_may_send_a_return_its_packs_are_blocked_and_the_other_return_goes_out(
    faulty: Walk,
) -> None:
    warehouse = faulty.settings.lake / "warehouse" / f"{CLIENT}.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "delete from raw.client_submitter where kind = 'location' and submitter_id <> ?", [OAKFIELD_HOUSE]
        )
    narrator = Narrator()
    last_steps = AssetSelection.groups("packs")
    with DagsterInstance.ephemeral() as instance:
        result = (
            assemble(faulty.settings, narrator)
            .resolve_implicit_global_asset_job_def()
            .execute_in_process(
                partition_key=partition_key(CLIENT, PERIOD),
                instance=instance,
                raise_on_error=False,
                asset_selection=sorted(last_steps.resolve(assemble(faulty.settings).resolve_asset_graph())),
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        )
    assert not result.success
    assert check_of(result, "capacity_tracker") == (False, AssetCheckSeverity.ERROR)
    assert packs_key("capacity_tracker") not in materialised(result)
    assert packs_key("cld") in materialised(result)
    states = {p.return_id: p.state for p in narrator.packs}
    assert states.pop("capacity_tracker") == "stopped"
    assert set(states.values()) == {"unchanged"} and "cld" in states
