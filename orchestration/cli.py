"""The `returns` command: every step of the road, told in plain words."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from orchestration.backfill_command import add_commands as add_backfill_commands
from orchestration.conformance.commands import add_commands
from orchestration.identity.commands import link_app
from orchestration.index_effect_command import add_commands as add_index_effect_command
from orchestration.options import ClientOption, ClientsOption, LakeOption, day_option
from orchestration.plain_words import plain_words
from orchestration.preview.commands import add_commands as add_preview_command
from orchestration.return_commands import add_commands as add_return_commands

app = typer.Typer(
    help="From person-level adult social care records to filled statutory returns.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
explain_app = typer.Typer(
    help="Why a figure is what it is, and why records are one person.", no_args_is_help=True
)
app.add_typer(explain_app, name="explain")
app.add_typer(link_app, name="link")

DONE, STOPPED, UNUSABLE = 0, 1, 2

JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON, for machines.")]


DayOption = Annotated[
    date | None,
    typer.Option(
        "--as-at", parser=day_option, metavar="DATE", help="Day the figures stand for, like 2026-10-12."
    ),
]


@app.command()
def run(
    client: ClientOption = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="YYYY-MM", help="Reporting period, like 2026-10.")
    ] = None,
    as_at: DayOption = None,
    extracts: Annotated[
        str | None,
        typer.Option(
            "--extracts",
            metavar="PLACE",
            help="Folder or address (s3://bucket/incoming) to take extracts from, or RETURNS_EXTRACTS.",
        ),
    ] = None,
    lake: LakeOption = None,
    clients: ClientsOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Go the whole road: take extracts in, link people, build, judge, fill the returns.

    Without options it works on the committed sample. The day the figures stand for is the newest as-at time
    of the extracts and the period is its month, unless you say otherwise.

    Where the clients file names several clients and you name none, every one of them goes the road, several
    at a time; a client that cannot be run never stops the others, and one summary tells what became of each.

    Ends with 0 when every pack was written, 1 when a pack was stopped, rows were set aside as errors or one
    of many clients failed, and 2 when the run could not be made.

    Example: returns run --client northmere --period 2026-10 --extracts incoming --clients clients.toml
    """
    from orchestration.settings import load_settings

    settings = load_settings(lake, clients, extracts)
    if client is None and len(settings.clients) > 1:
        from orchestration.batch_command import run_many

        raise typer.Exit(run_many(settings, period, as_at, quiet=quiet, as_json=as_json))
    from orchestration.run import run_road

    code = run_road(settings, client, period, as_at, quiet=quiet, as_json=as_json)
    raise typer.Exit(code)


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="Extract to judge, or one CLD file or store of them.")],
    as_json: JsonOption = False,
) -> None:
    """Judge an extract before it is sent; nothing is loaded or written.

    Ends with 0 when there are no errors (warnings are allowed), 1 when there are, and 2 when the extract
    cannot be used at all.

    Example: returns check data/samples/clean/oakfield_care
    """
    from orchestration.extracts.check import check as judge

    judgement = judge(path)
    typer.echo(judgement.json() if as_json else judgement.text())
    raise typer.Exit(judgement.exit_code)


@app.command()
def synthesise(
    out: Annotated[Path, typer.Option("--out", help="New or empty folder to write into.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.")] = 1,
    people: Annotated[int, typer.Option("--people", min=1, help="How many people there are.")] = 400,
    providers: Annotated[int, typer.Option("--providers", min=1, help="How many providers per council.")] = 4,
    councils: Annotated[int, typer.Option("--councils", min=1, help="How many councils.")] = 1,
    as_at: DayOption = None,
    faults: Annotated[bool, typer.Option("--faults", help="Plant faulty rows and list them.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong.")] = False,
) -> None:
    """Make extracts about people who do not exist, with the truth beside them.

    Example: returns synthesise --seed 7 --people 1000 --providers 6 --councils 1 --out /tmp/made
    """
    from orchestration.synthetic.maker import AS_AT
    from orchestration.synthetic.maker import synthesise as make

    tell = None if quiet else typer.echo
    make(out, seed, people, providers, councils, as_at or AS_AT, faults, tell)
    if not quiet:
        typer.echo(f"Written to {out}. Next: returns run --clients {out / 'clients.toml'} --extracts {out}")


@app.command(name="trace-request")
def trace_request(
    out: Annotated[Path, typer.Option("--out", help="CSV file to write; only you will be able to read it.")],
    client: ClientOption = None,
    layout: Annotated[str, typer.Option("--layout", help="Layout of the file.")] = "pds_mesh",
    lake: LakeOption = None,
    clients: ClientsOption = None,
) -> None:
    """Write the records whose NHS number still needs a trace, as a file for the batch tracing service.

    Example: returns trace-request --client northmere --out trace_request.csv
    """
    from orchestration.identity.trace_requests import write_trace_request
    from orchestration.settings import load_settings

    settings = load_settings(lake, clients)
    chosen = settings.only_client(client)
    request = write_trace_request(
        chosen.client_id,
        settings.lake,
        out,
        layout,
        synthetic=chosen.synthetic,
        threads=settings.threads,
        memory_limit=settings.memory_limit,
    )
    typer.echo(
        f"{request.needed} records to trace in {request.path}; {request.answered} already answered, "
        f"{request.not_required} need none, {request.too_little} say too little to be traced."
    )


@app.command()
def report(
    client: ClientOption = None,
    disclosure: Annotated[
        str | None,
        typer.Option(
            "--disclosure", metavar="PROFILE", help="How small numbers are shown; else the client's."
        ),
    ] = None,
    lake: LakeOption = None,
    clients: ClientsOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the pages commissioners read, from what the last run left in the lake.

    They open in any browser from disk, without a network. `returns run` writes them too, by the client's own
    disclosure profile.

    Example: returns report --client northmere --disclosure round_to_5
    """
    from orchestration.road import write_report
    from orchestration.settings import load_settings

    settings = load_settings(lake, clients)
    site = write_report(settings, settings.only_client(client), disclosure)
    if as_json:
        typer.echo(json.dumps({**asdict(site), "index": str(site.index)}, indent=2))
    elif not quiet:
        blocked = f", {site.blocked} blocked" if site.blocked else ""
        typer.echo(
            f"{site.pages} pages, {site.ready} returns ready{blocked}, small numbers by {site.disclosure}. "
            f"Open {site.index} in a browser."
        )


@explain_app.command()
def cell(
    pack: Annotated[
        Path, typer.Argument(help="Pack folder, the folder whose `latest` names it, or what `build` wrote.")
    ],
    cell_id: Annotated[
        str,
        typer.Argument(
            metavar="CELL",
            help="Cell, as figures.csv names it; in what `build` wrote also TABLE:LINE:COLUMN of a table.",
        ),
    ],
) -> None:
    """Show how a figure came about: the rule in words, the people and records, the excluded with reasons.

    Example: returns explain cell data/lake/packs/northmere/E10000901/cld/2025-10_2026-09 people.total
    """
    from orchestration.conformance.explaining import explain_figure, holds_figures
    from orchestration.returns.explain import explain_cell

    explain = explain_figure if holds_figures(pack) else explain_cell
    typer.echo(explain(pack, cell_id))


@explain_app.command()
def person(
    key: Annotated[str, typer.Argument(help="Person key: 24 characters, 0 to 9 and a to f.")],
    client: ClientOption = None,
    lake: LakeOption = None,
    clients: ClientsOption = None,
) -> None:
    """Show why records are one person: stages, rules and evidence; never a name or a number.

    Example: returns explain person 0123456789abcdef01234567 --client northmere
    """
    from orchestration.identity.explain import explain_person
    from orchestration.settings import load_settings

    settings = load_settings(lake, clients)
    typer.echo(explain_person(settings.only_client(client).client_id, settings.lake, key))


add_commands(app)
add_preview_command(app)
add_index_effect_command(app)
add_return_commands(app)
add_backfill_commands(app)


def main() -> NoReturn:
    """Run the command; whatever happens, end with plain words and an exit code."""
    try:
        app()
    except Exception as error:
        sys.stderr.write(plain_words(error) + "\n")
    sys.exit(UNUSABLE)
