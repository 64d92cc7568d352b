"""Verdicts on finished figures, kept while the figures and what judges them are the same.

Great Expectations takes seconds to start and some 15 ms for an expectation, however few the figures. Most
runs of most clients bring no new ones. What could not be judged is judged again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import duckdb
import polars as pl

from orchestration.engine import CONTENT
from orchestration.quality import figures
from orchestration.quality.relations import relations
from orchestration.quality.verdicts import ERROR, Verdict, failing_frame
from orchestration.returns.calendar import BANK_HOLIDAYS
from orchestration.returns.tables import replace_text
from orchestration.software import software_sha256

# The raw tables that the frames of figures and reference lists are made of.
READ = ("return_cell", "return_code", "code_list_code", "client_submitter", "run_return", "run_parameters")


def judged_figures_of(warehouse: Path) -> Path:
    """Return where the verdicts on the figures of a warehouse are kept."""
    return warehouse.with_suffix(".figures_judged.json")


def judge_figures(
    connection: duckdb.DuckDBPyConnection, kept: Path, expectations: Path = figures.EXPECTATIONS
) -> tuple[list[Verdict], pl.DataFrame]:
    """Return what the suites find in the figures, from the file it is kept in where nothing is another."""
    source = _source(connection, expectations)
    found = _read(kept, source)
    if found is None:
        verdicts, failing = figures.judge_figures(connection, expectations)
        found = verdicts, failing
        if all(verdict.outcome != ERROR for verdict in verdicts):
            rows = [list(row) for row in failing.iter_rows()]
            told = {"source": source, "verdicts": [asdict(v) for v in verdicts], "failing": rows}
            replace_text(kept, json.dumps(told), private=True)
    return found


def _source(connection: duckdb.DuckDBPyConnection, expectations: Path) -> str:
    """What the verdicts follow from: figures, reference lists, expectations and this software."""
    digest = hashlib.sha256(software_sha256().encode())
    known = relations(connection)
    read = [known[name] for name in sorted(known) if name in READ or name.endswith("__figure")]
    for relation in read:
        held = connection.execute(f"select {CONTENT} from {relation.sql} as held").fetchone()
        digest.update(repr((relation.name, relation.columns, held)).encode())
    for path in (*sorted(expectations.rglob("*.json")), BANK_HOLIDAYS):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _read(kept: Path, source: str) -> tuple[list[Verdict], pl.DataFrame] | None:
    try:
        told = json.loads(kept.read_text(encoding="utf-8"))
        if told["source"] != source:
            return None
        verdicts = [Verdict(**{**one, "first_keys": tuple(one["first_keys"])}) for one in told["verdicts"]]
        return verdicts, failing_frame(told["failing"])
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        # Spoilt or not there: the figures are judged.
        return None
