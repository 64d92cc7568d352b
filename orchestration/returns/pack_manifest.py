"""The manifest of a pack: what it was made from, by which method, and what is in it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from orchestration.returns import pack_files
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.layouts import Filling, WrittenFile
from orchestration.returns.methods import method_sections
from orchestration.software import software_version

_FORMAT = 1


def received_extracts(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the extracts a run stands on, by content hash, with their rows in, loaded and quarantined."""
    rows = connection.execute(
        "select extract_id, sender_id, sender_kind, strftime(max(as_at), '%Y-%m-%dT%H:%M:%SZ'), "
        "sum(received)::bigint, sum(loaded)::bigint, sum(quarantined)::bigint "
        "from raw.extract_receipt group by 1, 2, 3 order by all nulls first"
    ).fetchall()
    names = ("extract_id", "sender_id", "sender_kind", "as_at", "received", "loaded", "quarantined")
    return [dict(zip(names, row, strict=True)) for row in rows]


def pack_manifest(
    definition: ReturnDefinition,
    filling: Filling,
    inputs: list[dict[str, Any]],
    folder: Path,
    files: Sequence[WrittenFile],
    figures: pack_files.FiguresWritten,
    outcomes: Sequence[str],
    membership: pack_files.MembershipWritten,
) -> dict[str, Any]:
    """Return the manifest; its version is the hash of all the rest, the hashes of the pack's files included.

    So a pack that differs in anything has another version, also where a change of software went unnumbered.
    """
    period = {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in asdict(filling.period).items()}
    run = asdict(filling.run)
    manifest: dict[str, Any] = {
        "format": _FORMAT,
        "software": software_version(),
        "run": {**run, "as_at_date": run["as_at_date"].isoformat()},
        "return": {**period, "owner": definition.owner, "legal_basis": definition.legal_basis},
        "submitter": {k: v for k, v in asdict(filling.submitter).items() if k != "dates"},
        "method": {
            "version": filling.period.method_version,
            "folder_sha256": definition.sha256,
            "sections": method_sections(definition.method),
        },
        "inputs": [_as_seen(extract, filling) for extract in inputs],
        "counts": {
            "figures": dict(figures.outcomes),
            "answers_filled_from": dict(figures.filled_from),
            "verdicts": dict(sorted(Counter(outcomes).items())),
            "membership": membership.measures,
            "people": membership.people,
        },
        "membership": {"models": list(membership.models), "views_not_in_the_pack": list(membership.views)},
        "files": [
            {**asdict(file), "sha256": file_sha256(folder / file.name)}
            for file in sorted(files, key=lambda f: f.name)
        ],
    }
    canonical = json.dumps(manifest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return {"version": hashlib.sha256(canonical.encode()).hexdigest()[:12], **manifest}


def _as_seen(extract: dict[str, Any], filling: Filling) -> dict[str, Any]:
    """An extract of another organisation is there by its hash alone: who they are is not the submitter's."""
    if extract["sender_id"] in filling.own.others:
        return {name: extract[name] for name in ("extract_id", "sender_kind")}
    return extract


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
