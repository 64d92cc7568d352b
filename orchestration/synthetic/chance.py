"""Seeded chance: every draw comes from a named stream, so a new draw in one place moves nothing elsewhere."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, *parts: object) -> random.Random:
    """Return the random stream of one named purpose; text seeds do not depend on the hash seed or machine."""
    return random.Random(":".join(str(part) for part in (seed, *parts)))  # noqa: S311 - made-up data, no secret


def pick(rng: random.Random, choices: Sequence[tuple[T, float]]) -> T:
    """Return one value, drawn by its weight."""
    spot = rng.random() * sum(weight for _, weight in choices)
    for value, weight in choices:
        spot -= weight
        if spot < 0:
            return value
    return choices[-1][0]


def share(rng: random.Random, items: Sequence[T], part: float, at_least: int = 0) -> list[T]:
    """Return a part of the items, at least so many where there are enough, in the order they were given."""
    wanted = min(len(items), max(at_least, round(len(items) * part)))
    chosen = sorted(rng.sample(range(len(items)), wanted))
    return [items[i] for i in chosen]


def days_between(rng: random.Random, first: date, last: date) -> date:
    """Return a day drawn evenly from first to last, both included (first where the span is empty)."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))
