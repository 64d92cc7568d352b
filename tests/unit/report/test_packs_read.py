"""What a figure is compared with: packs of the periods before, also under an earlier id of the location."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from orchestration.quality.gate import Decision, StopReason
from orchestration.report.facts import OwedReturn, Period
from orchestration.report.packs_read import pack_history
from orchestration.returns.definitions import load_definition
from tests.returns.example_warehouse import RETURNS

OWED = OwedReturn(
    definition=load_definition(RETURNS / "capacity_tracker"),
    period=Period("2026-10", date(2026, 10, 1), date(2026, 10, 31), None, None, "2024-04"),
    submitter_id="1-2",
    submitter_name="Oak House",
    decision=Decision("capacity_tracker", "1-2", ()),
    verdicts=(),
    faults=(),
    senders=(),
)


def pack(lake: Path, location: str, month: str) -> None:
    folder = lake / "packs" / "north" / location / "capacity_tracker" / month
    (folder / "v1").mkdir(parents=True)
    (folder / "latest").write_text("v1\n", encoding="utf-8")
    (folder / "v1" / "manifest.json").write_text(
        json.dumps({"version": f"{location} {month}"}), encoding="utf-8"
    )
    (folder / "v1" / "figures.csv").write_text(
        "cell_id,value,outcome\r\noccupied,8,filled\r\n", encoding="utf-8"
    )


def history(lake: Path, owed: OwedReturn) -> list[str]:
    return [found.version for found in pack_history(lake, "north", owed)]


def test_a_location_that_changed_owner_goes_on_where_its_earlier_id_left_off(tmp_path: Path) -> None:
    for location, month in (("1-1", "2026-08"), ("1-1", "2026-09"), ("1-2", "2026-09"), ("1-2", "2026-10")):
        pack(tmp_path, location, month)
    followed = replace(OWED, earlier_ids=("1-1",))
    assert history(tmp_path, followed) == ["1-1 2026-08", "1-2 2026-09", "1-2 2026-10"]
    assert history(tmp_path, OWED) == ["1-2 2026-09", "1-2 2026-10"]


def test_a_blocked_return_and_a_later_period_show_no_pack(tmp_path: Path) -> None:
    for month in ("2026-09", "2026-10", "2026-11"):
        pack(tmp_path, "1-2", month)
    stopped = StopReason("r", "failed", 1, 1, (), "Wrong.", "the sender", "Put it right.")
    blocked = replace(OWED, decision=Decision("capacity_tracker", "1-2", (stopped,)))
    assert history(tmp_path, blocked) == ["1-2 2026-09"]
    assert history(tmp_path, OWED) == ["1-2 2026-09", "1-2 2026-10"]


def test_the_first_pack_of_a_location_has_nothing_before_it(tmp_path: Path) -> None:
    assert history(tmp_path, replace(OWED, earlier_ids=("1-1",))) == []
