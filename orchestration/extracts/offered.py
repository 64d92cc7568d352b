"""What is offered to a run: the extracts in a folder, whose they are, and those that cannot be opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.extracts.archive import open_source
from orchestration.extracts.landing import UnusableExtract
from orchestration.extracts.manifest import MANIFEST, Manifest, read_manifest
from orchestration.extracts.object_store import StorePlace, is_address, store_place, top_names
from orchestration.extracts.problems import ProblemLog, Refused
from orchestration.extracts.stored_extracts import StoredExtract, extracts_in_store
from orchestration.extracts.unfinished import unfinished_in

# Where extracts are taken from, and one of them: on a disk of this machine, or in object storage.
Place = Path | StorePlace
Extract = Path | StoredExtract


def place_at(text: str) -> Place:
    """Return the place a person named: a folder or an address. Raises ValueError for a wrong address."""
    return store_place(text) if is_address(text) else Path(text).expanduser().resolve()


@dataclass(frozen=True)
class Offers:
    """The extracts offered to each client, and those of which nobody can tell whose they are, with why."""

    of_client: Mapping[str, tuple[Extract, ...]]
    of_nobody: tuple[tuple[str, str], ...]


def extracts_in(folder: Place) -> Sequence[Extract]:
    """Return the extracts in a place, by name: itself, or the folders with a manifest and the zips in it."""
    if isinstance(folder, StorePlace):
        return extracts_in_store(folder)
    if (folder / MANIFEST).is_file():
        return [folder]
    return [
        entry
        for entry in sorted(folder.iterdir())
        if (entry / MANIFEST).is_file() or (entry.is_file() and entry.suffix.lower() == ".zip")
    ]


def extracts_set_aside(place: Place, client_ids: Iterable[str]) -> Iterator[tuple[str, Extract]]:
    """Yield the extracts in folders that are named after a client, with that client."""
    names = set(top_names(place)) if isinstance(place, StorePlace) else set()
    for client_id in client_ids:
        if isinstance(place, StorePlace):
            own = extracts_in_store(place.below(client_id)) if client_id in names else []
            # One with an empty key is the folder itself: an extract that is named like the client.
            yield from ((client_id, extract) for extract in own if extract.key)
        elif (place / client_id).is_dir() and not (place / client_id / MANIFEST).is_file():
            yield from ((client_id, extract) for extract in extracts_in(place / client_id))


def manifest_of(path: Extract) -> Manifest | None:
    """Return the manifest of an extract that may be anything, or None when it cannot be had."""
    return open_manifest(path, ProblemLog())


def open_manifest(path: Extract, log: ProblemLog) -> Manifest | None:
    """Return the manifest of an extract that may be anything, or None with the reasons in the log."""
    try:
        with open_source(path) as source:
            return read_manifest(source, log)
    except Refused as refused:
        log.add_refused(refused)
    except OSError as failed:
        log.add_unreadable(failed)
    return None


def offers(folder: Place, senders_of: Mapping[str, Collection[str]]) -> Offers:
    """Return which extracts in a place are offered to which client, opening each of them once.

    An extract goes to every client that lists its sender; one in a folder named after a client is offered to
    that client, whatever it is.
    """
    offered: dict[str, list[Extract]] = {client_id: [] for client_id in senders_of}
    of_nobody = []
    for path in extracts_in(folder):
        log = ProblemLog()
        manifest = open_manifest(path, log)
        if manifest is None:
            of_nobody.append((path.name, str(UnusableExtract(log.groups))))
            continue
        for client_id in clients_of(manifest.sender_id, senders_of):
            offered[client_id].append(path)
    for client_id, extract in extracts_set_aside(folder, offered):
        offered[client_id].append(extract)
    of_nobody += unfinished_in(folder)
    return Offers({client_id: tuple(paths) for client_id, paths in offered.items()}, tuple(of_nobody))


def clients_of(sender_id: str, senders_of: Mapping[str, Collection[str]]) -> Iterable[str]:
    """Return the clients that list a sender."""
    return (client_id for client_id, senders in senders_of.items() if sender_id in senders)
