"""The raw tables of an official computation: a store of submissions and what the method reads beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.engine import open_engine
from orchestration.extracts.profile import STANDARDS, read_rows
from orchestration.warehouse.cld_lookups import PreparedInputs, create_lookups
from orchestration.warehouse.store_checks import store_warnings
from orchestration.warehouse.table_files import StoreError, create_empty, create_from_file, reader

CLD_STANDARDS = STANDARDS / "cld"


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
            f"create table raw.{table} as select * from {reader(CLD_STANDARDS / f'{name}.csv')}"
        )
    parameters = {row["parameter"]: row[run.method_id] for row in method_parameters()}
    if not has_register:
        parameters["death_source"] = "submitted"
    create_empty(
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
        "create table raw.cld_run_period"
        " (family varchar, period_id varchar, period_start date, period_end date)"
    )
    rows = [("year", *p) for p in run.periods] + [("hospital", *p) for p in run.hospital_periods]
    connection.executemany("insert into raw.cld_run_period values (?, ?, ?, ?)", rows)
    return parameters


def prepare_official_raw(file: Path, run: OfficialRun, inputs: StoreInputs) -> PreparedInputs:
    """Create a DuckDB file whose schema `raw` holds all the official models read; says what was missing."""
    store_columns = read_rows(CLD_STANDARDS / "store_columns.csv")
    with open_engine(file) as connection:
        connection.execute("create schema raw")
        create_from_file(
            connection,
            "cld_submission_row",
            inputs.submissions,
            {row["column"]: row["type"] for row in store_columns},
            required=[row["column"] for row in store_columns if row["required"] == "1"],
        )
        warnings = store_warnings(connection, inputs.submissions.name)
        for table, path, columns in (
            ("cld_hospital_spell", inputs.hospital, HOSPITAL_COLUMNS),
            ("cld_registered_death", inputs.deaths, DEATH_COLUMNS),
        ):
            if path is None:
                create_empty(connection, table, columns)
            else:
                create_from_file(connection, table, path, columns, required=columns)
        parameters = _create_method(connection, run, inputs.deaths is not None)
        prepared = create_lookups(
            connection,
            inputs.lookups,
            {row["lookup"] for row in store_columns if row["lookup"]},
            parameters["population_source"],
        )
    prepared.warnings[:0] = warnings
    if inputs.hospital is None:
        prepared.missing["hospital"] = "no hospital spells were given"
    wants_register = {row["parameter"]: row[run.method_id] for row in method_parameters()}["death_source"]
    if wants_register == "register" and inputs.deaths is None:
        prepared.missing["register"] = (
            f"{run.method_id} takes deaths from the mortality register; none was given"
        )
    return prepared
