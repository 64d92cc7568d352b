"""What to know of a built file before trusting its figures: councils and quarters left out."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import polars as pl

from orchestration.quality.council_figures import judge_council_figures, summary_of
from orchestration.quality.verdicts import FAILING_COLUMNS, VERDICT_COLUMNS
from orchestration.returns.tables import write_csv

LOOKUPS = {
    "stg_cld__council": "REF_ONS_Codes_LA_Region_Lookup",
    "stg_cld__council_2a": "REF_ONS_Codes_LA_Region_Lookup_April_2024",
}
# What a build must hold beside the return it is for, so that the warnings can be given.
READ = ("cld_main__file", "cld_main__missing_window", *LOOKUPS)


def council_warnings(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return one warning per council that a lookup lacks, and per council without a file for some period."""
    warnings = []
    for relation, lookup in LOOKUPS.items():
        for code, name in connection.execute(
            "select la_code, min(la_name) from core.cld_main__file where la_code not in"
            f" (select la_code from staging.{relation}) group by la_code order by la_code"
        ).fetchall():
            warnings.append(
                f"council {code} ({name}) is not in {lookup}: it has no row of its own in the figures"
            )
    for submission_set, name, windows, first in connection.execute(
        "select submission_set, la_name, count(*), min(window_start) from core.cld_main__missing_window"
        " group by submission_set, la_name order by submission_set, la_name"
    ).fetchall():
        what = "the period" if submission_set == "single" else f"{windows} quarter(s) from {first}"
        warnings.append(f"council {name}: no file covers {what} ({submission_set} submissions)")
    return warnings


def write_findings(
    connection: duckdb.DuckDBPyConnection, return_id: str, folder: Path
) -> tuple[list[str], list[str]]:
    """Judge the figures written to a folder by their suite and write what was found beside them.

    Returns the names of the files and one line per rule that found something.
    """
    councils = connection.execute("select distinct la_code from core.cld_main__file order by 1").fetchall()
    units = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["units"]
    figures = pl.read_csv(
        folder / "figures.csv",
        schema_overrides={
            "outcome": pl.Float64,
            "numerator": pl.Int64,
            "denominator": pl.Int64,
            "council": pl.String,
        },
    )
    judgement = judge_council_figures(figures, return_id, [code for (code,) in councils if code], units)
    for name, columns, frame in (
        ("data_quality.csv", VERDICT_COLUMNS, judgement.verdict_table),
        ("failing_rows.csv", FAILING_COLUMNS, judgement.failing_rows),
    ):
        write_csv(folder / name, list(columns), frame.iter_rows())
    return ["data_quality.csv", "failing_rows.csv"], summary_of(judgement)
