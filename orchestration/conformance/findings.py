"""What to know of a built file before trusting its figures: councils and quarters left out."""

from __future__ import annotations

import duckdb

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
