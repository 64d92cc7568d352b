"""A location that changed owner keeps its past; two locations that were ever open at once are two."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from orchestration.returns.confirmations import Confirmation
from orchestration.returns.definitions import ReturnDefinition, load_definition
from orchestration.returns.earlier_packs import earlier_figures
from orchestration.returns.missed import missed_windows
from orchestration.returns.same_place import EarlierId, earlier_ids, ids_by_location, under_new_ids
from orchestration.warehouse.build import Submitter
from tests.returns.example_warehouse import RETURNS

DAY = date(2026, 10, 12)
NEW = Submitter("1-2", "location", "1-2", "Oak House")
OLD_ROW = {"id": "1-1", "before": None, "registered": "2015-04-01", "gone": "2026-08-01"}
NEW_ROW = {"id": "1-2", "before": "1-1", "registered": "2026-08-01", "gone": None}


def care_providers(folder: Path, *rows: dict[str, str | None]) -> list[Path]:
    """Write Care provider records as loading does, each with a version and its provenance."""
    written = [
        {
            "record_uid": row.get("uid") or row["id"],
            "version_number": int(row.get("version") or 1),
            "cqc_location_id": row["id"],
            "predecessor_cqc_location_id": row["before"],
            "registration_date": date.fromisoformat(row["registered"]) if row["registered"] else None,
            "deregistration_date": date.fromisoformat(row["gone"]) if row["gone"] else None,
            "_sender_id": "homes",
            "_extract_id": "e" * 16,
            "_as_at": date(2026, 10, 11),
            "_source_row": number,
            "_record_key": f"homes:care_provider:{row['id']}",
        }
        for number, row in enumerate(rows, start=2)
    ]
    file = folder / "care_provider.parquet"
    pl.DataFrame(written, infer_schema_length=None).write_parquet(file)
    return [file]


def followed(
    folder: Path, *rows: dict[str, str | None], submitters: tuple[str, ...] = ("1-2",)
) -> dict[str, tuple[str, ...]]:
    return ids_by_location(earlier_ids(care_providers(folder, *rows), submitters, DAY))


def test_a_location_that_changed_owner_goes_by_its_earlier_id_too(tmp_path: Path) -> None:
    assert followed(tmp_path, OLD_ROW, NEW_ROW) == {"1-2": ("1-1",)}


def test_an_owner_before_the_last_is_followed_as_well(tmp_path: Path) -> None:
    first = {"id": "1-0", "before": None, "registered": "2011-04-01", "gone": "2015-03-31"}
    assert followed(tmp_path, first, OLD_ROW | {"before": "1-0"}, NEW_ROW) == {
        "1-2": ("1-1", "1-0"),
        "1-1": ("1-0",),
    }


@pytest.mark.parametrize(
    "gone",
    [None, "2026-08-02", "2026-12-31"],
    ids=["still registered", "one day of both", "will be deregistered"],
)
def test_two_locations_registered_at_once_are_not_merged(tmp_path: Path, gone: str | None) -> None:
    assert followed(tmp_path, OLD_ROW | {"gone": gone}, NEW_ROW) == {}


def test_without_a_registration_date_the_earlier_one_must_be_gone_by_the_day(tmp_path: Path) -> None:
    new = NEW_ROW | {"registered": None}
    assert followed(tmp_path, OLD_ROW | {"gone": "2026-10-12"}, new) == {"1-2": ("1-1",)}
    assert followed(tmp_path, OLD_ROW | {"gone": "2026-10-13"}, new) == {}


def test_an_earlier_id_without_a_record_is_gone_unless_it_still_owes(tmp_path: Path) -> None:
    assert followed(tmp_path, NEW_ROW) == {"1-2": ("1-1",)}
    assert followed(tmp_path, NEW_ROW, submitters=("1-1", "1-2")) == {}


def test_a_location_that_was_parted_leaves_its_past_to_nobody(tmp_path: Path) -> None:
    assert followed(tmp_path, OLD_ROW, NEW_ROW, NEW_ROW | {"id": "1-3"}) == {}


def test_the_newest_version_of_a_record_counts(tmp_path: Path) -> None:
    corrected = NEW_ROW | {"before": None, "version": "2"}
    assert followed(tmp_path, OLD_ROW, NEW_ROW, corrected) == {}


def test_locations_that_name_each_other_come_to_an_end(tmp_path: Path) -> None:
    one = {"id": "1-1", "before": "1-2", "registered": "2020-01-01", "gone": "2020-01-01"}
    other = {"id": "1-2", "before": "1-1", "registered": "2020-01-01", "gone": "2020-01-01"}
    assert followed(tmp_path, one, other) == {"1-1": ("1-2",), "1-2": ("1-1",)}


def test_nobody_sent_a_location(tmp_path: Path) -> None:
    assert earlier_ids([], (), DAY) == []


def tracker() -> ReturnDefinition:
    return load_definition(RETURNS / "capacity_tracker")


def confirmed(location: str, *months: str) -> list[Confirmation]:
    return [Confirmation("capacity_tracker", location, m, date.fromisoformat(f"{m}-09")) for m in months]


def test_missed_windows_run_on_over_a_change_of_owner() -> None:
    # The old owner handed in until June and missed July; the new one missed August and September.
    known = under_new_ids(confirmed("1-1", "2026-05", "2026-06"), {"1-2": ("1-1",)})
    counted = missed_windows(tracker(), NEW, DAY, known)
    assert counted is not None
    assert (counted.counted, counted.running, counted.is_reached) == (5, 3, True)
    alone = missed_windows(tracker(), NEW, DAY, confirmed("1-1", "2026-05", "2026-06"))
    assert alone is not None and alone.counted == 0


def test_what_was_handed_in_stays_with_the_earlier_id_too() -> None:
    both = under_new_ids(confirmed("1-1", "2026-06"), {"1-2": ("1-1",)})
    assert [c.submitter_id for c in both] == ["1-1", "1-2"]


def pack(lake: Path, location: str, month: str, occupied: str) -> None:
    """A pack with one figure."""
    folder = lake / "packs" / "north" / location / "capacity_tracker" / month
    (folder / "v1").mkdir(parents=True)
    (folder / "latest").write_text("v1\n", encoding="utf-8")
    (folder / "v1" / "manifest.json").write_text(json.dumps({}), encoding="utf-8")
    row = f"occupied,{occupied},,filled\r\n"
    (folder / "v1" / "figures.csv").write_text(f"cell_id,value,value_text,outcome\r\n{row}", encoding="utf-8")


def test_earlier_figures_are_those_of_the_same_place_and_its_own_come_first(tmp_path: Path) -> None:
    for location, month, occupied in (
        ("1-2", "2026-10", "9"),
        ("1-2", "2026-09", "8"),
        ("1-1", "2026-09", "80"),
        ("1-1", "2026-08", "7"),
        ("1-9", "2026-07", "6"),
    ):
        pack(tmp_path, location, month, occupied)
    found = earlier_figures(tmp_path, "north", tracker(), [NEW], "2026-10", {"1-2": ("1-1",)})
    assert [(f.period_label, f.periods_back, str(f.value)) for f in found] == [
        ("2026-09", 1, "8"),
        ("2026-08", 2, "7"),
    ]
    assert {(f.submitter_id, f.periods_asked) for f in found} == {("1-2", 3)}


def test_a_location_that_names_nobody_has_its_own_earlier_figures_only(tmp_path: Path) -> None:
    pack(tmp_path, "1-1", "2026-09", "80")
    assert earlier_figures(tmp_path, "north", tracker(), [NEW], "2026-10", {}) == []


def test_each_step_back_is_told() -> None:
    found = [EarlierId("1-3", "1-1", 2), EarlierId("1-3", "1-2", 1)]
    assert ids_by_location(found) == {"1-3": ("1-2", "1-1")}
