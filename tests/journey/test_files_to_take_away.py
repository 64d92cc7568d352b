"""Workbooks and data files tell the released numbers and no other, under every profile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from pyarrow import parquet
from walking import read_rows

from orchestration.report.release import Released
from orchestration.report.tidy import Row

PROFILES = ("suppress_under_5", "sac", "round_to_5")
NUMBERS = ("value", "numerator", "denominator")
TINY = Decimal("0.006")


def row_of(name: str, line: dict[str, str], released: Released) -> Row:
    """The released number that a line of a file is about."""
    if "cell_id" not in line:
        table = released.table(name)
        keys = tuple(line[d.name] for d in table.dimensions)
        return next(r for r in table.rows if r.keys == keys and r.unit == line["unit"])
    return_id = line.get("return_id") or name.removesuffix("_figures")
    table = released.table(f"figures_{return_id}_{line['submitter_id']}_{line['period']}")
    return next(r for r in table.rows if r.keys[0] == line["cell_id"])


def more_than_released(site: Path, released: Released) -> Iterator[str]:
    """Yield each number of the plain tables that is not the released one."""
    for file in sorted((site / "tables").glob("*.csv")):
        for line in read_rows(file):
            row = row_of(file.stem, line, released)
            for name in NUMBERS:
                told, true = line.get(name), getattr(row, name)
                if told and (row.mark or true is None or abs(Decimal(told) - true) > TINY):
                    yield f"{file.name} {row.keys} {name}"


@pytest.mark.parametrize("profile", PROFILES)
def test_plain_tables_tell_what_was_released_and_no_more(
    sites: dict[str, Path], released: dict[str, Released], profile: str
) -> None:
    told = [
        n for file in (sites[profile] / "tables").glob("*.csv") for r in read_rows(file) for n in r.values()
    ]
    assert len(told) > 10_000
    assert list(more_than_released(sites[profile], released[profile])) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_a_true_number_in_a_plain_table_is_found(
    sites: dict[str, Path], released: dict[str, Released], tmp_path: Path, profile: str
) -> None:
    """A planted leak: one file is written before the release in place of after it."""
    shutil.copytree(sites[profile] / "tables", tmp_path / "tables")
    shutil.copy(sites["none"] / "tables" / "people_by_month.csv", tmp_path / "tables" / "people_by_month.csv")
    assert len(list(more_than_released(tmp_path, released[profile]))) > 20


def as_text(value: object) -> str:
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


@pytest.mark.parametrize("profile", ["none", *PROFILES])
def test_parquet_holds_the_same_as_csv(sites: dict[str, Path], profile: str) -> None:
    files = sorted((sites[profile] / "tables").glob("*.csv"))
    assert len(files) > 20
    for file in files:
        held = parquet.read_table(file.with_suffix(".parquet")).to_pylist()
        numbers = [{n: as_text(row.get(n)) for n in NUMBERS} for row in held]
        plain = [{n: row.get(n, "") for n in NUMBERS} for row in read_rows(file)]
        assert [list(map(number, row.values())) for row in numbers] == [
            list(map(number, row.values())) for row in plain
        ], file.name


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def numbers_in(book: Path, sheet: str, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    head, *rows = openpyxl.load_workbook(book, read_only=True)[sheet].iter_rows(values_only=True)
    return [tuple(row[head.index(c)] for c in columns) for row in rows]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_workbook_tells_what_its_plain_table_tells(sites: dict[str, Path], profile: str) -> None:
    folder = sites[profile] / "tables"
    pairs = [
        (f, f.with_name(f.stem.replace("-", "_") + "_figures.csv"), "Figures") for f in folder.glob("*.xlsx")
    ]
    pairs = [(f, plain, sheet) for f, plain, sheet in pairs if plain.is_file()]
    pairs.append((folder / "measures.xlsx", folder / "measures.csv", "Measures"))
    assert len(pairs) > 4
    for book, plain, sheet in pairs:
        rows = read_rows(plain)
        shown = numbers_in(book, sheet, ("Value", "Numerator", "Denominator"))
        told = [[n if isinstance(n, int | float) else None for n in row] for row in shown]
        assert told == [[None if not r[n] else float(r[n]) for n in NUMBERS] for r in rows], book.name
        drawn = numbers_in(book, "Chart data", ("Place", "Value"))
        values = {float(r["value"]) for r in rows if r["value"]}
        assert drawn
        assert {n for _, n in drawn if isinstance(n, int | float)} <= values, book.name
