"""Time, peak memory and the share of each step of the official chain on the kit's councils tiled many times.

    python tests/conformance/bench_cld.py 10 90

Each number is a count of tiles of about 114,000 rows. One method, the latest period, every measure.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import tempfile
import time
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import duckdb

from orchestration.conformance.building import build_official, open_built
from orchestration.conformance.tables import official_tables, write_table
from orchestration.warehouse.cld_store import OfficialRun, StoreInputs

KIT = Path(__file__).parent / "cld"
SUFFIXED = (
    "Der_NHS_Number_Traced_Pseudo",
    "Der_NHS_Number_Pseudo",
    "LA_Person_Unique_Identifier",
    "Adult_1_Linked_Person_ID",
    "Adult_2_Linked_Person_ID",
    "Adult_3_Linked_Person_ID",
)
STEPS = {
    "reporting periods and choice": (
        "end_month",
        "file",
        "period",
        "type_month",
        "window",
        "reporting",
        "number",
    ),
    "events in period": ("event_in_period", "closed", "event_type"),
    "deduplication and wide row": ("kept_record", "cld_main__event"),
    "person details": ("person",),
    "2A": ("2a",),
    "2B 2C": ("2b2c",),
    "2D": ("2d",),
    "2E": ("2e",),
    "3D": ("3d",),
    "waiting times": ("waiting_times",),
}


def tile(tiles: int, folder: Path) -> StoreInputs:
    """Write the kit's store tiled: each tile has councils, people and records of its own."""
    lookups = folder / "lookups"
    shutil.copytree(KIT / "lookups", lookups)
    with duckdb.connect() as connection:

        def copy(source: str, target: str, replaced: str, form: str = "format parquet") -> None:
            # Tile after tile, each in the order of the kit, as submissions arrive council by council.
            one = f"select s.* replace ({replaced}) from {source} s"
            parts = [f"({one}, (select {tile} as t))" for tile in range(tiles)]
            connection.execute(f"copy ({' union all '.join(parts)}) to '{target}' ({form})")

        names = "LA_Name || case when t = 0 then '' else ' ' || t end as LA_Name"
        codes = "cast(LA_Code as bigint) + 1000 * t as LA_Code"
        people = ", ".join(f"{c} || '-' || t as {c}" for c in SUFFIXED)
        records = "Der_Unique_Record_ID + 1000000 * t as Der_Unique_Record_ID"
        copy(
            f"'{KIT / 'cld_raw.parquet'}'",
            str(folder / "cld_raw.parquet"),
            f"{codes}, {names}, {people}, {records}",
        )
        number = "Der_DHSC_Pseudo_NHS_Number || '-' || t as Der_DHSC_Pseudo_NHS_Number"
        ident = "APCS_Ident || '-' || t as APCS_Ident"
        copy(f"'{KIT / 'sus.parquet'}'", str(folder / "sus.parquet"), f"{number}, {ident}")
        copy(f"'{KIT / 'ons_deaths.parquet'}'", str(folder / "ons_deaths.parquet"), number)
        area = "LA_Area_Code || '-' || t as LA_Area_Code"
        population = "Code || '-' || t as Code"
        for name, replaced in (
            ("REF_ONS_Codes_LA_Region_Lookup", f"{codes}, {names}, {area}"),
            ("REF_ONS_Codes_LA_Region_Lookup_April_2024", f"{codes}, {names}"),
            ("Reference_ODS_LA", names),
            ("REF_ONS_Mid_Year_Estimates_All_Pubs", population),
            ("REF_ONS_Pop_Gender_Pub_Age_Bands_24", population),
        ):
            file = lookups / f"{name}.csv"
            file.chmod(0o644)
            copy(f"read_csv('{KIT / 'lookups' / file.name}')", str(file), replaced, "format csv, header true")
    return StoreInputs(
        folder / "cld_raw.parquet", lookups, folder / "sus.parquet", folder / "ons_deaths.parquet"
    )


def main(tiles: int, method: str) -> None:
    """Run the chain once and print its times."""
    run = OfficialRun(
        method,
        date(2024, 1, 1),
        date(2025, 4, 1),
        date(2026, 3, 31),
        date(2026, 5, 5),
        [("latest", date(2025, 4, 1), date(2026, 3, 31))],
        [("latest", date(2025, 1, 1), date(2025, 12, 31))],
        "2025",
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # In a process of its own: what making the files takes is no part of the chain's peak memory.
        with get_context("spawn").Pool(1) as maker:
            inputs = maker.apply(tile, (tiles, folder))
        rows = duckdb.sql(f"select count(*) from '{inputs.submissions}'").fetchall()[0][0]
        started = time.perf_counter()
        file, _ = build_official(folder, run, inputs)
        built = time.perf_counter()
        (folder / "out").mkdir()
        with open_built(file) as connection:
            for table in official_tables(method, ["latest"]):
                write_table(connection, table, folder / "out")
        written = time.perf_counter()
        results = json.loads((folder / "dbt_target" / "run_results.json").read_text())["results"]
    spent = dict.fromkeys([*STEPS, "other"], 0.0)
    slow = []
    for result in results:
        model = result["unique_id"].rsplit(".", 1)[-1]
        step = next((s for s, parts in STEPS.items() if any(p in model for p in parts)), "other")
        spent[step] += result["execution_time"]
        slow.append((result["execution_time"], model))
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak, cpu = used.ru_maxrss / 1024**2, used.ru_utime + used.ru_stime
    print(
        f"{method}: {rows:,} rows, {built - started:.1f} s to build, {written - built:.1f} s to write,"
        f" {cpu:.1f} s of CPU, {peak:.1f} GB"
    )
    for step, seconds in spent.items():
        print(f"  {step:32}{seconds:8.1f} s")
    for seconds, model in sorted(slow, reverse=True)[:8]:
        print(f"    {model:40}{seconds:8.1f} s")


if __name__ == "__main__":
    for argument in sys.argv[1:] or ["10"]:
        main(int(argument), "dhsc-2026-09")
