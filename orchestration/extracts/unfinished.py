"""Extracts that are still being written: files of records that lie in a folder without a manifest."""

from __future__ import annotations

from pathlib import Path

from orchestration.extracts.manifest import MANIFEST
from orchestration.extracts.manifest_fields import ENDINGS
from orchestration.extracts.object_store import StorePlace
from orchestration.extracts.profile import load_profile

UNFINISHED = (
    f"It has no {MANIFEST}: it is still being written, or its sender forgot it. Run again when it is there."
)


def unfinished_in(place: Path | StorePlace) -> list[tuple[str, str]]:
    """Return the folders that hold files of records and no manifest yet, with what to say of each.

    In object storage nothing is a folder before all of it is there.
    """
    if isinstance(place, StorePlace) or (place / MANIFEST).is_file():
        return []
    return [
        (entry.name, UNFINISHED)
        for entry in sorted(place.iterdir())
        if entry.is_dir() and not (entry / MANIFEST).exists() and _holds_records(entry)
    ]


def _holds_records(folder: Path) -> bool:
    classes = load_profile().classes
    return any(file.stem in classes and file.suffix.lower() in ENDINGS for file in folder.iterdir())
