"""The Capacity Tracker folder agrees with itself: cells, answer sheet and layout name the same things."""

from __future__ import annotations

import tomllib

import yaml

from orchestration.extracts.profile import load_profile, read_rows
from tests.returns.example_warehouse import RETURNS, built, query

FOLDER = RETURNS / "capacity_tracker"
CELLS = read_rows(FOLDER / "cells.csv")
EXPORT = [row["column"] for row in CELLS]
ABOUT_THE_LOCATION = ["submitter_id", "cqcid", "odscode", "location_name", "care_setting", "as_at_date"]


def answer_sheet() -> list[dict[str, object]]:
    """Return the answer sheet of the care home example."""
    example = FOLDER / "examples" / "care_home"
    return query(built(example), "select * from returns.ret_capacity_tracker__answer_sheet order by 1")


def test_the_answer_sheet_has_one_column_per_cell_in_the_order_of_the_cells() -> None:
    columns = [c for c in answer_sheet()[0] if c not in ABOUT_THE_LOCATION]
    assert columns == EXPORT


def test_the_answer_sheet_shows_numbers_where_there_are_answers_and_blanks_elsewhere() -> None:
    alder, beech = answer_sheet()
    assert (alder["maxcapacity"], alder["usedbeds"], alder["noncareworkersemployed"]) == ("18", "10", "0")
    assert (beech["maxcapacity"], beech["usedbeds"], beech["noncareworkersemployed"]) == ("12", "0", None)
    assert alder["serviceusercount"] is None


def test_the_layout_hands_over_every_column_of_the_answer_sheet() -> None:
    layout = tomllib.loads((FOLDER / "layout" / "layout.toml").read_text(encoding="utf-8"))
    bulk = next(file for file in layout["file"] if file["format"] == "csv")
    assert [c["column"] for c in bulk["column"]] == [*ABOUT_THE_LOCATION[1:], *EXPORT]


def test_every_staff_group_has_a_cell_of_each_kind_of_employment_in_care_homes() -> None:
    groups = set(load_profile().code_lists["ours_staff_group"].codes)
    codes = read_rows(FOLDER / "codes.csv")
    for code_set in ("care_home_directly_employed", "care_home_agency_or_bank"):
        assert {row["from_code"] for row in codes if row["code_set"] == code_set} == groups


def test_every_code_stands_for_a_cell() -> None:
    cells = {row["cell_id"] for row in CELLS}
    assert {row["code"] for row in read_rows(FOLDER / "codes.csv")} <= cells


def test_a_cell_no_record_answers_says_what_would_have_to_be_recorded() -> None:
    assert [row["cell_id"] for row in CELLS if not row["missing_item"]] == []


def test_every_cell_is_explained_in_the_method() -> None:
    method = (FOLDER / "method.md").read_text(encoding="utf-8")
    assert [row["cell_id"] for row in CELLS if f"`{row['item_id']}`" not in method] == []


def test_every_rule_is_explained_in_the_method() -> None:
    method = (FOLDER / "method.md").read_text(encoding="utf-8")
    assert [r["rule_id"] for r in read_rows(FOLDER / "rules.csv") if f"`{r['rule_id']}`" not in method] == []


def test_every_rule_has_a_planted_fault_it_finds() -> None:
    """In an example, or in a unit test of its model where the fault lies in what earlier months left."""
    examples = FOLDER.glob("examples/*/expected/failing_rows.csv")
    found = {row["rule_id"] for file in examples for row in read_rows(file)}
    tested = {
        test["model"]
        for test in yaml.safe_load((FOLDER / "models" / "capacity_tracker.yml").read_text())["unit_tests"]
        if test["expect"]["rows"]
    }
    rules = read_rows(FOLDER / "rules.csv")
    assert [r["rule_id"] for r in rules if r["rule_id"] not in found and r["model"] not in tested] == []
