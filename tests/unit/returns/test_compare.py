"""What changed between two versions of a pack is told figure by figure, with what they were made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.quality.gate import decide
from orchestration.quality.verdicts import judge
from orchestration.returns.compare import compare_versions
from orchestration.returns.definitions import load_definition
from orchestration.returns.explain import ExplainError
from orchestration.returns.packs import owed_packs, write_packs
from tests.unit.returns.folders import meals_folder
from tests.unit.returns.warehouses import meals_warehouse

OTHER_EXTRACT = "update raw.extract_receipt set extract_id = '00000000000000aa' where sender_id = 'elm'"
ITS_ROWS = "update raw.service set _extract_id = '00000000000000aa' where rowid < 4"
THREE = "update returns.ret_meals__figure set value = 3, numerator = 3 where value = 2"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The packs of a submitter after a first run and a corrected second one."""
    packed(tmp_path)
    return packed(tmp_path, OTHER_EXTRACT, ITS_ROWS, THREE)


def packed(folder: Path, *changes: str) -> Path:
    file = meals_warehouse(folder / "w.duckdb", changes)
    meals = load_definition(meals_folder(folder / f"returns_{len(changes)}"))
    judgement = judge(file, with_figures=False)
    decisions = decide(judgement.verdicts, owed_packs(file))
    return write_packs(file, {"meals": meals}, judgement, decisions, "north", folder / "lake")[
        0
    ].folder.parent


def test_the_figures_that_differ_are_told_with_both_values_and_the_extracts(place: Path) -> None:
    found = compare_versions(place)
    assert found.now == (place / "latest").read_text().strip() != found.before
    values = [(c.before and c.before["value"], c.now and c.now["value"]) for c in found.changed]
    assert values == [("2", "3")]
    assert found.figures > 1
    assert [e[:16] for e in found.extracts_added] == ["00000000000000aa"]
    assert len(found.extracts_gone) == 1
    assert f"1 of {found.figures} figures differ" in found.text
    assert "2 -> 3" in found.text


def test_versions_can_be_named_either_way_round(place: Path) -> None:
    found = compare_versions(place)
    back = compare_versions(place, before=found.now, now=found.before)
    assert [(c.before, c.now) for c in back.changed] == [(c.now, c.before) for c in found.changed]


def test_a_pack_of_one_version_has_nothing_before_it(tmp_path: Path) -> None:
    with pytest.raises(ExplainError, match="no version known to be before"):
        compare_versions(packed(tmp_path))


def test_a_version_that_does_not_exist_is_named(place: Path) -> None:
    with pytest.raises(ExplainError, match="000000000000 is not a pack"):
        compare_versions(place, before="000000000000")
