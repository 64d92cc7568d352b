"""What is offered to a run: the extracts in a folder, whose they are, and those that cannot be opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.extracts.archive import open_source
from orchestration.extracts.landing import UnusableExtract
from orchestration.extracts.manifest import MANIFEST, Manifest, read_manifest
from orchestration.extracts.problems import ProblemLog, Refused


@dataclass(frozen=True)
class Offers:
    """The extracts offered to each client, and those of which nobody can tell whose they are, with why."""

    of_client: Mapping[str, tuple[Path, ...]]
    of_nobody: tuple[tuple[str, str], ...]


def extracts_in(folder: Path) -> list[Path]:
    """Return the extracts in a folder, by name: itself, or the folders with a manifest and the zips in it."""
    if (folder / MANIFEST).is_file():
        return [folder]
    return [
        entry
        for entry in sorted(folder.iterdir())
        if (entry / MANIFEST).is_file() or (entry.is_file() and entry.suffix.lower() == ".zip")
    ]


def manifest_of(path: Path) -> Manifest | None:
    """Return the manifest of an extract that may be anything, or None when it cannot be had."""
    return _manifest(path, ProblemLog())


def _manifest(path: Path, log: ProblemLog) -> Manifest | None:
    try:
        with open_source(path) as source:
            return read_manifest(source, log)
    except Refused as refused:
        log.add_refused(refused)
    except OSError as failed:
        log.add("extract_unreadable", reason=failed.strerror or type(failed).__name__)
    return None


def offers(folder: Path, senders_of: Mapping[str, Collection[str]]) -> Offers:
    """Return which extracts in a folder are offered to which client, opening each of them once.

    An extract goes to every client that lists its sender; one in a folder named after a client is offered to
    that client, whatever it is.
    """
    offered: dict[str, list[Path]] = {client_id: [] for client_id in senders_of}
    of_nobody = []
    for path in extracts_in(folder):
        log = ProblemLog()
        manifest = _manifest(path, log)
        if manifest is None:
            of_nobody.append((path.name, str(UnusableExtract(log.groups))))
            continue
        for client_id in _clients_of(manifest.sender_id, senders_of):
            offered[client_id].append(path)
    for client_id, paths in offered.items():
        own = folder / client_id
        if own.is_dir() and not (own / MANIFEST).is_file():
            paths += extracts_in(own)
    return Offers({client_id: tuple(paths) for client_id, paths in offered.items()}, tuple(of_nobody))


def _clients_of(sender_id: str, senders_of: Mapping[str, Collection[str]]) -> Iterable[str]:
    return (client_id for client_id, senders in senders_of.items() if sender_id in senders)
