"""Faults that a run meets: each is set up inside the run's own process, before the run begins.

A test chooses them and hands them to `runs.start`; nothing of the product knows of them.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The steps of the road as its driver calls them; the packs step decides, writes packs and writes sheets.
STEPS = (
    "land_extracts", "load_landed", "link_people", "build_warehouse", "judge_warehouse",
    "decide", "write_packs", "write_sheets", "write_report",
)  # fmt: skip
NEW_MOUNTS, NEW_USER = 0x00020000, 0x10000000


def die() -> None:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class KilledAt:
    """The run is killed when a step starts, or when it has ended and the next has not started."""

    step: str
    moment: str

    def __call__(self) -> None:
        """Put the death around the step."""
        from orchestration import road

        step = getattr(road, self.step)

        def dying(*args: Any, **named: Any) -> Any:
            if self.moment == "start":
                die()
            step(*args, **named)
            return die()

        setattr(road, self.step, dying)


@dataclass
class KilledAtRename:
    """The run is killed right before or right after its nth rename: where a step's work comes into being."""

    number: int
    moment: str
    seen: int = field(default=0)

    def __call__(self) -> None:
        """Count every rename of the process, those that swap two folders too."""
        from orchestration.extracts import places

        for owner, name in ((os, "rename"), (os, "replace"), (places, "_exchange")):
            setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, rename: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            self.seen += 1
            # One rename may lead to another, and the system may refuse it: each is known by its own number.
            mine = self.seen
            if mine == self.number and self.moment == "before":
                die()
            try:
                return rename(*args, **named)
            finally:
                if mine == self.number:
                    die()

        return counted


def private_mounts() -> None:
    """Give this process mounts of its own. Raises OSError where the system does not allow it."""
    system = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if system.unshare(NEW_MOUNTS | (0 if user == 0 else NEW_USER)) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    if user != 0:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1", encoding="ascii")
    _mount("--make-rprivate", "/")


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


@dataclass(frozen=True)
class DiskFull:
    """The lake lies on a disk with so many bytes left."""

    lake: Path
    room: int

    def __call__(self) -> Callable[[], None]:
        """Put the lake on a small disk of its own; what is returned brings it back from there."""
        private_mounts()
        beside = self.lake.with_name(f"{self.lake.name}.outside")
        shutil.copytree(self.lake, beside)
        used = sum(_blocks(p) for p in beside.rglob("*"))
        size = used + self.room
        _mount("-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(self.lake))
        shutil.copytree(beside, self.lake, dirs_exist_ok=True)
        shutil.rmtree(beside)
        return lambda: _bring_back(self.lake, beside)


def _blocks(path: Path) -> int:
    return (path.stat().st_size + 4095) // 4096 * 4096 if path.is_file() else 0


def _bring_back(lake: Path, beside: Path) -> None:
    shutil.copytree(lake, beside)
    subprocess.run(["umount", "-l", str(lake)], check=True)
    shutil.rmtree(lake)
    beside.rename(lake)


@dataclass(frozen=True)
class NoFileLargerThan:
    """No file may become larger than so many bytes, as under a quota; it works for any user."""

    most: int

    def __call__(self) -> None:
        """Set the limit of the process."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.most, self.most))


@dataclass(frozen=True)
class ReadOnly:
    """A folder of the lake can be read and not written."""

    folder: Path

    def __call__(self) -> None:
        """Mount the folder onto itself, to be read only."""
        private_mounts()
        _mount("--bind", str(self.folder), str(self.folder))
        _mount("-o", "remount,bind,ro", str(self.folder))


def mounts_of_ones_own() -> bool:
    """Return whether a process may have mounts of its own here."""
    words = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-Urm"]
    if shutil.which("unshare") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        mounting = [*words, "mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", folder]
        return subprocess.run(mounting, capture_output=True).returncode == 0
