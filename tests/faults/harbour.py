"""A small client that has run once, and a second run that is disturbed: its lake, what it must end as."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

from orchestration.settings import SAMPLE

CLIENT, OTHER = "harbour", "seaside"
SENDER = "harbour_homes"
# What a run leaves for people and for the next run; the warehouse is made for each run and compared by it.
AREAS = ("landing", "loaded", "quarantine", "identity", "packs", "sheets", "site")
OF_THE_INDEX = (
    "person_record", "link", "person", "person_identifier", "number_quarantine", "review", "conflict",
)  # fmt: skip
# What a run puts beside the packs of a period; the packs themselves never change.
POINTERS = ("/latest", "/stopped.json", "/made_from.json")
IDENTIFYING = ("nhs_number", "person_family_name", "date_of_birth", "postcode")


def make_clients_file(path: Path) -> Path:
    """Write a clients file of two clients of the same one sender, each owing the returns of its location."""
    entries = [
        f'[[client]]\nid = "{client}"\nname = "{client.title()}"\nkind = "provider"\nsynthetic = true\n'
        f'senders = ["{SENDER}"]\n\n[[client.submitter]]\nkind = "location"\ncode = "1-900000005"\n'
        'name = "Harbour View"\n'
        for client in (CLIENT, OTHER)
    ]
    path.write_text("\n".join(entries), encoding="utf-8")
    return path


def offer_first(folder: Path) -> Path:
    """Offer the extract of the first run and return its place."""
    return Path(shutil.copytree(SAMPLE / SENDER, folder / "first"))


def offer_second(folder: Path) -> Path:
    """Offer a later extract of the sender: one person fewer in need, one row that must be set aside."""
    place = Path(shutil.copytree(SAMPLE / SENDER, folder / "second"))
    rows = (place / "need.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (place / "need.csv").write_text("".join(rows[:-1]), encoding="utf-8")
    risks = (place / "risk.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    heads = next(csv.reader([risks[0]]))
    cells = next(csv.reader([risks[1]]))
    cells[heads.index("record_uid")] = ""
    risks.append(",".join(cells) + "\n")
    (place / "risk.csv").write_text("".join(risks), encoding="utf-8")
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    manifest["as_at"] = "2026-10-13T23:00:00Z"
    for file in manifest["files"]:
        content = (place / file["path"]).read_bytes()
        file["sha256"] = hashlib.sha256(content).hexdigest()
        file["rows"] += {"need": -1, "risk": 1}.get(file["class"], 0)
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return place


def _is_compared(path: Path) -> bool:
    """Of the index what others read; what it keeps for itself tells of its runs, however they went."""
    return "identity" not in path.parts or path.stem in OF_THE_INDEX


def files_of(lake: Path) -> dict[str, str]:
    """Return the hash of every file a run leaves, by its place in the lake."""
    return {
        path.relative_to(lake).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for area in AREAS
        for path in sorted((lake / area).rglob("*"))
        if path.is_file() and _is_compared(path.relative_to(lake))
    }


def packs_in(files: dict[str, str]) -> dict[str, str]:
    """Return the files of packs that went out; where `latest` points to is no part of any."""
    return {
        name: hash_
        for name, hash_ in files.items()
        if name.startswith("packs/") and not name.endswith(POINTERS) and "/." not in name
    }


def differing(found: dict[str, str], wanted: dict[str, str]) -> list[str]:
    """Return the names of the files that are not alike."""
    return sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))


def broken_packs(lake: Path) -> list[str]:
    """Return the packs that are not whole, and the pointers that lead to no pack."""
    wrong = []
    for manifest in sorted((lake / "packs").rglob("manifest.json")):
        pack = manifest.parent
        if pack.name.startswith("."):
            continue
        for file in json.loads(manifest.read_text(encoding="utf-8"))["files"]:
            path = pack / file["name"]
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
                wrong.append(str(path))
    for pointer in sorted((lake / "packs").rglob("latest")):
        if not (pointer.parent / pointer.read_text(encoding="utf-8").strip() / "manifest.json").is_file():
            wrong.append(str(pointer))
    return wrong


def identifiers() -> set[str]:
    """Return what names the people of the extract, as it is written in its files."""
    with (SAMPLE / SENDER / "subject_of_care.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {row[name] for row in rows for name in IDENTIFYING if len(row[name] or "") > 3}
