"""Faults of whole files: what each does to the bytes, and the rule that must name it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

ERRORS, UNUSABLE = "1", "2"
SERVICE, MANIFEST = "service.csv", "manifest.json"


@dataclass(frozen=True, slots=True)
class FileFault:
    """One fault of a file or of the manifest."""

    rule_id: str
    fault: str
    change: Callable[[bytes], bytes]
    file: str = SERVICE
    exit_code: str = UNUSABLE


def _in_line(number: int, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def spoil(data: bytes) -> bytes:
        lines = data.split(b"\n")
        lines[number] = change(lines[number])
        return b"\n".join(lines)

    return spoil


def _swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old, new, 1)


def _numbered(line: bytes) -> bytes:
    return b",".join(b"column %d" % n for n, _ in enumerate(line.split(b","), start=1))


def _last_header(name: bytes) -> Callable[[bytes], bytes]:
    return _in_line(0, lambda line: b",".join([*line.split(b",")[:-1], name]))


FILE_FAULTS = (
    FileFault("ragged_row", "a row with one cell too many", _in_line(2, lambda line: line + b",more")),
    FileFault("not_utf8", "a cell in Latin-1", _swap(b"care", b"caf\xe9")),
    FileFault("nul_byte", "a NUL character", _swap(b"active", b"act\x00ive")),
    FileFault("open_quote", "a quote that is never closed", _in_line(2, lambda line: b'"' + line)),
    FileFault("stray_quote", "a quote inside a cell", _swap(b"active", b'ac"tiv"e')),
    FileFault("line_ending", "a carriage return in a row", _swap(b"active", b"act\rive")),
    FileFault("header_duplicate", "a column twice", _last_header(b"record_uid")),
    FileFault("header_blank", "a column without a name", _last_header(b"")),
    FileFault("header_missing", "numbers for column names", _in_line(0, _numbered)),
    FileFault("delimiter", "semicolons for commas", lambda data: data.replace(b",", b";")),
    FileFault("file_empty", "an empty file", lambda data: b""),
    FileFault(
        "required_column_missing",
        "a required column under an unknown name",
        _swap(b"service_description", b"what_it_is"),
        exit_code=ERRORS,
    ),
    FileFault("manifest_not_json", "a manifest cut short", lambda data: data[: len(data) // 2], MANIFEST),
    FileFault("manifest_not_utf8", "a manifest in Latin-1", _swap(b"Ltd", b"\xe9"), MANIFEST),
    FileFault(
        "manifest_duplicate_key",
        "a key given twice",
        _swap(b'"mods_version"', b'"as_at": "2026-01-01T00:00:00Z",\n  "mods_version"'),
        MANIFEST,
    ),
)
