"""Return folders as typed objects: what a return asks, its codes, rules, layout and method."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from orchestration.returns import definition_checks as checks
from orchestration.returns import period_rules as rules
from orchestration.software import PROJECT

RETURNS = PROJECT / "dbt_project" / "returns"


class DefinitionError(ValueError):
    """One or more return folders are not usable; `mistakes` holds every mistake found."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(
            f"{len(self.mistakes)} mistake(s) in the return folders:\n" + "\n".join(self.mistakes)
        )


@dataclass(frozen=True)
class Version:
    """One version of a return's official definition."""

    version_id: str
    valid_from: date
    note: str


@dataclass(frozen=True)
class Source:
    """Where a fact of the return was found."""

    source_id: str
    text: str


@dataclass(frozen=True)
class Window:
    """When a return may be handed in, as the return folder says it; what its rule has no use for is empty."""

    rule: str
    opens_day: int
    closes_day: int
    roll: str
    refresh_from: str
    days: int
    request_date: str
    anniversary_date: str


@dataclass(frozen=True)
class MissedLimits:
    """How many missed windows bring a penalty near: running, and within twelve months."""

    running: int
    in_twelve_months: int


@dataclass(frozen=True)
class Cell:
    """One figure or answer the return asks for."""

    cell_id: str
    item_id: str
    label: str
    table: str
    row: str
    column: str
    measure: str
    unit: str
    applies_to: str
    source_elements: str
    missing_item: str
    evidence: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Code:
    """One code of one of the return's own code sets."""

    code_set: str
    code: str
    label: str
    from_list: str
    from_code: str
    evidence: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Rule:
    """One rule the records behind the return are held to."""

    rule_id: str
    official_code: str
    severity: str
    scope: str
    fields: str
    message: str
    next_step: str
    threshold: str
    model: str
    population: str
    evidence: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class LayoutColumn:
    """One column of a file to hand over: the header people see and the column it is filled from."""

    header: str
    column: str
    # `run:number` of a column that is left out when neither it nor a later one of its run has a value.
    optional: str = ""


@dataclass(frozen=True)
class LayoutFile:
    """One file of the filled layout."""

    name: str
    format: str
    kind: str
    model: str
    order_by: tuple[str, ...]
    restricted: bool
    columns: tuple[LayoutColumn, ...]
    # Of a printable page: how many of the first columns name a section.
    sections: int = 0
    # One row per submitter, to be gathered into a sheet for an organisation with many of them.
    gathered: bool = False


@dataclass(frozen=True)
class ReturnDefinition:
    """Everything a return folder says, save its SQL."""

    return_id: str
    title: str
    owner: str
    legal_basis: str
    submitted_by: str
    cadence: str
    period_rule: str
    window: Window | None
    missed_windows: MissedLimits | None
    unchanged_months: int
    versions: tuple[Version, ...]
    sources: tuple[Source, ...]
    cells: tuple[Cell, ...]
    codes: tuple[Code, ...]
    rules: tuple[Rule, ...]
    layout: tuple[LayoutFile, ...]
    method: str
    folder: Path
    sha256: str

    def version_at(self, day: date) -> Version | None:
        """Return the newest version in force on a day, or None when none was."""
        started = [v for v in self.versions if v.valid_from <= day]
        return max(started, key=lambda v: v.valid_from, default=None)


def _dated(row: Mapping[str, str]) -> dict[str, Any]:
    dates = {name: checks.day_or_none(row[name]) for name in ("valid_from", "valid_to")}
    return {**row, **dates}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def folder_hash(folder: Path) -> str:
    """Return the hash of every file of a return folder: name and content, in name order."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _layout_file(entry: Mapping[str, Any]) -> LayoutFile:
    order_by = entry.get("order_by", [])
    return LayoutFile(
        name=entry["name"],
        format=entry["format"],
        kind=entry.get("kind", "rows"),
        model=entry.get("model", ""),
        order_by=(order_by,) if isinstance(order_by, str) else tuple(order_by),
        restricted=entry.get("restricted", False),
        columns=tuple(
            LayoutColumn(c["header"], c["column"], c.get("optional", "")) for c in entry.get("column", [])
        ),
        sections=entry.get("sections", 0),
        gathered=entry.get("gathered", False),
    )


def _window(form: Mapping[str, Any]) -> Window | None:
    table = form.get("window")
    if table is None:
        return None
    return Window(
        rule=table.get("rule", rules.DAYS_OF_THE_MONTH),
        opens_day=table.get("opens_day", 1),
        closes_day=table.get("closes_day", rules.LAST_DAY_AFTER_QUARTER),
        roll=table.get("roll", ""),
        refresh_from=table.get("refresh_from", ""),
        days=table.get("days", 0),
        request_date=table.get("request_date", ""),
        anniversary_date=table.get("anniversary_date", ""),
    )


def load_definition(folder: Path) -> ReturnDefinition:
    """Return one return folder as a definition. Raises DefinitionError that lists every mistake in it."""
    # A process that runs many clients reads a folder once, and again when a file in it changed.
    return _loaded(folder, folder_hash(folder), checks.models_near(folder))


@lru_cache(maxsize=32)
def _loaded(folder: Path, sha256: str, models: frozenset[str]) -> ReturnDefinition:
    mistakes = checks.mistakes_in(folder, models)
    if mistakes:
        raise DefinitionError(mistakes)
    form = tomllib.loads((folder / "return.toml").read_text(encoding="utf-8"))
    layout = tomllib.loads((folder / "layout" / "layout.toml").read_text(encoding="utf-8"))
    return ReturnDefinition(
        return_id=form["id"],
        title=form["title"],
        owner=form["owner"],
        legal_basis=form["legal_basis"],
        submitted_by=form["submitted_by"],
        cadence=form["cadence"],
        period_rule=form["period"]["rule"],
        window=_window(form),
        missed_windows=MissedLimits(**form["missed_windows"]) if "missed_windows" in form else None,
        unchanged_months=form.get("unchanged_data", {}).get("months", 0),
        versions=tuple(Version(v["id"], v["valid_from"], v.get("note", "")) for v in form["version"]),
        sources=tuple(Source(s["id"], s["text"]) for s in form.get("source", [])),
        cells=tuple(Cell(**_dated(r)) for r in _rows(folder / "cells.csv")),
        codes=tuple(Code(**_dated(r)) for r in _rows(folder / "codes.csv")),
        rules=tuple(Rule(**_dated(r)) for r in _rows(folder / "rules.csv")),
        layout=tuple(_layout_file(f) for f in layout["file"]),
        method=(folder / "method.md").read_text(encoding="utf-8"),
        folder=folder,
        sha256=sha256,
    )


def return_folders(root: Path = RETURNS) -> dict[str, Path]:
    """Return the folder of each return below a root, by name; a folder with a return.toml is one."""
    return {p.parent.name: p.parent for p in sorted(root.glob("*/return.toml"))}


def load_definitions(root: Path = RETURNS) -> dict[str, ReturnDefinition]:
    """Return every return below a root, by id. Raises DefinitionError with all mistakes of all folders."""
    definitions: dict[str, ReturnDefinition] = {}
    mistakes: list[str] = []
    for name, folder in return_folders(root).items():
        try:
            definitions[name] = load_definition(folder)
        except DefinitionError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise DefinitionError(mistakes)
    return definitions
