"""What to tell a person about an error: plain words where they are ours, never a value of a record."""

from __future__ import annotations

import errno
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NOT_ALLOWED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_NEXT_STEPS = {
    NO_ROOM: "Make room there (or give the lake another disk with --lake) and run the same command again; "
    "what stood before still stands.",
    NOT_ALLOWED: "Make the folder writable for whoever runs this, and run the same command again; what stood "
    "before still stands.",
}
# Engines tell a full disk or a damaged file in words of their own, around a path.
_ENGINES = ("duckdb", "_duckdb", "polars", "pyarrow")
_PATH = re.compile(r"""["'](/[^"'\n]+)["']""")
_UNREADABLE = ("IOException", "InvalidInputException", "SerializationException", "FatalException")
_CORRUPT = re.compile(r"corrupt|checksum|decompress", re.IGNORECASE)


def plain_words(error: Exception) -> str:
    """Return what to tell a person. Our own errors and the system's are plain; others may hold values."""
    if type(error).__module__.startswith("orchestration."):
        return str(error)
    told = _of_the_system(error) or _of_an_engine(error)
    return told or (
        f"This should not have happened ({type(error).__name__}), and the run has ended. "
        f"{_where_details_are(error)}"
    )


def _of_the_system(error: Exception) -> str:
    """Tell what the operating system refused: where, what, and what to do about it."""
    if not isinstance(error, OSError):
        return ""
    return _refusal(error.errno, f"{error.filename}" if error.filename else "") or str(error)


def _refusal(number: int | None, path: str) -> str:
    for numbers, step in _NEXT_STEPS.items():
        if number in numbers:
            return f"{path or 'A file of the run'} cannot be written: {_words(number)}. {step}"
    return ""


def _words(number: int | None) -> str:
    return os.strerror(number or 0)[:1].lower() + os.strerror(number or 0)[1:]


def _of_an_engine(error: Exception) -> str:
    """Tell what an engine met on the disk, from the system's words and the path in its message alone."""
    if type(error).__module__.partition(".")[0] not in _ENGINES:
        return ""
    said = str(error)
    paths = [path for path in _PATH.findall(said) if Path(path).parent.is_dir()]
    path = paths[0] if paths else ""
    for number in sorted(NO_ROOM | NOT_ALLOWED):
        if os.strerror(number) in said:
            return _refusal(number, path)
    if type(error).__name__ in _UNREADABLE and (path or _CORRUPT.search(said)):
        state = "is not there" if path and not Path(path).exists() else "is damaged or only half there"
        return (
            f"{path or 'A file in the lake'} cannot be read: it {state}. `returns run` makes it anew from "
            "the landed extracts: run it, then this command again."
        )
    return ""


def _where_details_are(error: Exception) -> str:
    try:
        return f"Where it happened is written in {_write_details(error)}; it holds no records."
    except OSError as unwritable:
        return f"Where it happened could not be written down: {_words(unwritable.errno)}."


def _write_details(error: Exception) -> Path:
    """Write the places an unexpected error went through, without messages, for these may quote records."""
    lines = [f"{datetime.now():%Y-%m-%d %H:%M:%S}", " ".join(Path(a).name for a in sys.argv)]
    for cause in _causes(error):
        lines += [f"{type(cause).__module__}.{type(cause).__name__}"]
        lines += [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(cause.__traceback__)]
    with tempfile.NamedTemporaryFile(
        "w", prefix="returns_error_", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write("\n".join(lines) + "\n")
    return Path(file.name)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
