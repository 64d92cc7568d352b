"""`returns backfill` and `returns rerun`: past periods from the command line, told by client and period."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from correcting import forgotten_member_of_staff
from typer.testing import CliRunner

from benchmarks.many_clients.supplier import make_supplier
from orchestration.cli import app
from orchestration.warehouse.build import run_of

pytestmark = pytest.mark.xdist_group("journey")
CLIENT = "oakfield_care"


@pytest.fixture(scope="module")
def supplier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    extracts = tmp_path_factory.mktemp("command") / "made"
    make_supplier(extracts, clients=2, people_each=8)
    return extracts


def returns(extracts: Path, *asked: str) -> tuple[int, str]:
    places = ["--extracts", str(extracts), "--clients", str(extracts / "supplier.toml")]
    ended = CliRunner().invoke(app, [*asked, *places, "--lake", str(extracts.with_name("lake"))])
    return ended.exit_code, ended.output


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "periods.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def filled(supplier: Path) -> tuple[int, str]:
    return returns(supplier, "backfill", "--from", "2026-08", "--to", "2026-11", "--client", CLIENT)


def test_each_period_has_a_row_with_its_day_and_its_packs(supplier: Path, filled: tuple[int, str]) -> None:
    code, said = filled
    rows = rows_of(supplier.with_name("lake") / "batches" / "2026-08_2026-11")
    assert [(r["client_id"], r["reporting_period"], r["as_at_date"]) for r in rows] == [
        (CLIENT, "2026-08", "2026-08-14"),
        (CLIENT, "2026-09", "2026-09-14"),
        (CLIENT, "2026-10", "2026-10-12"),
        (CLIENT, "2026-11", ""),
    ]
    assert rows[0]["not_asked"] == "asc_wds" and rows[2]["not_asked"] == ""
    assert rows[0]["state"] == rows[2]["state"] == "complete"
    assert int(rows[0]["packs_written"]) == 6 and int(rows[2]["packs_written"]) == 8
    assert (rows[3]["state"], code) == ("failed", 1)
    assert "the newest extract is of 2026-10" in rows[3]["why"]
    assert "2 complete, 1 to look at, 1 failed" in said


def test_training_dated_after_the_day_stops_the_staff_file_of_that_day(
    supplier: Path, filled: tuple[int, str]
) -> None:
    (september,) = [
        row
        for row in rows_of(supplier.with_name("lake") / "batches" / "2026-08_2026-11")
        if row["reporting_period"] == "2026-09"
    ]
    assert september["state"] == "look_at"
    assert "asc_wds.training_in_future" in september["why"]


def test_the_oldest_period_comes_first_and_the_newest_is_shown(
    supplier: Path, filled: tuple[int, str]
) -> None:
    lake = supplier.with_name("lake")
    current = run_of(lake / "warehouse" / f"{CLIENT}.duckdb")
    assert current is not None and current.reporting_period == "2026-10"
    assert "October 2026" in (lake / "site" / CLIENT / "index.html").read_text(encoding="utf-8")


def test_a_correction_is_listed_then_made_and_then_nothing_is_left(
    supplier: Path, filled: tuple[int, str]
) -> None:
    assert returns(supplier, "rerun", "--list") == (0, "Nothing that was made is touched.\n")
    forgotten_member_of_staff(supplier, CLIENT, "2026-09-01")
    code, said = returns(supplier, "rerun", "--client", CLIENT, "--json")
    assert code == 0
    rows = json.loads(said)["periods"]
    assert [(r["reporting_period"], r["returns"], r["packs_written"]) for r in rows] == [
        ("2026-09", "capacity_tracker, cqc_pir", 2),
        ("2026-10", "capacity_tracker, cqc_pir", 2),
    ]
    assert [r["packs_unchanged"] for r in rows] == [2, 2]
    assert returns(supplier, "rerun", "--client", CLIENT)[1].endswith("Nothing that was made is touched.\n")


def test_an_order_the_wrong_way_round_is_refused(supplier: Path) -> None:
    code, said = returns(supplier, "backfill", "--from", "2026-10", "--to", "2026-08")
    assert code == 2 and "2026-08 is before 2026-10" in said
