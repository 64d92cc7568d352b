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
from orchestration.extracts.density import Density
from orchestration.extracts.problems import Refused

_BOM = b"\xef\xbb\xbf"
_QUOTED = re.compile(rb'"(?:[^"]++|"")*+"')
_WELL_FORMED = re.compile(rb'(?:"(?:[^"]++|"")*+"|[^",\r]*+)(?:,(?:"(?:[^"]++|"")*+"|[^",\r]*+))*+')
_PLAIN_CELL = rb'(?:"(?:[^"\0]++|"")*+"|[^",\r\n\0]*+)'
_CELL = re.compile(rb'"(?:[^"]++|"")*+"|[^,]++')


@dataclass(frozen=True)
class CsvShape:
    """The header as written, and the number of rows below it (blank lines at the end not counted)."""

    header: tuple[str, ...]
    rows: int
    batch_rows: int


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
        self._blanks = 0
        self._pending: list[bytes] = []
        self._held = 0
        self._plain: re.Pattern[bytes] | None = None

    def take_plain(self, data: bytes) -> int:
        """Take as many whole rows from the start as are plainly right, all in one go; return their bytes.

        Whatever is not, or may not be, is left to the walk line by line, which knows how to name it.
        """
        if self._plain is None or self._pending or self._blanks or len(data) > limits.CELL_BYTES:
            return 0
        end = self._plain.match(data).end()  # type: ignore[union-attr]
        rows = data[:end]
        if not rows.isascii():
            try:
                rows.decode("utf-8")
            except UnicodeDecodeError:
                return 0
        self.row += (_QUOTED.sub(b"", rows) if b'"' in rows else rows).count(b"\n")
        return end

    def take_line(self, line: bytes) -> None:
        """Take one line without its line feed; a row ends with the line that closes its quotes."""
        quotes = line.count(b'"')
        if not self._pending and quotes % 2 == 0:
            self._take_record(line.removesuffix(b"\r"), quotes > 0)
            return
        self._pending.append(line)
        self._held += len(line) + 1
        if self._held > limits.ROW_BYTES:
            raise Refused("row_too_large", row=self.row, limit=limits.spoken_size(limits.ROW_BYTES))
        if len(self._pending) > 1 and quotes % 2 == 1:
            record = b"\n".join(self._pending).removesuffix(b"\r")
            self._pending, self._held = [], 0
            self._take_record(record, True)

    def shape(self, batch_rows: int) -> CsvShape:
        """Return what the whole file came to."""
        if self._pending:
            raise Refused("open_quote", row=self.row)
        if not self.header:
            raise Refused("file_empty")
        return CsvShape(self.header, self.row - 2, batch_rows)

    def _take_record(self, record: bytes, quoted: bool) -> None:
        if not record:
            self._blanks += 1
            return
        if self._blanks and len(self.header) != 1:
            raise Refused("ragged_row", row=self.row, found=0, expected=len(self.header) or "its columns")
        self.row += self._blanks
        self._blanks = 0
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
        if len(self.header) > 1:
            more = rb"(?:," + _PLAIN_CELL + rb"){%d}" % (len(self.header) - 1)
            self._plain = re.compile(rb"(?:" + _PLAIN_CELL + more + rb"\r?+\n)*+")


def scan_csv(path: Path) -> CsvShape:
    """Return the shape of a CSV file. Raises Refused, naming the row, for anything that could be misread."""
    scan, density = _Scan(), Density()
    with path.open("rb") as handle:
        carry = handle.read(len(_BOM)).removeprefix(_BOM)
        if carry[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Refused("not_utf8", row=1)
        while chunk := handle.read(limits.READ_CHUNK):
            data, row = carry + chunk, scan.row
            *lines, carry = data[scan.take_plain(data) :].split(b"\n")
            for line in lines:
                scan.take_line(line)
            if len(carry) > limits.ROW_BYTES:
                raise Refused("row_too_large", row=scan.row, limit=limits.spoken_size(limits.ROW_BYTES))
            density.add(len(chunk), scan.row - row)
        for line in carry.split(b"\n"):
            scan.take_line(line)
    return scan.shape(density.batch_rows())
