"""Whether an extract has arrived whole: told from its names and sizes, its manifest and the hashes in it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.extracts import limits
from orchestration.extracts.archive import copy_out, open_source
from orchestration.extracts.landing import UnusableExtract, extract_id_of
from orchestration.extracts.manifest import Manifest
from orchestration.extracts.masking import shown
from orchestration.extracts.offered import Extract, open_manifest
from orchestration.extracts.problems import ProblemLog, Refused

COMPLETE, WAITING, UNUSABLE = "complete", "waiting", "unusable"
# What an extract looks like while somebody is still writing it.
HALF_WRITTEN = frozenset(
    {"file_missing", "sha256_differs", "manifest_missing", "manifest_not_json", "zip_broken", "extract_empty"}
)


@dataclass(frozen=True)
class Outside:
    """What can be seen of an extract without opening it: a mark that changes with it, and its bytes."""

    mark: str
    size: int


@dataclass(frozen=True)
class Look:
    """What a look into an extract found; `why` says in plain words what it lacks."""

    state: str
    manifest: Manifest | None = None
    why: str = ""

    @property
    def extract_id(self) -> str:
        """The id of the content that the manifest promises."""
        return extract_id_of(self.manifest) if self.manifest else ""


def seen_from_outside(extract: Extract) -> Outside:
    """Return the mark and size of an extract by the names, sizes and times of its files. Opens nothing."""
    digest, size = hashlib.sha256(), 0
    for line, weight in sorted(_files(extract)):
        digest.update(f"{line}\n".encode("utf-8", "surrogateescape"))
        size += weight
    return Outside(digest.hexdigest()[:16], size)


def look_into(extract: Extract, *, verified: bool) -> Look:
    """Return whether an extract is there as its manifest says; with `verified`, by the hash of every file.

    Without it, files are taken to be whole when they are there: landing compares the hashes before anything
    is used.
    """
    log = ProblemLog()
    manifest = open_manifest(extract, log)
    if manifest and verified:
        _compare(extract, manifest, log)
    if manifest and not log.unusable:
        return Look(COMPLETE, manifest)
    stopping = {g.rule.rule_id for g in log.groups if g.rule.disposition == "unusable"}
    return Look(WAITING if stopping <= HALF_WRITTEN else UNUSABLE, manifest, str(UnusableExtract(log.groups)))


def _compare(extract: Extract, manifest: Manifest, log: ProblemLog) -> None:
    try:
        with open_source(extract) as source:
            for file in manifest.files:
                if copy_out(source, file.path, None) != file.sha256:
                    log.add("sha256_differs", shown(file.path))
    except Refused as refused:
        log.add_refused(refused)
    except OSError as failed:
        log.add_unreadable(failed)


def _files(extract: Extract) -> Iterator[tuple[str, int]]:
    if not isinstance(extract, Path):
        yield from ((f"{one.name} {one.size} {one.mark}", one.size) for one in extract.objects)
        return
    try:
        yield from _on_disk(extract, "", 0)
    except OSError as failed:
        yield f"unreadable {type(failed).__name__}", 0


def _on_disk(path: Path, name: str, depth: int) -> Iterator[tuple[str, int]]:
    """The files of a folder or zip; no more than an extract may have, and no link is followed."""
    if not path.is_dir():
        yield _line(name, path.stat())
        return
    with os.scandir(path) as entries:
        for number, entry in enumerate(entries):
            if number >= limits.ENTRIES:
                return
            if entry.is_dir(follow_symlinks=False) and depth < limits.FOLDER_DEPTH:
                yield from _on_disk(Path(entry.path), f"{name}/{entry.name}", depth + 1)
            else:
                yield _line(f"{name}/{entry.name}", entry.stat(follow_symlinks=False))


def _line(name: str, found: os.stat_result) -> tuple[str, int]:
    return f"{name} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}", found.st_size
