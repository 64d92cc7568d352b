"""A server does its work unattended: on PostgreSQL, by its own units, from a tick to a pack."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cluster import DATABASE, USER, Cluster
from dagster import DagsterInstance
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import ScheduleInstigatorData
from image import health_check
from serving import Server, what_is_in
from units import DEPLOY, INSTALLED, SERVICES

from orchestration.partitions import CLIENT, PERIOD
from orchestration.returns.definitions import return_folders
from orchestration.schedules import ENGLAND, EVERY_MORNING

RETURN = "cqc_notifications"
OURS = {"repositoryLocationName": "returns", "repositoryName": "__repository__"}
DAILY = OURS | {"scheduleName": f"{RETURN}_due"}
ARRIVALS = OURS | {"sensorName": "arrivals"}
LOCATIONS = """{ workspaceOrError { ... on Workspace { locationEntries {
    name loadStatus locationOrLoadError { __typename ... on PythonError { message } } } } } }"""
START_SCHEDULE = """mutation($which: ScheduleSelector!) { startSchedule(scheduleSelector: $which) {
    __typename ... on ScheduleStateResult { scheduleState { status } } ... on PythonError { message } } }"""
START_SENSOR = """mutation($which: SensorSelector!) { startSensor(sensorSelector: $which) {
    __typename ... on Sensor { sensorState { status } } ... on PythonError { message } } }"""
TICKS_OF_SCHEDULE = """query($which: ScheduleSelector!) { scheduleOrError(scheduleSelector: $which) {
    ... on Schedule { cronSchedule scheduleState { ticks {
        status timestamp runIds runKeys error { message } } } } } }"""
TICKS_OF_SENSOR = """query($which: SensorSelector!) { sensorOrError(sensorSelector: $which) {
    ... on Sensor { sensorState { ticks { status runIds runKeys skipReason error { message } } } } } }"""
STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
RUN = """query($id: ID!) { runOrError(runId: $id) { ... on Run {
    status startTime endTime tags { key value } assetMaterializations { assetKey { path } partition
        metadataEntries { label ... on IntMetadataEntry { intValue } } } } } }"""
# Dagster makes these two, empty, before it asks whether telemetry is on, and goes on where it cannot.
TELEMETRY = {"deploy/logs", "deploy/.logs_queue"}
# Seconds; a machine that does much else takes its time.
LONGEST = 600
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
    # All that a run materialised is a long answer: it is asked for once.
    if server.ask(STATUS, id=run_id)["runOrError"]["status"] not in ENDED:
        return None
    run: dict[str, Any] = server.ask(RUN, id=run_id)["runOrError"]
    return run


def made_by(run: dict[str, Any]) -> dict[str, dict[str, int | None]]:
    """The whole numbers that each materialised asset of a run tells."""
    return {
        "/".join(event["assetKey"]["path"]): {
            entry["label"]: entry.get("intValue") for entry in event["metadataEntries"]
        }
        for event in run["assetMaterializations"]
    }


@pytest.fixture(scope="module")
def unattended(server: Server) -> bool:
    """Turn a schedule and a sensor on; the one was due while the daemon was down. Did the daemon live?"""
    server.wait_for("the code location", LONGEST, lambda: loaded(server))
    schedule = server.ask(START_SCHEDULE, which=DAILY)["startSchedule"]
    assert schedule["scheduleState"]["status"] == "RUNNING", schedule
    sensor = server.ask(START_SENSOR, which=ARRIVALS)["startSensor"]
    assert sensor["sensorState"]["status"] == "RUNNING", sensor
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment("daemon").items():
            patch.setenv(name, value)
        with DagsterInstance.from_config(str(DEPLOY)) as instance:
            (state,) = instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
            before = (last_morning() - timedelta(minutes=1)).timestamp()
            instance.update_instigator_state(state.with_data(ScheduleInstigatorData(EVERY_MORNING, before)))
    lived_before = server.run("daemon", *health_check("daemon")).returncode == 0
    server.start("daemon")
    return lived_before


@pytest.fixture(scope="module")
def tick(server: Server, unattended: bool) -> dict[str, Any]:
    def told() -> dict[str, Any] | None:
        schedule = server.ask(TICKS_OF_SCHEDULE, which=DAILY)["scheduleOrError"]
        assert schedule["cronSchedule"] == EVERY_MORNING
        done = [t for t in schedule["scheduleState"]["ticks"] if t["status"] != "STARTED"]
        return done[0] if done else None

    return server.wait_for("the tick of six o'clock", LONGEST, told)


@pytest.fixture(scope="module")
def arrival(server: Server, unattended: bool) -> dict[str, Any]:
    def told() -> dict[str, Any] | None:
        ticks = server.ask(TICKS_OF_SENSOR, which=ARRIVALS)["sensorOrError"]["sensorState"]["ticks"]
        done = [t for t in ticks if t["status"] != "STARTED"]
        return done[-1] if done else None

    return server.wait_for("the first look for arrived extracts", LONGEST, told)


@pytest.fixture(scope="module")
def run(server: Server, tick: dict[str, Any]) -> dict[str, Any]:
    (run_id,) = tick["runIds"]
    return server.wait_for("the end of the scheduled run", LONGEST, lambda: run_of(server, run_id))


@pytest.fixture(scope="module")
def whole_run(server: Server, arrival: dict[str, Any]) -> dict[str, Any]:
    (run_id,) = arrival["runIds"]
    return server.wait_for("the end of the run of what arrived", LONGEST, lambda: run_of(server, run_id))


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
    made = made_by(run)
    assert made["landed_extracts"]["extracts"] == 3
    loaded = made["loaded_extracts"]
    assert loaded["received"] == loaded["loaded"] + loaded["quarantined"] > 0
    assert made["person_index"]["people"] > 0
    assert made[f"packs/{RETURN}"]["packs"] == 2
    assert "packs/cld" not in made


def test_a_sensor_asks_for_one_run_of_what_has_arrived(arrival: dict[str, Any]) -> None:
    assert (arrival["status"], arrival["error"]) == ("SUCCESS", None)
    (key,) = arrival["runKeys"]
    assert key.startswith("arrived:northmere:2026-10:")


def test_the_run_of_what_arrived_walks_the_whole_road(whole_run: dict[str, Any]) -> None:
    assert whole_run["status"] == "SUCCESS"
    tags = {tag["key"]: tag["value"] for tag in whole_run["tags"]}
    assert tags[f"dagster/partition/{PERIOD}"] == "2026-10"
    assert tags["dagster/sensor_name"] == "arrivals"
    assert tags["returns/senders"] == "northmere_council, oakfield_care, pds_trace"
    made = made_by(whole_run)
    assert {f"packs/{return_id}" for return_id in return_folders()} <= set(made)
    assert made["packs/cld"]["packs"] == 1
    assert "report_site" in made


def test_two_runs_of_one_client_are_never_at_work_at_once(
    run: dict[str, Any], whole_run: dict[str, Any]
) -> None:
    first, second = sorted((run, whole_run), key=lambda told: told["startTime"])
    assert first["endTime"] <= second["startTime"]


def test_what_runs_leave_is_for_their_own_user_alone(
    server: Server, run: dict[str, Any], whole_run: dict[str, Any]
) -> None:
    assert run["status"] == whole_run["status"] == "SUCCESS"
    lake = server.state / "lake"
    packs = {path.parts[-4] for path in (lake / "packs").rglob("manifest.json")}
    assert packs == set(return_folders())
    open_to_others = [p for p in server.state.rglob("*") if stat.S_IMODE(p.lstat().st_mode) & 0o077]
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


def test_the_installed_tree_is_never_written_to(server: Server, run: dict[str, Any]) -> None:
    assert run["status"] == "SUCCESS"
    assert len(server.laid_out) > 500
    now = {name: when for name, when in what_is_in(server.installed).items() if name not in TELEMETRY}
    assert {name for name in now if now[name] != server.laid_out.get(name)} <= {"deploy"}
    assert set(now) == set(server.laid_out)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_lives_passes_its_health_check(
    server: Server, tick: dict[str, Any], service: str
) -> None:
    assert tick["status"] == "SUCCESS"  # the daemon has been at work
    check = [word.replace(":3000/", f":{server.port}/") for word in health_check(service)]
    done = server.run(service, *check)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_service_that_is_dead_does_not_pass_it(server: Server, unattended: bool) -> None:
    assert unattended is False
    nobody_listens = [word.replace(":3000/", ":9/") for word in health_check("webserver")]
    assert server.run("webserver", *nobody_listens).returncode != 0


def test_a_database_of_this_version_has_nothing_to_migrate(server: Server, run: dict[str, Any]) -> None:
    assert run["status"] == "SUCCESS"
    done = server.run("daemon", f"{INSTALLED}/.venv/bin/dagster", "instance", "migrate")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_backup_of_the_database_brings_back_every_run_and_tick(
    cluster: Cluster, run: dict[str, Any]
) -> None:
    assert run["status"] == "SUCCESS"
    where = ["-h", str(cluster.folder), "-U", USER]
    backup = cluster.run("pg_dump", *where, "--format=custom", DATABASE)
    cluster.run("createdb", *where, "restored")
    cluster.run("pg_restore", *where, "--exit-on-error", "-d", "restored", stdin=backup)
    for table in ("runs", "event_logs", "job_ticks", "instigators", "asset_keys"):
        count = f"select count(*) from {table}"
        assert cluster.query(count, "restored") == cluster.query(count) != "0", table
