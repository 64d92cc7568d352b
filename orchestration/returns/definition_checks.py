"""Mistakes in a return folder, all at once, each with its file, place and what was expected."""

from __future__ import annotations

import csv
import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.returns.period_rules import calendar_mistakes, one_of
from orchestration.returns.sources import OTHER_SOURCES, UnknownElement, sources_in
from orchestration.warehouse.raw import RETURN_FILES

REQUIRED_TEXT = ("id", "title", "owner", "legal_basis", "submitted_by", "cadence")
SUBMITTED_BY = ("council", "location")
EVIDENCE_MARKS = ("READ", "INFER", "BELIEF", "OURS")
SEVERITIES = ("error", "warning", "information")
SCOPES = ("submitter", "return")
FORMATS = ("csv", "xlsx", "html", "json")
SECTIONED = ("html", "json")
KINDS = ("rows", "answer_sheet")
# The pack writes these itself; a layout file of the same name would be lost under them.
RESERVED_FILES = frozenset(
    {"figures.csv", "data_quality.csv", "failing_rows.csv", "membership.csv", "manifest.json"}
)
ANSWER_COLUMNS = (
    "cell_id",
    "item_id",
    "label",
    "table",
    "row",
    "column",
    "unit",
    "answer",
    "outcome",
    "reason",
    "missing_item",
    "evidence",
    "numerator",
    "denominator",
)
CSV_KEYS = {"cells.csv": ("cell_id",), "codes.csv": ("code_set", "code"), "rules.csv": ("rule_id",)}
CSV_HEADERS = {
    f"{name.removeprefix('return_')}s.csv": list(columns)[1:] for name, columns in RETURN_FILES.items()
}


def day_or_none(text: str) -> date | None:
    """Return an ISO date, or None for a blank. Raises ValueError for anything else."""
    return date.fromisoformat(text) if text else None


def mistakes_in(folder: Path, models: Set[str]) -> list[str]:
    """Return every mistake of one return folder in words; an empty list means it is usable.

    `models` are the names of the SQL models there are, as `models_near` tells them.
    """
    place = f"{folder.name}"
    found = list(_form_mistakes(folder, place))
    tables = {}
    for name, headers in CSV_HEADERS.items():
        rows, wrong = _table(folder / name, headers, f"{place}/{name}")
        found.extend(wrong)
        found.extend(_row_mistakes(rows, CSV_KEYS[name], f"{place}/{name}"))
        tables[name] = rows
    found.extend(_source_mistakes(tables["cells.csv"], f"{place}/cells.csv"))
    found.extend(_rule_mistakes(tables["rules.csv"], models, f"{place}/rules.csv"))
    if not (folder / "method.md").is_file():
        found.append(f"{place}: method.md is missing")
    found.extend(_layout_mistakes(folder, models, f"{place}/layout/layout.toml"))
    return found


def models_near(folder: Path) -> frozenset[str]:
    """Return the names of the SQL models of the dbt project the folder lies in, or of the folder alone."""
    project = next((p for p in folder.parents if (p / "dbt_project.yml").is_file()), folder)
    found: set[str] = set()
    for _, folders, files in os.walk(project):
        if "target" in folders:
            folders.remove("target")
        found.update(name.removesuffix(".sql") for name in files if name.endswith(".sql"))
    return frozenset(found)


def _read_toml(path: Path, place: str) -> tuple[dict[str, Any], list[str]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), []
    except FileNotFoundError:
        return {}, [f"{place}: the file is missing"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [f"{place}: cannot be read as TOML: {error}"]


def _form_mistakes(folder: Path, place: str) -> Iterator[str]:
    here = f"{place}/return.toml"
    form, unreadable = _read_toml(folder / "return.toml", here)
    if unreadable:
        yield from unreadable
        return
    for key in REQUIRED_TEXT:
        if not isinstance(form.get(key), str) or not form[key].strip():
            yield f"{here}: {key} is missing or is not text"
    if form.get("id") and form["id"] != folder.name:
        yield f"{here}: id is {form['id']!r} but the folder is named {folder.name!r}"
    if "submitted_by" in form:
        yield from one_of(form["submitted_by"], SUBMITTED_BY, "submitted_by", here)
    yield from calendar_mistakes(form, here)
    yield from _version_mistakes(form.get("version"), here)
    for number, source in enumerate(form.get("source", []), start=1):
        if not (isinstance(source, dict) and source.get("id") and source.get("text")):
            yield f"{here}: [[source]] {number} needs id and text"


def _version_mistakes(versions: object, here: str) -> Iterator[str]:
    if not isinstance(versions, list) or not versions:
        yield f"{here}: at least one [[version]] is needed"
        return
    seen: set[object] = set()
    for number, version in enumerate(versions, start=1):
        if not (isinstance(version, dict) and version.get("id") and type(version.get("valid_from")) is date):
            yield f"{here}: [[version]] {number} needs id and a date valid_from"
            continue
        if version["id"] in seen:
            yield f"{here}: [[version]] {version['id']} is there twice"
        seen.add(version["id"])


def _table(path: Path, headers: Sequence[str], place: str) -> tuple[list[dict[str, str]], list[str]]:
    if not path.is_file():
        return [], [f"{place}: the file is missing"]
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            lines = list(csv.reader(handle, strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        return [], [f"{place}: cannot be read as UTF-8 CSV: {error}"]
    head = lines[0] if lines else []
    if head != list(headers):
        missing = [h for h in headers if h not in head]
        unknown = [h for h in head if h not in headers]
        detail = [f"missing {', '.join(missing)}"] if missing else []
        detail += [f"unknown {', '.join(unknown)}"] if unknown else []
        return [], [f"{place}: the header must be {','.join(headers)} ({'; '.join(detail) or 'wrong order'})"]
    wrong = [
        f"{place} row {number}: {len(line)} values where the header has {len(headers)}"
        for number, line in enumerate(lines[1:], start=2)
        if len(line) != len(headers)
    ]
    rows = [
        {**dict(zip(headers, line, strict=True)), "#": str(number)}
        for number, line in enumerate(lines[1:], start=2)
        if len(line) == len(headers)
    ]
    return rows, wrong


def _row_mistakes(rows: Sequence[Mapping[str, str]], keys: Sequence[str], place: str) -> Iterator[str]:
    """Blank keys, unknown evidence, dates that are none, and keys in force twice on one day."""
    spans: dict[tuple[str, ...], list[tuple[date, date, str]]] = {}
    for row in rows:
        here = f"{place} row {row['#']}"
        key = tuple(row[k] for k in keys)
        if not all(key):
            yield f"{here}: {' and '.join(keys)} must not be blank"
        yield from one_of(row["evidence"], EVIDENCE_MARKS, "evidence", here)
        try:
            start = day_or_none(row["valid_from"]) or date.min
            end = day_or_none(row["valid_to"]) or date.max
        except ValueError:
            yield f"{here}: valid_from and valid_to must be ISO dates or blank"
            continue
        if end < start:
            yield f"{here}: valid_to is before valid_from"
        for other_start, other_end, other_row in spans.get(key, []):
            if start <= other_end and other_start <= end:
                yield f"{here}: {' '.join(key)} is already in row {other_row} for the same days"
        spans.setdefault(key, []).append((start, end, row["#"]))


def _source_mistakes(rows: Sequence[Mapping[str, str]], place: str) -> Iterator[str]:
    for row in rows:
        try:
            sources = sources_in(row["source_elements"])
        except UnknownElement as unknown:
            yield (
                f"{place} row {row['#']}: no class of the extract profile has the source element {unknown};"
                f" what is no record starts with one of {', '.join(OTHER_SOURCES)} and a colon"
            )
            continue
        if not sources and not row["missing_item"].strip():
            yield f"{place} row {row['#']}: a cell without source_elements must name its missing_item"


def _rule_mistakes(rows: Sequence[Mapping[str, str]], models: Collection[str], place: str) -> Iterator[str]:
    for row in rows:
        here = f"{place} row {row['#']}"
        yield from one_of(row["severity"], SEVERITIES, "severity", here)
        yield from one_of(row["scope"], SCOPES, "scope", here)
        for column in ("message", "next_step", "model", "population"):
            if not row[column].strip():
                yield f"{here}: rule {row['rule_id']} has no {column}"
        if row["model"] and not row["model"].startswith("chk_"):
            yield f"{here}: model {row['model']} must be a chk_ model"
        for column in ("model", "population"):
            if row[column] and row[column] not in models:
                yield f"{here}: there is no model {row[column]}.sql for the {column} of rule {row['rule_id']}"


def _layout_mistakes(folder: Path, models: Set[str], place: str) -> Iterator[str]:
    layout, unreadable = _read_toml(folder / "layout" / "layout.toml", place)
    if unreadable:
        yield from unreadable
        return
    files = layout.get("file")
    if not isinstance(files, list) or not files or not all(isinstance(f, dict) for f in files):
        yield f"{place}: at least one [[file]] is needed"
        return
    seen: set[str] = set()
    for number, entry in enumerate(files, start=1):
        name = entry.get("name", "")
        here = f"{place} file {name or number}"
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", str(name)):
            yield f"{here}: name must be a plain file name"
        if name in RESERVED_FILES:
            yield f"{here}: the pack writes a file of that name itself"
        if name in seen:
            yield f"{here}: the name is there twice"
        seen.add(name)
        yield from one_of(entry.get("format"), FORMATS, "format", here)
        yield from one_of(entry.get("kind", "rows"), KINDS, "kind", here)
        if not isinstance(entry.get("restricted", False), bool):
            yield f"{here}: restricted must be true or false"
        gathered = entry.get("gathered", False)
        if gathered is not False and (gathered is not True or entry.get("format") != "csv"):
            yield f"{here}: gathered must be true, and of a csv file with one row per submitter"
        sections = entry.get("sections", 0)
        if not isinstance(sections, int) or not 0 <= sections < max(1, len(entry.get("column", []))):
            yield f"{here}: sections is {sections!r}; it must be a number less than the number of columns"
        if sections and entry.get("format") not in SECTIONED:
            yield f"{here}: only an html page or a json document has sections"
        yield from _column_mistakes(models, entry, here)


def _column_mistakes(models: Set[str], entry: Mapping[str, Any], here: str) -> Iterator[str]:
    columns = entry.get("column", [])
    if any(not (isinstance(c, dict) and c.get("header") and c.get("column")) for c in columns):
        yield f"{here}: every [[file.column]] needs header and column"
        return
    for column in columns:
        if not re.fullmatch(r"([A-Za-z_]+:[0-9]+)?", column.get("optional", "")):
            yield f"{here}: optional of {column['header']} must be a run and a number, as extra:1"
    headers = [c["header"] for c in columns]
    for header in sorted({h for h in headers if headers.count(h) > 1}):
        yield f"{here}: header {header} is there twice"
    answer_sheet = entry.get("kind") == "answer_sheet"
    if answer_sheet:
        for column in columns:
            if column["column"] not in ANSWER_COLUMNS:
                yield (
                    f"{here}: an answer sheet has no column {column['column']}; "
                    f"it has {', '.join(ANSWER_COLUMNS)}"
                )
        return
    if not columns:
        yield f"{here}: at least one [[file.column]] is needed"
    model = entry.get("model")
    if not model:
        yield f"{here}: model is missing"
    elif model not in models:
        yield f"{here}: there is no model {model}.sql"
    if not entry.get("order_by"):
        yield f"{here}: order_by is needed, so that the file is the same every time"
