"""Which packs a client has: for which period and day each was made, and from which extracts."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.warehouse.build import RunParameters

MANIFEST = "manifest.json"
LATEST = "latest"
MADE_FROM = "made_from.json"

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

# What reading a spoiled text, table or JSON file raises.
SPOILED = (ValueError, KeyError, TypeError, csv.Error)


class DamagedPack(RuntimeError):
    """A pack that went out earlier cannot be read; the message names the file and what to do."""

    def __init__(self, file: Path) -> None:
        anew = (
            "write the name of the newest folder beside it into it, or run again for its period"
            if file.name == LATEST
            else f"or move the folder {file.parent} away and run again for its period, which writes it anew"
        )
        super().__init__(
            f"{file} cannot be read: it was changed or damaged since it was written. Put the file back from "
            f"a copy; {anew}."
        )


@dataclass(frozen=True)
class MadePack:
    """The packs of one return, submitter and period: the newest run that made, confirmed or stopped them."""

    return_id: str
    submitter_id: str
    period_label: str
    reporting_period: str
    as_at: date
    extracts: frozenset[str]


def made_from(place: Path, run: RunParameters, inputs: Sequence[Mapping[str, Any]], made_of: str = "") -> str:
    """Return what is written beside the packs of a period: its newest run, extracts, versions so far.

    `made_of` is what the newest pack is made of, where one went out; see `pack_sources`.
    """
    versions = versions_of(place)
    newest = sound_pack(place)
    told = {
        "reporting_period": run.reporting_period,
        "as_at_date": f"{run.as_at_date}",
        "extracts": sorted(extract["extract_id"] for extract in inputs),
        "versions": [*versions, newest.name] if newest and versions[-1:] != [newest.name] else versions,
        **({"made_of": made_of} if made_of else {}),
    }
    return json.dumps(told, indent=2) + "\n"


def versions_of(place: Path) -> list[str]:
    """Return the versions that were the newest of a period, one after another, as far as is known."""
    try:
        told = json.loads((place / MADE_FROM).read_text(encoding="utf-8"))
        return [str(version) for version in told["versions"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def made_of(place: Path) -> str:
    """Return what the newest pack of a period is made of, or nothing where that is not known."""
    try:
        return str(json.loads((place / MADE_FROM).read_text(encoding="utf-8")).get("made_of", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def made_packs(lake: Path, client_id: str) -> list[MadePack]:
    """Return the packs of a client that were made or stopped, by submitter, return and period."""
    return list(_found(lake / "packs" / client_id))


def _found(client_folder: Path) -> Iterator[MadePack]:
    for place in sorted(client_folder.glob("*/*/*")):
        submitter_id, return_id, period_label = place.parts[-3:]
        try:
            told = _told(place)
            if told is not None:
                month, day = told["reporting_period"], date.fromisoformat(told["as_at_date"])
                extracts = frozenset(told["extracts"])
                yield MadePack(return_id, submitter_id, period_label, month, day, extracts)
        except (*SPOILED, DamagedPack):
            # Spoilt: nothing is known of what stands here until a run writes it again.
            continue


def _told(place: Path) -> Mapping[str, Any] | None:
    """What stands beside the packs of a period, or in the newest of them where an older version made it."""
    if (place / MADE_FROM).is_file():
        return dict(json.loads((place / MADE_FROM).read_text(encoding="utf-8")))
    pack = latest_pack(place)
    if pack is None:
        return None
    manifest = read_pack_manifest(pack)
    return {**manifest["run"], "extracts": [extract["extract_id"] for extract in manifest["inputs"]]}


def latest_pack(period_folder: Path) -> Path | None:
    """Return the folder of the newest pack of a period, or None where none went out.

    Raises DamagedPack where its pointer leads nowhere: a pack that cannot be found is not one never made.
    """
    pointer = period_folder / LATEST
    if not pointer.is_file():
        return None
    version = pointer.read_text(encoding="utf-8", errors="replace").strip()
    if not _VERSION.fullmatch(version) or not (period_folder / version / MANIFEST).is_file():
        raise DamagedPack(pointer)
    return period_folder / version


def sound_pack(period_folder: Path) -> Path | None:
    """Return the newest pack of a period, or None where none went out or a damaged pointer hides it."""
    try:
        return latest_pack(period_folder)
    except DamagedPack:
        return None


def read_pack_manifest(pack: Path) -> dict[str, Any]:
    """Return the manifest of a pack. Raises DamagedPack for one that is not what a run writes."""
    try:
        manifest = json.loads((pack / MANIFEST).read_text(encoding="utf-8"))
        return dict(manifest)
    except (*SPOILED, FileNotFoundError):
        raise DamagedPack(pack / MANIFEST) from None
