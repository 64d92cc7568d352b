"""Packs as the pages need them: the figures of a period beside those before it, and who stands in each."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.report.facts import OwedReturn
from orchestration.returns.made_packs import SPOILED, DamagedPack, latest_pack, read_pack_manifest
from orchestration.returns.pack_files import FIGURES, MEMBERSHIP

NUMERATOR, EXCLUDED = "numerator", "excluded"


@dataclass(frozen=True)
class Figure:
    """One figure of a pack, as figures.csv has it."""

    cell_id: str
    item_id: str
    label: str
    table: str
    row: str
    column: str
    measure: str
    unit: str
    source_elements: str
    missing_item: str
    evidence: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    value_text: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class Standing:
    """How many rows of a membership stand in a role, for one reason."""

    measure: str
    cell_id: str
    role: str
    reason: str
    rows: int
    people: int


@dataclass(frozen=True)
class Pack:
    """One pack: its manifest and its figures."""

    folder: Path
    period_label: str
    manifest: Mapping[str, Any]
    figures: tuple[Figure, ...]

    @property
    def version(self) -> str:
        """The version of the pack: the hash of everything in it."""
        return str(self.manifest["version"])

    @property
    def method_version(self) -> str:
        """The version of the method the figures were made by."""
        return str(self.manifest["method"]["version"])

    @property
    def method_sections(self) -> Mapping[str, str]:
        """The method in words, as it was when the pack was written."""
        return self.manifest["method"]["sections"]

    def without_numbers(self) -> Pack:
        """Return the pack with what its figures are about and without what they are."""
        bare = (replace(f, numerator=None, denominator=None, value=None) for f in self.figures)
        return replace(self, figures=tuple(bare))

    def figure(self, cell_id: str) -> Figure | None:
        """Return the figure of a cell, or None when the pack has none."""
        return next((f for f in self.figures if f.cell_id == cell_id), None)


def pack_place(client_id: str, owed: OwedReturn, submitter_id: str | None = None) -> str:
    """Return where the packs of an owed return lie in the lake, its own or those of an earlier id."""
    submitter = submitter_id or owed.submitter_id
    return f"packs/{client_id}/{submitter}/{owed.definition.return_id}/{owed.period.label}"


def pack_history(lake: Path, client_id: str, owed: OwedReturn) -> list[Pack]:
    """Return the packs that the pages of an owed return show, the oldest first."""
    return [read_pack(folder, label) for label, folder in packs_shown(lake, client_id, owed).items()]


def packs_shown(lake: Path, client_id: str, owed: OwedReturn) -> dict[str, Path]:
    """Return the folder of the latest pack of every period up to the one owed, by period, the oldest first.

    A return that is blocked has no pack of its period here, also where one went out before it was blocked.
    A location that changed owner goes on where its earlier id left off.
    """
    places = [lake / pack_place(client_id, owed)]
    places += [lake / pack_place(client_id, owed, earlier) for earlier in owed.earlier_ids]
    folders: dict[str, Path] = {}
    for place in (p.parent for p in places):
        for period in sorted(place.iterdir()) if place.is_dir() else ():
            pack = latest_pack(period)
            if pack and _shown(period.name, owed):
                folders.setdefault(period.name, pack)
    return {label: folders[label] for label in sorted(folders)}


def _shown(label: str, owed: OwedReturn) -> bool:
    return label < owed.period.label or (label == owed.period.label and owed.is_ready)


def read_pack(folder: Path, label: str) -> Pack:
    """Return one pack from its folder. Raises DamagedPack for a file of it that cannot be read."""
    manifest = read_pack_manifest(folder)
    try:
        with (folder / FIGURES).open(encoding="utf-8", newline="") as handle:
            figures = tuple(_figure(row) for row in csv.DictReader(handle))
    except (*SPOILED, InvalidOperation, FileNotFoundError):
        raise DamagedPack(folder / FIGURES) from None
    return Pack(folder, label, manifest, figures)


def _figure(row: Mapping[str, str]) -> Figure:
    fields: dict[str, Any] = {name: row.get(name) or "" for name in Figure.__dataclass_fields__}
    for name in ("numerator", "denominator", "value"):
        fields[name] = Decimal(fields[name]) if fields[name] else None
    return Figure(**fields)


def standings(pack: Pack) -> list[Standing]:
    """Return how many rows and people stand in each figure of a pack, and how many are left out, and why."""
    path = pack.folder / MEMBERSHIP
    if not path.is_file():
        return []
    by = [pl.col(name).fill_null("") for name in ("measure", "cell_id", "role", "reason")]
    counted = (
        pl.scan_csv(path, infer_schema=False)
        .group_by(by)
        .agg(pl.len().alias("rows"), pl.col("person_key").drop_nulls().n_unique().alias("people"))
        .sort("measure", "cell_id", "role", "reason")
        .collect()
    )
    return [Standing(*row) for row in counted.iter_rows()]
