"""Options that several commands of `returns` share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

LakeOption = Annotated[
    Path | None, typer.Option("--lake", help="Folder that a run reads and writes (or RETURNS_LAKE).")
]
ClientsOption = Annotated[
    Path | None, typer.Option("--clients", help="File that names clients and senders (or RETURNS_CLIENTS).")
]
ClientOption = Annotated[
    str | None, typer.Option("--client", help="Client to work for, where the file names several.")
]


def day_option(value: str) -> date:
    """Return the day an option names. Raises BadParameter for what is none."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(f"'{value}' is not a date; write it like 2026-10-12.") from None
