"""`returns coverage`: what the returns ask and what fills it; it needs no run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


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
