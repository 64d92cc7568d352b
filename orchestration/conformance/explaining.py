"""Why a council's figure is what it is, told from the folder that `returns build` wrote and nothing else."""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.conformance.figure_files import CORRECTED, FIGURES, KIND, MANIFEST, MEMBERSHIP
from orchestration.conformance.table_cells import (
    explain_table_cell,
    is_table_cell,
    population_of,
    population_words,
)
from orchestration.returns.explain import MOST_PEOPLE, ExplainError
from orchestration.returns.methods import names_of, rule_in_words

ROLES = ("numerator", "denominator", "population")
# Whose denominator is a population estimate.
POPULATION_ITEMS = ("2b", "2c")


def holds_figures(folder: Path) -> bool:
    """Return whether a folder is one that `returns build` wrote, not a pack."""
    path = folder / MANIFEST
    return path.is_file() and json.loads(path.read_text(encoding="utf-8")).get("kind") == KIND


def explain_figure_data(folder: Path, cell_id: str) -> dict[str, Any]:
    """Return how a figure came about, as plain data. Raises ExplainError that suggests near names."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    figures = {row["cell_id"]: row for row in _rows(folder / FIGURES)}
    if cell_id not in figures:
        near = difflib.get_close_matches(cell_id.lower(), figures, n=5, cutoff=0.5)
        held = [name for name in figures if cell_id.lower() in name.lower()]
        found = list(dict.fromkeys([*held, *near]))[:5]
        hint = f"Did you mean {', '.join(found)}?" if found else f"There are {len(figures)}."
        raise ExplainError(f"{folder / FIGURES} has no cell {cell_id}. {hint}")
    figure = figures[cell_id]
    stem = cell_id.removesuffix(f".{figure['council']}.{figure['period_id']}")
    # A client type narrows a group of 2D; what the group is called and how it is counted stays the same.
    cell = manifest["cells"].get(stem) or manifest["cells"].get(".".join(stem.split(".")[:2]), {})
    names = names_of(stem, figure["item_id"], figure["measure"])
    rule = rule_in_words(manifest["method"]["sections"], names)
    members = _members(folder, figure)
    return {
        "title": manifest["return"]["title"],
        "as_at_date": manifest["run"]["as_at_date"],
        "method_version": manifest["method"]["version"],
        "figure": figure,
        "label": cell.get("label", ""),
        "unit": manifest["units"].get(figure["item_id"], ""),
        "source_elements": cell.get("source_elements", "").replace("|", "; "),
        "rule": {"heading": rule[0] if rule else None, "text": rule[1] if rule else None},
        "corrected": [row for row in _corrected(folder) if row["cell_id"] == cell_id],
        "roles": [_counted(members, role) for role in ROLES],
        "population": population_of(folder, figure["council"], figure["breakdown"])
        if figure["item_id"] in POPULATION_ITEMS
        else [],
        "people": members.filter(pl.col("role") != "excluded").to_dicts(),
        "excluded": [
            {**_group(rows), "reason": str(reason), "people_and_events": rows.to_dicts()}
            for (reason,), rows in members.filter(pl.col("role") == "excluded").group_by(
                "reason", maintain_order=True
            )
        ],
    }


def explain_figure(folder: Path, cell_id: str, most_people: int = MOST_PEOPLE) -> str:
    """Return how a council's figure, or a cell of an official table, came about, in words.

    Raises ExplainError that suggests near names.
    """
    if is_table_cell(cell_id):
        return explain_table_cell(folder, cell_id, most_people)
    return "\n".join(_told(explain_figure_data(folder, cell_id), most_people)) + "\n"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def _corrected(folder: Path) -> Iterator[dict[str, str]]:
    path = folder / CORRECTED
    return _rows(path) if path.is_file() else iter(())


def _members(folder: Path, figure: Mapping[str, str]) -> pl.DataFrame:
    """Who stands in the cell, and who of its council and measure stands in no cell at all."""
    own = pl.col("cell_id") == figure["cell_id"]
    nowhere = (
        pl.col("cell_id").is_null()
        & (pl.col("submitter_id") == figure["council"])
        & (pl.col("measure") == figure["measure"])
    )
    # Who is counted comes first: that is what is asked most.
    role = pl.col("role").replace_strict(
        {name: place for place, name in enumerate(ROLES)}, default=len(ROLES)
    )
    order = [role, *map(pl.col, ("reason", "person_key", "event_key", "record_key", "evidence"))]
    return pl.scan_parquet(folder / MEMBERSHIP).filter(own | nowhere).collect().sort(order, nulls_last=False)


def _group(rows: pl.DataFrame) -> dict[str, int]:
    return {"rows": rows.height, "people": rows["person_key"].drop_nulls().n_unique()}


def _counted(members: pl.DataFrame, role: str) -> dict[str, Any]:
    return {"role": role, **_group(members.filter(pl.col("role") == role))}


def _told(data: Mapping[str, Any], most_people: int) -> Iterator[str]:
    figure = data["figure"]
    yield f"{figure['cell_id']}: {data['label'] or figure['measure']}"
    council = f"{figure['council_name']} ({figure['council']})"
    yield f"{data['title']}, {council}, period {figure['reporting_period']}"
    yield f"Figures as at {data['as_at_date']}; method {data['method_version']}; {figure['breakdown']}"
    yield ""
    yield f"Answer: {figure['outcome']} {data['unit']}".rstrip() if figure["outcome"] else "Answer: none"
    if figure["numerator"]:
        yield f"  {figure['numerator']} of {figure['denominator'] or 'none'}"
    elif figure["denominator"]:
        yield f"  of {figure['denominator']}"
    for row in data["corrected"]:
        yield (
            f"  Without the known error {row['known_error']}: {row['corrected_outcome']} "
            f"({row['corrected_numerator']} of {row['corrected_denominator']})"
        )
    yield ""
    yield f"Rule ({data['rule']['heading']})" if data["rule"]["heading"] else "Rule"
    words = data["rule"]["text"] or f"Counted from the membership of {figure['measure']}."
    yield from (f"  {line}".rstrip() for line in words.splitlines())
    if data["source_elements"]:
        yield f"  Read from: {data['source_elements']}"
    yield ""
    yield "Who stands in it"
    counted = [role for role in data["roles"] if role["rows"]]
    if not counted:
        yield "  nobody"
    for role in counted:
        yield f"  {_role_words(role['role'], figure['item_id'])}: {_size(role)}"
    if figure["item_id"] in POPULATION_ITEMS:
        yield "  denominator: the population of the council, not people of the files"
        yield from (f"    {line}" for line in population_words(data["population"]))
    if data["people"]:
        yield ""
        yield "People and events"
        yield from _told_people(data["people"], most_people)
    for group in data["excluded"]:
        yield ""
        yield f"Left out: {group['reason']}, {_size(group)}"
        yield from _told_people(group["people_and_events"], most_people)


def _role_words(role: str, item_id: str) -> str:
    if role == "denominator" and item_id != "2d_part2":
        return "in the denominator only"
    return role


def _told_people(people: list[dict[str, Any]], most_people: int) -> Iterator[str]:
    for one in people[:most_people]:
        reason = f"; {one['reason']}" if one["reason"] and one["role"] != "excluded" else ""
        record = f"  record {one['record_key']}" if one["record_key"] else ""
        evidence = f" ({one['evidence']}{reason})" if one["evidence"] else ""
        yield (
            f"  {one['role']}  {one['person_key'] or 'no person'}  "
            f"{one['event_key'] or 'no event'}{record}{evidence}"
        )
    if len(people) > most_people:
        yield f"  and {len(people) - most_people} more in {MEMBERSHIP}"


def _size(group: Mapping[str, int]) -> str:
    rows, people = group["rows"], group["people"]
    return f"{rows} {'row' if rows == 1 else 'rows'}, {people} {'person' if people == 1 else 'people'}"
