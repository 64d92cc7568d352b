"""Looks at the end of a zip before the library reads its directory, so that its size is bounded first."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

from orchestration.extracts import limits
from orchestration.extracts.problems import Refused

_END, _END_SIZE, _END_DIRECTORY_BYTES_AT = b"PK\x05\x06", 22, 12
_END64, _END64_SIZE, _END64_DIRECTORY_BYTES_AT = b"PK\x06\x06", 56, 40
_LOCATOR64_SIZE = 20
_COMMENT_MAX = 0xFFFF


def check_directory_size(handle: BinaryIO) -> int:
    """Return the size of a zip. Raises Refused for what does not end as one or has a huge directory."""
    size = handle.seek(0, os.SEEK_END)
    handle.seek(max(0, size - _COMMENT_MAX - _END_SIZE - _LOCATOR64_SIZE - _END64_SIZE))
    tail = handle.read()
    handle.seek(0)
    looks_like_zip = handle.read(2) == b"PK"
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise Refused("zip_broken", reason="its end is missing") if looks_like_zip else Refused("not_a_zip")
    directory_bytes = struct.unpack_from("<L", tail, at + _END_DIRECTORY_BYTES_AT)[0]
    at64 = at - _LOCATOR64_SIZE - _END64_SIZE
    if at64 >= 0 and tail.startswith(_END64, at64):
        directory_bytes = struct.unpack_from("<Q", tail, at64 + _END64_DIRECTORY_BYTES_AT)[0]
    if directory_bytes > limits.ZIP_DIRECTORY_BYTES:
        raise Refused("zip_broken", reason="its directory is too large")
    return size
