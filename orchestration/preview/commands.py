"""`returns preview`: a council's measures before it submits, and what moved them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from orchestration.options import ClientOption, ClientsOption, LakeOption


def preview_command(
    lookups: Annotated[Path, typer.Option(help="Folder of mapping and lookup tables.")],
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    client: ClientOption = None,
    as_at: Annotated[
        str | None, typer.Option(help="Submissions up to this day count; the newest one's day if not given.")
    ] = None,
    period_end: Annotated[
        str | None, typer.Option(help="Last day of the rolling year; the last quarter end if not given.")
    ] = None,
    method: Annotated[str | None, typer.Option(help="Method id; the newest if not given.")] = None,
    cld_store: Annotated[
        Path | None,
        typer.Option(help="Every row of every submission, or one submitted file; the lake if not given."),
    ] = None,
    hospital: Annotated[Path | None, typer.Option(help="Hospital spells, for 2D.")] = None,
    deaths: Annotated[Path | None, typer.Option(help="Mortality register, for the later method.")] = None,
    published: Annotated[
        Path | None,
        typer.Option(
            help="Published figures to stand beside; data/reference/published_figures.csv if not given."
        ),
    ] = None,
    lake: LakeOption = None,
    clients: ClientsOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the rows as JSON instead of a table.")
    ] = False,
) -> None:
    """Show each measure DHSC will compute from a council's submissions: now, last quarter, a year ago.

    Beside them stand published figures where somebody supplied them, and how many people came in, went out or
    changed. OUT/movement.csv names them, OUT/data_changes.csv says which change of data did it.

    Example: returns preview --client northmere --lookups lookups --out preview
    """
    from orchestration.conformance.building import OfficialBuildError
    from orchestration.preview.figures import preview, preview_run
    from orchestration.preview.store import councils_of, submissions_of
    from orchestration.returns.calendar import last_quarter_end_before
    from orchestration.returns.published import PUBLISHED_FIGURES
    from orchestration.settings import load_settings
    from orchestration.warehouse.cld_store import StoreInputs, known_methods

    try:
        settings = load_settings(lake, clients)
        chosen = settings.only_client(client)
        with submissions_of(settings, chosen, cld_store, lookups, _day(as_at)) as (store, newest):
            cut_off = _day(as_at) or newest
            end = _day(period_end) or last_quarter_end_before(cut_off)
            run = preview_run(method or known_methods()[-1]["method_id"], end, cut_off)
            found = preview(
                run,
                StoreInputs(store, lookups, hospital, deaths),
                councils_of(chosen),
                out,
                published or PUBLISHED_FIGURES,
            )
    except (ValueError, OfficialBuildError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    if as_json:
        typer.echo(json.dumps({"rows": found.rows, "warnings": found.warnings}, default=str, indent=2))
        return
    for warning in found.warnings:
        typer.echo(f"warning: {warning}")
    _show(found.rows, [name for name, _, _ in run.periods])
    typer.echo(f"{', '.join(found.files)} in {out}")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a date; write it like 2026-03-31.") from None


def _show(rows: list[dict[str, Any]], periods: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in (
        "Measure and group",
        "Now",
        "Last quarter",
        "A year ago",
        "Published",
        "In",
        "Out",
        "Changed",
    ):
        table.add_column(
            name, justify="right" if table.columns else "left", no_wrap=True, min_width=len(name)
        )
    for row in rows:
        shown = [_number(row[f"outcome_{period}"]) for period in periods]
        beside = _number(row["published_outcome"])
        moved = [str(row[c]) for c in ("entered", "left", "changed")]
        table.add_row(f"{row['item_id']}: {row['breakdown']}", *shown, beside, *moved)
    Console().print(table)


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def add_commands(app: typer.Typer) -> None:
    """Add `preview` to the application."""
    app.command("preview")(preview_command)
