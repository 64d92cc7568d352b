"""A person key is a matter of chance: a lake that grew has others than a new one, and the same figures."""

from __future__ import annotations

import re

import pytest

from orchestration.settings import PROJECT

CHOOSING = re.compile(r"\b(min|max|first|last|any_value)\(\s*(\w+\.)?person_key\b", re.IGNORECASE)
ORDERING = re.compile(r"\border by\b[^()]*\bperson_key (asc|desc)", re.IGNORECASE)


def hangs_on_a_key(sql: str) -> bool:
    return bool(CHOOSING.search(sql) or ORDERING.search(sql))


def test_no_model_chooses_by_the_value_of_a_person_key() -> None:
    models = sorted((PROJECT / "dbt_project").glob("*/**/*.sql"))
    assert len(models) > 100
    assert [str(m) for m in models if hangs_on_a_key(m.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "planted",
    [
        "select record_key, min(person_key) as person_key from t group by record_key",
        "select max( event.person_key ) from t",
        "row_number() over (partition by la_code order by day desc nulls last, person_key asc nulls last)",
    ],
)
def test_a_model_that_does_would_be_found(planted: str) -> None:
    assert hangs_on_a_key(planted)
