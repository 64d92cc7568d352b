"""A server does its work unattended: on PostgreSQL, by its own units, from a tick to a pack."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cluster import Cluster
from dagster import DagsterInstance
from dagster._core.scheduler.instigation import ScheduleInstigatorData
from serving import Server
from units import DEPLOY

from orchestration.partitions import CLIENT, PERIOD
from orchestration.schedules import ENGLAND, EVERY_MORNING

pytestmark = pytest.mark.xdist_group("server")
RETURN = "cqc_notifications"
OURS = {"repositoryLocationName": "returns", "repositoryName": "__repository__"}
DAILY = OURS | {"scheduleName": f"{RETURN}_due"}
LOCATIONS = """{ workspaceOrError { ... on Workspace { locationEntries {
    name loadStatus locationOrLoadError { __typename ... on PythonError { message } } } } } }"""
START_SCHEDULE = """mutation($which: ScheduleSelector!) { startSchedule(scheduleSelector: $which) {
    __typename ... on ScheduleStateResult { scheduleState { status } } ... on PythonError { message } } }"""
TICKS = """query($which: ScheduleSelector!) { scheduleOrError(scheduleSelector: $which) { ... on Schedule {
    cronSchedule scheduleState { ticks { status timestamp runIds runKeys error { message } } } } } }"""
RUN = """query($id: ID!) { runOrError(runId: $id) { ... on Run {
    status tags { key value } assetMaterializations { assetKey { path } partition
        metadataEntries { label ... on IntMetadataEntry { intValue } } }
    eventConnection(limit: 1) { cursor } } } }"""
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


def last_morning() -> datetime:
    """The last moment at which every schedule was due."""
    now = datetime.now(ZoneInfo(ENGLAND))
    six = now.replace(hour=6, minute=0, second=0, microsecond=0)
    return six if six <= now else six - timedelta(days=1)


def loaded(server: Server) -> bool | None:
    (entry,) = server.ask(LOCATIONS)["workspaceOrError"]["locationEntries"]
    assert entry["name"] == "returns"
    if entry["loadStatus"] != "LOADED":
        return None
    if entry["locationOrLoadError"]["__typename"] == "PythonError":
        return None  # the socket is not there yet
    return True


def run_of(server: Server, run_id: str) -> dict[str, Any] | None:
    run = server.ask(RUN, id=run_id)["runOrError"]
    return run if run["status"] in ENDED else None


@pytest.fixture(scope="module")
def tick(server: Server) -> dict[str, Any]:
    """The tick of a schedule that was turned on, then due while the server's daemon was down."""
    server.wait_for("the code location", 120, lambda: loaded(server))
    answer = server.ask(START_SCHEDULE, which=DAILY)["startSchedule"]
    assert answer["scheduleState"]["status"] == "RUNNING", answer
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment("daemon").items():
            patch.setenv(name, value)
        with DagsterInstance.from_config(str(DEPLOY)) as instance:
            (state,) = instance.all_instigator_state()
            before = (last_morning() - timedelta(minutes=1)).timestamp()
            instance.update_instigator_state(state.with_data(ScheduleInstigatorData(EVERY_MORNING, before)))
    server.start("daemon")

    def told() -> dict[str, Any] | None:
        schedule = server.ask(TICKS, which=DAILY)["scheduleOrError"]
        assert schedule["cronSchedule"] == EVERY_MORNING
        done = [t for t in schedule["scheduleState"]["ticks"] if t["status"] != "STARTED"]
        return done[0] if done else None

    return server.wait_for("the tick of six o'clock", 60, told)


@pytest.fixture(scope="module")
def run(server: Server, tick: dict[str, Any]) -> dict[str, Any]:
    (run_id,) = tick["runIds"]
    return server.wait_for("the end of the run", 240, lambda: run_of(server, run_id))


def test_a_schedule_due_while_the_server_was_down_is_caught_up(tick: dict[str, Any]) -> None:
    assert (tick["status"], tick["error"]) == ("SUCCESS", None)
    assert tick["timestamp"] == last_morning().timestamp()
    assert tick["runKeys"] == [f"{RETURN}:northmere:{last_morning():%Y-%m-%d}"]


def test_the_run_of_a_tick_walks_the_road_of_its_return(run: dict[str, Any]) -> None:
    assert run["status"] == "SUCCESS"
    tags = {tag["key"]: tag["value"] for tag in run["tags"]}
    assert tags[f"dagster/partition/{CLIENT}"] == "northmere"
    assert tags[f"dagster/partition/{PERIOD}"] == f"{last_morning():%Y-%m}"
    assert tags["dagster/schedule_name"] == f"{RETURN}_due"
    made = {
        "/".join(event["assetKey"]["path"]): {
            entry["label"]: entry.get("intValue") for entry in event["metadataEntries"]
        }
        for event in run["assetMaterializations"]
    }
    assert made["landed_extracts"]["extracts"] == 3
    loaded = made["loaded_extracts"]
    assert loaded["received"] == loaded["loaded"] + loaded["quarantined"] > 0
    assert made["person_index"]["people"] > 0
    assert made[f"packs/{RETURN}"]["packs"] == 2
    assert "packs/cld" not in made


def test_what_a_run_leaves_is_for_its_own_user_alone(server: Server, run: dict[str, Any]) -> None:
    assert run["status"] == "SUCCESS"
    lake = server.state / "lake"
    packs = list((lake / "packs").rglob("manifest.json"))
    assert len(packs) == 2
    open_to_others = [p for p in lake.rglob("*") if stat.S_IMODE(p.lstat().st_mode) & 0o077]
    assert open_to_others == []


def test_no_secret_is_shown_or_written(server: Server, cluster: Cluster, run: dict[str, Any]) -> None:
    assert run["status"] == "SUCCESS"
    shown = server.ask("{ instance { info daemonHealth { allDaemonStatuses { daemonType healthy } } } }")
    assert "run_monitoring" in shown["instance"]["info"]
    assert cluster.password not in str(shown) + server.told()
    written = [
        p for p in server.state.rglob("*") if p.is_file() and cluster.password.encode() in p.read_bytes()
    ]
    assert written == []
    for table in cluster.query("select tablename from pg_tables where schemaname = 'public'").splitlines():
        rows = cluster.query(
            f"select count(*) from \"{table}\" as t where t::text like '%{cluster.password}%'"
        )
        assert (table, rows) == (table, "0")
