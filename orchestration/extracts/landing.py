"""Lands an extract: an immutable copy under the hash of its content, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from orchestration.extracts import limits
from orchestration.extracts.archive import Source, Stored, copy_out, open_source, read_small
from orchestration.extracts.judging import open_extract
from orchestration.extracts.manifest import MANIFEST, Manifest, read_manifest
from orchestration.extracts.places import place, put_in_place, replace_in_place, staging_folder
from orchestration.extracts.problems import ProblemGroup, ProblemLog, Refused

EXTRACT_ID_DIGITS = 16


class UnusableExtract(Exception):
    """Raised when an extract may not be landed or loaded; carries the problems to show."""

    def __init__(self, problems: list[ProblemGroup]) -> None:
        stopping = [g for g in problems if g.rule.disposition == "unusable"]
        named = "; ".join(f"{g.file or 'extract'}: {g.shown[0].message}" for g in stopping)
        super().__init__(f"The extract is unusable. {named}")
        self.problems = problems


@dataclass(frozen=True)
class Landed:
    """One landed extract: where it lies, and whether it had been there before."""

    client_id: str
    extract_id: str
    path: Path
    manifest: Manifest
    already: bool


def extract_id_of(manifest: Manifest) -> str:
    """Return the id of an extract: a hash of its manifest and, through it, of every data file.

    It does not depend on the order of keys or files, on layout, or on folder against zip.
    """
    text = json.dumps(manifest.facts(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:EXTRACT_ID_DIGITS]


def _copy(source: Source, manifest: Manifest, target: Path) -> None:
    data = read_small(source, MANIFEST, limits.MANIFEST_BYTES)
    (target / MANIFEST).write_bytes(data or b"")
    for file in manifest.files:
        (target / file.path).parent.mkdir(parents=True, exist_ok=True)
        copy_out(source, file.path, target / file.path)


def _copy_listed(path: Path | Stored, target: Path, log: ProblemLog) -> None:
    """Copy the manifest and the files it lists; what it does not list stays outside."""
    try:
        with open_source(path) as source:
            manifest = read_manifest(source, log)
            if manifest:
                _copy(source, manifest, target)
    except Refused as refused:
        log.add_refused(refused)
    except OSError as failed:
        log.add_unreadable(failed)
    if log.unusable:
        raise UnusableExtract(log.groups)


def land(path: Path | Stored, client_id: str, lake: Path) -> Landed:
    """Return the landed copy of an extract. Raises UnusableExtract, leaving nothing behind.

    The copy is made first and then judged, so that what was judged is what stays. A landed copy that was
    damaged since gives way to the fresh one. What lies there whole already is neither copied nor judged.
    """
    if before := _landed_before(path, client_id, lake):
        return before
    area = place(lake, "landing", client_id)
    with staging_folder(area) as staging:
        _copy_listed(path, staging, ProblemLog())
        log = ProblemLog()
        with open_extract(staging, log) as extract:
            if extract is None:
                raise UnusableExtract(log.groups)
            manifest = extract.manifest
        extract_id = extract_id_of(manifest)
        target = place(lake, "landing", client_id, extract_id)
        fresh = put_in_place(staging, target)
        if not fresh and not _is_whole(target, manifest):
            replace_in_place(staging, target)
    return Landed(client_id, extract_id, target, manifest, already=not fresh)


def _landed_before(path: Path | Stored, client_id: str, lake: Path) -> Landed | None:
    """The landed copy of the very same files, where it is whole."""
    log = ProblemLog()
    try:
        with open_source(path) as source:
            manifest = read_manifest(source, log)
            if manifest is None or log.unusable:
                return None
            extract_id = extract_id_of(manifest)
            target = place(lake, "landing", client_id, extract_id)
            if not target.is_dir() or not _is_whole(target, manifest):
                return None
            if any(copy_out(source, f.path, None) != f.sha256 for f in manifest.files):
                return None
    except (Refused, OSError):
        return None
    return Landed(client_id, extract_id, target, manifest, already=True)


def _is_whole(landed: Path, manifest: Manifest) -> bool:
    """Whether a landed copy is still the extract that was landed."""
    try:
        with open_source(landed) as source:
            kept = read_manifest(source, ProblemLog())
            same = kept is not None and kept.facts() == manifest.facts()
            return same and all(copy_out(source, f.path, None) == f.sha256 for f in manifest.files)
    except (Refused, OSError):
        return False


def open_landed(client_id: str, extract_id: str, lake: Path) -> Landed:
    """Return an extract that was landed earlier. UnusableExtract: it changed since."""
    target = place(lake, "landing", client_id, extract_id)
    if not target.is_dir():
        raise FileNotFoundError(target)
    log, manifest = ProblemLog(), None
    try:
        with open_source(target) as source:
            manifest = read_manifest(source, log)
    except Refused as refused:
        log.add_refused(refused)
    if manifest is None or extract_id_of(manifest) != extract_id:
        raise UnusableExtract(log.groups)
    return Landed(client_id, extract_id, target, manifest, already=True)
