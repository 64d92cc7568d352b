"""`returns coverage`, `calendar` and `confirm`: what is asked, due and handed in; they need no run."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from orchestration.returns.confirmations import Confirmation
    from orchestration.settings import Client

from orchestration.options import ClientOption, ClientsOption, LakeOption, day_option


def coverage_command(
    return_id: Annotated[
        str | None, typer.Option("--return", metavar="RETURN", help="One return; all if not given.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv or html.")] = "table",
    out: Annotated[Path | None, typer.Option("--out", help="File to write; else it is printed.")] = None,
) -> None:
    """Show, cell by cell, what fills each return: the MODS element, another source, or nobody.

    Works without any run: it reads what the return folders say. Every source is checked against the extract
    profile.

    Example: returns coverage --return capacity_tracker --format csv --out coverage.csv
    """
    from orchestration.returns import coverage
    from orchestration.returns.definitions import load_definitions

    if form not in ("table", "csv", "html"):
        raise typer.BadParameter("table, csv or html", param_hint="--format")
    definitions = load_definitions()
    if return_id is not None:
        if return_id not in definitions:
            raise typer.BadParameter(
                f"'{return_id}' is none; there are {', '.join(definitions)}", param_hint="--return"
            )
        definitions = {return_id: definitions[return_id]}
    rows = coverage.coverage(definitions, coverage.items_of_returns())
    if form == "csv":
        text = coverage.as_csv(rows)
    elif form == "html":
        text = coverage.as_html(rows, {name: d.title for name, d in definitions.items()})
    else:
        text = coverage.as_table(rows)
    hand_over(text, out)


def calendar_command(
    submitter: Annotated[str, typer.Option("--submitter", help="Council's LA code or CQC location id.")],
    first: Annotated[
        date | None, typer.Option("--from", parser=day_option, metavar="DATE", help="First day; today.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day_option, metavar="DATE", help="Last day; a year on.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv or ics.")] = "table",
    out: Annotated[Path | None, typer.Option("--out", help="File to write; else it is printed.")] = None,
    client: ClientOption = None,
    lake: LakeOption = None,
    clients: ClientsOption = None,
) -> None:
    """List what a submitter owes when, and what of it was handed in.

    Windows are rolled over weekends and the bank holidays of England. The days are the submitter's own where
    a return is asked for: supply its dates in the clients file.

    Example: returns calendar --submitter 1-900000002 --from 2026-10-01 --format ics --out due.ics
    """
    from orchestration.returns import calendar_files
    from orchestration.returns.definitions import load_definitions
    from orchestration.returns.due import owed_by
    from orchestration.returns.missed import missed_windows
    from orchestration.settings import load_settings

    if form not in ("table", "csv", "ics"):
        raise typer.BadParameter("table, csv or ics", param_hint="--format")
    settings = load_settings(lake, clients)
    found, owner = settings.submitter(submitter, client)
    start = first or date.today()
    end = last or start + timedelta(days=365)
    if end < start:
        raise typer.BadParameter(f"{end} is before {start}", param_hint="--to")
    confirmed = _of_the_same_place(settings.lake, owner, start)
    definitions = load_definitions().values()
    dues = owed_by(definitions, found, start, end, confirmed)
    if form == "ics":
        hand_over(calendar_files.as_ics(dues), out)
    elif form == "csv":
        hand_over(calendar_files.as_csv(dues), out)
    else:
        counts = [missed_windows(definition, found, start, confirmed) for definition in definitions]
        told = [c.text for c in counts if c and c.return_id in {due.return_id for due in dues}]
        hand_over(calendar_files.as_table(found, dues, told), out)


def _of_the_same_place(lake: Path, owner: Client, day: date) -> list[Confirmation]:
    """What a client's submitters handed in, also under ids their locations had before a change of owner."""
    from orchestration.extracts.receipts import loaded_files
    from orchestration.returns.confirmations import read_confirmations
    from orchestration.returns.same_place import earlier_ids, ids_by_location, under_new_ids

    files = loaded_files(owner.client_id, lake).get("care_provider", ())
    found = earlier_ids(files, {s.submitter_id for s in owner.submitters}, day)
    return under_new_ids(read_confirmations(lake, owner.client_id), ids_by_location(found))


def confirm_command(
    return_id: Annotated[str, typer.Argument(metavar="RETURN", help="Return that was handed in.")],
    submitter: Annotated[str, typer.Option("--submitter", help="Who handed it in: LA code or location id.")],
    period: Annotated[
        str, typer.Option("--period", help="Its period as the pack's folder has it, like 2026-10.")
    ],
    on: Annotated[
        date, typer.Option("--on", parser=day_option, metavar="DATE", help="Day it was handed in.")
    ],
    note: Annotated[str, typer.Option("--note", help="A receipt or case number, if there is one.")] = "",
    client: ClientOption = None,
    lake: LakeOption = None,
    clients: ClientsOption = None,
) -> None:
    """Record that a return was handed in. The calendar, the schedules and the missed windows go by it.

    Example: returns confirm capacity_tracker --submitter 1-900000002 --period 2026-10 --on 2026-10-09
    """
    from orchestration.returns.confirmations import Confirmation, checked_period, record
    from orchestration.returns.definitions import load_definitions
    from orchestration.settings import load_settings

    settings = load_settings(lake, clients)
    found, owner = settings.submitter(submitter, client)
    definitions = load_definitions()
    if return_id not in definitions or definitions[return_id].submitted_by != found.kind:
        owed = ", ".join(name for name, d in definitions.items() if d.submitted_by == found.kind)
        raise typer.BadParameter(f"'{return_id}' is not owed by {found.name}: {owed}", param_hint="RETURN")
    label = checked_period(definitions[return_id], period)
    fresh = record(
        settings.lake, owner.client_id, Confirmation(return_id, found.submitter_id, label, on, note)
    )
    typer.echo(
        f"{'Recorded' if fresh else 'Known already'}: {return_id} of {found.name}, {label}, "
        f"handed in on {on}."
    )


def compare_command(
    pack: Annotated[Path, typer.Argument(help="Pack folder, or the folder whose `latest` names it.")],
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="VERSION", help="Version to begin with; the last but one."),
    ] = None,
    now: Annotated[
        str | None, typer.Option("--now", metavar="VERSION", help="Version to end with; the newest.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON, for machines.")] = False,
) -> None:
    """Show what changed between two versions of a pack: figures, extracts, method, day and software.

    Example: returns compare data/lake/packs/northmere/E10000901/cld/2025-10_2026-09
    """
    import json
    from dataclasses import asdict

    from orchestration.returns.compare import compare_versions

    found = compare_versions(pack, before, now)
    typer.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False) if as_json else found.text.rstrip())


def hand_over(text: str, out: Path | None) -> None:
    """Write a text to a file, or print it when none is named."""
    if out is None:
        typer.echo(text, nl=False)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8", newline="")
    typer.echo(f"Written to {out}.")


def add_commands(app: typer.Typer) -> None:
    """Give the `returns` command what tells about returns without a run."""
    app.command("coverage")(coverage_command)
    app.command("calendar")(calendar_command)
    app.command("confirm")(confirm_command)
    app.command("compare")(compare_command)
