"""Two folders of official tables, cell by cell.

Text is compared as the official database does it, without case and trailing blanks; numbers to a millionth,
but published rates to one unit of their last place: a tie may round either way in decimal and in binary.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

LAST_PLACE = {"outcome": 0.1, "outcome_percent": 0.01}
# What a row is; in every other table it is all columns that are not counts or rates.
PERSON = ["LA_Code", "Der_NHS_LA_Combined_Person_ID"]
KEYS = {
    "joined_main": ["Der_Unique_Record_ID"],
    "single_main": ["Der_Unique_Record_ID"],
    "waiting_times_person": ["request_Der_Unique_Record_ID"],
    "persons_latest": PERSON,
    "persons_previous": PERSON,
    "reporting_periods": ["LA_Code", "ImportDate"],
}
WAITING_KEYS = [
    "LA_Code",
    "Statistical_Reporting_Period_Start",
    "Modified_Working_Age_Band",
    "Age_Band",
    "Metric",
]
COUNTS = frozenset(
    {
        *("Numerator", "Denominator", "Outcome", "Outcome_Percent", "Count", "ST_Max_Count", "Died"),
        "Readmitted",
        *("Entered_LT_ResNurs", "Discharges", "Reablement_Count", "Records", "People", "With_End_Date"),
        "Sum_Latest_Age",
    }
)
COUNT_STARTS = ("Total_", "Death_", "Readmission_", "LTS_", "All_3")


@dataclass(frozen=True)
class TableComparison:
    """How one table compares: cells that could be compared and cells that differ."""

    name: str
    rows: int
    cells: int
    different: int
    note: str = ""


def _read(folder: Path, name: str) -> pl.DataFrame | None:
    for path in (folder / f"{name}.parquet", folder / f"{name}.csv"):
        if path.exists():
            frame = (
                pl.read_parquet(path)
                if path.suffix == ".parquet"
                else pl.read_csv(path, infer_schema_length=0)
            )
            return frame.select(_as_compared(column, frame.schema[column]) for column in frame.columns)
    return None


def _as_compared(column: str, type_: pl.DataType) -> pl.Expr:
    value = pl.col(column).dt.to_string("%Y-%m-%d") if type_ == pl.Date else pl.col(column).cast(pl.String)
    text = value.fill_null("").str.strip_chars_end(" ").str.to_lowercase()
    number = text.cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number.round(6).cast(pl.String)).otherwise(text).alias(column)


def _key(name: str, columns: list[str]) -> list[str]:
    if name in KEYS:
        return KEYS[name]
    if name.startswith("waiting_times"):
        return [c for c in WAITING_KEYS if c in columns]
    return [c for c in columns if c not in COUNTS and not c.startswith(COUNT_STARTS)]


def _numbered(frame: pl.DataFrame, columns: list[str], key: list[str]) -> pl.DataFrame:
    """Rows that share a key are numbered in the order of their other cells, so that each meets its like."""
    return frame.select(columns).sort(columns).with_columns(pl.int_range(pl.len()).over(key).alias("_number"))


def _differs(column: str) -> pl.Expr:
    expected, found = pl.col(column), pl.col(f"{column}__found")
    tolerance = LAST_PLACE.get(column.lower(), 0.0) + 1e-6
    near = (expected.cast(pl.Float64, strict=False) - found.cast(pl.Float64, strict=False)).abs() <= tolerance
    return ((expected != found) & ~near.fill_null(False)).sum()


def compare_table(expected_folder: Path, found_folder: Path, name: str) -> TableComparison:
    """Return how one table of a folder compares with the expected one."""
    expected, found = _read(expected_folder, name), _read(found_folder, name)
    if expected is None:
        raise FileNotFoundError(f"no expected table {name}")
    cells = expected.height * expected.width
    if found is None:
        return TableComparison(name, expected.height, cells, cells, "missing")
    lacking = [c for c in expected.columns if c not in found.columns]
    columns = [c for c in expected.columns if c in found.columns]
    key = _key(name, columns)
    left, right = _numbered(expected, columns, key), _numbered(found, columns, key)
    join = [*key, "_number"]
    paired = left.join(right, on=join, how="inner", suffix="__found")
    values = [c for c in columns if c not in key]
    wrong = sum(paired.select(_differs(c).alias(c) for c in values).row(0)) if values else 0
    missing, extra = left.height - paired.height, right.height - paired.height
    different = wrong + (missing + extra) * len(columns) + len(lacking) * expected.height
    notes = [f"{missing} rows missing, {extra} rows too many"] if missing or extra else []
    notes += [f"columns missing: {', '.join(lacking)}"] if lacking else []
    return TableComparison(name, expected.height, cells, different, "; ".join(notes))


def compare_folders(
    expected_folder: Path, found_folder: Path, names: Iterable[str] = ()
) -> list[TableComparison]:
    """Return the comparison of every expected table (or of those named), in order of name."""
    wanted = list(names) or sorted(
        {p.stem for p in expected_folder.iterdir() if p.suffix in (".csv", ".parquet")}
    )
    return [compare_table(expected_folder, found_folder, name) for name in wanted]
