"""The faulty samples: twins of one small extract, each with one fault, and the list of what must be found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from orchestration.synthetic.file_faults import ERRORS, FILE_FAULTS, UNUSABLE
from orchestration.synthetic.maker import AS_AT, CARE_CASE
from orchestration.synthetic.maker_world import World, make_world
from orchestration.synthetic.places import Provider, make_councils
from orchestration.synthetic.row_faults import FAULT_COLUMNS, ROW_FAULTS, plant, plant_all
from orchestration.synthetic.tables import Row, write_csv
from orchestration.synthetic.writing import write_extract

SEED = 7
SENT = ("care_provider", "subject_of_care", "service")
Manifest = dict[str, Any]


def _set(*path: str | int, value: object) -> Callable[[Manifest], None]:
    def change(manifest: Manifest) -> None:
        place: Any = manifest
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def _again(manifest: Manifest) -> None:
    manifest["files"].append(dict(manifest["files"][0]))


MANIFEST_FAULTS: tuple[tuple[str, str, Callable[[Manifest], None]], ...] = (
    ("rows_differ", "a row count that lies", _set("files", 0, "rows", value=999)),
    ("sha256_differs", "a hash of another file", _set("files", 0, "sha256", value="0" * 64)),
    ("file_missing", "a file that is not there", _set("files", 0, "path", value="not_there.csv")),
    (
        "file_ending_unknown",
        "a file of an unknown kind",
        _set("files", 0, "path", value="subject_of_care.xls"),
    ),
    ("file_listed_twice", "a file listed twice", _again),
    ("class_unknown", "a class that does not exist", _set("files", 0, "class", value="horoscope")),
    (
        "class_not_for_sender",
        "a council class from a provider",
        _set("files", 0, "class", value="cld_request"),
    ),
    ("class_listed_twice", "two files of one class", _set("files", 1, "class", value="subject_of_care")),
    (
        "path_absolute",
        "a path from the root of the disk",
        _set("files", 0, "path", value="/subject_of_care.csv"),
    ),
    ("path_parent", "a path that climbs out", _set("files", 0, "path", value="../care_provider.csv")),
    ("profile_version_unknown", "a profile of the future", _set("profile_version", value="9.0.0")),
    ("as_at_no_zone", "an as-at time without zone", _set("as_at", value="2026-10-11T23:00:00")),
    ("as_at_not_iso", "an as-at time in British order", _set("as_at", value="11/10/2026 23:00")),
    ("manifest_field_missing", "no sender id", lambda m: m["sender"].pop("id")),
    ("manifest_field_wrong", "a sender id that is none", _set("sender", "id", value="Oakfield Care!")),
)


def _small_world() -> World:
    council = make_councils(SEED, 1, 4)[0]
    return make_world(SEED, council, 1, 60, AS_AT)


def _home_care(world: World) -> Provider:
    return next(p for p in world.council.providers if p.setting == "home_care")


def _write(folder: Path, world: World, sender_kind: str, tables: dict[str, list[Row]]) -> None:
    provider, council = _home_care(world), world.council
    if sender_kind == "provider":
        sender: dict[str, str | None] = {"id": provider.sender_id, "name": provider.name, "kind": "provider"}
        write_extract(folder, sender, provider.system, tables, world.as_at)
    elif sender_kind == "council":
        sender = {"id": council.sender_id, "name": council.name, "kind": "council", "la_code": council.code}
        write_extract(folder, sender, CARE_CASE, tables, world.as_at)
    else:
        sender = {"id": council.trace_sender, "name": "Batch tracing", "kind": "trace"}
        write_extract(folder, sender, ("Batch tracing", "1"), tables, world.as_at)


def _remake_manifest(folder: Path) -> None:
    """Give the manifest the true hashes again, so that the one planted fault is the only one."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        data = (folder / entry["path"]).read_bytes()
        entry["sha256"] = hashlib.sha256(data).hexdigest()
    _save(folder, manifest)


def _save(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(manifest, indent=2) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8", newline="\n")


def make_faulty(out: Path) -> None:
    """Write one folder per fault and faults.csv, which says what must be found and with which exit code."""
    world = _small_world()
    provider = world.provider_tables[_home_care(world).sender_id].classes
    whole = {**provider, **world.council_tables.classes, "trace_response": world.answers}
    plain = {c: provider[c] for c in SENT}
    listed: list[tuple[str, ...]] = []
    out.mkdir(parents=True)
    for fault in FILE_FAULTS:
        folder = out / fault.rule_id
        _write(folder, world, "provider", plain)
        path = folder / fault.file
        path.write_bytes(fault.change(path.read_bytes()))
        if fault.file != "manifest.json":
            _remake_manifest(folder)
        listed.append((fault.rule_id, fault.exit_code, fault.file, "", "", fault.fault, fault.rule_id, ""))
    for rule_id, words, change in MANIFEST_FAULTS:
        folder = out / rule_id
        _write(folder, world, "provider", plain)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        change(manifest)
        if rule_id == "file_ending_unknown":
            (folder / "subject_of_care.csv").rename(folder / "subject_of_care.xls")
        _save(folder, manifest)
        listed.append((rule_id, UNUSABLE, "manifest.json", "", "", words, rule_id, ""))
    for row_fault in ROW_FAULTS:
        kind = _sender_kind(row_fault.record_class)
        tables = {c: list(rows) for c, rows in plain.items()} if kind == "provider" else {}
        if row_fault.record_class not in tables:
            tables[row_fault.record_class] = whole[row_fault.record_class][:4]
        if row_fault.record_class == "cld_cost":
            tables["cld_service"] = list(whole["cld_service"])
        name = f"{row_fault.record_class}_{row_fault.rule_id}"
        numbers = plant(row_fault, tables[row_fault.record_class], "csv")
        _write(out / name, world, kind, tables)
        field = "" if row_fault.field.startswith("(") else row_fault.field
        for number in numbers:
            line = (f"{row_fault.record_class}.csv", str(number), field, row_fault.fault, row_fault.rule_id)
            listed.append((name, ERRORS, *line, row_fault.expected))
    several = {c: list(rows) for c, rows in provider.items()}
    for file, *rest in plant_all(several, "several_faults", "csv"):
        listed.append(("several_faults", ERRORS, file.split("/")[1], *rest))
    _write(out / "several_faults", world, "provider", several)
    write_csv(out / "faults.csv", ("extract", "exit_code", *FAULT_COLUMNS), sorted(listed))


def _sender_kind(record_class: str) -> str:
    if record_class == "trace_response":
        return "trace"
    return "council" if record_class.startswith("cld_") else "provider"
