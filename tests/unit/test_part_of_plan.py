"""A run builds what its returns need: their models, those their rules name, all they read, and the tests."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import pytest

from orchestration import road
from orchestration.returns.definitions import load_definitions
from orchestration.warehouse.needed import part_of_plan
from orchestration.warehouse.plan import Step


def step(name: str, *reads: str, return_id: str | None = None) -> Step:
    kind = "test" if name.startswith("test") else "table"
    return Step(name, kind, "any", name, "select 1", False, return_id, frozenset(reads))


PLAN = (
    step("stg_person"),
    step("stg_meal"),
    step("stg_bed"),
    step("core_person", "stg_person"),
    step("core_meal", "stg_meal", "core_person"),
    step("core_bed", "stg_bed"),
    step("chk_shared", "stg_bed"),
    step("agg_page", "core_person"),
    step("ret_meals", "core_meal", return_id="meals"),
    step("ret_beds", "core_bed", return_id="beds"),
    step("test_person", "core_person"),
    step("test_bed", "core_bed"),
    step("test_between", "core_meal", "core_bed"),
)


def names(returns: Collection[str], named: Collection[str] = (), *, with_pages: bool = False) -> list[str]:
    return [s.name for s in part_of_plan(PLAN, returns, named, with_pages=with_pages)]


def test_a_return_alone_needs_its_models_what_they_read_and_their_tests() -> None:
    assert names(["meals"]) == [
        *("stg_person", "stg_meal", "core_person", "core_meal", "ret_meals", "test_person")
    ]


def test_a_model_that_a_rule_names_is_needed_though_it_stands_elsewhere() -> None:
    assert set(names(["meals"], ["chk_shared"])) - set(names(["meals"])) == {"chk_shared", "stg_bed"}


def test_a_test_between_two_models_is_run_when_both_are_built() -> None:
    assert "test_between" in names(["meals", "beds"])
    assert "test_between" not in names(["meals"])


def test_a_run_with_pages_also_builds_what_only_they_read() -> None:
    assert set(names(["meals"], with_pages=True)) - set(names(["meals"])) == {
        *("agg_page", "chk_shared", "stg_bed")
    }


def test_all_returns_with_pages_need_the_whole_plan() -> None:
    assert names(["meals", "beds"], with_pages=True) == [s.name for s in PLAN]


ORCHESTRATION = Path(road.__file__).parent
NAMED_MODEL = re.compile(r"\b(?:core|aggregates|staging)\.((?:core|agg|stg)__\w+)")


def models_named_in(*folders: str) -> set[str]:
    """The models that Python of some folders reads by name."""
    texts = (p.read_text(encoding="utf-8") for f in folders for p in (ORCHESTRATION / f).glob("*.py"))
    return {name for text in texts for name in NAMED_MODEL.findall(text)}


@pytest.mark.parametrize("return_id", load_definitions())
def test_a_return_alone_has_every_model_that_its_judgement_and_packs_read(return_id: str) -> None:
    part = road.part_for({return_id: load_definitions()[return_id]}, with_pages=False)
    read = models_named_in("quality", "returns")
    assert read and read <= {step.name for step in part}
    assert {step.return_id for step in part if not step.is_test} == {None, return_id}


def test_the_pages_have_every_model_they_read_whichever_returns_are_owed() -> None:
    for kind in ("council", "location"):
        owed = {r: d for r, d in load_definitions().items() if d.submitted_by == kind}
        part = {s.name for s in road.part_for(owed, with_pages=True)}
        assert models_named_in("report", "quality", "returns") <= part
