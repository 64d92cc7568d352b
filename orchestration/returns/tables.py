"""Tables as files people open: CSV and XLSX that are the same bytes every time and never run a formula."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO, cast

FORMULA_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_CREATED = datetime(2000, 1, 1)
_MOST_ROWS = 1_048_576
_LONGEST_TEXT = 32_767
# Beyond this many digits a spreadsheet rounds; such a number is written as text.
_EXACT_DIGITS = 15
_WIDEST_COLUMN = 60


class TableError(ValueError):
    """A table cannot be written as asked, without losing something."""


def plain(value: Decimal | None) -> Decimal | None:
    """Return a figure without the zeros its column type adds: 12.0000 is 12, 0.5000 is 0.5."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def text_of(value: object) -> str:
    """Return a value as a CSV holds it: ISO dates, decimals as they are, blank for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def harmless(value: object) -> str:
    """Return a value as CSV text that no spreadsheet takes for a formula.

    Text that begins like a formula gets an apostrophe in front. A number is left alone, also below zero and
    also when it arrives as text: a sign followed by nothing but digits computes nothing.
    """
    # A council's file has tens of millions of cells, nearly all of them blank or plain text.
    if value is None:
        return ""
    if not isinstance(value, str):
        return text_of(value)
    return "'" + value if value[:1] in FORMULA_STARTS and not _PLAIN_NUMBER.fullmatch(value) else value


def open_new(path: Path, restricted: bool) -> TextIO:
    """Open a new UTF-8 file for writing; a restricted one is the owner's alone from its first byte."""
    return cast(TextIO, os.fdopen(_descriptor(path, restricted), "w", encoding="utf-8", newline=""))


def _descriptor(path: Path, restricted: bool) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if restricted else 0o644)


def write_csv(
    path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]], *, restricted: bool = False
) -> int:
    """Write a CSV and return its number of rows: UTF-8 without BOM, lines ended as RFC 4180 says (CR LF)."""
    count = 0
    with open_new(path, restricted) as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow([harmless(h) for h in headers])
        for row in rows:
            writer.writerow([harmless(value) for value in row])
            count += 1
    return count


def replace_text(path: Path, text: str, *, private: bool = False) -> None:
    """Put a text in place in one step, unless it is there already; `private` for its owner alone."""
    if path.is_file() and path.read_bytes() == text.encode():
        return
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(text.encode())
    if private:
        beside.chmod(0o600)
    beside.replace(path)


def write_xlsx(
    path: Path,
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str,
    preamble: Sequence[str] = (),
    restricted: bool = False,
) -> int:
    """Write a workbook of one sheet and return its number of rows.

    Text is always a text cell: a formula in it stays letters. Dates are ISO text; the creation date is fixed.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "constant_memory": False,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    workbook.set_properties({"created": _CREATED})
    bold = workbook.add_format({"bold": True})
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body = workbook.add_format({"text_wrap": True, "valign": "top"})
    page = workbook.add_worksheet(sheet[:31])
    for number, line in enumerate(preamble):
        write_cell(page, number, 0, line, bold if number == 0 else None)
    top = len(preamble) + 1 if preamble else 0
    widths = [len(h) for h in headers]
    for column, header in enumerate(headers):
        write_cell(page, top, column, header, head)
    count = 0
    for count, row in enumerate(rows, start=1):
        if top + count >= _MOST_ROWS:
            raise TableError(f"{path.name}: more rows than a workbook holds; hand the table over as CSV")
        for column, value in enumerate(row):
            write_cell(page, top + count, column, value, body)
            widths[column] = max(widths[column], len(text_of(value)))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width + 2, _WIDEST_COLUMN))
    page.freeze_panes(top + 1, 0)
    workbook.close()
    with os.fdopen(_descriptor(path, restricted), "wb") as handle:
        handle.write(buffer.getvalue())
    return count


def write_cell(page: Any, row: int, column: int, value: object, cell_format: Any) -> None:
    """Write one cell of a workbook: a number where a spreadsheet keeps it exactly, else text."""
    if value is None:
        return
    number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
    if number is not None and len(number.as_tuple().digits) <= _EXACT_DIGITS:
        page.write_number(row, column, float(number), cell_format)
        return
    text = text_of(value)
    if len(text) > _LONGEST_TEXT:
        raise TableError(f"row {row + 1}, column {column + 1}: text longer than a workbook cell holds")
    page.write_string(row, column, text, cell_format)
