"""Workbooks hold the released figures, tidy and described, and nothing in them runs or tells more."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from made import AS_AT, contents, state

from orchestration.report.data_tables import NotReleased, every_measure, from_tidy
from orchestration.report.downloads import Downloads, downloads, write_downloads
from orchestration.report.measure_pages import interval_of
from orchestration.report.return_pages import ReturnState
from orchestration.report.tidy import TOTAL, Dimension, Row, TidyTable
from orchestration.report.workbook_file import workbook_bytes

BEDS = [
    ("beds.used", "Occupied beds", "beds", "12", ""),
    ("beds.free", "Vacant beds", "beds", "0", ""),
    ("beds.kind", "Beds by kind", "beds", "[x]", ""),
    ("hours.cost", "Cost of an hour", "pounds_per_hour", "21.4567", ""),
    ("staff.left", "Share of staff who left", "share", "0.25", "15/60"),
]
HOSTILE = ["=1+1", "+44", "-2+3", "@SUM(A1)", "\tcmd", "\rcmd", "=Sheet1!A1", "Home!A1"]


def taken(*states: ReturnState, client: str = "Northmere") -> Downloads:
    return downloads(contents(*states, client=client), [])


def opened(made: Downloads, path: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(dict(made.workbooks)[path])))


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_numbers_are_numbers_money_is_to_the_penny_and_marks_are_text() -> None:
    book = opened(taken(state({"2026-10": BEDS})), "tables/capacity-tracker.xlsx")
    found = {row["Answer"]: row["Value"] for row in rows_of(book["Figures"])}
    assert found == {
        "Occupied beds": 12,
        "Vacant beds": 0,
        "Beds by kind": "[x]",
        "Cost of an hour": 21.46,
        "Share of staff who left": 0.25,
    }
    shown = {c.value: c.number_format for c in book["Figures"]["I"]}
    assert shown[21.46] == "£#,##0.00"
    assert shown[0.25] == "0.0%"
    meanings = {row["Topic"]: row["Note"] for row in rows_of(book["Notes"])}
    assert {f"The mark {m}" for m in ("[c]", "[x]", "[z]", "[low]")} <= set(meanings)


def test_a_third_is_given_to_four_decimals_in_every_file() -> None:
    third = [("staff.left", "Share of staff who left", "share", str(Decimal(1) / 3), "5/15")]
    made = taken(state({"2026-10": third}))
    assert rows_of(opened(made, "tables/capacity-tracker.xlsx")["Figures"])[0]["Value"] == 0.3333
    assert made.tables[0].rows[0][made.tables[0].place("value")] == Decimal("0.3333")


def test_what_is_more_than_nothing_is_not_written_as_zero_pounds() -> None:
    low = [("hours.cost", "Cost of an hour", "pounds", "0.0010", "")]
    book = opened(taken(state({"2026-10": low})), "tables/capacity-tracker.xlsx")
    assert rows_of(book["Figures"])[0]["Value"] == "[low]"


def test_every_table_has_one_header_that_stays_and_a_title_and_no_cell_is_merged() -> None:
    made = taken(state({"2026-10": BEDS}))
    for path, _ in made.workbooks:
        book = opened(made, path)
        assert book.sheetnames[0] == "Contents"
        for sheet in book:
            assert not sheet.merged_cells.ranges
            assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
            assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
            if sheet.title in ("Contents", "Charts"):
                continue
            (table,) = sheet.tables.values()
            assert table.ref == sheet.dimensions
            assert sheet.freeze_panes == "A2"
            assert sheet.print_title_rows == "$1:$1"
            assert sheet.column_dimensions["A"].width >= 9
            assert all(any(v is not None for v in row) for row in sheet.iter_rows(values_only=True))
            heads = [c.value for c in sheet[1]]
            assert all(heads) and len(set(heads)) == len(heads)
        listed = {row[0] for row in book["Contents"].iter_rows(values_only=True)}
        assert set(book.sheetnames) - {"Contents"} <= listed


def test_the_document_says_its_title_and_language_and_each_table_and_chart_says_what_it_shows() -> None:
    others = [state({"2026-10": BEDS}, name=f"Home {n}", number=n) for n in (1, 2)]
    content = workbook_bytes(dict(taken(*others).workbooks)["tables/capacity-tracker.xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.properties.language == "en-GB"
    assert book.properties.title.endswith("Northmere, October 2026")
    assert book.properties.created.date() == AS_AT
    inside = parts(content)
    tables = [text for name, text in inside.items() if name.startswith("xl/tables/")]
    assert tables and all("altText=" in text for text in tables)
    drawn = inside["xl/drawings/drawing1.xml"]
    described = re.findall(r'<xdr:cNvPr id="\d+" name="[^"]*" descr="([^"]+)"', drawn)
    charts = [name for name in inside if name.startswith("xl/charts/chart")]
    assert len(charts) == len(described) == drawn.count("<xdr:cNvPr")
    assert "Bars, 2 places. Beds: Occupied beds, October 2026." in described
    assert all("<c:title>" in inside[name] for name in charts)
    assert not any("en-US" in text for name, text in inside.items() if "charts" in name)


def test_the_same_figures_give_the_same_bytes() -> None:
    first, second = (taken(state({"2026-10": BEDS})) for _ in range(2))
    for (path, one), (_, other) in zip(first.workbooks, second.workbooks, strict=True):
        assert workbook_bytes(one) == workbook_bytes(other), path


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_looks_like_a_formula_becomes_one(text: str) -> None:
    answers = [(f"beds.{n}", f"{text}{n or ''}", "beds", str(n + 1), "") for n in range(2)]
    made = taken(state({"2026-10": answers}, name=text), client=text)
    for path, book in made.workbooks:
        content = workbook_bytes(book)
        inside = parts(content)
        sheets = [t for name, t in inside.items() if name.startswith("xl/worksheets/sheet")]
        assert sheets and not any("<f>" in t for t in sheets), path
        named = [f for t in inside.values() for f in re.findall(r"<c:f>(.*?)</c:f>", t)]
        assert named and all(f.startswith("'Chart data'!$") for f in named)
        values = {c.value for s in openpyxl.load_workbook(io.BytesIO(content)) for row in s for c in row}
        kept = text.replace("\r", "_x000D_") if text.startswith("\r") else text
        assert kept in values or text in values
        if text[0] in "=+-@":
            assert 'quotePrefix="1"' in inside["xl/styles.xml"]


def test_charts_are_drawn_from_numbers_alone() -> None:
    held = [state({"2026-10": [("beds.used", "Occupied beds", "beds", v, "")]}, number=n, name=f"Home {n}")
            for n, v in ((1, "12"), (2, "[c]"), (3, "9"))]  # fmt: skip
    content = workbook_bytes(dict(taken(*held).workbooks)["tables/capacity-tracker.xlsx"])
    chart = parts(content)["xl/charts/chart1.xml"]
    assert re.findall(r"<c:v>(.*?)</c:v>", chart)[1:] == ["beds", "Home 1", "Home 3", "12", "9"]
    assert "[c]" not in chart


def test_a_line_is_drawn_for_those_with_a_number_in_every_period() -> None:
    def answers(value: str) -> list[tuple[str, str, str, str, str]]:
        return [("beds.used", "Occupied beds", "beds", value, "")]

    whole = state({"2026-09": answers("8"), "2026-10": answers("9")}, name="Whole")
    gap = state({"2026-09": answers("[x]"), "2026-10": answers("9")}, name="Gap", number=2)
    ((_, book), *_) = taken(whole, gap).workbooks
    (chart,) = book.charts
    assert chart.over_time
    assert [(s.name, s.points) for s in chart.series] == [
        ("Whole", (("Sep 2026", Decimal(8)), ("Oct 2026", Decimal(9))))
    ]


def test_a_number_held_back_is_in_no_file_and_nothing_it_is_made_of(tmp_path: Path) -> None:
    answers = [
        ("staff.left", "Share of staff who left", "share", "0.0005", "4/7919"),
        ("staff.all", "Staff", "staff", "7777", ""),
    ]
    made = taken(state({"2026-10": answers}, profile="suppress_under_5"))
    (tmp_path / "tables").mkdir()
    write_downloads(tmp_path, made)
    shares = [r for t in made.tables for r in t.rows if "Share of staff who left" in r]
    assert len(shares) == 2
    assert all("[c]" in row and not any(isinstance(cell, Decimal) for cell in row) for row in shares)
    seen = 0
    for path, text in texts_below(tmp_path).items():
        seen += "7777" in text
        assert "7919" not in text and "0005" not in text, path
    assert seen >= 4


def texts_below(folder: Path) -> dict[str, str]:
    """What stands in each file, sheets and charts of a workbook and columns of a Parquet file included."""
    from pyarrow import parquet

    found = {}
    for path in sorted(folder.rglob("*.*")):
        if path.suffix == ".xlsx":
            inside = parts(path.read_bytes())
            kept = ("xl/worksheets/", "xl/sharedStrings", "xl/charts/", "xl/drawings/")
            found |= {
                f"{path.name}/{n}": "\n".join(re.findall(r"<(?:v|c:v|t)(?: [^>]*)?>(.*?)</", t))
                for n, t in inside.items()
                if n.startswith(kept) and "Method" not in t
            }
        elif path.suffix == ".parquet":
            found[path.name] = str(parquet.read_table(path).to_pylist())
        elif path.suffix == ".csv":
            found[path.name] = path.read_text(encoding="utf-8")
    return found


def test_a_table_that_was_not_released_is_not_taken_away() -> None:
    raw = TidyTable("t", "T", (Dimension("age", "Age"),), (Row((TOTAL,), "people", Decimal(3)),))
    with pytest.raises(NotReleased, match="table t was not released"):
        from_tidy(raw)


def test_an_interval_is_given_for_a_share_alone() -> None:
    assert interval_of(Row(("a",), "visits", Decimal(3), Decimal(30), Decimal(10))) is None
    assert interval_of(Row(("a",), "share", Decimal("0.5"), Decimal(5), Decimal(10))) is not None
    assert interval_of(Row(("a",), "share", None, None, None, "[c]")) is None


def test_the_measures_leave_out_what_is_not_asked() -> None:
    from orchestration.report.measure_pages import measures_of

    own = state({"2026-10": [*BEDS, ("beds.none", "Beds of another kind", "beds", "[z]", "")]})
    table = every_measure(measures_of([own]), [])
    answers = [row[table.place("breakdown")] for row in table.rows]
    assert "Beds of another kind" not in answers
    assert len(answers) == len(BEDS)
