"""Reads manifest.json and judges everything in it at once, before any data file is touched."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from orchestration.extracts import limits
from orchestration.extracts.archive import ARCHIVE_ENDINGS, Source, read_small, refuse_bad_path
from orchestration.extracts.manifest_fields import (
    AS_AT_PATTERN,
    AS_AT_WITHOUT_ZONE,
    ENDINGS,
    FILE,
    MODS_VERSIONS,
    SENDER,
    SUPPLIER,
    TOP,
    ManifestField,
)
from orchestration.extracts.masking import shown
from orchestration.extracts.problems import ProblemLog, Refused
from orchestration.extracts.profile import STANDARDS, ExtractProfile, load_profile

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class ListedFile:
    """One data file as the manifest promises it."""

    path: str
    record_class: str
    rows: int
    sha256: str

    @property
    def format(self) -> str:
        """csv, ndjson or parquet, by the file's ending."""
        return ENDINGS[PurePosixPath(self.path).suffix.lower()]


@dataclass(frozen=True)
class Manifest:
    """What a sender says about an extract, after judging."""

    profile_version: str
    sender: dict[str, str | None]
    supplier_system: dict[str, str | None]
    mods_version: str | None
    as_at: datetime
    files: tuple[ListedFile, ...]

    @property
    def sender_id(self) -> str:
        """The sender's id, checked against its pattern."""
        return str(self.sender["id"])

    def facts(self) -> dict[str, Any]:
        """Return the manifest as plain data in one order, whatever the order it was written in."""
        return {
            "profile_version": self.profile_version,
            "sender": self.sender,
            "supplier_system": self.supplier_system,
            "mods_version": self.mods_version,
            "as_at": self.as_at.isoformat() + "Z",
            "files": [
                {"path": f.path, "class": f.record_class, "rows": f.rows, "sha256": f.sha256}
                for f in sorted(self.files, key=lambda f: f.path)
            ],
        }


class _DuplicateKey(Exception):
    pass


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _DuplicateKey
    return made


def _no_constant(name: str) -> None:
    raise ValueError(name)


def parse_manifest(data: bytes) -> dict[str, Any]:
    """Return manifest.json as a dictionary. Raises Refused for anything but one plain JSON object."""
    try:
        text = data.decode("utf-8-sig")
        made = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
        json.dumps(made, ensure_ascii=False).encode()  # a lone half of a surrogate pair is not text
    except UnicodeError:
        raise Refused("manifest_not_utf8", MANIFEST) from None
    except RecursionError:
        raise Refused("manifest_too_deep", MANIFEST) from None
    except _DuplicateKey:
        raise Refused("manifest_duplicate_key", MANIFEST) from None
    except ValueError as wrong:
        raise Refused("manifest_not_json", MANIFEST, line=getattr(wrong, "lineno", 1)) from None
    if not isinstance(made, dict):
        raise Refused("manifest_not_json", MANIFEST, line=1)
    return made


def _holds(spec: ManifestField, value: Any) -> bool:
    if spec.kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if not isinstance(value, str) or not (spec.nullable or value.strip()) or len(value) > spec.max_length:
        return False
    if spec.choices and value not in spec.choices:
        return False
    return not spec.pattern or re.fullmatch(spec.pattern, value) is not None


def _judge_fields(
    made: Any, fields: tuple[ManifestField, ...], place: str, log: ProblemLog, children: tuple[str, ...] = ()
) -> dict[str, Any] | None:
    """Return the known fields of one object, or None when one of them is missing or wrong."""
    if not isinstance(made, dict):
        log.add("manifest_field_wrong", MANIFEST, field=place.rstrip("."), expected="an object")
        return None
    good = True
    for spec in fields:
        value, name = made.get(spec.name), place + spec.name
        if value is None and (not spec.required or spec.nullable):
            continue
        if value is None:
            log.add("manifest_field_missing", MANIFEST, field=name)
            good = False
        elif spec.name != "as_at" and not _holds(spec, value):
            log.add("manifest_field_wrong", MANIFEST, field=name, expected=spec.words)
            good = False
    known = {spec.name for spec in fields} | set(children)
    for key in made:
        if key not in known:
            log.add("manifest_unknown_key", MANIFEST, field=place + shown(key))
    return {spec.name: made.get(spec.name) for spec in fields} if good else None


def _judge_as_at(value: Any, log: ProblemLog) -> datetime | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else ""
    if re.fullmatch(AS_AT_WITHOUT_ZONE, text):
        log.add("as_at_no_zone", MANIFEST, field="as_at", value=shown(text))
        return None
    try:
        if re.fullmatch(AS_AT_PATTERN, text) is None:
            raise ValueError
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        log.add("as_at_not_iso", MANIFEST, field="as_at", value=shown(text))
        return None


def _judge_version(value: Any, log: ProblemLog) -> ExtractProfile | None:
    known = sorted(p.name for p in (STANDARDS / "extract_profile").iterdir() if p.is_dir())
    if not isinstance(value, str) or not value.strip():
        return None
    if value not in known:
        log.add(
            "profile_version_unknown",
            MANIFEST,
            field="profile_version",
            value=shown(value),
            expected=", ".join(known),
        )
        return None
    return load_profile(value)


def _judge_file(
    position: int, made: Any, names: set[str], profile: ExtractProfile | None, kind: Any, log: ProblemLog
) -> ListedFile | None:
    fields = _judge_fields(made, FILE, f"files[{position}].", log)
    if fields is None:
        return None
    path, class_name = fields["path"], fields["class"]
    good = True
    try:
        refuse_bad_path(path)
        if path not in names:
            raise Refused("file_missing", shown(path))
    except Refused as refused:
        log.add_refused(refused)
        good = False
    if PurePosixPath(path).suffix.lower() not in ENDINGS:
        log.add("file_ending_unknown", shown(path))
        good = False
    if profile and class_name not in profile.classes:
        log.add("class_unknown", shown(path), field="class", value=shown(class_name))
        good = False
    elif profile and profile.classes[class_name].sender_kind != kind and isinstance(kind, str):
        log.add("class_not_for_sender", shown(path), field="class", value=shown(class_name), kind=shown(kind))
        good = False
    return ListedFile(path, class_name, fields["rows"], fields["sha256"].lower()) if good else None


def _judge_files(
    made: Any, names: set[str], profile: ExtractProfile | None, kind: Any, log: ProblemLog
) -> list[ListedFile]:
    if not isinstance(made, list) or not 0 < len(made) <= limits.LISTED_FILES:
        expected = f"a list of 1 to {limits.LISTED_FILES} files"
        log.add("manifest_field_wrong", MANIFEST, field="files", expected=expected)
        return []
    listed: list[ListedFile] = []
    for position, entry in enumerate(made):
        file = _judge_file(position, entry, names, profile, kind, log)
        if file is None:
            continue
        if any(file.path == other.path for other in listed):
            log.add("file_listed_twice", shown(file.path))
        elif any(file.record_class == other.record_class for other in listed):
            log.add("class_listed_twice", shown(file.path), field="class", value=file.record_class)
        listed.append(file)
    return listed


def read_manifest(source: Source, log: ProblemLog) -> Manifest | None:
    """Return the judged manifest of an opened extract, or None with every reason in the log."""
    names = set(source.names)
    if MANIFEST not in names:
        raise Refused("manifest_missing", MANIFEST)
    data = read_small(source, MANIFEST, limits.MANIFEST_BYTES)
    if data is None:
        raise Refused("manifest_too_large", MANIFEST, limit=limits.spoken_size(limits.MANIFEST_BYTES))
    made = parse_manifest(data)
    top = _judge_fields(made, TOP, "", log, ("sender", "supplier_system", "files"))
    profile = _judge_version(made.get("profile_version"), log)
    as_at = _judge_as_at(made.get("as_at"), log)
    sender = _judge_fields(made.get("sender"), SENDER, "sender.", log)
    supplier = _judge_fields(made.get("supplier_system") or {}, SUPPLIER, "supplier_system.", log)
    mods = made.get("mods_version")
    if isinstance(mods, str) and mods not in MODS_VERSIONS:
        log.add("mods_version_unknown", MANIFEST, field="mods_version", value=shown(mods),
                expected=", ".join(MODS_VERSIONS))  # fmt: skip
    kind = sender["kind"] if sender else None
    files = _judge_files(made.get("files"), names, profile, kind, log)
    _warn_of_unlisted(names, made.get("files"), log)
    if log.unusable or top is None or as_at is None or sender is None or supplier is None:
        return None
    return Manifest(made["profile_version"], sender, supplier, mods, as_at, tuple(files))


def _warn_of_unlisted(names: set[str], listed: Any, log: ProblemLog) -> None:
    entries = listed if isinstance(listed, list) else []
    paths = {e.get("path") for e in entries if isinstance(e, dict) and isinstance(e.get("path"), str)}
    for name in sorted(names - paths - {MANIFEST}):
        archive = name.lower().endswith(ARCHIVE_ENDINGS)
        log.add("nested_archive" if archive else "file_unlisted", value=shown(name))
