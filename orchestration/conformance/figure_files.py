"""The figures of councils beside the official tables: every cell, the corrected ones, and who is in them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.extracts.profile import read_rows
from orchestration.returns.methods import method_sections
from orchestration.returns.tables import plain, write_csv
from orchestration.warehouse.build import DBT_PROJECT
from orchestration.warehouse.cld_store import OfficialRun

KIND = "council_figures"
MANIFEST, FIGURES = "manifest.json", "figures.csv"
CORRECTED, MEMBERSHIP = "corrected_figures.csv", "membership.parquet"
FIGURE_COLUMNS = (
    *("return_id", "measure", "item_id", "period_id", "reporting_period", "council", "council_name"),
    *("breakdown", "numerator", "denominator", "outcome", "cell_id"),
)
CORRECTED_COLUMNS = (
    *("known_error", "measure", "period_id", "council", "council_name", "breakdown"),
    *("official_numerator", "official_denominator", "official_outcome"),
    *("corrected_numerator", "corrected_denominator", "corrected_outcome", "cell_id"),
)
MEMBER_COLUMNS = (
    *(
        "return_id",
        "submitter_id",
        "measure",
        "period_id",
        "cell_id",
        "person_key",
        "event_key",
        "record_key",
    ),
    *("role", "reason", "evidence", "quantity"),
)
_OUTCOMES = ("outcome", "median")
_WRITTEN = """
    create or replace temp table written as
    select * from returns.{return_id}__cell
    where not list_contains($skipped, official_table)
        and not list_contains($skipped, concat(official_table, '_', period_id))
"""
_CORRECTED = """
    select c.known_error, w.measure, w.period_id, w.council, w.council_name, w.breakdown,
        c.official_numerator, c.official_denominator, c.official_outcome::decimal(18, 4),
        c.corrected_numerator, c.corrected_denominator, c.corrected_outcome::decimal(18, 4), w.cell_id
    from returns.ascof__corrected_figure c join written w using (cell_id)
    order by all
"""
# A member without a cell waits still: in which cell of its council and measure it will stand is open.
_MEMBERS = """
    select {columns} from returns.{return_id}__cell_member
    where cell_id in (select cell_id from written)
        or (cell_id is null and measure in (select measure from written))
    {left_out}
    order by all
"""
# Whom 2D looks at and leaves out stands beside its totals.
_LEFT_OUT = """
    union all
    select {columns} from returns.ascof__2d_left_out_member where cell_id in (select cell_id from written)
"""


def write_figure_files(
    connection: duckdb.DuckDBPyConnection,
    return_id: str,
    run: OfficialRun,
    skipped: Iterable[str],
    folder: Path,
) -> list[str]:
    """Write the figures of a built return, their members and what explains them; returns the file names.

    A figure whose official table is skipped is left out with everybody in it.
    """
    connection.execute(_WRITTEN.format(return_id=return_id), {"skipped": list(skipped)})
    figures = connection.execute(f"select {', '.join(FIGURE_COLUMNS)} from written order by all").fetchall()
    write_csv(folder / FIGURES, FIGURE_COLUMNS, ([*row[:-2], plain(row[-2]), row[-1]] for row in figures))
    names = [FIGURES, MEMBERSHIP, MANIFEST]
    if return_id == "ascof":
        corrected = connection.execute(_CORRECTED).fetchall()
        write_csv(folder / CORRECTED, CORRECTED_COLUMNS, map(_plain_corrected, corrected))
        names.insert(1, CORRECTED)
    columns = ", ".join(MEMBER_COLUMNS)
    left_out = _LEFT_OUT.format(columns=columns) if return_id == "ascof" else ""
    members = _MEMBERS.format(columns=columns, return_id=return_id, left_out=left_out)
    target = folder / MEMBERSHIP
    connection.execute(f"copy ({members}) to '{str(target).replace(chr(39), chr(39) * 2)}' (format parquet)")
    target.chmod(0o600)
    manifest = json.dumps(_manifest(return_id, run), indent=2, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(manifest + "\n", encoding="utf-8")
    return names


def _plain_corrected(row: tuple[Any, ...]) -> list[Any]:
    return [plain(value) if index in (8, 11) else value for index, value in enumerate(row)]


def _manifest(return_id: str, run: OfficialRun) -> Mapping[str, Any]:
    """What a folder must know to explain its figures when this software has moved on."""
    source = DBT_PROJECT / "returns" / return_id
    title = tomllib.loads((source / "measures.toml").read_text(encoding="utf-8"))["title"]
    cells = {
        row["cell_id"].rpartition(".")[0]: {
            "label": row["label"].rpartition(",")[0],
            "source_elements": row["source_elements"],
        }
        for row in read_rows(source / "cells.csv")
    }
    units = {r["item_id"]: r["unit"] for r in read_rows(source / "cells.csv") if r["column"] in _OUTCOMES}
    return {
        "kind": KIND,
        "return": {"return_id": return_id, "title": title},
        "run": {
            "as_at_date": run.as_at.isoformat(),
            "period_start": run.period_start.isoformat(),
            "period_end": run.period_end.isoformat(),
        },
        "method": {
            "version": run.method_id,
            "sections": method_sections((source / "method.md").read_text(encoding="utf-8")),
        },
        "cells": cells,
        "units": units,
    }
