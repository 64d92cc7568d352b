"""Which software this is: by the version somebody gave it, and by its text."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]


@cache
def software_version() -> str:
    """Return the version of this software, as its own project file says it."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['name']} {project['version']}"


@cache
def software_sha256() -> str:
    """Return a hash of the text of this software and its engine: a change nobody numbered gives another."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in sorted((PROJECT / "orchestration").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
