"""Time a supplier's many small clients, one of them broken, in a lake that is thrown away afterwards.

    python -m benchmarks.many_clients.run [--clients 300] [--people 100]

Beside the time it tells the processor seconds of each client, which say the same on a machine that is busy
with something else. Ends with 1 when another client than the broken one is not complete.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.many_clients.supplier import make_supplier
from orchestration.batch import COMPLETE, ClientOutcome, run_batch
from orchestration.settings import load_settings

EVERY = 20


def processor_seconds() -> float:
    """Return the processor seconds of this process and of all it started that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def main() -> int:
    """Make the clients, break one, run all of them and print how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--people", type=int, default=100)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="returns_clients_") as scratch:
        extracts = Path(scratch) / "made"
        clients = make_supplier(extracts, chosen.clients, chosen.people)
        settings = load_settings(Path(scratch) / "lake", clients, extracts)
        broken = list(settings.clients)[chosen.clients // 2]
        for file in (extracts / broken).glob("service.*"):
            file.write_bytes(b"\0\xff no table")
        started, done, worked = time.monotonic(), 0, processor_seconds()

        def tell(_: ClientOutcome) -> None:
            nonlocal done
            done += 1
            if done % EVERY == 0:
                print(f"{done} clients after {time.monotonic() - started:.0f} s", flush=True)

        batch = run_batch(settings, None, None, tell)
        seconds = time.monotonic() - started
        worked = processor_seconds() - worked
    people = sum(outcome.people for outcome in batch.clients)
    print(
        f"{len(batch.clients)} clients, {people:,} people, {settings.threads} processes: {seconds:.0f} s, "
        f"{seconds / len(batch.clients):.1f} s each; {worked / len(batch.clients):.1f} processor s each; "
        f"{batch.count(COMPLETE)} complete"
    )
    others = [o for o in batch.clients if o.state != COMPLETE and o.client_id != broken]
    for outcome in others:
        print(f"{outcome.client_id} {outcome.state}: {outcome.why}")
    caught = next(o for o in batch.clients if o.client_id == broken)
    print(f"the broken one, {broken}: {caught.state}: {caught.why}")
    return 1 if others or caught.state == COMPLETE else 0


if __name__ == "__main__":
    sys.exit(main())
