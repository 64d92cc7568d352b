"""Kill `returns run` at random moments, run it again, and compare every byte of the packs.

    python tests/faults/kill_and_rerun.py [--kills 10] [--seed 20261012]

A whole run on a fresh lake shows how long a run takes and what its packs are. Each further lake is fresh too:
its first run is killed with signal 9 after a random part of that time, and its second run must end as the
whole one did. The moments come from the seed; what a kill hits varies with the speed of the machine.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
RUN = [sys.executable, "-c", "from orchestration.cli import main; main()", "run"]
LONGEST_RUN_SECONDS = 600


def start(lake: Path) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RETURNS_")}
    environment["PYTHONUNBUFFERED"] = "1"
    # What a killed run leaves in the temporary folder goes with the lakes.
    environment["TMPDIR"] = str(lake.parent)
    return subprocess.Popen(
        [*RUN, "--lake", str(lake)], cwd=PROJECT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def finish(lake: Path) -> None:
    run = start(lake)
    said, _ = run.communicate(timeout=LONGEST_RUN_SECONDS)
    if run.returncode != 0:
        sys.exit(f"a run in {lake} ended with {run.returncode}:\n{said}")


def packs_of(lake: Path) -> dict[str, str]:
    folder = lake / "packs"
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def kill_after(lake: Path, seconds: float) -> str:
    run = start(lake)
    try:
        said, _ = run.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGKILL)
        # A dbt that outlives its run keeps the pipe open; what was said so far is all we want.
        try:
            said, _ = run.communicate(timeout=LONGEST_RUN_SECONDS)
        except subprocess.TimeoutExpired:
            said = ""
    lines = [line for line in said.splitlines() if line.strip() and "resource_tracker" not in line]
    return lines[-1].strip() if lines else "none yet"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=20261012)
    chosen = parser.parse_args()
    moments = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory(prefix="returns_kill_") as scratch:
        whole = Path(scratch) / "whole"
        started = time.monotonic()
        finish(whole)
        length = time.monotonic() - started
        wanted = packs_of(whole)
        print(f"a whole run takes {length:.0f} s and writes {len(wanted)} files of packs", flush=True)
        for number in range(1, chosen.kills + 1):
            lake = Path(scratch) / f"killed_{number}"
            seconds = moments.uniform(0.05, 0.98) * length
            last = kill_after(lake, seconds)
            finish(lake)
            found = packs_of(lake)
            if found != wanted:
                differ = sorted(n for n in {*found, *wanted} if found.get(n) != wanted.get(n))
                sys.exit(f"kill {number} after {seconds:.1f} s: the packs differ: {', '.join(differ)}")
            print(f"kill {number} after {seconds:.1f} s (last words: {last}): same packs", flush=True)
    print(f"{chosen.kills} kills, {chosen.kills} reruns with byte-identical packs")


if __name__ == "__main__":
    main()
