"""Frees runs that died with the service that ran them: they would hold their client's place in the queue.

`python -m orchestration.stranded_runs` is run before the code location starts. It alone starts runs, so none
that it started before can still be at work.
"""

from __future__ import annotations

import json
import os

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter

SOCKET_VARIABLE = "RETURNS_CODE_SOCKET"
# Where Dagster notes which code location started a run.
STARTED_BY = ".dagster/grpc_info"
AT_WORK = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED]


def free_stranded_runs(instance: DagsterInstance, socket: str) -> list[str]:
    """Return the ids of the runs that were ended here: started by the code location of a socket, never ended.

    A run that was at work has failed, and may be tried again; one that was being cancelled is cancelled.
    """
    under_way = [*AT_WORK, DagsterRunStatus.CANCELING]
    stranded = [run for run in instance.get_runs(RunsFilter(statuses=under_way)) if _socket_of(run) == socket]
    for run in stranded:
        if run.status in AT_WORK:
            instance.report_run_failed(
                run, "The service that ran this run ended before it; nothing is half done."
            )
        else:
            instance.report_run_canceled(
                run, "The service that ran this run ended while it was being cancelled."
            )
    return [run.run_id for run in stranded]


def _socket_of(run: DagsterRun) -> str | None:
    noted = json.loads(run.tags.get(STARTED_BY, "{}"))
    return noted.get("socket") if isinstance(noted, dict) else None


def main() -> None:
    """Free the runs of the code location that is about to start, and say how many there were."""
    with DagsterInstance.get() as instance:
        freed = free_stranded_runs(instance, os.environ[SOCKET_VARIABLE])
    print(f"{len(freed)} runs had ended with the service that ran them: {', '.join(freed) or 'none'}")


if __name__ == "__main__":
    main()
