"""The day of a run nobody named one for: told by extracts, packs and the calendar, not by a clock."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from orchestration.as_at import as_at_of
from orchestration.extracts.offered import extracts_in
from orchestration.returns.definitions import load_definitions
from orchestration.settings import DEFAULT_CLIENTS, SAMPLE, Settings, load_settings

CLIENT, HOME = "northmere", "1-900000002"
NEWEST = date(2026, 10, 12)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path / "lake", DEFAULT_CLIENTS, SAMPLE, {})


def day_of(settings: Settings, period: str, *returns: str) -> date:
    owed = {r: d for r, d in load_definitions().items() if not returns or r in returns}
    return as_at_of(settings, settings.client(CLIENT), period, owed, extracts_in(SAMPLE))


def made(settings: Settings, return_id: str, label: str, period: str, day: str) -> None:
    place = settings.lake / "packs" / CLIENT / HOME / return_id / label
    place.mkdir(parents=True)
    told = {"reporting_period": period, "as_at_date": day, "extracts": []}
    (place / "made_from.json").write_text(json.dumps(told), encoding="utf-8")


def test_the_period_of_the_newest_extract_stands_for_the_day_of_that_extract(settings: Settings) -> None:
    assert day_of(settings, "2026-10") == NEWEST
    assert day_of(settings, "2026-11") == NEWEST


def test_a_period_that_has_passed_stands_for_the_last_day_of_its_window(settings: Settings) -> None:
    assert day_of(settings, "2026-09") == date(2026, 9, 14)
    # The 14th of June 2026 is a Sunday.
    assert day_of(settings, "2026-06") == date(2026, 6, 15)


def test_without_a_monthly_window_it_stands_for_the_last_day_of_the_month(settings: Settings) -> None:
    assert day_of(settings, "2026-06", "cld") == date(2026, 6, 30)


def test_a_period_whose_packs_were_made_is_asked_for_the_same_day_again(settings: Settings) -> None:
    made(settings, "capacity_tracker", "2026-09", "2026-09", "2026-09-10")
    made(settings, "cqc_notifications", "2026-09-28", "2026-09", "2026-09-28")
    assert day_of(settings, "2026-09") == date(2026, 9, 10)
    assert day_of(settings, "2026-09", "cqc_notifications") == date(2026, 9, 28)
    assert day_of(settings, "2026-08") == date(2026, 8, 14)


def test_the_period_of_the_newest_extract_moves_on_with_it_though_packs_were_made(settings: Settings) -> None:
    made(settings, "capacity_tracker", "2026-10", "2026-10", "2026-10-08")
    assert day_of(settings, "2026-10") == NEWEST
