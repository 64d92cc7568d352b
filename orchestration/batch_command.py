"""`returns run` over a file of many clients: progress while it works, one summary at its end."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path

from orchestration.batch import COMPLETE, FAILED, LOOK_AT, Batch, ClientOutcome, run_batch
from orchestration.extracts.masking import shown
from orchestration.returns.sources import FILLED_FROM
from orchestration.returns.summary import shares
from orchestration.settings import Settings

ALL_COMPLETE, SOMETHING_TO_LOOK_AT, NONE_COULD_RUN = 0, 1, 2
FORMAT_VERSION = 1
ANSWERS = {kind: f"answers_from_{kind}" for kind in FILLED_FROM}
STATES = {COMPLETE: "complete", LOOK_AT: "to look at", FAILED: "failed"}


def run_many(
    settings: Settings, period: str | None, as_at: date | None, *, quiet: bool = False, as_json: bool = False
) -> int:
    """Walk the road for every client, print and write one summary, and return the exit code.

    0: every client is complete; 1: something was stopped or set aside, or a client failed; 2: all failed.
    """
    with _progress(len(settings.clients), quiet=quiet or as_json) as tell:
        batch = run_batch(settings, period, as_at, tell)
    code = _exit_code(batch)
    folder = write_summary(batch, code, settings.lake)
    if as_json:
        print((folder / "clients.json").read_text(encoding="utf-8"), end="")
    elif quiet:
        print("".join(f"{line}\n" for line in _not_complete(batch)), end="", file=sys.stderr)
    else:
        print(summary_text(batch, folder), end="")
    return code


def _exit_code(batch: Batch) -> int:
    if batch.count(FAILED) == len(batch.clients):
        return NONE_COULD_RUN
    whole = batch.count(COMPLETE) == len(batch.clients) and not batch.extracts_of_nobody
    return ALL_COMPLETE if whole else SOMETHING_TO_LOOK_AT


@contextmanager
def _progress(clients: int, *, quiet: bool) -> Iterator[Callable[[ClientOutcome], None]]:
    """Yield what hears of each client: a moving bar on a terminal, lines elsewhere, nothing when quiet."""
    if quiet:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stdout, highlight=False, markup=False, soft_wrap=True)
    columns = (TextColumn("Clients"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("clients", total=clients)
        done = 0

        def tell(outcome: ClientOutcome) -> None:
            nonlocal done
            done += 1
            if outcome.state != COMPLETE or not console.is_terminal:
                place = "" if console.is_terminal else f"{done} of {clients}: "
                console.print(f"{place}{_line(outcome)}")
            bar.advance(task)

        yield tell


def _line(outcome: ClientOutcome) -> str:
    why = f": {outcome.why}" if outcome.why else ""
    return f"{outcome.client_id} {STATES[outcome.state]}{why}"


def _not_complete(batch: Batch) -> Iterator[str]:
    yield from (_line(outcome) for outcome in batch.clients if outcome.state != COMPLETE)
    for name, why in batch.extracts_of_nobody:
        yield f"extract {shown(name)}, of which nobody can tell whose it is: {why}"


def summary_text(batch: Batch, folder: Path) -> str:
    """Return the summary as plain text: totals, then every client and extract that a person must look at."""
    total = {
        name: sum(getattr(c, name) for c in batch.clients)
        for name in (
            *("extracts", "received", "loaded", "quarantined", "people"),
            *("packs_written", "packs_unchanged", "packs_altered", "packs_stopped"),
            *ANSWERS.values(),
        )
    }
    lines = [
        "",
        "Clients: " + ", ".join(f"{batch.count(state)} {said}" for state, said in STATES.items()) + ".",
        f"Records: {total['received']:,} received in {total['extracts']:,} extracts; "
        f"{total['loaded']:,} loaded, {total['quarantined']:,} quarantined. People: {total['people']:,}.",
        f"Packs:   {total['packs_written']:,} written, {total['packs_unchanged']:,} unchanged, "
        f"{total['packs_altered']:,} changed by hand and left, {total['packs_stopped']:,} stopped.",
    ]
    told = shares({kind: total[name] for kind, name in ANSWERS.items()})
    lines += [f"Answers: {told}."] if told else []
    left = list(_not_complete(batch))
    if left:
        lines += ["", "To look at"] + [f"  {line}" for line in left]
    lines += ["", f"One row per client: {folder / 'clients.csv'}, the same as JSON beside it."]
    return "\n".join(lines) + "\n"


def write_summary(batch: Batch, exit_code: int, lake: Path) -> Path:
    """Write clients.csv and clients.json under the newest reporting period there is; return the folder."""
    months = [outcome.reporting_period for outcome in batch.clients if outcome.reporting_period]
    folder = lake / "batches" / max(months, default="none")
    folder.mkdir(parents=True, exist_ok=True)
    table = io.StringIO()
    writer = csv.DictWriter(table, [f.name for f in fields(ClientOutcome)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(outcome) for outcome in batch.clients)
    content = {
        "format_version": FORMAT_VERSION,
        "exit_code": exit_code,
        "states": {state: batch.count(state) for state in STATES},
        "clients": [asdict(outcome) for outcome in batch.clients],
        "extracts_of_nobody": [{"extract": n, "why": w} for n, w in batch.extracts_of_nobody],
    }
    from orchestration.returns.tables import replace_text

    replace_text(folder / "clients.csv", table.getvalue())
    replace_text(folder / "clients.json", json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return folder
