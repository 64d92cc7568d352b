"""Filled forms for machines: a file as one JSON document that says what each question stands on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from orchestration.returns.coverage import items_of_returns
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.tables import open_new, plain, text_of
from orchestration.warehouse.build import ReturnPeriod, RunParameters, Submitter


def about_return(
    definition: ReturnDefinition, run: RunParameters, period: ReturnPeriod, submitter: Submitter
) -> dict[str, Any]:
    """Return what a document says of itself: whose it is, for when, and where its questions were read."""
    return {
        "return_id": definition.return_id,
        "title": definition.title,
        "method_version": period.method_version,
        "submitter": {"submitter_id": submitter.submitter_id, "name": submitter.name},
        "period": {
            "label": period.period_label,
            "start": period.period_start.isoformat(),
            "end": period.period_end.isoformat(),
        },
        "as_at_date": run.as_at_date.isoformat(),
        "is_synthetic": run.is_synthetic,
        "official_questions": [
            {
                "section": item.section,
                "question_id": item.item_id,
                "listed_as": item.listed_as,
                "label": item.label,
                "evidence": item.evidence,
                "sources": item.sources.split(),
            }
            for item in items_of_returns()
            if item.return_id == definition.return_id
        ],
        "sources": {source.source_id: source.text for source in definition.sources},
    }


def write_document(
    path: Path,
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sections: int,
    about: dict[str, Any],
    restricted: bool = False,
) -> int:
    """Write one JSON document and return its number of rows.

    The first `sections` columns name a section, as on a page, and are told once for its rows; with none, the
    rows are one list. A row is an object of the headers; what nobody filled is null.
    """
    count = 0
    groups = []
    for name, group in groupby(rows, key=lambda row: tuple(row[:sections])):
        told = [dict(zip(headers[sections:], map(_value, row[sections:]), strict=True)) for row in group]
        named = dict(zip(headers[:sections], map(_value, name), strict=True))
        groups.append({**named, "rows": told})
        count += len(told)
    body = {"sections": groups} if sections else {"rows": groups[0]["rows"] if groups else []}
    with open_new(path, restricted) as handle:
        handle.write(json.dumps({**about, **body}, indent=2, ensure_ascii=False) + "\n")
    return count


def _value(value: Any) -> Any:
    """A number that is whole stays a number; one with decimals is text, so that no reader rounds it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        short = plain(value)
        return int(short) if short is not None and short == short.to_integral_value() else text_of(short)
    return text_of(value)
