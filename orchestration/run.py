"""`returns run`: the shared job for one client and period, its progress, and the summary at its end."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.extracts.offered import extracts_in
from orchestration.narrator import Narrator, silent
from orchestration.returns.calendar import month_bounds
from orchestration.returns.explain import explain_cells
from orchestration.returns.packs import ALTERED, HELD, PackResult
from orchestration.returns.summary import RunSummary, run_summary
from orchestration.road import RoadError, run_for
from orchestration.settings import Client, Settings

ALL_WRITTEN, SOMETHING_STOPPED = 0, 1
FORMAT_VERSION = 1


def run_road(
    settings: Settings,
    client_id: str | None,
    period: str | None,
    as_at: date | None,
    *,
    quiet: bool = False,
    as_json: bool = False,
) -> int:
    """Walk the whole road and print what came of it; return 0, or 1 when packs or rows were stopped.

    Raises the error of the step that could not be done.
    """
    client = settings.only_client(client_id)
    settings.person_key(client)
    if period is not None:
        month_bounds(period)
    run = run_for(settings, client, period, as_at, extracts_in(settings.place_of(client)))
    month, day = run.period, run.day
    narrator = Narrator()
    with _told(narrator, quiet=quiet or as_json):
        _walk(settings, client, month, day, narrator)
    if narrator.failure:
        raise narrator.failure
    summary = _summary(settings, client, month, day, narrator)
    if as_json:
        print(json.dumps(_as_data(summary, narrator), indent=2, ensure_ascii=False, default=str))
    elif not quiet:
        print("\n" + run_summary(summary, Path.cwd()), end="")
    return _exit_code(narrator)


def _walk(settings: Settings, client: Client, period: str, as_at: date, narrator: Narrator) -> None:
    # Dagster reads these when it is imported or makes its instance.
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    from dagster import DagsterInstance

    from orchestration.definitions import road_job
    from orchestration.partitions import partition_key

    narrator.doing("Getting ready")
    job = road_job(settings, narrator)
    with (
        DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance,
        # Lines of the machinery would bury what the narrator says.
        Path(os.devnull).open("w") as nowhere,
        redirect_stdout(nowhere),
    ):
        outcome = job.execute_in_process(
            partition_key=partition_key(client.client_id, period),
            instance=instance,
            raise_on_error=False,
            run_config={
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                "resources": {
                    "choices": {
                        "config": {"extracts": str(settings.place_of(client)), "as_at": as_at.isoformat()}
                    }
                },
            },
        )
    stopped = any(pack.state == HELD for pack in narrator.packs)
    if not outcome.success and narrator.failure is None and not stopped:
        raise RoadError(
            "the run ended without a result; run it again in the web interface to see why (make ui)."
        )


@contextmanager
def _told(narrator: Narrator, *, quiet: bool) -> Iterator[None]:
    """Let the narrator speak: a moving line on a terminal, plain lines elsewhere, nothing when quiet."""
    if quiet:
        narrator.doing = narrator.found = silent
        yield
        return
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, markup=False, soft_wrap=True)
    narrator.found = console.print
    if not console.is_terminal:
        yield
        return
    with console.status("") as status:
        narrator.doing = lambda text: status.update(text + " …")
        yield


def _summary(settings: Settings, client: Client, period: str, day: date, narrator: Narrator) -> RunSummary:
    receipts, people = narrator.receipts, narrator.people
    return RunSummary(
        client_name=client.name,
        reporting_period=period,
        as_at_date=day,
        is_synthetic=client.synthetic,
        extracts=len(receipts),
        received=sum(r.received for r in receipts),
        loaded=sum(r.loaded for r in receipts),
        quarantined=sum(r.quarantined for r in receipts),
        person_records=people.records if people else 0,
        people=people.people if people else 0,
        packs=sorted(narrator.packs, key=lambda p: (p.return_id, p.submitter_id)),
        next_command=_next_command(narrator.packs),
        report=narrator.site.index if narrator.site else None,
        growth=people.growth if people else "",
    )


def _next_command(packs: list[PackResult]) -> str:
    """Return the command to type next: open the first figure with a number, or judge the extracts again."""
    command = _command()
    for pack in sorted(packs, key=lambda p: (p.return_id, p.submitter_id)):
        if pack.state != HELD:
            cells = explain_cells(pack.folder)
            numbers = [c["cell_id"] for c in cells if c["outcome"] == "filled" and c["value"]]
            if numbers:
                return f"{command} explain cell {_near(pack.folder.parent)} {numbers[0]}"
    return f"{command} check EXTRACT, for each extract whose records stopped a pack"


def _command() -> str:
    """Return the command as it can be typed here: by name when it is on the path, else by its place."""
    typed = Path(sys.argv[0])
    found = shutil.which("returns")
    return "returns" if found and Path(found).samefile(typed) else _near(typed.absolute())


def _near(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _as_data(summary: RunSummary, narrator: Narrator) -> dict[str, Any]:
    taken = narrator.taken_in
    return {
        "format_version": FORMAT_VERSION,
        "exit_code": _exit_code(narrator),
        **asdict(summary),
        "unusable_extracts": [{"extract": n, "why": w} for n, w in taken.unusable] if taken else [],
        "extracts_of_other_senders": [{"extract": n, "sender": s} for n, s in taken.not_ours]
        if taken
        else [],
    }


def _exit_code(narrator: Narrator) -> int:
    refused = bool(narrator.taken_in and narrator.taken_in.unusable)
    set_aside = any(r.quarantined for r in narrator.receipts)
    missing = any(pack.state in (HELD, ALTERED) for pack in narrator.packs)
    return SOMETHING_STOPPED if refused or set_aside or missing else ALL_WRITTEN
