"""Opens a folder or zip without trusting it: no links, no way out of the folder, no bombs."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, Protocol

from orchestration.extracts import limits
from orchestration.extracts.interrupted import passing_troubles_told
from orchestration.extracts.masking import shown
from orchestration.extracts.problems import Refused
from orchestration.extracts.zip_directory import check_directory_size

# What desktop systems leave behind; never data, so not worth a word.
LITTER = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)$")
_DRIVE = re.compile(r"^[A-Za-z]:")
# What the zip library raises for damage, besides its own error (ValueError covers names that are not text).
ZIP_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED_FLAG = 0x1
ARCHIVE_ENDINGS = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst")


def refuse_bad_path(path: str) -> None:
    """Raise Refused unless the path is relative, plain, and stays inside the extract."""
    name = shown(path)
    if "\\" in path:
        raise Refused("path_backslash", name)
    if path.startswith("/") or _DRIVE.match(path):
        raise Refused("path_absolute", name)
    parts = path.split("/")
    if ".." in parts:
        raise Refused("path_parent", name)
    bad_part = any(part in ("", ".") for part in parts)
    bad_character = any(unicodedata.category(c)[0] == "C" for c in path)
    if bad_part or bad_character or len(path) > limits.PATH_CHARACTERS:
        raise Refused("path_bad", name)


class ByteStream(Protocol):
    """A file opened for reading in chunks."""

    def read(self, size: int, /) -> bytes:
        """Return at most size bytes; none at the end."""
        ...

    def close(self) -> None:
        """Release the file."""
        ...


class Source(Protocol):
    """An opened extract: the names in it, and a bounded way to read each."""

    names: list[str]

    def open(self, name: str) -> ByteStream:
        """Return the bytes of one file as a stream."""
        ...


class FolderSource:
    """An extract that is a folder. Only ordinary files count; links and devices are refused."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names: list[str] = []
        self._seen = 0
        self._walk(root, "", 0)
        refuse_colliding(self.names)
        if not self.names:
            raise Refused("extract_empty")

    def _walk(self, folder: Path, prefix: str, depth: int) -> None:
        if depth > limits.FOLDER_DEPTH:
            raise Refused("path_too_deep", shown(prefix), limit=limits.FOLDER_DEPTH)
        with os.scandir(folder) as entries:
            for entry in entries:
                self._seen += 1
                if self._seen > limits.ENTRIES:
                    raise Refused("too_many_entries", limit=limits.ENTRIES)
                name = prefix + entry.name
                info = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(info.st_mode):
                    self._walk(Path(entry.path), name + "/", depth + 1)
                elif LITTER.search(name) is None:
                    self._take(name, info)

    def _take(self, name: str, info: os.stat_result) -> None:
        if stat.S_ISLNK(info.st_mode) or (stat.S_ISREG(info.st_mode) and info.st_nlink > 1):
            raise Refused("entry_link", shown(name))
        if not stat.S_ISREG(info.st_mode):
            raise Refused("entry_special", shown(name))
        if info.st_size > limits.FILE_BYTES:
            raise Refused("file_too_large", shown(name), limit=limits.spoken_size(limits.FILE_BYTES))
        self.names.append(name)

    def open(self, name: str) -> ByteStream:
        """Return the file as a stream; a link that has taken its place since is not followed."""
        handle = os.open(self.root / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        return os.fdopen(handle, "rb")


class ZipSource:
    """An extract that is a zip. Sizes it declares are not believed; bytes are counted as they come out."""

    def __init__(self, archive: zipfile.ZipFile, packed_bytes: int) -> None:
        self._archive = archive
        allowed = limits.ZIP_RATIO_FREE_BYTES + limits.ZIP_RATIO * packed_bytes
        self._budget = min(allowed, limits.ZIP_TOTAL_BYTES)
        self._ratio_first = allowed < limits.ZIP_TOTAL_BYTES
        self._members: dict[str, zipfile.ZipInfo] = {}
        if len(archive.infolist()) > limits.ENTRIES:
            raise Refused("too_many_entries", limit=limits.ENTRIES)
        for member in archive.infolist():
            # The name as packed: ZipInfo.filename is cut at a NUL, so what it hides is refused too.
            self._take(member, member.orig_filename)
        self.names = list(self._members)
        refuse_colliding(self.names)
        if not self.names:
            raise Refused("extract_empty")

    def _take(self, member: zipfile.ZipInfo, name: str) -> None:
        folder = name.endswith("/")
        refuse_bad_path(name[:-1] if folder else name)
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind == stat.S_IFLNK:
            raise Refused("entry_link", shown(name))
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Refused("entry_special", shown(name))
        if folder or LITTER.search(name):
            return
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise Refused("zip_encrypted", shown(name))
        if member.compress_type not in _METHODS:
            raise Refused("zip_method", shown(name))
        if name in self._members:
            raise Refused("entry_duplicate", shown(name))
        self._members[name] = member

    def open(self, name: str) -> ByteStream:
        """Return the member as a stream that stops as soon as the zip has given out more than it may."""
        try:
            stream = self._archive.open(self._members[name])
        except ZIP_DAMAGE as damage:
            raise Refused("zip_broken", shown(name), reason=type(damage).__name__) from None
        return _Counted(stream, self, name)

    def spend(self, size: int, name: str) -> None:
        """Count bytes that came out of the zip; raise Refused when it is a bomb."""
        self._budget -= size
        if self._budget < 0 and self._ratio_first:
            raise Refused("zip_bomb", shown(name), limit=limits.ZIP_RATIO)
        if self._budget < 0:
            raise Refused("extract_too_large", limit=limits.spoken_size(limits.ZIP_TOTAL_BYTES))


class _Counted:
    """A member's stream that counts what it gives out and turns damage into a refusal."""

    def __init__(self, stream: ByteStream, source: ZipSource, name: str) -> None:
        self._stream, self._source, self._name = stream, source, name

    def close(self) -> None:
        """Release the member."""
        self._stream.close()

    def read(self, size: int) -> bytes:
        """Return at most size bytes of the unpacked member."""
        try:
            data = self._stream.read(size)
        except ZIP_DAMAGE as damage:
            raise Refused("zip_broken", shown(self._name), reason=type(damage).__name__) from None
        self._source.spend(len(data), self._name)
        return data


def refuse_colliding(names: list[str]) -> None:
    """Raise Refused when two names are one on a system that does not tell capitals apart."""
    seen: set[str] = set()
    for name in names:
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in seen:
            raise Refused("entry_case", shown(name))
        seen.add(folded)


class Stored(Protocol):
    """An extract that lies in no folder of this machine: its name, and a way to open it."""

    @property
    def name(self) -> str:
        """The name it goes by."""
        ...

    def opened(self) -> AbstractContextManager[Source]:
        """Return the opened extract."""
        ...


@contextmanager
def open_source(path: Path | Stored) -> Iterator[Source]:
    """Yield the opened extract at a path. Raises Refused for what is neither a folder nor a sound zip."""
    if not isinstance(path, Path):
        with path.opened() as source:
            yield source
        return
    if path.is_dir():
        yield FolderSource(path)
        return
    if not path.exists():
        raise Refused("extract_missing")
    if not path.is_file():
        raise Refused("entry_special")
    if path.stat().st_size == 0:
        raise Refused("extract_empty")
    with path.open("rb") as handle, open_zip(handle) as source:
        yield source


@contextmanager
def open_zip(handle: BinaryIO) -> Iterator[Source]:
    """Yield the zip that a file opened for reading holds. Raises Refused for what is no sound zip."""
    size = check_directory_size(handle)
    try:
        archive = zipfile.ZipFile(handle)
    except ZIP_DAMAGE as damage:
        raise Refused("zip_broken", reason=type(damage).__name__) from None
    with archive:
        yield ZipSource(archive, size)


def read_small(source: Source, name: str, limit: int) -> bytes | None:
    """Return the whole of a small file, or None when it is larger than the limit."""
    with passing_troubles_told(shown(name)), closing(source.open(name)) as stream:
        data = stream.read(limit + 1)
    return data if len(data) <= limit else None


def _chunk_of(stream: ByteStream, name: str) -> bytes:
    with passing_troubles_told(shown(name)):
        return stream.read(limits.READ_CHUNK)


def copy_out(source: Source, name: str, target: Path | None) -> str:
    """Return the SHA-256 of a file while copying it to a target (or only reading it), chunk by chunk."""
    digest, size = hashlib.sha256(), 0
    with closing(source.open(name)) as stream, target.open("xb") if target else nullcontext() as sink:
        while chunk := _chunk_of(stream, name):
            size += len(chunk)
            if size > limits.FILE_BYTES:
                raise Refused("file_too_large", shown(name), limit=limits.spoken_size(limits.FILE_BYTES))
            digest.update(chunk)
            if sink:
                sink.write(chunk)
    return digest.hexdigest()
