"""The `returns link` command: who is who in any table of person records, and how its model is trained."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from orchestration.plain_words import plain_words


class _RecordsByDefault(TyperGroup):
    """A group whose first word is a file of records unless it names one of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command `records` before arguments that name no command."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["records", *args]
        return super().parse_args(ctx, args)


link_app = typer.Typer(
    help="Find which records of any table are one person: returns link RECORDS --out DIR.\n\n"
    "Example: returns link people.csv --trace answers.csv --out this_month",
    cls=_RecordsByDefault,
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(f"'{value}' is not a date; write it like 2026-10-12.") from None


RecordsArgument = Annotated[
    Path, typer.Argument(help="Person records as CSV or Parquet; record_id is required.")
]
TraceOption = Annotated[
    Path | None,
    typer.Option("--trace", help="Trace answers: MPS or PDS MESH by header name, or the DBS layout."),
]
ColumnsOption = Annotated[
    str | None, typer.Option("--columns", help="ours=theirs,ours=theirs or a JSON or CSV file of such pairs.")
]
SyntheticOption = Annotated[
    bool,
    typer.Option("--synthetic", help="The people are made up: accept every NHS number that begins with 9."),
]
KeyOption = Annotated[
    Path | None,
    typer.Option("--key-file", help="File with the secret of the person keys (or RETURNS_PERSON_KEY_FILE)."),
]


@link_app.command("records")
def link(
    records: RecordsArgument,
    out: Annotated[
        Path, typer.Option("--out", help="Folder to write links, review, conflicts and summary into.")
    ],
    trace: TraceOption = None,
    previous: Annotated[
        Path | None,
        typer.Option("--previous", help="The --out folder of an earlier run, whose keys are kept."),
    ] = None,
    columns: ColumnsOption = None,
    parted: Annotated[
        Path | None,
        typer.Option("--parted", help="Pairs a reviewer has parted: CSV with record_id_a and record_id_b."),
    ] = None,
    synthetic: SyntheticOption = False,
    key_file: KeyOption = None,
    as_at: Annotated[
        date | None,
        typer.Option(
            "--as-at", parser=_day, metavar="DATE", help="Day to date key changes by, like 2026-10-12."
        ),
    ] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Processor threads to use.")] = 2,
) -> None:
    """Link person records: exactly one row per record in links.csv, in the order of the input.

    Every column but record_id may be missing; values that cannot be read count as missing.

    Example: returns link records people.csv --trace answers.csv --previous last_month --out this_month
    (the word `records` may be left out)
    """
    from orchestration.identity.link_command import link_records

    try:
        summary = link_records(
            records, out, trace=trace, previous=previous, columns=columns, parted=parted, key_file=key_file,
            as_at=as_at, synthetic=synthetic, threads=threads,
        )  # fmt: skip
    except (ValueError, RuntimeError) as error:
        typer.echo(plain_words(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(
        f"{summary.records} records are {summary.people} people; {summary.review_records} records wait for "
        f"a reviewer. See {out}."
    )
    typer.echo(f"Compared: {summary.compared} ({summary.records_compared} records).")


@link_app.command("train")
def train(
    records: RecordsArgument,
    out: Annotated[Path, typer.Option("--out", help="JSON file to write the trained model to.")],
    trace: TraceOption = None,
    columns: ColumnsOption = None,
    synthetic: SyntheticOption = False,
) -> None:
    """Train the model anew on records with NHS numbers and print it beside the stored one.

    Agreement by chance comes from random pairs, true agreement from pairs that hold the same accepted number.

    Example: returns link train people.csv --trace answers.csv --out person_model.json
    """
    from orchestration.identity.link_training import audit_lines, train_on_records

    try:
        model = train_on_records(records, out, trace=trace, columns=columns, synthetic=synthetic)
    except (ValueError, RuntimeError) as error:
        typer.echo(plain_words(error), err=True)
        raise typer.Exit(2) from None
    for line in audit_lines(model):
        typer.echo(line)
