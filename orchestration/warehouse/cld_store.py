"""The raw tables of an official computation: a store of CLD submissions and what the method reads beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.extracts.profile import STANDARDS, read_rows

CLD_STANDARDS = STANDARDS / "cld"


class StoreError(ValueError):
    """An input cannot be used at all; the message names the file and what it lacks."""


@dataclass(frozen=True)
class OfficialRun:
    """What one official computation is about: method, periods and cut-off."""

    method_id: str
    history_start: date
    period_start: date
    period_end: date
    as_at: date
    periods: Sequence[tuple[str, date, date]]
    hospital_periods: Sequence[tuple[str, date, date]] = ()
    population_year: str | None = None
    calendar_today: date | None = None


@dataclass(frozen=True)
class StoreInputs:
    """The files of one official computation; an optional one that is absent is an empty table."""

    submissions: Path
    lookups: Path
    hospital: Path | None = None
    deaths: Path | None = None


@dataclass
class PreparedInputs:
    """What the inputs lacked: in words for the person who runs it, and by need for the tables that hang on it."""

    warnings: list[str]
    missing: dict[str, str]


HOSPITAL_COLUMNS = {
    "Der_DHSC_Pseudo_NHS_Number": "varchar",
    "APCS_Ident": "varchar",
    "APCS_Last_Ep_Ind": "integer",
    "Admission_Date": "date",
    "Discharge_Date": "date",
    "Month_of_Birth_SUS": "integer",
    "Year_of_Birth_SUS": "integer",
    "Sex": "varchar",
    "Der_Postcode_LSOA_2011_Code": "varchar",
    "Admission_Method": "varchar",
    "Discharge_Method": "varchar",
    "Discharge_Destination": "varchar",
    "Der_Management_Type": "varchar",
    "Treatment_Function_Code": "varchar",
}
DEATH_COLUMNS = {"Der_DHSC_Pseudo_NHS_Number": "varchar", "reg_date_of_death": "date", "reg_date": "date"}
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


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _reader(path: Path) -> str:
    """The table function that reads a file; CSV cells stay text until they are cast."""
    if path.suffix.lower() == ".parquet":
        return f"read_parquet({_literal(path)})"
    if path.suffix.lower() == ".csv":
        return f"read_csv({_literal(path)}, header = true, all_varchar = true, quote = '\"', escape = '\"')"
    raise StoreError(f"{path.name}: a table of submissions is a .parquet or .csv file")


def _cast(column: str, found: str, type_: str) -> str:
    """One column with its type. A whole number kept as a float or text loses its '.0'; a bad date is null."""
    source = f'"{column}"'
    if type_ == "varchar":
        if found in {"DOUBLE", "FLOAT"}:
            return f"cast(cast({source} as bigint) as varchar)"
        return f"cast({source} as varchar)"
    if found == "VARCHAR" and type_ in {"integer", "bigint"}:
        return f"try_cast(try_cast({source} as double) as {type_})"
    return f"try_cast({source} as {type_})"


def create_from_file(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    columns: Mapping[str, str],
    required: Iterable[str] = (),
) -> None:
    """Create raw.<table> with exactly the given columns over a file; further columns of the file are ignored."""
    reader = _reader(path)
    found = {
        name.lower(): (name, type_)
        for name, type_, *_ in connection.execute(f"describe select * from {reader}").fetchall()
    }
    missing = [name for name in required if name.lower() not in found]
    if missing:
        raise StoreError(f"{path.name} lacks the columns {', '.join(missing)}")
    chosen = ", ".join(
        (_cast(*found[name.lower()], type_) if name.lower() in found else f"cast(null as {type_})")
        + f" as {name.lower()}"
        for name, type_ in columns.items()
    )
    # Parquet is read where it lies; text is parsed once.
    kind = "view" if path.suffix.lower() == ".parquet" else "table"
    connection.execute(f"create {kind} raw.{table} as select {chosen} from {reader}")


def _create_empty(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> None:
    definition = ", ".join(f"{name.lower()} {type_}" for name, type_ in columns.items())
    connection.execute(f"create table raw.{table} ({definition})")


def _lookup_files(folder: Path) -> dict[str, Path]:
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in {".csv", ".parquet"})
    return {path.stem.lower(): path for path in files}


def _create_labels(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, Path], fields: Iterable[str]
) -> list[str]:
    """Create raw.cld_label from the mapping files: one row per row of each; returns what was missing."""
    _create_empty(
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
        names = [row[0] for row in connection.execute(f"describe select * from {_reader(path)}").fetchall()]
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
            f"insert into raw.cld_label select {_literal(field.lower())}, {chosen} from {_reader(path)}"
        )
    return warnings


def _create_lookups(
    connection: duckdb.DuckDBPyConnection, folder: Path, fields: Iterable[str], population_source: str
) -> PreparedInputs:
    files = _lookup_files(folder)
    needed = {stem: need for need, stem in NEEDED_LOOKUPS.items()}
    needed[POPULATION_LOOKUPS[population_source]] = "population"
    prepared = PreparedInputs([], {})
    for stem, (table, columns) in LOOKUP_TABLES.items():
        path = files.get(stem.lower())
        if path is not None:
            create_from_file(connection, table, path, columns)
            continue
        _create_empty(connection, table, columns)
        if stem in needed:
            prepared.missing[needed[stem]] = f"the lookups lack {stem}"
        elif stem not in POPULATION_LOOKUPS.values():
            prepared.warnings.append(f"lookups: no {stem}, so what hangs on it stays empty")
    prepared.warnings += _create_labels(connection, files, fields)
    return prepared


def known_methods() -> list[dict[str, str]]:
    """Return the methods that can be computed, the oldest first."""
    return sorted(read_rows(CLD_STANDARDS / "methods.csv"), key=lambda row: row["valid_from"])


def method_parameters() -> list[dict[str, str]]:
    """Return every switch and threshold, one row each, with one column per method."""
    return read_rows(CLD_STANDARDS / "method_parameters.csv")


def _create_method(
    connection: duckdb.DuckDBPyConnection, run: OfficialRun, has_register: bool
) -> dict[str, str]:
    """Create the raw tables of the method and the run; returns the parameters as they will be used."""
    methods = {row["method_id"] for row in known_methods()}
    if run.method_id not in methods:
        raise StoreError(f"unknown method {run.method_id}; known: {', '.join(sorted(methods))}")
    for table, name in (("cld_method_list", "method_lists"), ("cld_excluded_file", "excluded_files")):
        connection.execute(
            f"create table raw.{table} as select * from {_reader(CLD_STANDARDS / f'{name}.csv')}"
        )
    parameters = {row["parameter"]: row[run.method_id] for row in method_parameters()}
    if not has_register:
        parameters["death_source"] = "submitted"
    _create_empty(
        connection,
        "cld_method_parameter",
        {"method_id": "varchar", "parameter": "varchar", "value": "varchar"},
    )
    connection.executemany(
        "insert into raw.cld_method_parameter values (?, ?, ?)",
        [(run.method_id, parameter, value or None) for parameter, value in parameters.items()],
    )
    connection.execute(
        "create table raw.cld_run (method_id varchar, history_start date, period_start date, period_end date,"
        " as_at date, population_year varchar, calendar_today date)"
    )
    connection.execute(
        "insert into raw.cld_run values (?, ?, ?, ?, ?, ?, ?)",
        [
            run.method_id,
            run.history_start,
            run.period_start,
            run.period_end,
            run.as_at,
            run.population_year,
            run.calendar_today,
        ],
    )
    connection.execute(
        "create table raw.cld_run_period (family varchar, period_id varchar, period_start date, period_end date)"
    )
    rows = [("year", *p) for p in run.periods] + [("hospital", *p) for p in run.hospital_periods]
    connection.executemany("insert into raw.cld_run_period values (?, ?, ?, ?)", rows)
    return parameters


def prepare_official_raw(file: Path, run: OfficialRun, inputs: StoreInputs) -> PreparedInputs:
    """Create a DuckDB file whose schema `raw` holds everything the official models read; says what was missing."""
    store_columns = read_rows(CLD_STANDARDS / "store_columns.csv")
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema raw")
        create_from_file(
            connection,
            "cld_submission_row",
            inputs.submissions,
            {row["column"]: row["type"] for row in store_columns},
            required=[row["column"] for row in store_columns if row["required"] == "1"],
        )
        for table, path, columns in (
            ("cld_hospital_spell", inputs.hospital, HOSPITAL_COLUMNS),
            ("cld_registered_death", inputs.deaths, DEATH_COLUMNS),
        ):
            if path is None:
                _create_empty(connection, table, columns)
            else:
                create_from_file(connection, table, path, columns, required=columns)
        parameters = _create_method(connection, run, inputs.deaths is not None)
        prepared = _create_lookups(
            connection,
            inputs.lookups,
            {row["lookup"] for row in store_columns if row["lookup"]},
            parameters["population_source"],
        )
    if inputs.hospital is None:
        prepared.missing["hospital"] = "no hospital spells were given"
    wants_register = {row["parameter"]: row[run.method_id] for row in method_parameters()}["death_source"]
    if wants_register == "register" and inputs.deaths is None:
        prepared.missing["register"] = f"{run.method_id} takes deaths from the mortality register; none was given"
    return prepared
