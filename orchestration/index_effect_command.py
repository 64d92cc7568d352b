"""`returns index-effect`: each figure of the last run with and without the person index."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.options import ClientOption, ClientsOption, LakeOption


def index_effect_command(
    client: ClientOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="CSV file to write every figure to, also those alike.")
    ] = None,
    lake: LakeOption = None,
    clients: ClientsOption = None,
) -> None:
    """Show what the person index does to each figure of the last run.

    Without it every record a sender has of a person counts as a person. Only figures that differ are shown.

    Example: returns index-effect --client northmere --out index_effect.csv
    """
    from rich.console import Console
    from rich.table import Table

    from orchestration.index_effect import COLUMNS, NoRunYet, effect_of_index
    from orchestration.returns.tables import plain, write_csv
    from orchestration.settings import load_settings

    try:
        settings = load_settings(lake, clients)
        effects = effect_of_index(settings, settings.only_client(client))
    except (ValueError, NoRunYet) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    differing = [e for e in effects if e.differs]
    table = Table("Return", "Submitter", "Cell", "With", "Without", "Difference", box=None, pad_edge=False)
    for e in differing:
        shown = ("" if v is None else f"{plain(v):f}" for v in (e.with_index, e.without_index, e.difference))
        table.add_row(e.return_id, e.submitter_id, e.cell_id, *shown)
    if differing:
        Console().print(table)
    typer.echo(f"{len(differing)} of {len(effects)} figures differ with the person index.")
    if out is not None:
        out.unlink(missing_ok=True)
        rows = (
            (
                e.return_id,
                e.submitter_id,
                e.cell_id,
                *map(plain, (e.with_index, e.without_index, e.difference)),
            )
            for e in effects
        )
        write_csv(out, COLUMNS, rows)
        typer.echo(f"Every figure: {out}")


def add_commands(app: typer.Typer) -> None:
    """Add `index-effect` to the application."""
    app.command("index-effect")(index_effect_command)
