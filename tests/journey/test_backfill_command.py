"""`returns backfill` and `returns rerun`: past periods from the command line, told by client and period."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from correcting import forgotten_member_of_staff
from typer.testing import CliRunner

from benchmarks.many_clients.supplier import make_supplier
from orchestration.cli import app
from orchestration.warehouse.build import run_of

pytestmark = pytest.mark.xdist_group("journey")
CLIENT, LOCATION, SILENT = "harbour_homes", "1-900000005", "nobody_sends"
NOBODY = f"""
[[client]]
id = "{SILENT}"
name = "Nobody Sends"
kind = "provider"
synthetic = true
senders = ["{SILENT}"]
"""


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its exit code, what it printed, and the rows it wrote."""

    code: int
    said: str
    rows: list[dict[str, str]]


@pytest.fixture(scope="module")
def supplier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extracts of a supplier, and a clients file that also names a client nobody sends anything for."""
    extracts = tmp_path_factory.mktemp("command") / "made"
    clients = make_supplier(extracts, clients=2, people_each=8)
    entries = clients.read_text(encoding="utf-8").split("[[client]]\n")
    (own,) = [entry for entry in entries if f'id = "{CLIENT}"' in entry]
    clients.write_text(f"[[client]]\n{own}{NOBODY}", encoding="utf-8")
    return extracts


def returns(extracts: Path, *asked: str, written: str = "") -> Ended:
    lake = extracts.with_name("lake")
    places = ["--extracts", str(extracts), "--clients", str(extracts / "supplier.toml"), "--lake", str(lake)]
    ended = CliRunner().invoke(app, [*asked, *places])
    if not written:
        return Ended(ended.exit_code, ended.output, [])
    with (lake / "batches" / written / "periods.csv").open(encoding="utf-8", newline="") as handle:
        return Ended(ended.exit_code, ended.output, list(csv.DictReader(handle)))


@pytest.fixture(scope="module")
def filled(supplier: Path) -> Ended:
    return returns(supplier, "backfill", "--from", "2026-09", "--to", "2026-11", written="2026-09_2026-11")


def test_each_period_has_a_row_with_its_day_and_its_packs(filled: Ended) -> None:
    assert [(r["client_id"], r["reporting_period"], r["as_at_date"], r["state"]) for r in filled.rows] == [
        (CLIENT, "2026-09", "2026-09-14", "complete"),
        (CLIENT, "2026-10", "2026-10-12", "complete"),
        (CLIENT, "2026-11", "", "failed"),
        (SILENT, "", "", "failed"),
    ]
    before_extracts, now = filled.rows[:2]
    assert (
        before_extracts["returns"]
        == now["returns"]
        == "asc_wds, capacity_tracker, cqc_notifications, cqc_pir"
    )
    assert before_extracts["packs_written"] == now["packs_written"] == "4"


def test_the_end_counts_the_periods_and_something_to_look_at_ends_with_1(filled: Ended) -> None:
    assert filled.code == 1
    assert "Periods: 2 complete, 0 to look at, 2 failed." in filled.said
    assert "Packs:   8 written, 0 unchanged, 0 changed by hand and left, 0 stopped." in filled.said


def test_a_period_after_every_extract_and_a_client_without_any_end_with_a_plain_line(filled: Ended) -> None:
    lines = filled.said.splitlines()
    (not_yet,) = [line for line in lines if line.startswith(f"{CLIENT} 2026-11")]
    assert "nothing is known of it yet: the newest extract is of 2026-10" in not_yet
    (silent,) = [line for line in lines if line.startswith(SILENT)]
    assert f"there is no extract for client '{SILENT}'" in silent
    assert "Traceback" not in filled.said


def test_the_newest_period_is_the_one_that_is_shown(supplier: Path, filled: Ended) -> None:
    lake = supplier.with_name("lake")
    current = run_of(lake / "warehouse" / f"{CLIENT}.duckdb")
    assert current is not None and current.reporting_period == "2026-10"
    assert "October 2026" in (lake / "site" / CLIENT / "index.html").read_text(encoding="utf-8")


def test_when_no_period_could_be_filled_it_ends_with_2(supplier: Path, filled: Ended) -> None:
    later = ("backfill", "--from", "2026-11", "--to", "2026-12", "--client", CLIENT)
    ended = returns(supplier, *later, written="2026-11_2026-12")
    assert (ended.code, [row["state"] for row in ended.rows]) == (2, ["failed", "failed"])
    assert returns(supplier, "rerun", "--client", SILENT).code == 2


def test_an_order_the_wrong_way_round_is_refused(supplier: Path) -> None:
    ended = returns(supplier, "backfill", "--from", "2026-10", "--to", "2026-08")
    plain = " ".join(re.sub(r"[^\w\s-]", " ", ended.said).split())
    assert ended.code == 2 and "2026-08 is before 2026-10" in plain


def test_a_correction_is_listed_then_made_and_then_nothing_is_left(supplier: Path, filled: Ended) -> None:
    nothing = returns(supplier, "rerun", "--list")
    assert (nothing.code, nothing.said) == (0, "Nothing that was made is touched.\n")
    forgotten_member_of_staff(supplier / CLIENT, LOCATION, "2026-09-20")
    made = returns(supplier, "rerun", "--client", CLIENT, "--json")
    assert made.code == 0
    (row,) = json.loads(made.said)["periods"]
    assert (row["reporting_period"], row["as_at_date"]) == ("2026-10", "2026-10-12")
    assert (row["returns"], row["packs_written"]) == ("capacity_tracker, cqc_pir", 2)
    again = returns(supplier, "rerun", "--client", CLIENT)
    assert again.code == 0 and again.said.endswith("Nothing that was made is touched.\n")


def test_two_versions_of_a_corrected_pack_are_compared(supplier: Path, filled: Ended) -> None:
    place = supplier.with_name("lake") / "packs" / CLIENT / LOCATION / "capacity_tracker"
    ended = CliRunner().invoke(app, ["compare", str(place / "2026-10")])
    assert ended.exit_code == 0 and "care_employed" in ended.output
    alone = CliRunner().invoke(app, ["compare", str(place / "2026-09")])
    assert alone.exit_code != 0
