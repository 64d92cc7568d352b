"""`returns conform` and `returns build` on CLD submissions: a store, one file, or those in the lake."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.options import ClientOption, ClientsOption, LakeOption


def conform_command(
    kit: Annotated[Path, typer.Argument(help="Folder with kit.toml and the inputs it describes.")],
    lookups: Annotated[
        Path | None, typer.Option(help="Mapping and lookup tables; KIT/lookups if not given.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where OUT/<section>/ is written.")] = Path("conform"),
    only: Annotated[str | None, typer.Option(help="One section of kit.toml.")] = None,
    period: Annotated[str, typer.Option(help="latest, or all.")] = "all",
) -> None:
    """Write every official table of a conformance kit.

    Example: returns conform tests/conformance/cld --out /tmp/conform --only dhsc_s26
    """
    from orchestration.conformance.conform import conform
    from orchestration.warehouse.cld_store import StoreError

    if period not in ("latest", "all"):
        raise typer.BadParameter("latest or all", param_hint="--period")
    try:
        conform(kit, lookups, out, only, period, say=typer.echo)
    except (StoreError, ValueError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error


def build_command(
    return_id: Annotated[str, typer.Argument(help="cld_main, ascof or waiting_times.")],
    lookups: Annotated[Path, typer.Option(help="Folder of mapping and lookup tables.")],
    period_start: Annotated[str, typer.Option(help="First day of the latest rolling year.")],
    period_end: Annotated[str, typer.Option(help="Last day of the latest rolling year.")],
    as_at: Annotated[str, typer.Option(help="Submissions loaded up to this day count.")],
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    cld_store: Annotated[
        Path | None,
        typer.Option(help="Every row of every submission, or one submitted file; the lake if not given."),
    ] = None,
    client: ClientOption = None,
    lake: LakeOption = None,
    clients: ClientsOption = None,
    history_start: Annotated[str, typer.Option(help="First day of the joined table.")] = "2023-04-01",
    hospital: Annotated[Path | None, typer.Option(help="Hospital spells, for 2D.")] = None,
    deaths: Annotated[Path | None, typer.Option(help="Mortality register, for the later method.")] = None,
    method: Annotated[str | None, typer.Option(help="Method id; the newest if not given.")] = None,
    population_year: Annotated[str | None, typer.Option(help="Year of the population table.")] = None,
    person_id: Annotated[
        str,
        typer.Option(
            help="official, or index: people of the lake by our person index, with its effect shown."
        ),
    ] = "official",
) -> None:
    """Write the official tables of one return from a store of submissions, or from those in the lake.

    Example: returns build ascof --cld-store cld.parquet --lookups lookups --period-start 2025-04-01
    --period-end 2026-03-31 --as-at 2026-05-05 --out ascof
    """
    from orchestration.conformance.conform import build, build_by_index, official_run
    from orchestration.conformance.submissions import open_submissions
    from orchestration.settings import load_settings
    from orchestration.warehouse.cld_store import StoreError, StoreInputs, known_methods

    try:
        run = official_run(
            method or known_methods()[-1]["method_id"],
            history_start,
            period_start,
            period_end,
            as_at,
            population_year,
        )
        settings = None if cld_store else load_settings(lake, clients)
        chosen = settings.only_client(client) if settings else None
        if person_id not in ("official", "index"):
            raise ValueError(f"--person-id is '{person_id}'; it is official or index")
        if person_id == "index" and cld_store:
            raise ValueError("the person index knows the people of the lake, not those of a --cld-store")
        with open_submissions(cld_store, settings, chosen, lookups, run.as_at) as store:
            inputs = StoreInputs(store, lookups, hospital, deaths)
            outcome = build(return_id, run, inputs, out)
        if person_id == "index":
            with open_submissions(None, settings, chosen, lookups, run.as_at, by_index=True) as store:
                inputs = StoreInputs(store, lookups, hospital, deaths)
                outcome = build_by_index(return_id, run, inputs, out)
    except (StoreError, ValueError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    for warning in outcome.warnings:
        typer.echo(f"warning: {warning}")
    for table, reason in outcome.skipped.items():
        typer.echo(f"skipped {table}: {reason}")
    for finding in outcome.findings:
        typer.echo(finding)
    if outcome.findings:
        typer.echo(f"Every check of the figures: {out / 'data_quality.csv'}")
    typer.echo(f"{len(outcome.written)} files in {out}")


def add_commands(app: typer.Typer) -> None:
    """Add `conform` and `build` to the application."""
    app.command("conform")(conform_command)
    app.command("build")(build_command)
