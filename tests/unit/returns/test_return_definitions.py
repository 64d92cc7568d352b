"""A return folder becomes a definition, or every mistake in it is told at once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from orchestration.returns.definitions import DefinitionError, load_definition, load_definitions
from orchestration.returns.validity import in_force
from tests.unit.returns import folders
from tests.unit.returns.folders import meals_folder


def test_a_folder_is_read_into_typed_objects(tmp_path: Path) -> None:
    meals = load_definition(meals_folder(tmp_path))
    assert meals.return_id == "meals"
    assert meals.window is not None and (meals.window.opens_day, meals.window.closes_day) == (8, 14)
    assert [c.cell_id for c in meals.cells] == ["eaters", "eaters.hot", "menu", "hours"]
    assert [r.severity for r in meals.rules] == ["error", "warning"]
    assert [(f.name, f.kind, f.restricted) for f in meals.layout] == [
        ("meals.csv", "rows", True),
        ("answers.xlsx", "answer_sheet", False),
    ]
    assert [c.header for c in meals.layout[0].columns] == ["Location", "Dish", "Portions"]


@pytest.mark.parametrize("return_id", ["cqc_pir", "cqc_notifications"])
def test_what_a_method_says_was_read_names_the_source_it_was_read_in(return_id: str) -> None:
    definition = load_definitions()[return_id]
    known = {source.source_id for source in definition.sources}
    answers = [line for line in definition.method.splitlines() if line.startswith("| `") and "READ" in line]
    assert len(answers) > 10
    named = {line[:40]: set(re.findall(r"\[([A-Z]+\d+[a-z]?)\]", line)) for line in answers}
    assert [answer for answer, sources in named.items() if not sources & known] == []


def test_the_newest_version_that_has_started_is_in_force(tmp_path: Path) -> None:
    meals = load_definition(meals_folder(tmp_path))
    for day, version in (
        (date(2023, 12, 31), None),
        (date(2024, 1, 1), "2024"),
        (date(2026, 3, 31), "2024"),
        (date(2026, 4, 1), "2026"),
    ):
        found = meals.version_at(day)
        assert (found.version_id if found else None) == version


def test_a_cell_that_was_replaced_is_in_force_until_its_last_day(tmp_path: Path) -> None:
    old = "menu,menu,Old wording,meals,3,menu,,text,all,,Menu,READ,,2026-03-31\n"
    new = "menu,menu,New wording,meals,3,menu,,text,all,,Menu,READ,2026-04-01,\n"
    header = folders.CELLS.splitlines()[0] + "\n"
    meals = load_definition(meals_folder(tmp_path, cells=header + old + new))
    assert [c.label for c in in_force(meals.cells, date(2026, 3, 31))] == ["Old wording"]
    assert [c.label for c in in_force(meals.cells, date(2026, 4, 1))] == ["New wording"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("form", 'owner = "Office of Meals"\n', "", "return.toml: owner is missing"),
        ("form", 'id = "meals"', 'id = "dinners"', "the folder is named 'meals'"),
        ("form", 'submitted_by = "location"', 'submitted_by = "cook"', "submitted_by is 'cook'"),
        ("form", 'rule = "calendar_month"', 'rule = "fortnight"', "[period] rule is 'fortnight'"),
        ("form", "closes_day = 14", "closes_day = 31", "closes_day must be a day from 1 to 28"),
        ("form", 'cadence = "monthly"', 'cadence = "now and then"', "cadence is 'now and then'"),
        ("form", 'cadence = "monthly"', 'cadence = "any_time"', "any_time needs a [window]"),
        ("form", "opens_day = 8", "opens_on = 8", "[window] opens_on says nothing under the rule"),
        ("form", "opens_day = 8", 'rule = "whenever"', "[window] rule is 'whenever'"),
        ("form", "calendar_month", "day", "rule days_of_the_month needs [period] rule calendar_month"),
        ("form", "valid_from = 2024-01-01", 'valid_from = "soon"', "[[version]] 1 needs id and a date"),
        ("form", '[[source]]\nid = "M1"', "[[source]]", "[[source]] 1 needs id and text"),
        ("form", 'cadence = "monthly"', "cadence = ", "cannot be read as TOML"),
        ("cells", "menu,menu,", "eaters,menu,", "eaters is already in row 2"),
        ("cells", "menu,menu,", ",menu,", "cell_id must not be blank"),
        ("cells", "Menu: Name,BELIEF", "Menu: Name,RUMOUR", "evidence is 'RUMOUR'"),
        ("cells", "Menu: Name,BELIEF,,", "Menu: Name,BELIEF,spring,", "must be ISO dates"),
        ("cells", "Menu: Name,BELIEF,,", "Menu: Name,BELIEF,2026-02-01,2026-01-01", "before valid_from"),
        ("cells", "Menu: Name,BELIEF,,", "Menu: Name,BELIEF", "12 values where the header has 14"),
        ("cells", "missing_item,evidence", "evidence", "missing missing_item"),
        ("codes", "meal,hot,Hot meal,,,READ", "meal,hot,Hot meal,,,GUESS", "codes.csv row 2: evidence"),
        ("rules", "chk_meals__menu", "", "rule meals.menu_named has no model"),
        ("rules", "chk_meals__menu", "chk_meals__menus", "there is no model chk_meals__menus.sql"),
        ("rules", ",chk_meals__menu,", ",ret_meals__file,", "must be a chk_ model"),
        ("rules", "warning", "grave", "severity is 'grave'"),
        ("layout", 'column = "label"', 'column = "wording"', "an answer sheet has no column wording"),
        ("layout", 'model = "ret_meals__file"', 'model = "ret_meals__fil"', "no model ret_meals__fil.sql"),
        ("layout", 'order_by = ["record_key"]\n', "", "order_by is needed"),
        ("layout", 'name = "meals.csv"', 'name = "../meals.csv"', "name must be a plain file name"),
        ("layout", 'name = "meals.csv"', 'name = "figures.csv"', "the pack writes a file of that name"),
        ("layout", 'header = "Dish"', 'header = "Location"', "header Location is there twice"),
        ("layout", 'format = "xlsx"', 'format = "docx"', "format is 'docx'"),
    ],
)
def test_each_mistake_is_named_with_its_file(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    text = getattr(folders, file.upper())
    assert old in text
    with pytest.raises(DefinitionError) as caught:
        load_definition(meals_folder(tmp_path, **{file: text.replace(old, new, 1)}))
    assert any(said in mistake and mistake.startswith("meals") for mistake in caught.value.mistakes)


@pytest.mark.parametrize(
    ("period", "window", "said"),
    [
        ("as_at_day", 'rule = "refresh_each_year"', "refresh_from must be a month and a day"),
        ("as_at_day", 'rule = "refresh_each_year"\nrefresh_from = "02-30"', "refresh_from must be"),
        ("twelve_months_to_as_at", 'rule = "days_after_request"', "days must be a number of days"),
        (
            "twelve_months_to_as_at",
            'rule = "days_after_request"\ndays = 28\nrequest_date = "asked_on"',
            "anniversary_date must name a date of the submitter",
        ),
        ("as_at_day", 'rule = "without_delay"', "without_delay needs [period] rule day"),
        ("day", 'rule = "without_delay"\nhours = 24', "hours says nothing under the rule without_delay"),
    ],
)
def test_each_window_rule_names_what_it_lacks(tmp_path: Path, period: str, window: str, said: str) -> None:
    form = folders.calendar_form("yearly", period, window)
    with pytest.raises(DefinitionError) as caught:
        load_definition(meals_folder(tmp_path, form=form))
    assert any(said in mistake for mistake in caught.value.mistakes), caught.value.mistakes


def test_all_mistakes_of_all_folders_come_at_once(tmp_path: Path) -> None:
    meals_folder(
        tmp_path,
        form=folders.FORM.replace('owner = "Office of Meals"\n', ""),
        rules=folders.RULES.replace("warning", "grave"),
        layout="",
    )
    (meals_folder(tmp_path / "other") / "method.md").unlink()
    (tmp_path / "other" / "meals").rename(tmp_path / "drinks")
    with pytest.raises(DefinitionError) as caught:
        load_definitions(tmp_path)
    said = "\n".join(caught.value.mistakes)
    for part in (
        "owner is missing",
        "severity is 'grave'",
        "[[file]] is needed",
        "drinks: method.md is missing",
    ):
        assert part in said


def test_the_hash_of_a_folder_changes_with_any_file_in_it(tmp_path: Path) -> None:
    folder = meals_folder(tmp_path)
    before = load_definition(folder).sha256
    assert load_definition(folder).sha256 == before
    (folder / "models" / "mbr_meals__eaters.sql").write_text("select 2", encoding="utf-8")
    assert load_definition(folder).sha256 != before
