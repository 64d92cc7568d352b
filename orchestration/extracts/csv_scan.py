"""Walks the bytes of a CSV file before any parser sees them: one streaming pass, bounded memory, rows named.

Strict RFC 4180 with commas, UTF-8 with or without a byte order mark, LF or CRLF. What passes here means the
same thing to every CSV parser, so the parser that follows cannot be led astray by quotes or line ends.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from orchestration.extracts import limits
from orchestration.extracts.problems import Refused

_BOM = b"\xef\xbb\xbf"
_QUOTED = re.compile(rb'"(?:[^"]++|"")*+"')
_WELL_FORMED = re.compile(rb'(?:"(?:[^"]++|"")*+"|[^",\r]*+)(?:,(?:"(?:[^"]++|"")*+"|[^",\r]*+))*+')
_CELL = re.compile(rb'"(?:[^"]++|"")*+"|[^,]++')


@dataclass(frozen=True)
class CsvShape:
    """The header as written, and the number of rows below it (blank lines at the end not counted)."""

    header: tuple[str, ...]
    rows: int


def bounded_lines(handle: BinaryIO) -> Iterator[bytes]:
    """Yield lines without their line feed; raise Refused for a line too long to be held."""
    carry = b""
    number = 0
    while chunk := handle.read(limits.READ_CHUNK):
        lines = (carry + chunk).split(b"\n")
        carry = lines.pop()
        for line in lines:
            number += 1
            yield line
        if len(carry) > limits.ROW_BYTES:
            raise Refused("row_too_large", row=number + 1, limit=limits.spoken_size(limits.ROW_BYTES))
    if carry:
        yield carry


class _Scan:
    """The state of one pass: the row being read, and what the header promised."""

    def __init__(self) -> None:
        self.row = 1
        self.header: tuple[str, ...] = ()
        self.blanks = 0

    def take(self, record: bytes, quoted: bool) -> None:
        """Judge one whole record, whose line breaks all stand inside quotes."""
        if not record:
            self.blanks += 1
            return
        if self.blanks and len(self.header) != 1:
            raise Refused("ragged_row", row=self.row, found=0, expected=len(self.header) or "its columns")
        self.row += self.blanks
        self.blanks = 0
        cells = self._cells(record, quoted)
        if not self.header:
            self._take_header(record)
        elif cells != len(self.header):
            raise Refused("ragged_row", row=self.row, found=cells, expected=len(self.header))
        self.row += 1

    def _cells(self, record: bytes, quoted: bool) -> int:
        if b"\0" in record:
            raise Refused("nul_byte", row=self.row)
        if not record.isascii():
            try:
                record.decode("utf-8")
            except UnicodeDecodeError:
                raise Refused("not_utf8", row=self.row) from None
        outside = _QUOTED.sub(b"Q", record) if quoted else record
        if b"\r" in outside:
            raise Refused("line_ending", row=self.row)
        if quoted and not _WELL_FORMED.fullmatch(record):
            raise Refused("stray_quote", row=self.row)
        if len(record) > limits.CELL_BYTES:
            longest = max(len(found.group()) for found in _CELL.finditer(record))
            if longest > limits.CELL_BYTES:
                raise Refused("cell_too_large", row=self.row, limit=limits.spoken_size(limits.CELL_BYTES))
        return outside.count(b",") + 1

    def _take_header(self, record: bytes) -> None:
        text = record.decode("utf-8").replace("\n", " ").replace("\r", " ")
        try:
            self.header = tuple(next(csv.reader([text], strict=True)))
        except csv.Error:  # the one thing left that it refuses is a cell longer than its own limit
            raise Refused("cell_too_large", row=1, limit=f"{csv.field_size_limit()} characters") from None
        if len(self.header) == 1 and re.search(r"[;\t|]", text):
            raise Refused("delimiter", row=1)


def _records(handle: BinaryIO, scan: _Scan) -> Iterator[tuple[bytes, bool]]:
    pending: list[bytes] = []
    held = 0
    first = True
    for line in bounded_lines(handle):
        if first:
            first = False
            if line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise Refused("not_utf8", row=1)
            line = line.removeprefix(_BOM)
        quotes = line.count(b'"')
        if not pending and quotes % 2 == 0:
            yield line.removesuffix(b"\r"), quotes > 0
            continue
        pending.append(line)
        held += len(line) + 1
        if held > limits.ROW_BYTES:
            raise Refused("row_too_large", row=scan.row, limit=limits.spoken_size(limits.ROW_BYTES))
        if len(pending) > 1 and quotes % 2 == 1:
            yield b"\n".join(pending).removesuffix(b"\r"), True
            pending, held = [], 0
    if pending:
        raise Refused("open_quote", row=scan.row)


def scan_csv(path: Path) -> CsvShape:
    """Return the shape of a CSV file. Raises Refused, naming the row, for anything that could be misread."""
    scan = _Scan()
    with path.open("rb") as handle:
        for record, quoted in _records(handle, scan):
            scan.take(record, quoted)
    if not scan.header:
        raise Refused("file_empty")
    return CsvShape(scan.header, scan.row - 2)
