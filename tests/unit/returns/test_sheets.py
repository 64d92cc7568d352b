"""A provider with many locations gets one sheet: a row for each, the answers in the order of the form."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from orchestration.quality.gate import Decision, StopReason
from orchestration.returns.definitions import DefinitionError, ReturnDefinition, load_definition
from orchestration.returns.layouts import LayoutError
from orchestration.returns.sheets import Sheet, write_sheets
from tests.unit.returns.folders import LAYOUT, meals_folder
from tests.unit.returns.warehouses import meals_warehouse

SHEET_LAYOUT = """\
[[file]]
name = "meals.csv"
format = "csv"
model = "ret_meals__file"
order_by = ["submitter_id"]
gathered = true

[[file.column]]
header = "Location"
column = "submitter_id"

[[file.column]]
header = "Name"
column = "place"

[[file.column]]
header = "Eaters"
column = "eaters"

[[file.column]]
header = "Hot"
column = "hot"
"""
LOCATION_COLUMNS = "(location_id varchar, cqc_provider_id varchar, sender_id varchar)"
ANSWERS = "(submitter_id varchar, place varchar, eaters varchar, hot varchar)"
STOP = StopReason("meals.rule", "failed", 1, 1, (), "Wrong.", "the sender", "Put it right.")


def decision(location: str, *reasons: StopReason) -> Decision:
    return Decision("meals", location, tuple(reasons))


def meals(folder: Path) -> ReturnDefinition:
    return load_definition(meals_folder(folder, layout=SHEET_LAYOUT))


def written(
    folder: Path,
    locations: Sequence[tuple[str, str | None, str]],
    answers: Sequence[tuple[str, str, str | None, str | None]],
    decisions: Sequence[Decision],
) -> list[Sheet]:
    """Write the sheets of a warehouse that holds these locations and answers."""

    def rows(table: str, values: Sequence[tuple[str | None, ...]]) -> str:
        told = ", ".join(
            "(" + ", ".join("null" if v is None else "'" + v.replace("'", "''") + "'" for v in row) + ")"
            for row in values
        )
        return f"insert into {table} values {told}"

    changes = [
        f"create table core.core__location {LOCATION_COLUMNS}",
        rows("core.core__location", locations),
        "drop table returns.ret_meals__file",
        f"create table returns.ret_meals__file {ANSWERS}",
        rows("returns.ret_meals__file", answers),
    ]
    warehouse = meals_warehouse(folder / "w" / "w.duckdb", changes)
    return write_sheets(warehouse, meals(folder / "folder"), decisions, "north", folder / "lake")


def table(sheet: Sheet) -> list[list[str]]:
    with sheet.files[0].open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def test_a_provider_has_one_row_per_location_and_another_providers_locations_are_elsewhere(
    tmp_path: Path,
) -> None:
    locations = [("L1", "1-5", "elm"), ("L2", "1-5", "elm"), ("L3", "1-6", "oak")]
    answers = [("L2", "Oak", "3", None), ("L1", "Elm", "12", "0"), ("L3", "Ash", "7", "7")]
    five, six = written(tmp_path, locations, answers, [decision(d) for d in ("L1", "L2", "L3")])
    assert (five.name, five.locations, six.name) == ("1-5", 2, "1-6")
    assert table(five) == [
        ["Location", "Name", "Eaters", "Hot", "state"],
        ["L1", "Elm", "12", "0", "ready"],
        ["L2", "Oak", "3", "", "ready"],
    ]
    assert five.files[0] == tmp_path / "lake" / "sheets" / "north" / "meals" / "2026-10" / "1-5.csv"


def test_a_stopped_location_keeps_its_row_and_gives_no_answer(tmp_path: Path) -> None:
    locations = [("L1", "1-5", "elm"), ("L2", "1-5", "elm")]
    (sheet,) = written(
        tmp_path, locations, [("L1", "Elm", "12", "0")], [decision("L1", STOP), decision("L2", STOP)]
    )
    stopped = "stopped, see stopped.json of its pack"
    assert table(sheet)[1:] == [["L1", "Elm", "", "", stopped], ["L2", "", "", "", stopped]]


def test_names_that_look_like_formulas_compute_nothing(tmp_path: Path) -> None:
    names = ["=1+1", "@SUM(A1)", '+cmd|" /C calc"!A0', "-2+3"]
    locations = [(f"L{n}", "1-5", "elm") for n in range(len(names))]
    answers = [(f"L{n}", name, "-1", None) for n, name in enumerate(names)]
    (sheet,) = written(tmp_path, locations, answers, [decision(f"L{n}") for n in range(len(names))])
    assert [row[1] for row in table(sheet)[1:]] == ["'" + name for name in names]
    page = openpyxl.load_workbook(sheet.files[1]).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value in names} == {"s"}
    assert "f" not in {cell.data_type for cell in cells}


def test_the_workbook_says_what_it_is_and_holds_numbers_as_numbers(tmp_path: Path) -> None:
    (sheet,) = written(tmp_path, [("L1", "1-5", "elm")], [("L1", "Elm", "12", "2.5")], [decision("L1")])
    page = openpyxl.load_workbook(sheet.files[1]).worksheets[0]
    lines = [row[0] for row in page.iter_rows(values_only=True)]
    assert lines[:4] == [
        "Meals served",
        "Period 2026-10; figures as at 2026-10-11; one row per location",
        "To be handed in from 2026-10-08 to 2026-10-14, both included",
        "SYNTHETIC: made-up records, not for submission",
    ]
    assert [cell.value for cell in page[6]] == ["Location", "Name", "Eaters", "Hot", "state"]
    assert [cell.value for cell in page[7]] == ["L1", "Elm", 12, 2.5, "ready"]


def test_two_senders_that_name_one_provider_do_not_see_each_others_locations(tmp_path: Path) -> None:
    locations = [("L1", "1-5", "elm"), ("L2", "1-5", "oak")]
    answers = [("L1", "Elm", "12", "0"), ("L2", "Oak", "3", "1")]
    sheets = written(tmp_path, locations, answers, [decision("L1"), decision("L2")])
    assert [(s.name, s.locations) for s in sheets] == [("1-5.elm", 1), ("1-5.oak", 1)]


@pytest.mark.parametrize("provider", [None, "../../1-5", "a/b", ".hidden", "x" * 41])
def test_a_provider_id_that_is_no_plain_name_names_no_file(tmp_path: Path, provider: str | None) -> None:
    (sheet,) = written(tmp_path, [("L1", provider, "elm")], [("L1", "Elm", "1", "1")], [decision("L1")])
    assert sheet.name == "provider_not_named"
    assert {p.parent for p in (tmp_path / "lake").rglob("*.csv")} == {sheet.files[0].parent}


def test_the_same_answers_give_the_same_bytes_and_a_sheet_of_nobody_goes(tmp_path: Path) -> None:
    locations, answers = [("L1", "1-5", "elm")], [("L1", "Elm", "12", "0")]
    (first,) = written(tmp_path / "a", locations, answers, [decision("L1")])
    (again,) = written(tmp_path / "b", locations, answers, [decision("L1")])
    assert [f.read_bytes() for f in first.files] == [f.read_bytes() for f in again.files]
    place = first.files[0].parent
    (place / "1-4.csv").write_text("of a provider that is no longer here", encoding="utf-8")
    moved = [("L1", "1-7", "elm")]
    (tmp_path / "c").mkdir()
    (place.parents[3]).rename(tmp_path / "c" / "lake")
    (now,) = written(tmp_path / "c", moved, answers, [decision("L1")])
    assert {p.name for p in now.files[0].parent.iterdir()} == {"1-7.csv", "1-7.xlsx"}


def test_a_return_without_a_gathered_file_has_no_sheet(tmp_path: Path) -> None:
    plain = load_definition(meals_folder(tmp_path / "plain"))
    assert write_sheets(tmp_path / "none.duckdb", plain, [decision("L1")], "north", tmp_path) == []


def test_two_rows_of_one_location_are_refused(tmp_path: Path) -> None:
    answers = [("L1", "Elm", "12", "0"), ("L1", "Elm", "13", "0")]
    with pytest.raises(LayoutError, match="several rows for L1"):
        written(tmp_path, [("L1", "1-5", "elm")], answers, [decision("L1")])


def test_only_a_csv_file_can_be_gathered(tmp_path: Path) -> None:
    spoilt = LAYOUT.replace('format = "xlsx"\n', 'format = "xlsx"\ngathered = true\n')
    with pytest.raises(DefinitionError, match="gathered must be true, and of a csv file"):
        load_definition(meals_folder(tmp_path, layout=spoilt))


def test_a_return_that_could_not_be_built_is_stopped_for_everybody(tmp_path: Path) -> None:
    warehouse = meals_warehouse(tmp_path / "w.duckdb", ["drop table returns.ret_meals__file"])
    folder = meals(tmp_path / "folder")
    (sheet,) = write_sheets(warehouse, folder, [decision("L1", STOP)], "north", tmp_path / "lake")
    assert table(sheet)[1:] == [["L1", "", "", "", "stopped, see stopped.json of its pack"]]
    with pytest.raises(LayoutError, match="ret_meals__file is not in the warehouse"):
        write_sheets(warehouse, folder, [decision("L1")], "north", tmp_path / "lake")
