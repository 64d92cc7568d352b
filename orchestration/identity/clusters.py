"""Groups of records from scored pairs, without chains.

A record joins a group only if it fits the whole of it.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping

import duckdb
import pyarrow as pa

# What a pair nobody thought worth a score counts towards the mean of two groups.
UNSCORED = -6.0


def group_pairs(
    pairs: Iterable[tuple[int, int, float, bool]],
    least: float,
    unscored: float = UNSCORED,
    numbers: Mapping[int, str] | None = None,
) -> dict[int, int]:
    """Return each record's group, named by its least record, from pairs (record, record, weight, vetoed).

    The two groups with the best mean weight over all their pairs are joined first, until none reaches
    `least`. One vetoed pair keeps two groups apart for good, and so do two different numbers. The order of
    the pairs makes no difference.
    """
    between: dict[int, dict[int, tuple[float, int]]] = {}
    parted: dict[int, set[int]] = {}
    for a, b, weight, vetoed in pairs:
        if a == b:
            continue
        if vetoed:
            parted.setdefault(a, set()).add(b)
            parted.setdefault(b, set()).add(a)
        between.setdefault(a, {})[b] = between.setdefault(b, {})[a] = (weight, 1)
    held = dict(numbers or {})
    size = dict.fromkeys(between, 1)
    member_of = {record: record for record in between}

    def mean(a: int, b: int) -> float:
        total, count = between[a][b]
        whole = size[a] * size[b]
        return (total + (whole - count) * unscored) / whole

    heap = [(-mean(a, b), a, b, 1, 1) for a in between for b in between[a] if a < b]
    heap = [entry for entry in heap if -entry[0] >= least]
    heapq.heapify(heap)
    members = {record: [record] for record in between}
    while heap:
        _, a, b, size_a, size_b = heapq.heappop(heap)
        # An entry from before one of the two grew.
        if size.get(a) != size_a or size.get(b) != size_b or b in parted.get(a, ()):
            continue
        if a in held and b in held and held[a] != held[b]:
            continue
        if b in held:
            held[a] = held.pop(b)
        for record in members[b]:
            member_of[record] = a
        members[a] += members.pop(b)
        size[a] += size.pop(b)
        for other in parted.pop(b, ()):
            parted.setdefault(a, set()).add(other)
            parted[other].discard(b)
            parted[other].add(a)
        del between[a][b]
        for other, (total, count) in between.pop(b).items():
            if other == a:
                continue
            del between[other][b]
            known_total, known_count = between[a].get(other, (0.0, 0))
            between[a][other] = between[other][a] = (total + known_total, count + known_count)
        for other in between[a]:
            value = mean(a, other)
            if value >= least:
                low, high = (a, other) if a < other else (other, a)
                heapq.heappush(heap, (-value, low, high, size[low], size[high]))
    return member_of


def group_numberless(connection: duckdb.DuckDBPyConnection, least: float) -> None:
    """Create numberless_group (person_record_key, least_record_key, weight) from group_pair."""
    pairs = connection.execute(
        "select record_a, record_b, weight, is_parted, key_a, key_b, number_a, number_b from group_pair "
        "order by record_a, record_b"
    ).fetchall()
    keys: dict[int, str] = {}
    best: dict[int, float] = {}
    numbers: dict[int, str] = {}
    for a, b, weight, is_parted, key_a, key_b, *contested in pairs:
        keys[a], keys[b] = key_a, key_b
        numbers |= {record: number for record, number in zip((a, b), contested, strict=True) if number}
        if not is_parted:
            best[a], best[b] = max(best.get(a, weight), weight), max(best.get(b, weight), weight)
    groups = group_pairs((pair[:4] for pair in pairs), least, numbers=numbers)
    sizes = Counter(groups.values())
    rows = [(record, group) for record, group in sorted(groups.items()) if sizes[group] > 1]
    table = pa.table({
        "person_record_key": pa.array([keys[record] for record, _ in rows], pa.string()),
        "least_record_key": pa.array([keys[group] for _, group in rows], pa.string()),
        "weight": pa.array([best[record] for record, _ in rows], pa.float64()),
    })  # fmt: skip
    connection.register("grouped", table)
    connection.execute("create or replace temp table numberless_group as select * from grouped")
    connection.unregister("grouped")
