"""The lookups an official method reads: councils, populations, home areas, and the mapping of each field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.warehouse.table_files import StoreError, create_empty, create_from_file, literal, reader


@dataclass
class PreparedInputs:
    """What the inputs lacked: in words for who runs it, and by need for the tables that hang on it."""

    warnings: list[str]
    missing: dict[str, str]


# Lookup file → raw table and its columns. LA codes stay text: a council's code is a name, not a number.
LOOKUP_TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "REF_ONS_Codes_LA_Region_Lookup": (
        "cld_council",
        {"LA_Code": "varchar", "LA_Name": "varchar", "LA_Area_Code": "varchar"},
    ),
    "REF_ONS_Codes_LA_Region_Lookup_April_2024": (
        "cld_council_2a",
        {"LA_Code": "varchar", "LA_Name": "varchar"},
    ),
    "Reference_ODS_LA": ("cld_expected_council", {"LA_Name": "varchar"}),
    "REF_ONS_LSOA11_UTLA23_Lookup": (
        "cld_home_area",
        {"LSOA_Code_2011": "varchar", "UTLA_Code_2023": "varchar", "UTLA_Name_2023": "varchar"},
    ),
    "REF_ONS_Pop_Gender_Pub_Age_Bands_24": (
        "cld_population_bands_24",
        {
            "Code": "varchar",
            "Geography": "varchar",
            "Gender": "varchar",
            "Age_Band": "varchar",
            "Population": "bigint",
        },
    ),
    "REF_ONS_Mid_Year_Estimates_All_Pubs": (
        "cld_population_all_publications",
        {
            "Code": "varchar",
            "Geography": "varchar",
            "Gender": "varchar",
            "Age_Band": "varchar",
            "Year": "varchar",
            "Pub_Flag": "varchar",
            "Population": "bigint",
        },
    ),
    "REF_Event_Outcome_Hierarchy_R2": (
        "cld_outcome_rank",
        {"Event_Outcome_Hierarchy": "integer", "Event_Outcome_Spec": "varchar"},
    ),
}
# What a table may need, by the lookup that gives it.
NEEDED_LOOKUPS = {
    "councils": "REF_ONS_Codes_LA_Region_Lookup",
    "councils_2a": "REF_ONS_Codes_LA_Region_Lookup_April_2024",
    "home_areas": "REF_ONS_LSOA11_UTLA23_Lookup",
}
POPULATION_LOOKUPS = {
    "bands_24": "REF_ONS_Pop_Gender_Pub_Age_Bands_24",
    "all_publications": "REF_ONS_Mid_Year_Estimates_All_Pubs",
}
MAPPING = re.compile(r"^REF_(?P<field>.+)_Mapping$", re.IGNORECASE)


def _lookup_files(folder: Path) -> dict[str, Path]:
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in {".csv", ".parquet"})
    return {path.stem.lower(): path for path in files}


def _create_labels(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, Path], fields: Iterable[str]
) -> list[str]:
    """Create raw.cld_label from the mapping files: one row per row of each; returns what was missing."""
    create_empty(
        connection,
        "cld_label",
        {"field": "varchar", "raw": "varchar", "cleaned": "varchar", "grouped": "varchar"},
    )
    warnings = []
    mappings = {m["field"]: path for stem, path in files.items() if (m := MAPPING.match(stem))}
    for field in sorted(fields):
        path = mappings.get(field.lower())
        if path is None:
            warnings.append(f"lookups: no REF_{field}_Mapping, so every {field} counts as not mapped")
            continue
        names = [row[0] for row in connection.execute(f"describe select * from {reader(path)}").fetchall()]
        picked = {
            role: next((n for n in names if re.search(pattern, n, re.IGNORECASE)), None)
            for role, pattern in (
                ("raw", r"_Raw$"),
                ("cleaned", r"_Cleaned(_R2)?$"),
                ("grouped", r"_Grouped(_R2)?$"),
            )
        }
        if picked["raw"] is None or picked["cleaned"] is None:
            raise StoreError(f"{path.name} lacks a column ending in _Raw or in _Cleaned_R2")
        chosen = ", ".join(
            f'cast("{name}" as varchar)' if name else "cast(null as varchar)" for name in picked.values()
        )
        connection.execute(
            f"insert into raw.cld_label select {literal(field.lower())}, {chosen} from {reader(path)}"
        )
    return warnings


def create_lookups(
    connection: duckdb.DuckDBPyConnection, folder: Path, fields: Iterable[str], population_source: str
) -> PreparedInputs:
    """Create the raw tables of all lookups of a folder; a missing one is an empty table and is named."""
    files = _lookup_files(folder)
    needed = {stem: need for need, stem in NEEDED_LOOKUPS.items()}
    needed[POPULATION_LOOKUPS[population_source]] = "population"
    prepared = PreparedInputs([], {})
    for stem, (table, columns) in LOOKUP_TABLES.items():
        path = files.get(stem.lower())
        if path is not None:
            create_from_file(connection, table, path, columns)
            continue
        create_empty(connection, table, columns)
        if stem in needed:
            prepared.missing[needed[stem]] = f"the lookups lack {stem}"
        elif stem not in POPULATION_LOOKUPS.values():
            prepared.warnings.append(f"lookups: no {stem}, so what hangs on it stays empty")
    prepared.warnings += _create_labels(connection, files, fields)
    return prepared
