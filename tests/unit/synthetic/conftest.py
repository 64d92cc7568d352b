"""A small made set, and the rows of any extract as text."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from orchestration.synthetic.maker import synthesise

Rows = list[dict[str, str]]


def read_csv(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_file(path: Path) -> Rows:
    """Return the rows of a data file with every value as text and blanks left out."""
    if path.suffix == ".csv":
        rows: list[dict[str, object]] = [dict(r) for r in read_csv(path)]
    elif path.suffix == ".ndjson":
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    else:
        rows = pl.read_parquet(path).to_dicts()
    return [{k: str(v) for k, v in row.items() if v not in (None, "")} for row in rows]


def extracts(folder: Path) -> Iterator[tuple[Path, dict]]:
    """Return each extract below a folder with its manifest."""
    for path in sorted(folder.rglob("manifest.json")):
        yield path.parent, json.loads(path.read_text(encoding="utf-8"))


def all_rows(folder: Path) -> Iterator[tuple[str, str, Rows]]:
    """Return the rows of every file: sender id, class, rows."""
    for extract, manifest in extracts(folder):
        for file in manifest["files"]:
            yield manifest["sender"]["id"], file["class"], read_file(extract / file["path"])


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made set of 150 people, one council and four providers."""
    out = tmp_path_factory.mktemp("made") / "set"
    synthesise(out, seed=3, people=150, providers=4, councils=1)
    return out
