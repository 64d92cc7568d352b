"""Why a figure is what it is, told from its pack alone, so that packs of any age can be opened."""

from __future__ import annotations

import csv
import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from orchestration.returns.made_packs import LATEST, MANIFEST, latest_pack, read_pack_manifest
from orchestration.returns.methods import names_of, rule_in_words
from orchestration.returns.pack_files import FIGURES, MEMBERSHIP

MOST_PEOPLE = 50
ROLES = ("population", "denominator", "numerator", "excluded")


class ExplainError(LookupError):
    """There is no such pack or cell; the text says what there is instead."""


def pack_folder(path: Path) -> Path:
    """Return the folder of a pack, given the folder itself, its period folder, or `latest` in that."""
    pointer = path if path.name == LATEST else path / LATEST
    if pointer.is_file():
        path = latest_pack(pointer.parent) or path
    if not (path / MANIFEST).is_file():
        raise ExplainError(
            f"{path} is not a pack: it holds no {MANIFEST}. Name the folder of a version, or of a period "
            f"with a file {LATEST} in it."
        )
    return path


def explain_cells(pack: Path) -> list[dict[str, str]]:
    """Return the cells of a pack with their label, outcome, value and reason."""
    names = ("cell_id", "label", "outcome", "value", "value_text", "reason")
    return [{name: row[name] for name in names} for row in _figures(pack_folder(pack))]


def explain_cell_data(pack: Path, cell_id: str) -> dict[str, Any]:
    """Return how a figure came about, as plain data. Raises ExplainError that suggests near names."""
    folder = pack_folder(pack)
    manifest = read_pack_manifest(folder)
    figures = {row["cell_id"]: row for row in _figures(folder)}
    if cell_id not in figures:
        raise ExplainError(_no_such_cell(cell_id, figures))
    figure = figures[cell_id]
    members = [row for row in _members(folder) if _is_in(row, figure)]
    names = names_of(cell_id, figure["item_id"], figure["measure"])
    rule = rule_in_words(manifest["method"]["sections"], names)
    return {
        "pack": manifest["version"],
        "return": manifest["return"]["title"],
        "submitter_id": manifest["submitter"]["submitter_id"],
        "submitter": manifest["submitter"]["name"],
        "period": manifest["return"]["period_label"],
        "as_at_date": manifest["run"]["as_at_date"],
        "figure": {k: v or None for k, v in figure.items()},
        "rule": {
            "measure": figure["measure"] or None,
            "method_version": manifest["method"]["version"],
            "heading": rule[0] if rule else None,
            "text": rule[1] if rule else None,
        },
        "roles": _roles(members),
        "people": _people(members),
        "excluded": _excluded(members),
        "views_not_in_the_pack": [] if members else _views(manifest, figure),
    }


def explain_cell(pack: Path, cell_id: str, most_people: int = MOST_PEOPLE) -> str:
    """Return how a figure came about, in words. Raises ExplainError that suggests near names."""
    return "\n".join(_told(explain_cell_data(pack, cell_id), most_people)) + "\n"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def _figures(folder: Path) -> list[dict[str, str]]:
    return list(_rows(folder / FIGURES))


def _members(folder: Path) -> Iterator[dict[str, str]]:
    return _rows(folder / MEMBERSHIP)


def _is_in(member: Mapping[str, str], figure: Mapping[str, str]) -> bool:
    """A member without a cell stands in every cell of its measure."""
    if member["cell_id"]:
        return member["cell_id"] == figure["cell_id"]
    return bool(figure["measure"]) and member["measure"] == figure["measure"]


def _no_such_cell(cell_id: str, figures: Mapping[str, Mapping[str, str]]) -> str:
    names = {name.lower(): cell for cell, row in figures.items() for name in (cell, row["label"])}
    near = difflib.get_close_matches(cell_id.lower(), names, n=5, cutoff=0.5)
    held = [cell for cell in figures if cell_id.lower() in cell.lower()]
    found = list(dict.fromkeys([*held, *(names[name] for name in near)]))[:5]
    hint = f"Did you mean {', '.join(found)}?" if found else f"The pack has {len(figures)} cells."
    return f"The pack has no cell {cell_id}. {hint}"


def _distinct_people(members: Iterable[Mapping[str, str]]) -> int:
    return len({m["person_key"] for m in members if m["person_key"]})


def _roles(members: list[dict[str, str]]) -> list[dict[str, Any]]:
    counted = Counter(m["role"] for m in members)
    order = [*ROLES, *sorted(set(counted) - set(ROLES))]
    return [
        {
            "role": role,
            "rows": counted[role],
            "people": _distinct_people(m for m in members if m["role"] == role),
        }
        for role in order
        if counted[role]
    ]


def _people(members: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The people and records counted, each with the role, the source record keys and the evidence."""
    grouped: dict[tuple[str, str], list[dict[str, str]]] = {}
    for member in members:
        if member["role"] != "excluded":
            grouped.setdefault((member["role"], member["person_key"]), []).append(member)
    return [
        {
            "role": role,
            "person_key": person_key or None,
            "record_keys": sorted({m["record_key"] for m in rows if m["record_key"]}),
            "evidence": sorted({m["evidence"] for m in rows if m["evidence"]}),
        }
        for (role, person_key), rows in sorted(grouped.items(), key=lambda i: (_place(i[0][0]), i[0][1]))
    ]


def _place(role: str) -> int:
    # Who is counted comes first: that is what is asked most.
    order = ("numerator", "denominator", "population")
    return order.index(role) if role in order else len(order)


def _excluded(members: list[dict[str, str]]) -> list[dict[str, Any]]:
    grouped: dict[str, list[dict[str, str]]] = {}
    for member in members:
        if member["role"] == "excluded":
            grouped.setdefault(member["reason"], []).append(member)
    return [
        {
            "reason": reason or "no reason given",
            "rows": len(rows),
            "people": _distinct_people(rows),
            "records": [
                {"person_key": m["person_key"] or None, "record_key": m["record_key"] or None} for m in rows
            ],
        }
        for reason, rows in sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _views(manifest: Mapping[str, Any], figure: Mapping[str, str]) -> list[str]:
    """Memberships left in the warehouse that may hold the cell's rows: by the measure's name, else all."""
    measure = figure["measure"]
    if not measure or measure in manifest["counts"]["membership"]:
        return []
    views: list[str] = manifest["membership"]["views_not_in_the_pack"]
    own = [view for view in views if view.endswith(f"__{measure}")]
    return own or views


def _told(data: Mapping[str, Any], most_people: int) -> Iterator[str]:
    figure = data["figure"]
    yield f"{figure['cell_id']}: {figure['label'] or 'no label'}"
    yield f"{data['return']}, {data['submitter']} ({data['submitter_id']}), period {data['period']}"
    yield f"Figures as at {data['as_at_date']}; method {data['rule']['method_version']}; pack {data['pack']}"
    yield ""
    yield from _told_answer(figure)
    yield ""
    heading = f" ({data['rule']['heading']})" if data["rule"]["heading"] else ""
    yield f"Rule{heading}"
    if data["rule"]["text"]:
        yield from (f"  {line}".rstrip() for line in data["rule"]["text"].splitlines())
    elif data["rule"]["measure"]:
        yield f"  Counted from the membership of the measure {data['rule']['measure']}."
    else:
        yield "  No rule: nothing we receive holds the answer."
    if figure["source_elements"]:
        yield f"  Read from: {figure['source_elements'].replace('|', '; ')}"
    if figure["evidence"]:
        yield f"  Evidence that it is asked: {figure['evidence']}"
    yield from _told_members(data, most_people)


def _told_answer(figure: Mapping[str, Any]) -> Iterator[str]:
    outcome = (figure["outcome"] or "no outcome").replace("_", " ")
    value = figure["value_text"] or figure["value"]
    unit = f" {figure['unit']}" if figure["unit"] and value else ""
    yield f"Answer: {value}{unit} ({outcome})" if value else f"Answer: none ({outcome})"
    if figure["denominator"]:
        yield f"  {figure['numerator']} of {figure['denominator']}"
    if figure["reason"]:
        yield f"  Why: {figure['reason']}"


def _told_members(data: Mapping[str, Any], most_people: int) -> Iterator[str]:
    if data["views_not_in_the_pack"]:
        yield ""
        yield "Who stands in it"
        yield (
            f"  Not in the pack: {', '.join(data['views_not_in_the_pack'])} is too large for it and is kept "
            "as a view of the warehouse."
        )
        return
    counted = data["figure"]["measure"] and data["figure"]["outcome"] in ("filled", "zero")
    if not data["roles"] and not counted:
        return
    yield ""
    yield "Who stands in it"
    if not data["roles"]:
        yield "  nobody, and nobody was left out"
    for role in data["roles"]:
        yield f"  {role['role']}: {_counted(role)}"
    people = data["people"]
    if people:
        yield ""
        yield "People and records"
        for person in people[:most_people]:
            evidence = f" ({'; '.join(person['evidence'])})" if person["evidence"] else ""
            records = ", ".join(person["record_keys"]) or "no record"
            yield f"  {person['role']}  {person['person_key'] or 'no person'}  {records}{evidence}"
        yield from _and_more(len(people) - most_people)
    if data["excluded"]:
        yield ""
        yield "Left out"
        for group in data["excluded"]:
            yield f"  {group['reason']}: {_counted(group)}"
            for record in group["records"][:most_people]:
                yield f"    {record['person_key'] or 'no person'}  {record['record_key'] or 'no record'}"
            yield from _and_more(len(group["records"]) - most_people)


def _counted(group: Mapping[str, Any]) -> str:
    rows = f"{group['rows']} {'row' if group['rows'] == 1 else 'rows'}"
    people = f"{group['people']} {'person' if group['people'] == 1 else 'people'}"
    return f"{rows}, {people}" if group["people"] else rows


def _and_more(rest: int) -> Iterator[str]:
    if rest > 0:
        yield f"  and {rest} more in {MEMBERSHIP}"
