"""Turns newline-delimited JSON into text columns, one line at a time, keeping numbers as they were written.

Polars would read the lines faster, but it turns 1.10 into 1.1, takes the last of two equal keys, and does not
name the line that is broken. The text goes to Parquet batch by batch, so memory does not grow with the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.extracts import limits
from orchestration.extracts.csv_scan import bounded_lines
from orchestration.extracts.problems import Refused

ROW, BAR = "_source_row", "_bar_in_list"


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
    return record, any(_holds_bar(value) for value in made.values())


def _refuse_not_text(record: dict[str, str | None], row: int) -> None:
    for key, text in record.items():
        (key + (text or "")).encode()  # a lone half of a surrogate pair raises UnicodeError
        if "\0" in key or (text and "\0" in text):
            raise Refused("nul_byte", row=row)


def _records(path: Path) -> Iterator[tuple[int, dict[str, str | None], bool]]:
    with path.open("rb") as handle:
        for row, line in enumerate(bounded_lines(handle), start=1):
            if row == 1:
                if line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise Refused("not_utf8", row=1)
                line = line.removeprefix(b"\xef\xbb\xbf")
            if b"\0" in line:
                raise Refused("nul_byte", row=row)
            if line.strip():
                yield row, *_record(line, row)


def ndjson_to_text(path: Path, scratch: Path) -> tuple[pl.LazyFrame, tuple[str, ...], int]:
    """Return the text columns (kept in the scratch folder), the keys in order of appearance, and the rows."""
    keys: dict[str, None] = {}
    parts: list[Path] = []
    total = 0
    batch: list[tuple[int, dict[str, str | None], bool]] = []

    def write() -> None:
        columns: dict[str, Any] = {ROW: [r for r, _, _ in batch], BAR: [bar for _, _, bar in batch]}
        columns |= {f"{i}": [record.get(key) for _, record, _ in batch] for i, key in enumerate(keys)}
        schema = {ROW: pl.Int64, BAR: pl.Boolean} | {f"{i}": pl.String for i in range(len(keys))}
        parts.append(scratch / f"{path.name}.{len(parts)}.parquet")
        pl.DataFrame(columns, schema=schema).write_parquet(parts[-1], compression="lz4")
        batch.clear()

    for row, record, bar in _records(path):
        for key in record:
            keys[key] = None
        if len(keys) > limits.COLUMNS:
            raise Refused("too_many_columns", row=row, limit=limits.COLUMNS)
        batch.append((row, record, bar))
        total += 1
        if len(batch) == limits.BATCH_ROWS:
            write()
    if batch or not parts:
        write()
    scans = [pl.scan_parquet(part, glob=False) for part in parts]
    return pl.concat(scans, how="diagonal"), tuple(keys), total
