"""`returns backfill` and `returns rerun`: periods that have passed, for many clients, with one summary."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.options import ClientOption, ClientsOption, LakeOption

if TYPE_CHECKING:
    from orchestration.backfill import PeriodOutcome
    from orchestration.settings import Settings
    from orchestration.touched import Rerun

ALL_COMPLETE, SOMETHING_TO_LOOK_AT, NONE_COULD_RUN = 0, 1, 2
FORMAT_VERSION = 1

ExtractsOption = Annotated[
    str | None,
    typer.Option("--extracts", metavar="PLACE", help="Folder or address to take extracts from."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Say only what must be looked at.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON, for machines.")]


def backfill_command(
    first: Annotated[str, typer.Option("--from", metavar="YYYY-MM", help="First reporting period.")],
    last: Annotated[str, typer.Option("--to", metavar="YYYY-MM", help="Last reporting period.")],
    client: ClientOption = None,
    extracts: ExtractsOption = None,
    lake: LakeOption = None,
    clients: ClientsOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Fill many reporting periods, the oldest first, for one client or for all of the clients file.

    Extracts are taken in once. Each period stands for the day its packs were made for before, else for the
    last day of its window; the newest for the day of the newest extract. The pages and the client's warehouse
    are in the end those of the newest period.

    Ends with 0 when every period is complete, 1 when something was stopped, 2 when no period could be filled.

    Example: returns backfill --from 2025-11 --to 2026-10 --clients clients.toml --extracts incoming
    """
    from orchestration.backfill import run_backfill
    from orchestration.returns.calendar import periods_between

    settings = _settings(client, lake, clients, extracts)
    periods = periods_between(first, last)
    if not periods:
        raise typer.BadParameter(f"{last} is before {first}", param_hint="--to")
    made = run_backfill(settings, periods, lambda rows: _tell(rows, quiet=quiet or as_json))
    raise typer.Exit(_end(made, settings.lake / "batches" / f"{first}_{last}", quiet=quiet, as_json=as_json))


def rerun_command(
    only_list: Annotated[
        bool, typer.Option("--list", help="Say what loaded extracts touch, and change nothing.")
    ] = False,
    client: ClientOption = None,
    extracts: ExtractsOption = None,
    lake: LakeOption = None,
    clients: ClientsOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take late or corrected extracts in and make again what they touch: no other client, period or return.

    Touched are packs made before, of returns that read a class in which a record changed, for days on which
    that record may count. Packs that come out equal keep their version; earlier versions stay as they are.

    Ends with 0 when all is complete, 1 when something was stopped, 2 when nothing could be run.

    Example: returns rerun --client northmere --extracts incoming --clients clients.toml
    """
    settings = _settings(client, lake, clients, extracts)
    if only_list:
        from orchestration.touched import touched

        found = [rerun for c in settings.clients.values() for rerun in touched(settings, c)]
        if as_json:
            typer.echo(json.dumps([asdict(rerun) for rerun in found], indent=2, default=str))
        else:
            typer.echo("\n".join(map(_touched_line, found)) or "Nothing that was made is touched.")
        raise typer.Exit(ALL_COMPLETE)
    from orchestration.backfill import run_touched

    made = run_touched(settings, lambda rows: _tell(rows, quiet=quiet or as_json))
    raise typer.Exit(_end(made, settings.lake / "batches" / "reruns", quiet=quiet, as_json=as_json))


def _settings(client: str | None, lake: Path | None, clients: Path | None, extracts: str | None) -> Settings:
    from orchestration.settings import load_settings

    settings = load_settings(lake, clients, extracts)
    return replace(settings, clients={client: settings.client(client)}) if client else settings


def _touched_line(rerun: Rerun) -> str:
    pages = " and the pages" if rerun.renews_pages else ""
    return (
        f"{rerun.client_id} {rerun.period} as at {rerun.as_at}: {', '.join(rerun.returns)}{pages}, by "
        f"{', '.join(rerun.classes)} of {len(rerun.extracts)} extract{'s' if len(rerun.extracts) > 1 else ''}"
    )


def _tell(rows: Sequence[PeriodOutcome], *, quiet: bool) -> None:
    """Print a line for each period of a client that is done."""
    if not quiet:
        for row in rows:
            typer.echo(_line(row))


def _line(row: PeriodOutcome) -> str:
    day = f" as at {row.as_at_date}" if row.as_at_date else ""
    packs = (
        f": {row.packs_written} packs written, {row.packs_unchanged} unchanged, {row.packs_altered} changed "
        f"by hand, {row.packs_stopped} stopped"
    )
    asked = f" (no method in force yet: {row.not_asked})" if row.not_asked else ""
    why = f". {row.why}" if row.why else ""
    where = " ".join(part for part in (row.client_id, row.reporting_period) if part)
    return f"{where}{day} {row.state.replace('_', ' ')}{packs if row.as_at_date else ''}{asked}{why}"


def _end(rows: Sequence[PeriodOutcome], folder: Path, *, quiet: bool, as_json: bool) -> int:
    """Write the summary, print it, and return the exit code."""
    from orchestration.backfill import PeriodOutcome
    from orchestration.batch import COMPLETE, FAILED
    from orchestration.returns.tables import replace_text

    states = [row.state for row in rows]
    code = SOMETHING_TO_LOOK_AT if set(states) - {COMPLETE} else ALL_COMPLETE
    if states and set(states) == {FAILED}:
        code = NONE_COULD_RUN
    table = io.StringIO()
    writer = csv.DictWriter(table, [f.name for f in fields(PeriodOutcome)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    told = {"format_version": FORMAT_VERSION, "exit_code": code, "periods": [asdict(row) for row in rows]}
    text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    replace_text(folder / "periods.csv", table.getvalue())
    replace_text(folder / "periods.json", text)
    if as_json:
        typer.echo(text, nl=False)
    elif quiet:
        for row in rows:
            if row.state != COMPLETE:
                typer.echo(_line(row), err=True)
    elif not rows:
        typer.echo("Nothing that was made is touched.")
    else:
        typer.echo(
            f"\nPeriods: {states.count(COMPLETE)} complete, "
            f"{len(states) - states.count(COMPLETE) - states.count(FAILED)} to look at, "
            f"{states.count(FAILED)} failed.\n"
            f"Packs:   {sum(r.packs_written for r in rows):,} written, "
            f"{sum(r.packs_unchanged for r in rows):,} unchanged, "
            f"{sum(r.packs_altered for r in rows):,} changed by hand and left, "
            f"{sum(r.packs_stopped for r in rows):,} stopped.\n"
            f"One row per client and period: {folder / 'periods.csv'}, the same as JSON beside it."
        )
    return code


def add_commands(app: typer.Typer) -> None:
    """Give the `returns` command what fills periods that have passed."""
    app.command("backfill")(backfill_command)
    app.command("rerun")(rerun_command)
