"""What to tell a person about an error: plain words where they are ours, never a value of a record."""

from __future__ import annotations

import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path


def plain_words(error: Exception) -> str:
    """Return what to tell a person. Our own errors and the system's are plain; others may hold values."""
    if type(error).__module__.startswith("orchestration.") or isinstance(error, OSError):
        return str(error)
    return (
        f"This should not have happened ({type(error).__name__}), and the run has ended. "
        f"Where it happened is written in {_write_details(error)}; it holds no records."
    )


def _write_details(error: Exception) -> Path:
    """Write the places an unexpected error went through, without messages, for these may quote records."""
    lines = [f"{datetime.now():%Y-%m-%d %H:%M:%S}", " ".join(Path(a).name for a in sys.argv)]
    cause: BaseException | None = error
    while cause is not None:
        lines += [f"{type(cause).__module__}.{type(cause).__name__}"]
        lines += [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(cause.__traceback__)]
        cause = cause.__cause__ or cause.__context__
    with tempfile.NamedTemporaryFile(
        "w", prefix="returns_error_", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write("\n".join(lines) + "\n")
    return Path(file.name)
