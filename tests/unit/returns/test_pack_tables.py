"""Tables that are the same bytes every time and never run a formula."""

from __future__ import annotations

import re
import stat
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from orchestration.returns.tables import TableError, harmless, plain, write_csv, write_xlsx


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("\0=1", "'\0=1"),
        ("＝1+1", "'＝1+1"),
        ("-", "'-"),
        ("-5", "-5"),
        ("-5.25", "-5.25"),
        (Decimal("-5.2500"), "-5.2500"),
        (-5, "-5"),
        ("a=b", "a=b"),
        ("", ""),
        (None, ""),
        (True, "true"),
        (date(2026, 10, 11), "2026-10-11"),
        (datetime(2026, 10, 11, 23), "2026-10-11T23:00:00"),
    ],
)
def test_text_that_begins_like_a_formula_is_made_harmless_and_numbers_stay(
    value: object, written: str
) -> None:
    assert harmless(value) == written


@pytest.mark.parametrize(
    ("value", "shown"),
    [("12.0000", "12"), ("0.5000", "0.5"), ("-0.2500", "-0.25"), ("1200.0000", "1200"), ("0.0000", "0")],
)
def test_a_figure_loses_the_zeros_its_type_added(value: str, shown: str) -> None:
    assert f"{plain(Decimal(value)):f}" == shown


def test_a_csv_has_utf8_crlf_and_quotes_only_where_needed(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    assert write_csv(file, ["a", "b"], [["é", 'say "x", y'], ["two\nlines", None]]) == 2
    assert file.read_bytes() == 'a,b\r\né,"say ""x"", y"\r\n"two\nlines",\r\n'.encode()


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_a_restricted_file_is_its_owners_alone(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name.endswith("csv"):
        write_csv(file, ["a"], [], restricted=True)
    else:
        write_xlsx(file, ["a"], [], sheet="s", restricted=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_workbook_keeps_formulas_as_letters_and_numbers_as_numbers(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    rows = [['=HYPERLINK("x")', Decimal("-1.50")], ["http://a.example", 7], ["0012", 12345678901234567]]
    write_xlsx(file, ["text", "number"], rows, sheet="s", preamble=["Title", "=1+1"])
    page = openpyxl.load_workbook(file).active
    cells = [[(c.value, c.data_type) for c in row] for row in page.iter_rows(min_row=4)]
    assert cells[0] == [("text", "s"), ("number", "s")]
    assert cells[1] == [('=HYPERLINK("x")', "s"), (-1.5, "n")]
    assert cells[2] == [("http://a.example", "s"), (7, "n")]
    assert cells[3] == [("0012", "s"), ("12345678901234567", "s")]
    assert page["A2"].data_type == "s"


def test_a_workbook_holds_no_clock(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_xlsx(tmp_path / name, ["a"], [["x"], [1]], sheet="s", preamble=["T"])
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.xlsx") as workbook:
        assert {entry.date_time for entry in workbook.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = workbook.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d{2}-\d{2}", properties) == ["2000-01-01", "2000-01-01"]


def test_text_longer_than_a_cell_is_refused_not_cut(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="row 2, column 1"):
        write_xlsx(tmp_path / "t.xlsx", ["a"], [["x" * 40_000]], sheet="s")
    assert not (tmp_path / "t.xlsx").exists()
