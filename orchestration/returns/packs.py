"""Packs: everything one run writes for one return and one submitter, placed whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.engine import open_engine
from orchestration.quality.gate import Decision, StopReason
from orchestration.quality.relations import Relation, relations
from orchestration.quality.verdicts import Judgement
from orchestration.returns import pack_files
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.layouts import Filling, fill_layout
from orchestration.returns.made_packs import (
    LATEST,
    MADE_FROM,
    MANIFEST,
    SPOILED,
    DamagedPack,
    made_from,
    made_of,
    read_pack_manifest,
    sound_pack,
)
from orchestration.returns.own_records import OwnRecords, own_records
from orchestration.returns.pack_manifest import file_sha256, pack_manifest, received_extracts
from orchestration.returns.pack_sources import PackSources
from orchestration.returns.same_pack import altered_since, says_the_same
from orchestration.returns.tables import replace_text
from orchestration.warehouse.build import ReturnPeriod, RunParameters, Submitter

STOPPED = "stopped.json"
_BUILDING = ".building"

_PATH_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

WRITTEN, UNCHANGED, ALTERED, HELD = "written", "unchanged", "altered", "stopped"


class PackError(RuntimeError):
    """A pack cannot be written; what stood before still stands."""


@dataclass(frozen=True)
class PackResult:
    """What became of one pack.

    `state` is `written`, `unchanged` (the same pack was there), `altered` (the same version was there but
    somebody changed its files; it was left alone) or `stopped`. `filled_from` counts the answers that apply
    by what filled them: records, other inputs, or nobody.
    """

    return_id: str
    title: str
    submitter_id: str
    submitter_name: str
    period_label: str
    state: str
    folder: Path
    version: str | None
    stopped_for: tuple[str, ...] = ()
    outcomes: Mapping[str, int] = field(default_factory=dict)
    filled_from: Mapping[str, int] = field(default_factory=dict)
    not_fillable: tuple[tuple[str, int], ...] = ()
    altered_files: tuple[str, ...] = ()


def write_packs(
    warehouse_file: Path,
    definitions: Mapping[str, ReturnDefinition],
    judgement: Judgement,
    decisions: Sequence[Decision],
    client_id: str,
    lake: Path,
) -> list[PackResult]:
    """Write a pack for every open decision and `stopped.json` for every other; return what became of each."""
    results = []
    with open_engine(warehouse_file, read_only=True) as connection:
        run = _run(connection)
        if run.client_id != client_id:
            raise PackError(
                f"the warehouse is of client {run.client_id}, the packs are asked for {client_id}"
            )
        known = relations(connection)
        periods, submitters, inputs = (
            _periods(connection),
            _submitters(connection),
            received_extracts(connection),
        )
        sources = PackSources(connection, known, judgement)
        for decision in decisions:
            period = periods[decision.return_id]
            own = own_records(connection, decision.submitter_id)
            filling = Filling(run, period, submitters[decision.submitter_id], own)
            place = lake / "packs"
            for part in (client_id, decision.submitter_id, decision.return_id, period.period_label):
                place /= _path_part(part)
            source = ""
            if decision.is_open:
                definition = definitions[decision.return_id]
                source = sources.of(definition, filling)
                results.append(
                    _unchanged(filling, place, source)
                    or _write_pack(connection, known, definition, judgement, filling, inputs, place)
                )
            else:
                results.append(_hold(decision, filling, place))
            replace_text(place / MADE_FROM, made_from(place, run, inputs, source))
    return results


def _path_part(text: str) -> str:
    if not _PATH_PART.fullmatch(text):
        raise PackError(f"{text!r} cannot be the name of a folder")
    return text


def _run(connection: duckdb.DuckDBPyConnection) -> RunParameters:
    row = connection.execute(
        "select client_id, reporting_period, as_at_date, is_synthetic from raw.run_parameters"
    ).fetchone()
    if row is None:
        raise PackError("the warehouse holds no run parameters")
    return RunParameters(*row)


def _periods(connection: duckdb.DuckDBPyConnection) -> dict[str, ReturnPeriod]:
    rows = connection.execute("select * from raw.run_return order by return_id").fetchall()
    return {row[0]: ReturnPeriod(*row) for row in rows}


def _submitters(connection: duckdb.DuckDBPyConnection) -> dict[str, Submitter]:
    rows = connection.execute("select * from raw.client_submitter order by submitter_id").fetchall()
    return {row[0]: Submitter(*row) for row in rows}


def owed_packs(warehouse_file: Path) -> list[tuple[str, str]]:
    """Return the packs a run owes, as (return_id, submitter_id): returns by submitters of their kind."""
    with open_engine(warehouse_file, read_only=True) as connection:
        return connection.execute(
            "select r.return_id, s.submitter_id from raw.run_return r "
            "join raw.client_submitter s on s.kind = r.submitted_by order by all"
        ).fetchall()


def _write_pack(
    connection: duckdb.DuckDBPyConnection,
    known: Mapping[str, Relation],
    definition: ReturnDefinition,
    judgement: Judgement,
    filling: Filling,
    inputs: list[dict[str, Any]],
    place: Path,
) -> PackResult:
    building = place / _BUILDING
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        layout = fill_layout(connection, known, definition, filling, building)
        figures = pack_files.write_figures(connection, known, definition, filling, building)
        quality, outcomes = pack_files.write_quality(judgement, filling, building)
        membership = pack_files.write_membership(connection, known, filling, building)
        files = [*layout, figures.file, *quality, membership.file]
        manifest = pack_manifest(definition, filling, inputs, building, files, figures, outcomes, membership)
        version = manifest["version"]
        _write_json(building / MANIFEST, manifest)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    newest = sound_pack(place)
    kept = newest is not None and says_the_same(building, manifest, newest)
    target = newest if newest is not None and kept else place / version
    altered: tuple[str, ...] = ()
    if target.exists():
        altered = altered_since(target) if kept else altered_files(target, building)
        shutil.rmtree(building)
        state = ALTERED if altered else UNCHANGED
    else:
        building.rename(target)
        state = WRITTEN
    replace_text(place / LATEST, target.name + "\n")
    (place / STOPPED).unlink(missing_ok=True)
    return PackResult(
        return_id=definition.return_id,
        title=definition.title,
        submitter_id=filling.submitter.submitter_id,
        submitter_name=filling.submitter.name,
        period_label=filling.period.period_label,
        state=state,
        folder=target,
        version=target.name,
        outcomes=figures.outcomes,
        filled_from=figures.filled_from,
        not_fillable=tuple(figures.not_fillable),
        altered_files=altered,
    )


def _unchanged(filling: Filling, place: Path, source: str) -> PackResult | None:
    """The newest pack of a period, where it is made of the same and nobody altered it; else None."""
    newest = sound_pack(place)
    if newest is None or made_of(place) != source:
        return None
    try:
        if altered_since(newest):
            return None
        counts = read_pack_manifest(newest)["counts"]
        found = PackResult(
            return_id=filling.period.return_id,
            title=filling.period.title,
            submitter_id=filling.submitter.submitter_id,
            submitter_name=filling.submitter.name,
            period_label=filling.period.period_label,
            state=UNCHANGED,
            folder=newest,
            version=newest.name,
            outcomes=counts["figures"],
            filled_from=counts["answers_filled_from"],
            not_fillable=pack_files.not_fillable_in(newest),
        )
    except (OSError, *SPOILED, DamagedPack):
        return None
    shutil.rmtree(place / _BUILDING, ignore_errors=True)
    (place / STOPPED).unlink(missing_ok=True)
    return found


def altered_files(pack: Path, fresh: Path) -> tuple[str, ...]:
    """Return the names of files that differ between a pack and the same pack freshly built."""
    names = {p.name for p in pack.iterdir()} | {p.name for p in fresh.iterdir()}
    return tuple(
        name
        for name in sorted(names)
        if not ((pack / name).is_file() and (fresh / name).is_file())
        or file_sha256(pack / name) != file_sha256(fresh / name)
    )


def _hold(decision: Decision, filling: Filling, place: Path) -> PackResult:
    """Say beside the packs why this one was not written. Packs that went out before stay as they are."""
    place.mkdir(parents=True, exist_ok=True)
    reasons = [
        {**asdict(reason), "text": reason.text}
        for reason in (_seen_by(filling.own, reason) for reason in decision.reasons)
    ]
    told = {
        "client_id": filling.run.client_id,
        "submitter_id": decision.submitter_id,
        "return_id": decision.return_id,
        "period_label": filling.period.period_label,
        "reasons": reasons,
    }
    shutil.rmtree(place / _BUILDING, ignore_errors=True)
    replace_text(place / STOPPED, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return PackResult(
        return_id=decision.return_id,
        title=filling.period.title,
        submitter_id=decision.submitter_id,
        submitter_name=filling.submitter.name,
        period_label=filling.period.period_label,
        state=HELD,
        folder=place,
        version=None,
        stopped_for=tuple(reason.text for reason in decision.reasons),
    )


def _seen_by(own: OwnRecords, reason: StopReason) -> StopReason:
    keys = tuple(key for key in reason.first_record_keys if not own.names_another(key))
    return replace(reason, first_record_keys=keys)


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
