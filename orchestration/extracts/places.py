"""Where an extract lies in the lake, and how a step's output gets there whole or not at all."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_CLIENT = re.compile(r"[a-z][a-z0-9_]{1,39}")
_EXTRACT = re.compile(r"[0-9a-f]{16}")
_PART = re.compile(r"\.part-([0-9]+)-.*")


def place(lake: Path, area: str, client_id: str, extract_id: str = "") -> Path:
    """Return a folder of the lake. Raises ValueError for ids that could lead elsewhere."""
    if _CLIENT.fullmatch(client_id) is None:
        raise ValueError(f"not a client id: {client_id!r}")
    if extract_id and _EXTRACT.fullmatch(extract_id) is None:
        raise ValueError(f"not an extract id: {extract_id!r}")
    return lake / area / client_id / extract_id if extract_id else lake / area / client_id


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@contextmanager
def staging_folder(parent: Path) -> Iterator[Path]:
    """Yield an empty private folder beside the target; whatever is left in it afterwards goes away.

    Folders left behind by a process that was killed are cleared on the way.
    """
    made = [p for p in (parent, *parent.parents) if not p.exists()]
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in parent.iterdir():
        found = _PART.fullmatch(left.name)
        if found and not _alive(int(found.group(1))):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f".part-{os.getpid()}-", dir=parent))
    try:
        yield folder
    except OSError as failed:
        # A disk that fills up while a file is written does not say where: whoever reads of it must know.
        failed.filename = failed.filename or f"{parent}"
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for empty in made:
            with suppress(OSError):
                empty.rmdir()


def make_private(folder: Path) -> None:
    """Set every folder below to 0700 and every file to 0600."""
    folder.chmod(0o700)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def put_in_place(folder: Path, target: Path) -> bool:
    """Rename a finished folder to its target. Returns False when somebody else was first."""
    make_private(folder)
    try:
        folder.rename(target)
    except OSError:
        if target.is_dir():
            return False
        raise
    return True


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step. Returns False where the system cannot."""
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    here, exchange = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
    return swap is not None and swap(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


def _set_aside(target: Path) -> Path:
    return target.with_name(f".earlier-{target.name}")


def put_back(target: Path) -> None:
    """Undo what a crash left of replace_in_place where two folders cannot be swapped in one step."""
    old = _set_aside(target)
    if old.exists() and not target.exists():
        old.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def replace_in_place(folder: Path, target: Path) -> None:
    """Put a finished folder in the place of whatever an earlier run left there, in one step where possible.

    Where the system cannot swap two folders, a crash between two renames leaves the earlier one beside its
    place: put_back puts it there again.
    """
    put_back(target)
    if not target.exists():
        put_in_place(folder, target)
        return
    make_private(folder)
    if _exchange(folder, target):
        shutil.rmtree(folder)
        return
    old = _set_aside(target)
    target.rename(old)
    folder.rename(target)
    shutil.rmtree(old)
