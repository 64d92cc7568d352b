"""A workbook as bytes: contents, tables, charts drawn from them, notes. The same content, the same bytes.

Text is always a text cell, and one that begins like a formula is marked as text, so that editing it does not
wake it. Whatever a chart is called or drawn from stands in cells, so nothing hostile reaches its formulas.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from orchestration.report.charts import SERIES
from orchestration.report.data_tables import MARK, NUMBER, Column, DataTable
from orchestration.returns.tables import FORMULA_STARTS, write_cell

LANGUAGE = "en-GB"
WIDEST, NARROWEST = 60, 9
_NUMBERS = {"share": "0.0%", "percent": '0.0"%"', "hours": "#,##0.0", "hours_per_week": "#,##0.0"}
_MONEY = "£#,##0.00"
_CHART_WIDTH, _BAR, _CHART_EDGE, _ROW = 760, 24, 110, 20
_BAR_CHART, _LINE_CHART = "bar", "line"


@dataclass(frozen=True)
class Sheet:
    """A sheet with one table."""

    name: str
    table: DataTable


@dataclass(frozen=True)
class Series:
    """Places and their numbers, in order; every number is there."""

    name: str
    points: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Chart:
    """A chart: bars over places, or lines over periods where each series has every period."""

    title: str
    about: str
    unit: str
    series: tuple[Series, ...]
    over_time: bool = False


@dataclass(frozen=True)
class Workbook:
    """What a workbook holds, and what its document properties say."""

    title: str
    subject: str
    author: str
    as_at: date
    introduction: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    charts: tuple[Chart, ...] = ()


def workbook_bytes(book: Workbook) -> bytes:
    """Return a workbook as the bytes of an XLSX file."""
    import xlsxwriter

    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    made.set_properties(
        {
            "title": book.title,
            "subject": book.subject,
            "author": book.author,
            "created": datetime(book.as_at.year, book.as_at.month, book.as_at.day),
        }
    )
    formats = _Formats(made)
    sheets = list(book.sheets)
    if book.charts:
        sheets.append(Sheet("Chart data", chart_data(book.charts)))
    contents = made.add_worksheet("Contents")
    pages = {sheet.name: made.add_worksheet(sheet.name) for sheet in sheets}
    if book.charts:
        _charts(made, made.add_worksheet("Charts"), book.charts, formats)
    _contents(contents, book, sheets, formats)
    for sheet in sheets:
        _table(pages[sheet.name], sheet, formats)
    made.close()
    return _spoken_in_english(buffer.getvalue())


def chart_data(charts: Sequence[Chart]) -> DataTable:
    """Return what the charts are drawn from: one row per number; a number held back is in none."""
    rows = tuple(
        (chart.title, series.name, place, chart.unit, number)
        for chart in charts
        for series in chart.series
        for place, number in series.points
    )
    columns = (
        *(Column("chart", "Chart"), Column("series", "Series"), Column("place", "Place")),
        *(Column("unit", "Unit"), Column("value", "Value", NUMBER)),
    )
    about = "What the charts are drawn from; numbers held back or not known are in no chart."
    return DataTable(
        "chart_data", "Numbers of the charts", about, columns, rows, ("chart", "series", "place")
    )


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self._found: dict[str, Any] = {}
        self.title = made.add_format({"bold": True, "font_size": 16})
        self.line = made.add_format({"text_wrap": True, "valign": "top"})
        self.head = made.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.mark = made.add_format({"align": "right", "valign": "top"})
        self.link = made.get_default_url_format()
        self._quoted = made.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})

    def of_text(self, text: str) -> Any:
        return self._quoted if text[:1] in FORMULA_STARTS else self.line

    def of_number(self, unit: str, value: Decimal) -> Any:
        if unit.startswith("pounds"):
            wanted = _MONEY
        else:
            wanted = _NUMBERS.get(unit) or ("#,##0" if value == value.to_integral_value() else "#,##0.####")
        if wanted not in self._found:
            self._found[wanted] = self._made.add_format({"num_format": wanted, "valign": "top"})
        return self._found[wanted]


def _contents(page: Any, book: Workbook, sheets: Sequence[Sheet], formats: _Formats) -> None:
    page.write_string(0, 0, book.title, formats.title)
    for line, text in enumerate(book.introduction, start=1):
        page.write_string(line, 0, text, formats.of_text(text))
    top = len(book.introduction) + 1
    listed = [(s.name, s.table.title, s.table.about, len(s.table.rows)) for s in sheets]
    if book.charts:
        listed.append(("Charts", "Charts", "Drawn from the sheet Chart data.", len(book.charts)))
    headers = ("Sheet", "Title", "What it holds", "Rows or charts")
    for row, (name, title, about, count) in enumerate(listed, start=top + 1):
        page.write_url(row, 0, f"internal:'{name}'!A1", formats.link, name)
        page.write_string(row, 1, title, formats.of_text(title))
        page.write_string(row, 2, about, formats.of_text(about))
        page.write_number(row, 3, count)
    _excel_table(page, top, len(listed), headers, "contents", book.title, formats)
    for column, width in enumerate((60, 44, 60, 14)):
        page.set_column(column, column, width)
    _on_paper(page)


def _excel_table(
    page: Any, top: int, rows: int, headers: Sequence[str], name: str, title: str, formats: _Formats
) -> None:
    page.add_table(
        *(top, 0, top + max(rows, 1), len(headers) - 1),
        {
            "name": f"table_{name}",
            "title": title,
            "description": title,
            "style": "Table Style Light 1",
            "columns": [{"header": header, "header_format": formats.head} for header in headers],
        },
    )


def _table(page: Any, sheet: Sheet, formats: _Formats) -> None:
    """One header row that stays in sight, then the rows; a blank number says by its mark why it is blank."""
    table = sheet.table
    shown = [place for place, column in enumerate(table.columns) if column.name != MARK]
    names = [column.name for column in table.columns]
    marks = names.index(MARK) if MARK in names else None
    units = names.index("unit") if "unit" in names else None
    widths = [len(table.columns[place].label) + 3 for place in shown]
    for number, row in enumerate(table.rows, start=1):
        mark = str(row[marks]) if marks is not None else ""
        unit = str(row[units]) if units is not None else ""
        for across, place in enumerate(shown):
            column, value = table.columns[place], row[place]
            if isinstance(value, Decimal):
                write_cell(page, number, across, value, formats.of_number(_unit_of(column, unit), value))
                widths[across] = max(widths[across], len(f"{value:,f}") + 2)
            elif value:
                page.write_string(number, across, value, formats.of_text(value))
                widths[across] = max(widths[across], min(len(value) + 2, WIDEST))
            elif told := (column.follows_mark and mark) or column.blank:
                page.write_string(number, across, told, formats.mark)
    headers = [table.columns[place].label for place in shown]
    _excel_table(page, 0, len(table.rows), headers, table.table_id, table.title, formats)
    for across, width in enumerate(widths):
        page.set_column(across, across, max(width, NARROWEST))
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    _on_paper(page)


def _on_paper(page: Any) -> None:
    """A sheet lies across A4, as wide as the paper, with its name and the number of the page at its foot."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&R&P / &N")


def _unit_of(column: Column, unit: str) -> str:
    """Counts a share is made of are no shares; the ends of its interval are, whatever the share is in."""
    if column.name.startswith("interval_"):
        return "share"
    return "count" if column.name in ("numerator", "denominator") else unit


def _charts(made: Any, page: Any, charts: Sequence[Chart], formats: _Formats) -> None:
    page.write_string(0, 0, "Charts", formats.title)
    page.write_string(1, 0, "The numbers of each chart stand in the sheet Chart data.", formats.line)
    page.set_column(0, 0, 100)
    _on_paper(page)
    below, first = 2, 1
    for chart in charts:
        drawn = made.add_chart({"type": _LINE_CHART if chart.over_time else _BAR_CHART})
        begins = first
        for number, series in enumerate(chart.series):
            last = first + len(series.points) - 1
            drawn.add_series(
                {
                    "name": ["Chart data", first, 1],
                    "categories": ["Chart data", first, 2, last, 2],
                    "values": ["Chart data", first, 4, last, 4],
                    "fill": {"color": SERIES[number % len(SERIES)]},
                    "line": {"color": SERIES[number % len(SERIES)]},
                    "gap": 50,
                }
            )
            first = last + 1
        height = _dressed(drawn, chart, ["Chart data", begins, 0])
        page.insert_chart(below, 0, drawn, {"description": chart.about})
        below += height // _ROW + 1


def _dressed(drawn: Any, chart: Chart, title: list[Any]) -> int:
    """Give a chart its title, axes and size, and return its height."""
    drawn.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    if len(chart.series) == 1:
        drawn.set_legend({"none": True})
    else:
        drawn.set_legend({"position": "bottom"})
    shown = _NUMBERS.get(chart.unit) or (_MONEY if chart.unit.startswith("pounds") else "#,##0")
    values = {
        "num_format": shown,
        "min": 0,
        "major_gridlines": {"visible": True, "line": {"color": "#D5DCE1"}},
    }
    if chart.over_time:
        height = 320
        drawn.set_y_axis(values)
    else:
        height = _CHART_EDGE + _BAR * max(len(s.points) for s in chart.series) * len(chart.series)
        # Bars are listed from the bottom; a reader begins at the top.
        drawn.set_y_axis({"reverse": True})
        drawn.set_x_axis({**values, "label_position": "low"})
    drawn.set_size({"width": _CHART_WIDTH, "height": height})
    return height


def _spoken_in_english(content: bytes) -> bytes:
    """Say in the document's properties and charts that it is in British English, which readers aloud need."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":
                said = f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>"
                data = data.replace(b"</cp:coreProperties>", said.encode())
            elif re.fullmatch(r"xl/(charts|drawings)/[^/]+\.xml", item.filename):
                data = re.sub(rb'(lang|<c:lang val)="en-US"', rf'\1="{LANGUAGE}"'.encode(), data)
            new.writestr(item, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
