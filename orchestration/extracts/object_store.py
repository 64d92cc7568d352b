"""Object storage: what lies below an address, and the bytes of it as they are asked for.

Credentials come from where the storage's own library finds them (the environment, the machine's role); an
address that carries one is refused, and nothing that the storage says is passed on, for it may quote them.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from orchestration.extracts import limits
from orchestration.extracts.masking import shown
from orchestration.extracts.problems import Refused

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_S3 = ("s3", "s3a")
SCHEMES = (*_S3, "gs", "az", "abfs", "abfss")
# Above it a place is no landing folder any more, and a look at it would never end.
MOST_OBJECTS = 200_000
_READ_AT_ONCE = 8 * limits.MB
# A look is over before a sensor's minute is; what a longer wait would mend is tried again later.
_RETRIES = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
# No name that is a path starts before this: what does is empty, a dot, or two.
_AFTER_DOTS = "0"
_ANSWER = re.compile(r"status code: (401|403|404)")


class PlaceNotReached(Exception):
    """Storage that extracts are taken from does not answer; it may later."""


class PlaceRefused(Exception):
    """Storage that extracts are taken from says no, or is not there: somebody must act."""


@dataclass(frozen=True)
class StorePlace:
    """A folder in object storage by its address, like s3://bucket/incoming."""

    address: str

    def __str__(self) -> str:
        return self.address

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.address.rstrip("/").rpartition("/")[2]

    def below(self, name: str) -> StorePlace:
        """Return the folder of that name in it."""
        return StorePlace(f"{self.address}/{name}")


@dataclass(frozen=True)
class StoredObject:
    """One object: its name below the extract or place, its size, a mark that changes with its content."""

    name: str
    size: int
    mark: str


class _Ranges(io.RawIOBase):
    """The bytes of an object, fetched as they are asked for."""

    def __init__(self, place: StorePlace, key: str, size: int) -> None:
        self._place, self._key, self._size, self._at = place, key, size, 0
        self._store = _store(place)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        import obstore

        with _plainly(self._place):
            try:
                found = obstore.get_range(self._store, self._key, start=self._at, length=wanted)
            except FileNotFoundError:
                raise Refused("file_missing", shown(self._key)) from None
        data = memoryview(found).cast("B")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def reading(place: StorePlace, key: str, size: int) -> io.BufferedReader:
    """Return an object as a file opened for reading, which raises PlaceNotReached or PlaceRefused."""
    return io.BufferedReader(_Ranges(place, key, size), _READ_AT_ONCE)


def is_address(text: str) -> bool:
    """Return whether a text names a place by an address and not by a path."""
    return "://" in text


def store_place(text: str) -> StorePlace:
    """Return the place at an address. Raises ValueError, in plain words, for what is none of ours."""
    try:
        parts = urlsplit(text)
        secret = parts.username or parts.password or parts.query or parts.fragment
    except ValueError:
        raise ValueError("it is no address; write it like s3://bucket/incoming") from None
    if secret:
        raise ValueError("an address never carries a key or a password; give those in the environment")
    if parts.scheme not in SCHEMES or not parts.netloc:
        raise ValueError(
            f"it is no address of object storage; write it like s3://bucket/incoming ({', '.join(SCHEMES)})"
        )
    if any(part in (".", "..") for part in parts.path.split("/")):
        raise ValueError("an address never steps up or stays with dots")
    return StorePlace(text.rstrip("/"))


def top_names(place: StorePlace) -> list[str]:
    """Return the first parts of all names below a place, each once, also of names that are no paths.

    An empty one stands for names that begin with a slash or that could not be told apart.
    """
    import obstore

    with _plainly(place):
        try:
            listed = obstore.list_with_delimiter(_store(place))
        except obstore.exceptions.InvalidPathError:
            return _top_names_as_written(place)
        return sorted({*listed["common_prefixes"], *(o["path"] for o in listed["objects"])})


def _top_names_as_written(place: StorePlace) -> list[str]:
    """The same from a library that hands names over as they are; ours gives up a page with a bad one."""
    scheme, _, path = place.address.partition("://")
    if scheme not in _S3:
        sound = {one.name.partition("/")[0] for one in all_objects(place, after=_AFTER_DOTS)}
        return ["", *sorted(sound)]
    from pyarrow import fs

    storage, folder = fs.FileSystem.from_uri(f"s3://{path}")
    found = storage.get_file_info(fs.FileSelector(folder, recursive=False))
    return sorted({one.path[len(folder) :].removeprefix("/") for one in found})


def is_path(name: str) -> bool:
    """Return whether the first part of a name can be asked for: no dots alone, no control character."""
    return name not in ("", ".", "..") and not any(unicodedata.category(c) == "Cc" for c in name)


def all_objects(place: StorePlace, folder: str = "", after: str = "") -> Iterator[StoredObject]:
    """Every object below a place, or below a folder in it. Raises Refused where a name is no path."""
    import obstore

    with _plainly(place):
        store, seen = _store(place), 0
        try:
            for chunk in obstore.list(store, folder or None, offset=after or None, chunk_size=1000):
                for one in chunk:
                    seen += 1
                    if seen > MOST_OBJECTS:
                        raise PlaceRefused(f"{place} holds more than {MOST_OBJECTS:,} objects; tidy it up.")
                    yield _object(one)
        except obstore.exceptions.InvalidPathError:
            raise Refused("path_bad", shown(folder)) from None


def object_named(place: StorePlace, name: str) -> StoredObject | None:
    """Return one object by its name, or None where there is none."""
    import obstore

    with _plainly(place):
        try:
            return _object(obstore.head(_store(place), name))
        except FileNotFoundError:
            return None


def _object(one: Any) -> StoredObject:
    return StoredObject(one["path"], one["size"], one["e_tag"] or one["last_modified"].isoformat())


def _store(place: StorePlace) -> ObjectStore:
    from obstore.exceptions import BaseError
    from obstore.store import from_url

    try:
        made: Any = from_url
        return cast("ObjectStore", made(place.address, retry_config=_RETRIES))
    except (BaseError, ValueError):
        raise PlaceRefused(
            f"{place} cannot be opened: the settings that reach it are missing or wrong in the environment."
        ) from None


@contextmanager
def _plainly(place: StorePlace) -> Iterator[None]:
    """Tell in plain words what storage says; its own words may quote requests and keys."""
    from obstore import exceptions as said

    try:
        yield
    except (said.UnauthenticatedError, said.PermissionDeniedError):
        raise PlaceRefused(f"{place} may not be read with the credentials of this machine.") from None
    except FileNotFoundError:
        raise PlaceRefused(f"{place} is not there; check the address.") from None
    except (said.GenericError, said.JoinError, OSError) as error:
        # A listing that is refused comes as an error without a kind.
        answer = _ANSWER.search(str(error))
        if answer and answer.group(1) == "404":
            raise PlaceRefused(f"{place} is not there; check the address.") from None
        if answer:
            raise PlaceRefused(f"{place} may not be read with the credentials of this machine.") from None
        raise PlaceNotReached(f"{place} cannot be reached just now.") from None
