"""Coverage: every item a return asks for has a cell, and every cell says what fills it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.returns.coverage import (
    Item,
    as_html,
    coverage,
    item_of,
    items_of_returns,
    items_without_a_cell,
)
from orchestration.returns.definitions import (
    DefinitionError,
    ReturnDefinition,
    load_definition,
    load_definitions,
    return_folders,
)
from orchestration.returns.sources import UnknownElement, source_element
from tests.unit.returns import folders
from tests.unit.returns.folders import meals_folder

WITH_A_LIST = sorted({item.return_id for item in items_of_returns()})


def item(item_id: str, section: str = "meals") -> Item:
    return Item("meals", section, item_id, item_id, item_id, "yes", "READ", "M1")


@pytest.fixture
def meals(tmp_path: Path) -> ReturnDefinition:
    return load_definition(meals_folder(tmp_path))


@pytest.mark.parametrize("return_id", WITH_A_LIST)
def test_every_item_the_published_material_lists_has_a_cell(return_id: str) -> None:
    definition = load_definition(return_folders()[return_id])
    missing = items_without_a_cell(definition, items_of_returns())
    assert [f"{i.section}: {i.item_id}" for i in missing] == []


def test_an_item_without_a_cell_would_be_found(meals: ReturnDefinition) -> None:
    items = [item("eaters"), item("menu"), item("hours"), item("cooks")]
    assert [i.item_id for i in items_without_a_cell(meals, items)] == ["cooks"]
    fewer = replace(meals, cells=meals.cells[:-1])
    assert [i.item_id for i in items_without_a_cell(fewer, items)] == ["hours", "cooks"]


def test_an_id_that_two_sections_use_goes_to_the_section_the_cell_is_named_after(
    meals: ReturnDefinition,
) -> None:
    items = [item("eaters", "hot"), item("eaters", "cold")]
    cell = replace(meals.cells[0], cell_id="cold.eaters")
    assert item_of("meals", cell, items) == items[1]
    assert item_of("meals", meals.cells[0], items) is None


def test_a_cell_is_filled_from_records_other_inputs_or_nobody(meals: ReturnDefinition) -> None:
    rows = coverage({"meals": meals}, [item("menu")])
    assert [(r.cell_id, r.filled_from, r.sources, r.listed_as) for r in rows] == [
        ("eaters", "records", "Service: Service start date", ""),
        ("eaters.hot", "other_inputs", "Staff | settings: cook", ""),
        ("menu", "nobody", "", "menu"),
        ("hours", "nobody", "", ""),
    ]


@pytest.mark.parametrize("unknown", ["Service.Colour", "Kitchen.Menu", "colour", "kitchen: menu"])
def test_a_source_that_no_standard_has_is_refused(tmp_path: Path, unknown: str) -> None:
    with pytest.raises(UnknownElement):
        source_element(unknown)
    cells = folders.CELLS.replace("Service.Service start date", unknown)
    with pytest.raises(DefinitionError, match="row 2: no class of the extract profile has the source"):
        load_definition(meals_folder(tmp_path, cells=cells))


def test_a_cell_that_nobody_fills_says_what_is_missing(tmp_path: Path) -> None:
    cells = folders.CELLS.replace("Menu: Name", "")
    with pytest.raises(DefinitionError, match="row 4: a cell without source_elements must name"):
        load_definition(meals_folder(tmp_path, cells=cells))


def test_the_command_writes_every_cell_of_every_return_as_csv(tmp_path: Path) -> None:
    out = tmp_path / "coverage.csv"
    assert CliRunner().invoke(app, ["coverage", "--format", "csv", "--out", str(out)]).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    written = [(row["return_id"], row["cell_id"]) for row in rows]
    assert written == [(name, c.cell_id) for name, d in load_definitions().items() for c in d.cells]
    listed = {(row["return_id"], row["listed_as"]) for row in rows}
    assert {(i.return_id, i.listed_as) for i in items_of_returns() if i.return_id in WITH_A_LIST} <= listed


def test_the_table_shows_one_return_with_its_counts() -> None:
    shown = CliRunner().invoke(app, ["coverage", "--return", "capacity_tracker"]).output
    assert shown.startswith("capacity_tracker: ")
    assert "Occupancy: Maximum capacity" in shown and "cld" not in shown


def test_a_return_that_does_not_exist_is_told() -> None:
    result = CliRunner().invoke(app, ["coverage", "--return", "meals"])
    assert result.exit_code == 2 and "there are" in result.output


def test_what_a_return_says_cannot_become_markup(meals: ReturnDefinition) -> None:
    rows = [replace(coverage({"meals": meals}, [])[0], label="<script>alert(1)</script>")]
    page = as_html(rows, {"meals": "Meals & more"})
    assert "<script>" not in page and "&lt;script&gt;" in page and "Meals &amp; more" in page
