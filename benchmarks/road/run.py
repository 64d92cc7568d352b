"""Measure the road at several sizes: a first run, and then one extract among twenty that is sent again.

It is sent with the same records, then with fewer of them. A last run brings nothing.

    python -m benchmarks.road.run 10000 100000 1000000

Each run is a process of its own in a lake that is thrown away afterwards, so that its memory is its own.
Beside the time it tells the processor seconds, which say the same on a machine that is busy otherwise.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from benchmarks.road.world import make_area, send_again
from orchestration import road
from orchestration.as_at import newest_as_at
from orchestration.returns.packs import HELD
from orchestration.settings import load_settings
from orchestration.warehouse.plan import prepare_manifest

AGAIN = "oakfield_care"
MOST_TIMES_FOR_TEN_TIMES_THE_PEOPLE = 11
MOST_OF_A_RUN_FOR_ONE_EXTRACT = 0.15
Made = TypeVar("Made")


@dataclass
class Walked:
    """What one run took, and what it came to."""

    seconds: float = 0
    processor: float = 0
    peak_mb: float = 0
    disk_mb: float = 0
    people: int = 0
    rows: int = 0
    quarantined: int = 0
    packs: int = 0
    held: int = 0
    steps: dict[str, float] = field(default_factory=dict)

    def step(self, name: str, work: Callable[[], Made]) -> Made:
        """Do a step and note the processor seconds it took."""
        before = time.process_time()
        made = work()
        self.steps[name] = time.process_time() - before
        return made


def walk(lake: Path, clients: Path, extracts: Path) -> Walked:
    """Walk the road for the one client of a file and return what it took."""
    settings = load_settings(lake, clients, extracts)
    (client,) = settings.clients.values()
    started, walked = time.monotonic(), Walked()
    day = newest_as_at(settings, client, sorted(extracts.iterdir()))
    run = road.Run(settings, client, f"{day:%Y-%m}", extracts, day)
    walked.step("land", lambda: road.land_extracts(run))
    receipts = walked.step("load", lambda: road.load_landed(run))
    people = walked.step("link", lambda: road.link_people(run))
    walked.step("build", lambda: road.build_warehouse(run))
    judgement = walked.step("judge", lambda: road.judge_warehouse(run))
    with road.reading(run):
        packs = walked.step("packs", lambda: road.settle_packs(run, judgement))
        walked.step("pages", lambda: road.write_report(settings, client))
    walked.seconds, walked.processor = time.monotonic() - started, time.process_time()
    walked.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    walked.disk_mb = sum(p.stat().st_size for p in lake.rglob("*") if p.is_file()) / 1e6
    walked.people, walked.rows = people.people, sum(r.received for r in receipts)
    walked.quarantined = sum(r.quarantined for r in receipts)
    walked.packs, walked.held = len(packs), sum(pack.state == HELD for pack in packs)
    return walked


def alone(lake: Path, clients: Path, extracts: Path) -> Walked:
    """Walk in a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(walk, lake, clients, extracts).result()


def measure(people: int, scratch: Path) -> tuple[Walked, Walked]:
    """Make an area, run it, send one extract again and run it once more; print all, return these two runs."""
    before, started = time.process_time(), time.monotonic()
    clients = make_area(scratch / "area", people)
    extracts = scratch / "area" / "extracts"
    print(
        f"\n{people:,} people made in {time.monotonic() - started:.0f} s "
        f"({time.process_time() - before:.0f} processor s)",
        flush=True,
    )
    first = alone(scratch / "lake", clients, extracts)
    tell("first run", first)
    again = [alone_again(scratch / "lake", clients, extracts, corrected=c) for c in (False, True)]
    nothing = alone(scratch / "lake", clients, extracts)
    for name, walked in zip(
        ("one sent again", "one corrected", "nothing new"), (*again, nothing), strict=True
    ):
        tell(name, walked)
        print(f"                  {walked.processor / first.processor:.0%} of a first run", flush=True)
    return first, again[0]


def alone_again(lake: Path, clients: Path, extracts: Path, *, corrected: bool) -> Walked:
    """Send one extract again and walk."""
    beside = extracts.parent / AGAIN
    send_again(extracts / AGAIN, beside, corrected=corrected)
    shutil.rmtree(extracts / AGAIN)
    beside.rename(extracts / AGAIN)
    return alone(lake, clients, extracts)


def tell(name: str, walked: Walked) -> None:
    """Print one run as a line of the table, and its steps below."""
    print(
        f"{name:>16}: {walked.seconds:7.0f} s {walked.processor:7.0f} processor s "
        f"{walked.peak_mb:7.0f} MB peak {walked.disk_mb:7.0f} MB of lake; {walked.people:,} people, "
        f"{walked.rows:,} rows, {walked.quarantined:,} set aside, {walked.packs} packs, {walked.held} stopped"
    )
    print("                  " + ", ".join(f"{step} {s:.1f}" for step, s in walked.steps.items()), flush=True)


def main() -> int:
    """Measure every size; 1 when growth is steeper or one extract dearer than it may be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    sizes = sorted(parser.parse_args().people)
    prepare_manifest()
    found: dict[int, tuple[Walked, Walked]] = {}
    for people in sizes:
        with tempfile.TemporaryDirectory(prefix="returns_road_") as scratch:
            found[people] = measure(people, Path(scratch))
    missed = [
        f"one new extract among twenty at {people:,} people"
        for people, (first, second) in found.items()
        if second.processor > MOST_OF_A_RUN_FOR_ONE_EXTRACT * first.processor
    ]
    for fewer, more in pairwise(sizes):
        times = found[more][0].processor / found[fewer][0].processor
        print(f"{more / fewer:.0f} times the people: {times:.1f} times the processor seconds")
        if times > MOST_TIMES_FOR_TEN_TIMES_THE_PEOPLE * more / fewer / 10:
            missed.append(f"growth from {fewer:,} to {more:,} people")
    for miss in missed:
        print(f"more than it may be: {miss}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
