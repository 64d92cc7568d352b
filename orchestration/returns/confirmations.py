"""Which returns were handed in: one line per confirmation, written by a person and never guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from orchestration.returns import period_rules as rules
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.tables import replace_text

_MONTH, _DAY = r"\d{4}-(0[1-9]|1[0-2])", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
LABELS = {
    rules.CALENDAR_MONTH: (_MONTH, "2026-10"),
    rules.ROLLING_QUARTERS: (f"{_MONTH}_{_MONTH}", "2025-10_2026-09"),
    rules.AS_AT_DAY: (_DAY, "2026-10-11"),
    rules.TWELVE_MONTHS_TO_AS_AT: (f"{_DAY}_{_DAY}", "2025-10-12_2026-10-11"),
    rules.DAY: (_DAY, "2026-10-11"),
}


class ConfirmationError(ValueError):
    """What was handed in cannot be recorded, or the record of it cannot be read."""


@dataclass(frozen=True, order=True)
class Confirmation:
    """A person's word that one return of one submitter was handed in for a period on a day."""

    return_id: str
    submitter_id: str
    period_label: str
    handed_in_on: date
    note: str = ""


def confirmations_file(lake: Path, client_id: str) -> Path:
    """Return the file that holds the confirmations of a client."""
    return lake / "confirmations" / f"{client_id}.csv"


def read_confirmations(lake: Path, client_id: str) -> list[Confirmation]:
    """Return the confirmations of a client, sorted. Raises ConfirmationError for a file that was spoiled."""
    file = confirmations_file(lake, client_id)
    if not file.is_file():
        return []
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfirmationError(f"{file} is not text; put it back from a copy.") from None
    if "\0" in text:
        raise ConfirmationError(f"{file} is damaged (it holds NUL bytes); put it back from a copy.")
    with io.StringIO(text, newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != [f.name for f in fields(Confirmation)]:
            raise ConfirmationError(
                f"{file}: the header must be {','.join(f.name for f in fields(Confirmation))}."
            )
        found = []
        for number, row in enumerate(reader, start=2):
            try:
                found.append(
                    Confirmation(
                        return_id=row["return_id"],
                        submitter_id=row["submitter_id"],
                        period_label=row["period_label"],
                        handed_in_on=date.fromisoformat(row["handed_in_on"]),
                        note=row["note"],
                    )
                )
            except (TypeError, ValueError):
                raise ConfirmationError(
                    f"{file} row {number}: handed_in_on must be a date like 2026-10-12, and no value "
                    "missing. Put the row right, or the file back from a copy."
                ) from None
    return sorted(found)


def record(lake: Path, client_id: str, confirmation: Confirmation) -> bool:
    """Add a confirmation to those of a client; return False when the very same one was there already."""
    known = read_confirmations(lake, client_id)
    if confirmation in known:
        return False
    file = confirmations_file(lake, client_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_text(file, _as_csv(sorted([*known, confirmation])))
    return True


def checked_period(definition: ReturnDefinition, label: str) -> str:
    """Return a period label when it is written as the return's packs write it. Raises ConfirmationError."""
    shape, example = LABELS[definition.period_rule]
    if not re.fullmatch(shape, label):
        raise ConfirmationError(
            f"'{label}' is no period of {definition.return_id}; its packs lie under one like {example}."
        )
    return label


def _as_csv(confirmations: Iterable[Confirmation]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, [f.name for f in fields(Confirmation)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(c) for c in confirmations)
    return out.getvalue()
