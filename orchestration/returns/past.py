"""What came before a run: earlier ids of its locations, figures of the months before, windows missed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.returns.confirmations import read_confirmations
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.earlier_packs import EarlierFigure, earlier_figures
from orchestration.returns.missed import MissedWindows, missed_windows
from orchestration.returns.same_place import EarlierId, earlier_ids, ids_by_location, under_new_ids
from orchestration.warehouse.build import Submitter


@dataclass(frozen=True)
class Past:
    """What earlier runs and people left in the lake that a run reads."""

    earlier_ids: Sequence[EarlierId]
    earlier_figures: Sequence[EarlierFigure]
    missed_windows: Sequence[MissedWindows]


def past_of(
    lake: Path,
    client_id: str,
    definitions: Collection[ReturnDefinition],
    submitters: Sequence[Submitter],
    reporting_period: str,
    day: date,
    care_provider_files: Sequence[Path],
) -> Past:
    """Return what came before a run of a client as at a day, for the returns it fills."""
    earlier = earlier_ids(care_provider_files, {s.submitter_id for s in submitters}, day)
    ids = ids_by_location(earlier)
    confirmed = under_new_ids(read_confirmations(lake, client_id), ids)
    counts = [
        missed_windows(definition, submitter, day, confirmed)
        for definition in definitions
        for submitter in submitters
        if submitter.kind == definition.submitted_by
    ]
    return Past(
        earlier_ids=earlier,
        earlier_figures=[
            figure
            for definition in definitions
            for figure in earlier_figures(lake, client_id, definition, submitters, reporting_period, ids)
        ],
        # Before anything was confirmed nothing is known, and unknown is neither kept nor missed.
        missed_windows=[count for count in counts if count and count.counted],
    )
