"""Published figures, as far as somebody has supplied them: read, judged, and found again for a measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from orchestration.extracts.profile import read_rows
from orchestration.returns.definitions import PROJECT

PUBLISHED_FIGURES = PROJECT / "data" / "reference" / "published_figures.csv"
COLUMNS = (
    *("item_id", "breakdown", "council", "period_start", "period_end", "outcome"),
    *("source", "published_on", "evidence"),
)
EVIDENCE = ("READ", "BELIEF")


class PublishedFiguresError(ValueError):
    """The file of published figures cannot be used; the message names every mistake in it."""


@dataclass(frozen=True)
class PublishedFigure:
    """One figure somebody published, with where and when."""

    item_id: str
    breakdown: str
    council: str
    period_start: date
    period_end: date
    outcome: Decimal
    source: str
    published_on: date


def read_published(path: Path = PUBLISHED_FIGURES) -> list[PublishedFigure]:
    """Return the published figures of a file, none when it holds a header alone.

    Raises PublishedFiguresError that names every row that cannot be used: a figure without source and date is
    worth nothing.
    """
    rows = read_rows(path)
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    if tuple(header) != COLUMNS:
        raise PublishedFiguresError(f"{path.name}: the header must be {','.join(COLUMNS)}")
    figures, mistakes = [], []
    for number, row in enumerate(rows, start=2):
        try:
            if blank := [c for c in COLUMNS if not (row[c] or "").strip()]:
                raise ValueError(f"{', '.join(blank)} is blank")
            if row["evidence"] not in EVIDENCE:
                raise ValueError(f"evidence is {row['evidence']!r}; it must be {' or '.join(EVIDENCE)}")
            figures.append(
                PublishedFigure(
                    row["item_id"],
                    row["breakdown"],
                    row["council"],
                    date.fromisoformat(row["period_start"]),
                    date.fromisoformat(row["period_end"]),
                    Decimal(row["outcome"]),
                    row["source"],
                    date.fromisoformat(row["published_on"]),
                )
            )
        except InvalidOperation:
            mistakes.append(f"row {number}: outcome is {row['outcome']!r}, which is no number")
        except ValueError as wrong:
            mistakes.append(f"row {number}: {wrong}")
    if mistakes:
        raise PublishedFiguresError(f"{path.name}: " + "; ".join(mistakes))
    return figures


def newest_for(
    figures: Sequence[PublishedFigure], item_id: str, breakdown: str, council: str
) -> PublishedFigure | None:
    """Return the published figure of the latest period for a measure, the newest revision of it."""
    own = [f for f in figures if (f.item_id, f.breakdown, f.council) == (item_id, breakdown, council)]
    return max(own, key=lambda f: (f.period_end, f.published_on), default=None)
