"""A handful of submitted rows in, official tables out: what the spec tests of the method are written with.

Every case is a council or a person of its own, so one build answers a whole module. Rows have a plain
default; a test says only what matters to it. Unless a test is about periods, a file covers all it says.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from orchestration.conformance import building
from orchestration.extracts.profile import read_rows
from orchestration.warehouse.build import dbt_environment
from orchestration.warehouse.cld_store import CLD_STANDARDS, OfficialRun, StoreInputs, prepare_official_raw

JUNE, SEPTEMBER = "dhsc-2026-06", "dhsc-2026-09"
LOOKUPS = Path(__file__).parents[2] / "conformance" / "cld" / "lookups"
TYPES: dict[str, pl.DataType] = {
    "bigint": pl.Int64(),
    "integer": pl.Int64(),
    "timestamp": pl.Datetime("ms"),
    "date": pl.Date(),
    "decimal(18,2)": pl.Float64(),
}
STATED_COVERS = """
    select *, stated_start as derived_start, stated_end as derived_end,
        12 as stated_months, 12 as derived_months,
        'N' as missing_required_event_type, 'N' as reporting_period_has_gaps
    from core.cld_main__file
"""


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def row(council: int, person: str, **values: Any) -> dict[str, Any]:
    """One submitted row: an open community service of a service user born in 1950, unless said otherwise."""
    given = {
        "LA_Code": str(council),
        "LA_Name": f"Council {council}",
        "ImportDate": datetime(2026, 4, 12, 9),
        "Reporting_Period_Start_Date": date(2024, 4, 1),
        "Reporting_Period_End_Date": date(2026, 3, 31),
        "LA_Person_Unique_Identifier": person,
        "Der_Birth_Year": 1950,
        "Der_Birth_Month": 1,
        "Client_Type": "Service user",
        "Event_Type": "Service",
        "Service_Type": "Long term support: Community",
        "Event_Start_Date": date(2025, 6, 1),
    }
    for name, value in values.items():
        is_day = name == "Date_of_Death" or (name.endswith("_Date") and isinstance(value, str))
        given[name] = day(value) if is_day else value
    return given


def service(council: int, person: str, start: str, end: str | None = None, **values: Any) -> dict[str, Any]:
    return row(council, person, Event_Start_Date=start, Event_End_Date=end, **values)


def event(kind: str, council: int, person: str, start: str, end: str, **values: Any) -> dict[str, Any]:
    """A request, assessment or review."""
    return row(
        council,
        person,
        Event_Type=kind,
        Service_Type=None,
        Event_Start_Date=start,
        Event_End_Date=end,
        **values,
    )


@dataclass
class OfficialTables:
    """The built tables of one method."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def value(self, sql: str) -> Any:
        found = self.rows(sql)
        assert len(found) == 1, found
        return found[0][0]

    def figure(
        self, council: int, measure: str, group: str = "Total", description: str = "", period: str = "latest"
    ) -> tuple[int, int]:
        """Numerator and denominator of one cell."""
        found = self.connection.execute(
            "select numerator, denominator from returns.ascof__figure where la_code = ? and measure = ?"
            " and age_or_sex_group = ? and period_id = ? and coalesce(description, '') like ? || '%'",
            [str(council), measure, group, period, description],
        ).fetchall()
        assert len(found) == 1, found
        return found[0]


@cache
def compiled_models() -> list[tuple[str, str, str]]:
    """Folder, name and SQL of every official model, each after the ones it reads."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / building.FILE_NAME
        with building.environment(dbt_environment(file, "1GB", 1)):
            manifest = building.project_manifest(Path(folder))
            result = building.invoke_dbt(["compile", "--select", "tag:cld_method"], Path(folder), manifest)
    nodes = [r.node for r in result.results if r.node.resource_type == "model"]
    return [
        (
            n.original_file_path.split("/")[1],
            f"{n.schema}.{n.name}",
            n.compiled_code.replace('"official".', ""),
        )
        for n in nodes
    ]


def build_tables(
    method: str,
    rows: Sequence[dict[str, Any]],
    *,
    hospital: Sequence[dict[str, Any]] = (),
    deaths: Sequence[tuple[str, str, str]] = (),
    derive_periods: bool = False,
    history_start: str = "2024-04-01",
    parameters: dict[str, str] | None = None,
    as_at: str = "2026-05-05",
    measures: str = "",
) -> OfficialTables:
    """Build the main tables, and those of one return if named, from the given rows under one method."""
    columns = {
        r["column"]: TYPES.get(r["type"], pl.String()) for r in read_rows(CLD_STANDARDS / "store_columns.csv")
    }
    numbered = [{"Der_Unique_Record_ID": n, **r} for n, r in enumerate(rows, start=1)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pl.DataFrame(numbered, schema=columns).write_parquet(folder / "store.parquet")
        lookups = _lookups(folder / "lookups", {(r["LA_Code"], r["LA_Name"]) for r in numbered})
        pl.DataFrame(
            [(n, day(d), day(g)) for n, d, g in deaths],
            schema={
                "Der_DHSC_Pseudo_NHS_Number": pl.String,
                "reg_date_of_death": pl.Date,
                "reg_date": pl.Date,
            },
            orient="row",
        ).write_parquet(folder / "deaths.parquet")
        hospital_file = folder / "hospital.parquet" if hospital else None
        if hospital_file:
            pl.DataFrame(list(hospital)).write_parquet(hospital_file)
        year, quarter_ago = (date(2025, 4, 1), date(2026, 3, 31)), (date(2025, 1, 1), date(2025, 12, 31))
        run = OfficialRun(
            method,
            date.fromisoformat(history_start),
            *year,
            date.fromisoformat(as_at),
            [("latest", *year), ("previous", *quarter_ago)],
            [("latest", *quarter_ago), ("previous", date(2024, 10, 1), date(2025, 9, 30))],
            "2025",
        )
        file = folder / building.FILE_NAME
        prepare_official_raw(
            file,
            run,
            StoreInputs(folder / "store.parquet", lookups, hospital_file, folder / "deaths.parquet"),
        )
        connection = duckdb.connect()
        connection.execute(f"attach '{file}' as official (read_only)")
        connection.execute(
            "create schema raw; create schema staging; create schema core; create schema returns"
        )
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'official' union all"
            " select view_name from duckdb_views() where database_name = 'official' and not internal"
        ).fetchall():
            connection.execute(f"create table raw.{table} as select * from official.raw.{table}")
        connection.execute("detach official")
    for parameter, value in (parameters or {}).items():
        connection.execute(
            "update raw.cld_method_parameter set value = ? where parameter = ?", [value, parameter]
        )
    for part, model, sql in compiled_models():
        if part not in ("staging", "core", measures):
            continue
        replaced = (
            STATED_COVERS if model.endswith("cld_main__reporting_period") and not derive_periods else sql
        )
        connection.execute(f"create table {model} as {replaced}")
    return OfficialTables(connection)


build_ascof = partial(build_tables, measures="ascof")
build_waiting_times = partial(build_tables, measures="waiting_times")


def _lookups(folder: Path, councils: Iterable[tuple[str, str]]) -> Path:
    """The kit's mappings, with these councils and a population of 100,000 in each band of each."""
    folder.mkdir()
    for path in LOOKUPS.glob("REF_*_Mapping.csv"):
        shutil.copy(path, folder)
    shutil.copy(LOOKUPS / "REF_Event_Outcome_Hierarchy_R2.csv", folder)
    shutil.copy(LOOKUPS / "REF_ONS_LSOA11_UTLA23_Lookup.csv", folder)
    known = sorted(councils)
    area = pl.DataFrame(
        [(code, name, f"E{code}") for code, name in known],
        schema=["LA_Code", "LA_Name", "LA_Area_Code"],
        orient="row",
    )
    area.write_csv(folder / "REF_ONS_Codes_LA_Region_Lookup.csv")
    area.drop("LA_Area_Code").write_csv(folder / "REF_ONS_Codes_LA_Region_Lookup_April_2024.csv")
    area.select("LA_Name").write_csv(folder / "Reference_ODS_LA.csv")
    bands = [
        (f"E{code}", "Local Authority", gender, band, "2025", "ASCOF", 100_000)
        for code, _ in known
        for gender in ("All", "Total")
        for band in ("18 to 64", "65 and above")
    ]
    names = ["Code", "Geography", "Gender", "Age_Band", "Year", "Pub_Flag", "Population"]
    population = pl.DataFrame(bands, schema=names, orient="row")
    population.write_csv(folder / "REF_ONS_Mid_Year_Estimates_All_Pubs.csv")
    population.drop("Year", "Pub_Flag").write_csv(folder / "REF_ONS_Pop_Gender_Pub_Age_Bands_24.csv")
    return folder
