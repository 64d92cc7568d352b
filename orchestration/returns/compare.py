"""What changed between two versions of a pack: the figures, and what they were made from, by and for."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.returns.explain import ExplainError, pack_folder
from orchestration.returns.made_packs import MANIFEST, versions_of
from orchestration.returns.pack_files import FIGURES

SHOWN = ("outcome", "value", "value_text", "numerator", "denominator")


@dataclass(frozen=True)
class FigureChange:
    """One figure that another version has otherwise; before or now is None where it has none."""

    cell_id: str
    label: str
    before: Mapping[str, str] | None
    now: Mapping[str, str] | None


@dataclass(frozen=True)
class Comparison:
    """Two versions of the packs of one return, submitter and period, side by side."""

    before: str
    now: str
    circumstances: tuple[tuple[str, str, str], ...]
    extracts_added: tuple[str, ...]
    extracts_gone: tuple[str, ...]
    changed: tuple[FigureChange, ...]
    figures: int

    @property
    def text(self) -> str:
        """The comparison in plain words."""
        lines = [f"From version {self.before} to {self.now}"]
        lines += [f"  {what}: {before} -> {now}" for what, before, now in self.circumstances]
        lines += [f"  made from another extract: {extract}" for extract in self.extracts_added]
        lines += [f"  no longer made from: {extract}" for extract in self.extracts_gone]
        lines += ["", f"{len(self.changed)} of {self.figures} figures differ"]
        for change in self.changed:
            values = f"{_words(change.before)} -> {_words(change.now)}"
            lines.append(f"  {change.cell_id}: {values} ({change.label})")
        return "\n".join(lines) + "\n"


def compare_versions(place: Path, before: str | None = None, now: str | None = None) -> Comparison:
    """Return what changed from one version of a pack to another, of the last two where none is named.

    Raises ExplainError where there are no two such versions.
    """
    newest = pack_folder(place)
    period = newest.parent
    history = versions_of(period)
    later = now or newest.name
    if before is None:
        earlier = history[: len(history) - history[::-1].index(later) - 1] if later in history else []
        before = next((version for version in reversed(earlier) if version != later), None)
    if before is None:
        kept = sorted(path.name for path in period.iterdir() if path.is_dir())
        raise ExplainError(
            f"{period} has no version known to be before {later}; it holds {', '.join(kept)}. "
            "Name one with --before."
        )
    return _compared(pack_folder(period / before), pack_folder(period / later))


def _compared(before: Path, now: Path) -> Comparison:
    was, is_ = _manifest(before), _manifest(now)
    old, new = _figures(before), _figures(now)
    extracts_were, extracts_are = _extracts(was), _extracts(is_)
    return Comparison(
        before=before.name,
        now=now.name,
        circumstances=tuple(_circumstances(was, is_)),
        extracts_added=tuple(extracts_are[e] for e in sorted(extracts_are.keys() - extracts_were.keys())),
        extracts_gone=tuple(extracts_were[e] for e in sorted(extracts_were.keys() - extracts_are.keys())),
        changed=tuple(
            FigureChange(
                cell, (new.get(cell) or old[cell])["label"], _shown(old.get(cell)), _shown(new.get(cell))
            )
            for cell in [*new, *(c for c in old if c not in new)]
            if _shown(old.get(cell)) != _shown(new.get(cell))
        ),
        figures=len(old.keys() | new.keys()),
    )


def _circumstances(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for what, part, name in (
        ("figures as at", "run", "as_at_date"),
        ("method version", "method", "version"),
        ("method folder", "method", "folder_sha256"),
    ):
        if was[part][name] != now[part][name]:
            yield what, was[part][name][:12], now[part][name][:12]
    if was["software"] != now["software"]:
        yield "software", was["software"], now["software"]


def _extracts(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The extracts of a pack in words; of another organisation there is the hash alone."""
    return {
        e["extract_id"]: f"{e['extract_id']} of {e['sender_id']} as at {e['as_at']}"
        if "sender_id" in e
        else f"{e['extract_id']} of another organisation"
        for e in manifest["inputs"]
    }


def _manifest(pack: Path) -> dict[str, Any]:
    return dict(json.loads((pack / MANIFEST).read_text(encoding="utf-8")))


def _figures(pack: Path) -> dict[str, dict[str, str]]:
    with (pack / FIGURES).open(encoding="utf-8", newline="") as handle:
        return {row["cell_id"]: row for row in csv.DictReader(handle)}


def _shown(figure: Mapping[str, str] | None) -> dict[str, str] | None:
    return {name: figure[name] for name in SHOWN} if figure else None


def _words(figure: Mapping[str, str] | None) -> str:
    if figure is None:
        return "not there"
    if figure["outcome"] in ("not_applicable", "not_fillable"):
        return figure["outcome"].replace("_", " ")
    value = figure["value"] or figure["value_text"] or figure["outcome"]
    return f"{value} of {figure['denominator']}" if figure["denominator"] else value
