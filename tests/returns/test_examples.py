"""Every example of every return folder comes out as its author reasoned it, row by row."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.returns.example_warehouse import (
    as_text,
    built,
    dbt,
    example_folders,
    prepare_example,
    query,
    read_table,
    return_folders,
    return_of,
    rule_models,
)

EXAMPLES = example_folders()
EXPECTED = [path for example in EXAMPLES for path in sorted((example / "expected").glob("*.csv"))]


def example_id(path: Path) -> str:
    """Name an example, or one of its expected tables, as <return>/<example>[/<table>]."""
    parts = path.relative_to(path.parents[path.parts[::-1].index("returns") - 1]).parts
    return "/".join(p.removesuffix(".csv") for p in parts if p not in {"examples", "expected"})


def source_of(expected: Path) -> str:
    """Return the SQL that gives the rows an expected table speaks of."""
    return_id = return_of(expected.parents[1])
    relations = query(
        built(expected.parents[1]),
        "select table_schema as place, table_name as name from information_schema.tables "
        "where table_schema <> 'raw' order by table_schema, table_name",
    )
    named = {row["name"]: f"{row['place']}.{row['name']}" for row in relations}
    match expected.stem:
        case "membership":
            parts = [named[n] for n in named if n.startswith(f"mbr_{return_id}__")]
        case "figures":
            parts = [named[f"ret_{return_id}__figure"]]
        case "failing_rows":
            parts = [named[model] for model in rule_models(return_id)]
        case other:
            parts = [named[other]]
    return " union all by name ".join(f"select * from {part}" for part in parts)


@pytest.mark.parametrize("expected", EXPECTED, ids=example_id)
def test_the_example_comes_out_as_reasoned(expected: Path) -> None:
    wanted = read_table(expected)
    columns = list(wanted[0])
    found = query(built(expected.parents[1]), source_of(expected))
    # A table that names measures speaks of those alone: a return may have more members than anyone can list.
    if "measure" in columns:
        measures = {row["measure"] for row in wanted}
        found = [row for row in found if row["measure"] in measures]
    actual = Counter(tuple(as_text(row[column]) for column in columns) for row in found)
    reasoned = Counter(tuple(row[column] for column in columns) for row in wanted)
    missing = sorted(map(str, (reasoned - actual).elements()))
    surplus = sorted(map(str, (actual - reasoned).elements()))
    assert not missing and not surplus, "\n".join(
        [f"{columns}", *(f"reasoned, not found: {m}" for m in missing), *(f"found: {s}" for s in surplus)]
    )


@pytest.mark.parametrize("return_id", sorted(return_folders()))
def test_every_return_has_an_example_with_membership_and_figures(return_id: str) -> None:
    stems = {path.stem for path in EXPECTED if return_of(path.parents[1]) == return_id}
    assert {"membership", "figures"} <= stems


@pytest.mark.parametrize("example", EXAMPLES, ids=example_id)
def test_every_person_of_an_example_has_their_story_told(example: Path) -> None:
    story = (example / "people.md").read_text(encoding="utf-8").lower()
    people = {str(row["person_key"]) for row in read_table(example / "person.csv")}
    assert people
    assert [p for p in sorted(people) if f"**{p}**" not in story] == []


def test_the_unit_tests_beside_the_models_pass(tmp_path: Path) -> None:
    file = prepare_example(EXAMPLES[0], tmp_path)
    # The official methods read a store of submissions, which an example has none of.
    dbt(file, "run", "--empty", "--exclude", "tag:cld_method")
    results = dbt(file, "test", "--resource-type", "unit_test", "--exclude", "tag:cld_method")
    assert results
