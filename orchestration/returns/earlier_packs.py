"""What the packs of the periods before say, for returns that ask whether anything changed since."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.made_packs import SPOILED, DamagedPack, latest_pack
from orchestration.returns.pack_files import FIGURES
from orchestration.warehouse.build import Submitter


@dataclass(frozen=True)
class EarlierFigure:
    """One figure of the newest pack of an earlier month; `periods_back` 1 is the month before."""

    return_id: str
    submitter_id: str
    period_label: str
    periods_back: int
    periods_asked: int
    cell_id: str
    value: Decimal | None
    value_text: str | None
    outcome: str


def earlier_figures(
    lake: Path,
    client_id: str,
    definition: ReturnDefinition,
    submitters: Sequence[Submitter],
    reporting_period: str,
    earlier: Mapping[str, Sequence[str]],
) -> list[EarlierFigure]:
    """Return the figures of as many months before as the return asks about; those without a pack are absent.

    `earlier` are the ids a location had before: where a month has no pack of its own id, theirs counts.
    """
    asked = definition.unchanged_months
    if not asked:
        return []
    found = []
    for submitter in submitters:
        if submitter.kind != definition.submitted_by:
            continue
        ids = (submitter.submitter_id, *earlier.get(submitter.submitter_id, ()))
        for back, label in enumerate(_months_before(reporting_period, asked), start=1):
            places = (lake / "packs" / client_id / i / definition.return_id / label for i in ids)
            pack = next((p for p in map(latest_pack, places) if p), None)
            if pack:
                found += _figures(pack, definition.return_id, submitter.submitter_id, label, back, asked)
    return found


def _months_before(reporting_period: str, number: int) -> list[str]:
    day = date.fromisoformat(f"{reporting_period}-01")
    labels = []
    for _ in range(number):
        day = (day - timedelta(days=1)).replace(day=1)
        labels.append(f"{day:%Y-%m}")
    return labels


def _figures(
    pack: Path, return_id: str, submitter_id: str, label: str, back: int, asked: int
) -> list[EarlierFigure]:
    try:
        with (pack / FIGURES).open(encoding="utf-8", newline="") as handle:
            rows = csv.DictReader(handle)
            if not rows.fieldnames:
                raise ValueError("no header")
            return [
                EarlierFigure(
                    return_id=return_id,
                    submitter_id=submitter_id,
                    period_label=label,
                    periods_back=back,
                    periods_asked=asked,
                    cell_id=row["cell_id"],
                    value=Decimal(row["value"]) if row["value"] else None,
                    value_text=row["value_text"] or None,
                    outcome=row["outcome"],
                )
                for row in rows
            ]
    except (*SPOILED, InvalidOperation, FileNotFoundError):
        raise DamagedPack(pack / FIGURES) from None
