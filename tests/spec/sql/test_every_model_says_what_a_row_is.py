"""Every model is described by its grain, and the models that returns share have that grain tested."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from orchestration.warehouse.build import DBT_PROJECT

MODELS = {
    path.stem: path
    for folder in ("models", "returns")
    for path in sorted((DBT_PROJECT / folder).rglob("*.sql"))
}
DESCRIBED: dict[str, dict[str, Any]] = {
    model["name"]: model
    for folder in ("models", "returns")
    for path in sorted((DBT_PROJECT / folder).rglob("*.yml"))
    for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models") or []
}


def data_tests_of(model: dict[str, Any]) -> set[str]:
    """Return the names of the data tests of a model and its columns."""
    tests = list(model.get("data_tests", []))
    for column in model.get("columns", []):
        tests += column.get("data_tests", [])
    return {test if isinstance(test, str) else next(iter(test)) for test in tests}


def test_every_model_is_described_and_no_description_is_left_over() -> None:
    assert set(MODELS) == set(DESCRIBED)


@pytest.mark.parametrize("prefix", ["stg_", "core__", "agg__", "mbr_", "ret_", "chk_"])
def test_every_description_begins_with_its_grain(prefix: str) -> None:
    described = {n: m["description"] for n, m in DESCRIBED.items() if n.startswith(prefix)}
    assert described
    assert [n for n, text in described.items() if not text.strip().startswith("One row per ")] == []


@pytest.mark.parametrize("prefix", ["core__", "agg__"])
def test_every_grain_of_a_shared_model_is_tested(prefix: str) -> None:
    untested = [
        name
        for name, model in DESCRIBED.items()
        if name.startswith(prefix)
        and MODELS[name].is_relative_to(DBT_PROJECT / "models")
        and not data_tests_of(model) & {"unique", "unique_combination"}
    ]
    assert untested == []
