"""Turns newline-delimited JSON into text columns, one line at a time, keeping numbers as they were written.

Polars would read the lines faster, but it turns 1.10 into 1.1, takes the last of two equal keys, and does not
name the line that is broken. The text goes to Parquet batch by batch, so memory does not grow with the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.extracts import limits
from orchestration.extracts.csv_scan import bounded_lines
from orchestration.extracts.density import Density
from orchestration.extracts.problems import Refused
from orchestration.extracts.text_columns import BAR, ROW, TextColumns

# What one batch may hold before it is written, besides its rows.
_HELD_CELLS, _HELD_BYTES = 8_000_000, 128 * limits.MB


class _DuplicateKey(Exception):
    pass


class _BarInList(Exception):
    pass


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _DuplicateKey
    return made


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


# One decoder for all lines: numbers stay text, NaN is not JSON, a key may occur once.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_duplicates, parse_int=str, parse_float=str, parse_constant=_refuse_constant
)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list) and not any(isinstance(v, list | dict) for v in value):
        return "|".join(_text(v) or "" for v in value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _holds_bar(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(v, str) and "|" in v for v in value)


def _record(line: bytes, row: int) -> tuple[dict[str, str | None], bool]:
    try:
        made = _DECODER.decode(line.decode("utf-8"))
        if not isinstance(made, dict):
            raise ValueError
        record, bar = made, False
        if not all(type(value) is str for value in made.values()):
            bar = any(_holds_bar(value) for value in made.values())
            record = {key: _text(value) for key, value in made.items()}
        if not line.isascii() or b"\\u" in line:
            _refuse_not_text(record, row)
    except UnicodeError:
        raise Refused("not_utf8", row=row) from None
    except RecursionError:
        raise Refused("json_too_deep", row=row) from None
    except _DuplicateKey:
        raise Refused("json_duplicate_key", row=row) from None
    except ValueError:
        raise Refused("json_line_broken", row=row) from None
    if len(line) > limits.CELL_BYTES:
        for text in record.values():
            if text is not None and len(text.encode()) > limits.CELL_BYTES:
                raise Refused("cell_too_large", row=row, limit=limits.spoken_size(limits.CELL_BYTES))
    return record, bar


def _refuse_not_text(record: dict[str, str | None], row: int) -> None:
    for key, text in record.items():
        (key + (text or "")).encode()  # a lone half of a surrogate pair raises UnicodeError
        if "\0" in key or (text and "\0" in text):
            raise Refused("nul_byte", row=row)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as handle:
        for row, line in enumerate(bounded_lines(handle), start=1):
            if row == 1:
                if line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise Refused("not_utf8", row=1)
                line = line.removeprefix(b"\xef\xbb\xbf")
            if b"\0" in line:
                raise Refused("nul_byte", row=row)
            if line.strip():
                yield row, line


class _Parts:
    """The batches of one file on their way to Parquet; keys may appear at any line."""

    def __init__(self, path: Path, scratch: Path) -> None:
        self._stem = scratch / path.name
        self._rows: list[list[str | None]] = []
        self._numbers: list[int] = []
        self._bars: list[bool] = []
        self._bytes = 0
        self.keys: dict[str, None] = {}
        self.written: list[Path] = []

    def add(self, row: int, record: dict[str, str | None], bar: bool, size: int) -> None:
        """Take one record; write the batch when it is full in rows, cells or bytes."""
        if not record.keys() <= self.keys.keys():
            self.keys |= dict.fromkeys(record)
            if len(self.keys) > limits.COLUMNS:
                raise Refused("too_many_columns", row=row, limit=limits.COLUMNS)
        self._rows.append(list(map(record.get, self.keys)))
        self._numbers.append(row)
        self._bars.append(bar)
        self._bytes += size
        rows = len(self._rows)
        if rows >= limits.BATCH_ROWS or rows * len(self.keys) > _HELD_CELLS or self._bytes > _HELD_BYTES:
            self.write()

    def write(self) -> None:
        """Write what is held as one Parquet file, with a column for every key so far."""
        schema = {ROW: pl.Int64, BAR: pl.Boolean} | {f"{i}": pl.String for i in range(len(self.keys))}
        columns = list(zip_longest(*self._rows)) or [()] * len(self.keys)
        # Rows from before a key appeared are shorter than the rest and have no value there.
        frame = pl.DataFrame([self._numbers, self._bars, *columns], schema=schema, orient="col")
        self.written.append(Path(f"{self._stem}.{len(self.written)}.parquet"))
        frame.write_parquet(self.written[-1], compression="lz4")
        self._rows, self._numbers, self._bars, self._bytes = [], [], [], 0

    def finish(self) -> pl.LazyFrame:
        """Return everything written as one frame, in order."""
        if self._rows or not self.written:
            self.write()
        return pl.concat([pl.scan_parquet(part, glob=False) for part in self.written], how="diagonal")


def ndjson_to_text(path: Path, scratch: Path) -> TextColumns:
    """Return the text columns (kept in the scratch folder) under the keys in order of appearance."""
    parts, density = _Parts(path, scratch), Density()
    total = 0
    for row, line in _lines(path):
        record, bar = _record(line, row)
        parts.add(row, record, bar, len(line))
        density.add(len(line), 1)
        total += 1
    return TextColumns(parts.finish(), tuple(parts.keys), total, density.batch_rows())
