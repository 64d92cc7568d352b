"""A store that cannot be used is refused in plain words; one that says little is told of and read."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.extracts.profile import read_rows
from orchestration.warehouse.cld_store import CLD_STANDARDS, OfficialRun, StoreInputs, prepare_official_raw
from orchestration.warehouse.cld_submissions import is_submitted_file
from orchestration.warehouse.table_files import StoreError
from tests.spec.cld_method.official_store import JUNE, LOOKUPS, TYPES, service

COLUMNS = read_rows(CLD_STANDARDS / "store_columns.csv")
SCHEMA = {r["column"]: TYPES.get(r["type"], pl.String()) for r in COLUMNS}
RUN = OfficialRun(
    JUNE,
    date(2024, 4, 1),
    date(2025, 4, 1),
    date(2026, 3, 31),
    date(2026, 5, 5),
    periods=[("latest", date(2025, 4, 1), date(2026, 3, 31))],
    population_year="2025",
)

# The second row loses its start.
FIRST_START = pl.when(pl.int_range(pl.len()) == 0).then("Event_Start_Date").alias("Event_Start_Date")


def store(**changes: object) -> pl.DataFrame:
    rows = [service(901, "a", "2025-06-01"), service(901, "b", "2025-06-01", **changes)]
    return pl.DataFrame(
        [{"Der_Unique_Record_ID": n, **r} for n, r in enumerate(rows, start=1)], schema=SCHEMA
    )


def prepared(frame: pl.DataFrame, folder: Path, name: str = "store.parquet") -> tuple[list[str], int]:
    """The warnings about a store and how many rows the models will read."""
    path = folder / name
    frame.write_csv(path) if name.endswith("csv") else frame.write_parquet(path)
    return prepared_file(path)


def prepared_file(path: Path) -> tuple[list[str], int]:
    file = path.parent / "official.duckdb"
    warnings = prepare_official_raw(file, RUN, StoreInputs(path, LOOKUPS)).warnings
    with duckdb.connect(str(file)) as connection:
        (rows,) = connection.execute(
            "select count(columns(*)) from (select der_unique_record_id from raw.cld_submission_row)"
        ).fetchone()
    return [w for w in warnings if path.name in w], rows


@pytest.mark.parametrize("name", ["store.parquet", "store.csv"])
def test_a_sound_store_is_read_without_a_word(tmp_path: Path, name: str) -> None:
    assert prepared(store(), tmp_path, name) == ([], 2)


@pytest.mark.parametrize("name", ["store.parquet", "store.csv"])
def test_a_store_without_rows_is_read_and_told_of(tmp_path: Path, name: str) -> None:
    warnings, rows = prepared(store().clear(), tmp_path, name)
    assert rows == 0
    assert warnings == [f"{name} holds no rows, so every figure stands on nothing"]


def test_columns_that_never_held_a_value_are_blank(tmp_path: Path) -> None:
    optional = [r["column"] for r in COLUMNS if r["required"] != "1"]
    frame = store().with_columns(pl.lit(None).alias(c) for c in optional)
    assert frame.schema["Gender"] == pl.Null
    assert prepared(frame, tmp_path) == ([], 2)
    with duckdb.connect(str(tmp_path / "official.duckdb")) as connection:
        found = connection.execute("select distinct gender, unit_cost from raw.cld_submission_row").fetchall()
    assert found == [(None, None)]


def test_rows_of_no_submission_are_counted(tmp_path: Path) -> None:
    warnings, _ = prepared(store(LA_Name=None), tmp_path)
    assert warnings == [
        "store.parquet: 1 of 2 rows lack LA_Code, LA_Name or ImportDate, so they are of no submission"
        " and count nowhere"
    ]


def test_rows_without_a_start_are_counted(tmp_path: Path) -> None:
    warnings, _ = prepared(store().with_columns(FIRST_START), tmp_path)
    assert warnings == ["store.parquet: 1 of 2 rows have no Event_Start_Date and count nowhere"]


def test_a_record_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"1 of 2 rows repeat one\. Number the rows anew"):
        prepared(store().with_columns(pl.lit(1).alias("Der_Unique_Record_ID")), tmp_path)


def test_a_blank_record_id_is_refused(tmp_path: Path) -> None:
    blank = pl.lit(None, pl.Int64).alias("Der_Unique_Record_ID")
    with pytest.raises(StoreError, match="2 of 2 rows have none"):
        prepared(store().with_columns(blank), tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zero.csv", b""),
        ("broken.csv", b'LA_Code,"x\n1,2,3\n\xff\xfe'),
        ("broken.parquet", b"PAR1 this is none PAR1"),
    ],
)
def test_a_file_that_is_no_table_is_named_and_not_quoted(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert not is_submitted_file(path)
    with pytest.raises(StoreError, match=f"{name} (cannot be read|lacks the columns)"):
        prepared_file(path)


def test_import_times_are_kept_to_the_millisecond(tmp_path: Path) -> None:
    when = datetime(2026, 4, 23, 13, 28, 24, 253000)
    prepared(store(ImportDate=when), tmp_path, "store.csv")
    with duckdb.connect(str(tmp_path / "official.duckdb")) as connection:
        found = connection.execute("select max(importdate) from raw.cld_submission_row").fetchone()
    assert found == (when,)
