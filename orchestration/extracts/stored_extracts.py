"""Extracts in object storage: which there are below an address, and how each is read without trusting it.

Nothing is fetched before it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from orchestration.extracts import limits
from orchestration.extracts.archive import (
    LITTER,
    ByteStream,
    Source,
    open_zip,
    refuse_bad_path,
    refuse_colliding,
)
from orchestration.extracts.manifest import MANIFEST
from orchestration.extracts.masking import shown
from orchestration.extracts.object_store import (
    StoredObject,
    StorePlace,
    all_objects,
    is_path,
    object_named,
    reading,
    top_names,
)
from orchestration.extracts.problems import Refused

ZIP = ".zip"


@dataclass(frozen=True)
class StoredExtract:
    """One extract in object storage: a folder with a manifest, or a zip; `refusal` tells of bad names."""

    place: StorePlace
    key: str
    objects: tuple[StoredObject, ...]
    refusal: str = ""

    @property
    def name(self) -> str:
        """The name of the folder or zip."""
        return self.key or self.place.name

    @property
    def is_zip(self) -> bool:
        """True where the extract is one object."""
        return len(self.objects) == 1 and self.objects[0].name == self.key

    @contextmanager
    def opened(self) -> Iterator[Source]:
        """Yield the extract, opened for reading. Raises Refused, PlaceNotReached or PlaceRefused."""
        if self.refusal:
            raise Refused("path_bad", shown(self.refusal))
        if self.is_zip:
            with (
                reading(self.place, self.key, self.objects[0].size) as handle,
                open_zip(cast(Any, handle)) as source,
            ):
                yield source
        else:
            yield _StoredFolder(self)


class _StoredFolder:
    """The source of an extract that is a folder of objects."""

    def __init__(self, extract: StoredExtract) -> None:
        self._extract = extract
        self._objects: dict[str, StoredObject] = {}
        if len(extract.objects) > limits.ENTRIES:
            raise Refused("too_many_entries", limit=limits.ENTRIES)
        for found in extract.objects:
            refuse_bad_path(found.name)
            if found.size > limits.FILE_BYTES:
                most = limits.spoken_size(limits.FILE_BYTES)
                raise Refused("file_too_large", shown(found.name), limit=most)
            if LITTER.search(found.name) is None:
                self._objects[found.name] = found
        self.names = list(self._objects)
        refuse_colliding(self.names)
        if not self.names:
            raise Refused("extract_empty")

    def open(self, name: str) -> ByteStream:
        """Return one object as a stream."""
        key = f"{self._extract.key}/{name}".lstrip("/")
        return cast(ByteStream, reading(self._extract.place, key, self._objects[name].size))


def extracts_in_store(place: StorePlace) -> list[StoredExtract]:
    """Return the extracts below an address, by name. Raises PlaceNotReached or PlaceRefused.

    As in a folder: the place itself when it holds a manifest, else its folders with one and its zips.
    """
    folders: dict[str, list[StoredObject]] = {}
    found: list[StoredExtract] = []
    refused: dict[str, str] = {}
    for name, listed in _by_top_name(place):
        if isinstance(listed, str):
            refused[name] = listed
            continue
        for one in listed:
            if one.name == name and name.lower().endswith(ZIP):
                found.append(StoredExtract(place, name, (one,)))
            elif one.name == name == MANIFEST:
                return [StoredExtract(place, "", tuple(all_objects(place)))]
            elif one.name != name:
                inner = StoredObject(one.name.removeprefix(f"{name}/"), one.size, one.mark)
                folders.setdefault(name, []).append(inner)
    found += [
        StoredExtract(place, name, tuple(objects))
        for name, objects in folders.items()
        if any(o.name == MANIFEST for o in objects)
    ]
    found += [StoredExtract(place, name, (), why) for name, why in refused.items()]
    return sorted(found, key=lambda extract: extract.name)


def _by_top_name(place: StorePlace) -> Iterator[tuple[str, list[StoredObject] | str]]:
    """The objects by the first part of their names; a text where names below it are no paths."""
    try:
        every: dict[str, list[StoredObject]] = {}
        for one in all_objects(place):
            every.setdefault(one.name.partition("/")[0], []).append(one)
        yield from every.items()
        return
    except Refused:
        pass
    # One bad name spoils the listing of all: look into each folder alone, so that it spoils only its own.
    for name in top_names(place):
        if not is_path(name):
            yield name, name or "a name of dots or slashes at the top"
            continue
        try:
            alone = object_named(place, name) if name.lower().endswith(ZIP) else None
            yield name, [alone] if alone else list(all_objects(place, name))
        except Refused:
            yield name, name
