"""Reads what `--columns` says: which of a file's columns stand for which of ours."""

from __future__ import annotations

import json
from pathlib import Path

from orchestration.extracts.profile import read_rows
from orchestration.identity.link_input import EXTRA, KNOWN_COLUMNS, SHOWN, LinkInputError


def read_column_map(given: str | None) -> dict[str, str]:
    """Return our column names by theirs, from `ours=theirs,ours=theirs`.

    Or a JSON or CSV file of such pairs.
    """
    if not given:
        return {}
    path = Path(given)
    if "=" not in given and path.is_file():
        if path.suffix.lower() == ".json":
            pairs = list(json.loads(path.read_text(encoding="utf-8")).items())
        else:
            pairs = [tuple(row.values())[:2] for row in read_rows(path)]
    else:
        pairs = [tuple(part.split("=", 1)) for part in given.split(",") if "=" in part]
    if not pairs:
        raise LinkInputError(
            "--columns names no pair; write ours=theirs,ours=theirs or name a JSON or CSV file."
        )
    mapping = {str(theirs).strip().lower(): str(ours).strip().lower() for ours, theirs in pairs}
    wrong = [
        place
        for place, ours in enumerate(mapping.values(), start=1)
        if ours not in KNOWN_COLUMNS and not ours.startswith(EXTRA)
    ]
    if wrong:
        # Said by place: a file of records given here by mistake would be quoted.
        known = ", ".join(KNOWN_COLUMNS)
        raise LinkInputError(
            f"--columns: what pair {', '.join(map(str, wrong[:SHOWN]))} calls ours is no column of ours. "
            f"Ours are {known} and extra_…."
        )
    return mapping
