"""Frees runs that died with the service that ran them: they would hold their client's place in the queue.

`python -m orchestration.stranded_runs mark` is run before the code location starts: it alone starts runs, so
none that it started before can still be at work. `… free` is run beside it and ends the marked runs once the
code location answers: a run that ends sooner is tried again in vain.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter

SOCKET_VARIABLE = "RETURNS_CODE_SOCKET"
DAGSTER = Path(sys.executable).with_name("dagster")
# Where Dagster notes which code location started a run.
STARTED_BY = ".dagster/grpc_info"
STRANDED = "returns/stranded"
AT_WORK = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED]
UNDER_WAY = [*AT_WORK, DagsterRunStatus.CANCELING]
LONGEST_WAIT_SECONDS = 540
# The daemon hears of a code location that is back within seconds.
UNTIL_THE_DAEMON_KNOWS = 15


def mark_stranded_runs(instance: DagsterInstance, socket: str) -> list[str]:
    """Return the ids of the runs that were marked: started by the code location of a socket, never ended."""
    found = [run for run in instance.get_runs(RunsFilter(statuses=UNDER_WAY)) if _socket_of(run) == socket]
    for run in found:
        instance.add_run_tags(run.run_id, {STRANDED: "true"})
    return [run.run_id for run in found]


def marked_runs(instance: DagsterInstance) -> list[DagsterRun]:
    """Return the runs that are marked and still said to be under way."""
    return list(instance.get_runs(RunsFilter(statuses=UNDER_WAY, tags={STRANDED: "true"})))


def free_marked_runs(instance: DagsterInstance) -> list[str]:
    """Return the ids of the runs that were ended here.

    A run that was at work has failed, and may be tried again; one that was being cancelled is cancelled.
    """
    marked = marked_runs(instance)
    for run in marked:
        if run.status in AT_WORK:
            instance.report_run_failed(run, "The service that ran this run ended before it did.")
        else:
            instance.report_run_canceled(run, "The service ended while this run was being cancelled.")
    return [run.run_id for run in marked]


def _socket_of(run: DagsterRun) -> str | None:
    noted = json.loads(run.tags.get(STARTED_BY, "{}"))
    return noted.get("socket") if isinstance(noted, dict) else None


def _wait_until_it_answers(socket: str) -> None:
    check = [str(DAGSTER), "api", "grpc-health-check", "--socket", socket]
    last = time.monotonic() + LONGEST_WAIT_SECONDS
    while subprocess.run(check, capture_output=True, check=False).returncode and time.monotonic() < last:
        time.sleep(2)
    time.sleep(UNTIL_THE_DAEMON_KNOWS)


def main(what: str) -> None:
    """Mark or free the runs of the code location, and say which they were."""
    socket = os.environ[SOCKET_VARIABLE]
    with DagsterInstance.get() as instance:
        if what == "mark":
            runs = mark_stranded_runs(instance, socket)
            print(f"runs that had ended with the service that ran them: {', '.join(runs) or 'none'}")
        elif what == "free":
            if marked_runs(instance):
                _wait_until_it_answers(socket)
            print(f"runs freed: {', '.join(free_marked_runs(instance)) or 'none'}")
        else:
            raise SystemExit(f"'{what}' is none of: mark, free")


if __name__ == "__main__":
    main(*sys.argv[1:2] or ("",))
