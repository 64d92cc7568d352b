"""Whether a pack just built says what the newest one says: then it is no new version, nothing is rewritten.

Two things may differ. The extracts it was made from: the same records are sent again each month. And how many
rows each rule looked at, which counts every copy of them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.returns.made_packs import MANIFEST
from orchestration.returns.pack_files import DATA_QUALITY
from orchestration.returns.pack_manifest import file_sha256

FROM_WHAT = ("version", "inputs")
LOOKED_AT = "checked"


def says_the_same(built: Path, manifest: Mapping[str, Any], newest: Path) -> bool:
    """Return whether a pack being built and the newest one are the same but for what they were made from."""
    try:
        told = json.loads((newest / MANIFEST).read_text(encoding="utf-8"))
        return _what_it_says(manifest) == _what_it_says(told) and _verdicts(built) == _verdicts(newest)
    except (OSError, ValueError, KeyError, TypeError):
        # Spoilt by somebody: it is another pack, and the comparison of files tells what was changed.
        return False


def altered_since(pack: Path) -> tuple[str, ...]:
    """Return the names of files of a pack that are not as its own manifest says they were written."""
    told = json.loads((pack / MANIFEST).read_text(encoding="utf-8"))
    written = {file["name"]: file["sha256"] for file in told["files"]}
    there = {path.name: file_sha256(path) for path in pack.iterdir() if path.name != MANIFEST}
    return tuple(n for n in sorted(written.keys() | there.keys()) if written.get(n) != there.get(n))


def _what_it_says(manifest: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: told for name, told in manifest.items() if name not in FROM_WHAT}
    said["files"] = [
        {name: told for name, told in file.items() if file["name"] != DATA_QUALITY or name != "sha256"}
        for file in manifest["files"]
    ]
    return said


def _verdicts(pack: Path) -> list[dict[str, str]]:
    with (pack / DATA_QUALITY).open(encoding="utf-8", newline="") as handle:
        return [{k: v for k, v in row.items() if k != LOOKED_AT} for row in csv.DictReader(handle)]
