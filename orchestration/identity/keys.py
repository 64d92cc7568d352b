"""The secret from which person keys are made."""

from __future__ import annotations

import os
from pathlib import Path

from orchestration.extracts.profile import STANDARDS

KEY_FILE_VARIABLE = "RETURNS_PERSON_KEY_FILE"
DEMONSTRATION_KEY_FILE = STANDARDS.parent / "samples" / "demonstration_person_key.txt"
SHORTEST_KEY = 24


class PersonKeyError(ValueError):
    """The secret for person keys is missing or may not be used; the message says what to do."""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PersonKeyError(f"The person key file {path} cannot be read: {type(error).__name__}.") from None


def read_person_key(key_file: Path | None = None, *, synthetic: bool) -> str:
    """Return the secret from the file named, else from RETURNS_PERSON_KEY_FILE, else the demonstration key.

    The demonstration key is public, so it is only ever returned for synthetic runs.
    """
    named = key_file or (Path(os.environ[KEY_FILE_VARIABLE]) if os.environ.get(KEY_FILE_VARIABLE) else None)
    if named is None:
        if not synthetic:
            raise PersonKeyError(
                "No person key: person keys of real people need a secret of your own. "
                f"Write at least {SHORTEST_KEY} random characters into a file only you can read "
                f"and set {KEY_FILE_VARIABLE} to its path."
            )
        named = DEMONSTRATION_KEY_FILE
    return checked_person_key(_read(named), synthetic=synthetic)


def checked_person_key(key: str, *, synthetic: bool) -> str:
    """Return the secret if this run may use it. Raises PersonKeyError when it is too short or public."""
    key = key.strip()
    if len(key) < SHORTEST_KEY:
        raise PersonKeyError(
            f"The person key is too short: it has {len(key)} characters and needs at least {SHORTEST_KEY}."
        )
    if not synthetic and key == _read(DEMONSTRATION_KEY_FILE):
        raise PersonKeyError(
            "The demonstration person key is public and may only be used for synthetic people. "
            f"Set {KEY_FILE_VARIABLE} to a file with a secret of your own."
        )
    return key
