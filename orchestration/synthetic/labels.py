"""Older and careless labels on a council's rows: Release 1 wording, and capitals that are not official."""

from __future__ import annotations

import csv
from functools import cache
from random import Random

from orchestration.extracts.profile import STANDARDS, load_profile
from orchestration.synthetic.tables import Row

SHOUTED = ("client_type", "gender", "service_type", "event_outcome")


@cache
def _release_1() -> dict[tuple[str, str], str]:
    """Return the Release 1 wording by header and Release 2 label, where it is known and differs."""
    found: dict[tuple[str, str], str] = {}
    with (STANDARDS / "cld" / "R2" / "release_1_labels.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["release_2"] and row["release_1"].lower() != row["release_2"].lower():
                found.setdefault((row["header"], row["release_2"]), row["release_1"])
    return found


@cache
def _headers(record_class: str) -> dict[str, str]:
    return {c.name: c.element for c in load_profile().classes[record_class].columns}


def dress(record_class: str, rows: list[Row], rng: Random, older_than: str) -> list[Row]:
    """Return the rows as the council's system wrote them; the figures they mean are unchanged."""
    headers, old = _headers(record_class), _release_1()
    dressed = []
    for row in rows:
        written = dict(row)
        chance = rng.random()
        if row.get("event_start_date", "9999") < older_than and chance < 0.06:
            for column, value in row.items():
                written[column] = old.get((headers[column], value), value)
        elif chance > 0.985:
            column = SHOUTED[int(rng.random() * len(SHOUTED))]
            if column in written:
                written[column] = written[column].upper() if rng.random() < 0.5 else written[column].lower()
        dressed.append(written)
    return dressed
