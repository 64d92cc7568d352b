"""How things stand on a day is judged by what somebody set and by the rules of the windows, never guessed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    DagsterInstance,
    Definitions,
    asset,
    build_schedule_context,
)

from orchestration.asset_keys import LANDED_EXTRACTS, packs_key
from orchestration.clients_file import Client
from orchestration.extracts.landing import land
from orchestration.extracts.loading import load
from orchestration.extracts.profile import load_profile
from orchestration.extracts.receipts import read_receipts
from orchestration.returns.confirmations import Confirmation, record
from orchestration.returns.definitions import load_definition, load_definitions, return_folders
from orchestration.settings import Settings, SettingsError, load_settings
from orchestration.standing import closing_on, senders_on
from orchestration.standing_checks import (
    DAY,
    STANDING,
    senders_check,
    standing_checks,
    standing_job,
    standing_schedule,
    window_check,
)
from orchestration.warehouse.build import Submitter
from tests.unit.extracts.tiny_extract import FAMILY, NAME, NHS_NUMBER, provider

OAK = Client(
    "oak_group",
    "Oak",
    "provider",
    True,
    ("oakfield_care", "ash_care", "elm_care"),
    (Submitter("1-1", "location", "1-1", "Oak House", {}), Submitter("1-2", "location", "1-2", "Elm", {})),
    expected_days={"oakfield_care": 31, "ash_care": 31},
)
TRACKER = "capacity_tracker"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A client of whom one extract was loaded: that of Oakfield Care, as at the night before 12 October."""
    lake = tmp_path / "lake"
    landed = land(provider().write(tmp_path / "in" / "oak"), OAK.client_id, lake)
    load(landed, OAK.client_id, lake, load_profile())
    return Settings(lake, tmp_path / "in", tmp_path / "c.toml", {OAK.client_id: OAK}, "1GB", 1, None)


def states(settings: Settings, day: date) -> dict[str, tuple[int | None, str, bool]]:
    receipts = read_receipts(OAK.client_id, settings.lake)
    return {s.sender_id: (s.age, s.state, s.is_late) for s in senders_on(OAK, receipts, day)}


def test_a_sender_is_overdue_by_what_the_settings_expect_and_by_nothing_else(settings: Settings) -> None:
    # 23:00 UTC on 11 October is the 12th in England.
    assert states(settings, date(2026, 11, 12))["oakfield_care"] == (31, "heard of", False)
    assert states(settings, date(2026, 11, 13)) == {
        "oakfield_care": (32, "overdue", True),
        "ash_care": (None, "never heard of", True),
        # Nobody said how often it sends: it is told, not judged.
        "elm_care": (None, "never heard of", False),
    }


def pack(settings: Settings, submitter: str, period: str, *, stopped_by: str = "") -> None:
    folder = settings.lake / "packs" / OAK.client_id / submitter / TRACKER / period
    (folder / "abc").mkdir(parents=True)
    if stopped_by:
        told = {"reasons": [{"rule_id": stopped_by, "text": f"{NAME} {FAMILY}"}]}
        (folder / "stopped.json").write_text(json.dumps(told), encoding="utf-8")
    else:
        (folder / "abc" / "manifest.json").write_text("{}", encoding="utf-8")
        (folder / "latest").write_text("abc\n", encoding="utf-8")


def windows(settings: Settings, day: date) -> list[tuple[str, int, str, tuple[str, ...]]]:
    definition = load_definition(return_folders()[TRACKER])
    found = closing_on(definition, [OAK], settings, day)
    return [(one.submitter_id, one.days_left, one.state, one.stopped_by) for one in found]


def test_a_window_that_closes_soon_tells_how_its_pack_stands_until_it_is_handed_in(
    settings: Settings,
) -> None:
    day = date(2026, 10, 12)
    assert windows(settings, date(2026, 10, 1)) == []
    assert windows(settings, day) == [("1-1", 2, "not made", ()), ("1-2", 2, "not made", ())]
    pack(settings, "1-1", "2026-10")
    pack(settings, "1-2", "2026-10", stopped_by="capacity_tracker.occupied_over_capacity")
    pack(settings, "1-2", "2026-09")
    stopped = ("1-2", 2, "stopped", ("capacity_tracker.occupied_over_capacity",))
    assert windows(settings, day) == [("1-1", 2, "ready, not handed in", ()), stopped]
    record(settings.lake, OAK.client_id, Confirmation(TRACKER, "1-1", "2026-10", day))
    assert windows(settings, day) == [stopped]
    assert windows(replace(settings, warn_days=1), day) == []
    assert windows(settings, date(2026, 10, 15)) == []


@pytest.fixture(scope="module")
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as made:
        yield made


def definitions(settings: Settings) -> Definitions:
    """The checks beside assets of the names they are about; none of these is made."""
    checks = standing_checks(settings)
    keys = [LANDED_EXTRACTS, *(packs_key(r) for r in load_definitions())]

    def bare(key):  # type: ignore[no-untyped-def]
        @asset(key=key)
        def made() -> None:
            raise AssertionError("a look at how things stand makes nothing")

        return made

    return Definitions(
        assets=[bare(key) for key in keys],
        asset_checks=[checks],
        jobs=[standing_job(checks)],
        schedules=[standing_schedule()],
    )


def checked(
    settings: Settings, instance: DagsterInstance, tags: dict[str, str]
) -> dict[tuple[str, str], AssetCheckEvaluation]:
    job = definitions(settings).resolve_job_def(STANDING)
    result = job.execute_in_process(instance=instance, tags=tags)
    assert result.success
    told = " ".join(str(event) for event in result.all_events)
    assert not [secret for secret in (NAME, FAMILY, NHS_NUMBER) if secret in told]
    return {(e.asset_key.to_user_string(), e.check_name): e for e in result.get_asset_check_evaluations()}


def test_the_schedule_asks_about_its_own_day_and_each_check_tells_it(
    settings: Settings, instance: DagsterInstance
) -> None:
    pack(settings, "1-1", "2026-11", stopped_by="contract.submitter_was_heard")
    ask = definitions(settings).resolve_schedule_def("standing_every_morning")
    tick = ask.evaluate_tick(
        build_schedule_context(instance, datetime.fromisoformat("2026-11-13T07:00+00:00"))
    )
    (asked,) = tick.run_requests or []
    assert asked.tags[DAY] == "2026-11-13"
    found = checked(settings, instance, {DAY: asked.tags[DAY]})
    assert len(found) == 1 + sum(1 for d in load_definitions().values() if d.window)
    key = senders_check(OAK.client_id)
    senders = found[key.asset_key.to_user_string(), key.name]
    assert (senders.passed, senders.severity) == (False, AssetCheckSeverity.WARN)
    assert "overdue or never heard of: oakfield_care, ash_care" in str(senders.description)
    assert "| oakfield_care | overdue | 2026-10-12 | 32 | 31 days |" in str(senders.metadata["senders"].value)
    key = window_check(TRACKER)
    due = found[key.asset_key.to_user_string(), key.name]
    # The window of November, which opened on the 8th, closes on Monday the 16th: three days are left.
    assert not due.passed and due.metadata["not ready"].value == 2
    assert "| stopped | contract.submitter_was_heard |" in str(due.metadata["windows"].value)


def test_on_the_last_day_an_unready_pack_is_an_error_and_with_nothing_due_the_checks_pass(
    settings: Settings, instance: DagsterInstance
) -> None:
    key = window_check(TRACKER)
    place = (key.asset_key.to_user_string(), key.name)
    last = checked(settings, instance, {DAY: "2026-10-14"})[place]
    assert (last.passed, last.severity) == (False, AssetCheckSeverity.ERROR)
    assert checked(settings, instance, {DAY: "2026-10-20"})[place].passed


def test_without_a_schedule_the_day_is_that_of_the_run(settings: Settings, instance: DagsterInstance) -> None:
    found = checked(settings, instance, {})
    days = {e.metadata["day"].value for e in found.values()}
    assert len(days) == 1
    assert abs((date.fromisoformat(str(days.pop())) - datetime.now().date()).days) <= 1


def test_how_often_a_sender_sends_is_said_in_the_clients_file(tmp_path: Path) -> None:
    text = (
        '[[client]]\nid = "oak"\nname = "Oak"\nkind = "provider"\nsynthetic = true\nsenders = ["ash_care"]\n'
        "expected_days = {{ {} }}\n"
    )
    file = tmp_path / "clients.toml"
    file.write_text(text.format("ash_care = 31"), encoding="utf-8")
    assert load_settings(tmp_path, file, tmp_path, {}).client("oak").expected_days == {"ash_care": 31}
    for wrong in ("elm_care = 31", "ash_care = 0", 'ash_care = "monthly"'):
        file.write_text(text.format(wrong), encoding="utf-8")
        with pytest.raises(SettingsError, match="expected_days"):
            load_settings(tmp_path, file, tmp_path, {})
    file.write_text(text.format(""), encoding="utf-8")
    with pytest.raises(SettingsError, match="RETURNS_WARN_DAYS"):
        load_settings(tmp_path, file, tmp_path, {"RETURNS_WARN_DAYS": "soon"})
