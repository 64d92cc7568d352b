"""Everything a client has landed, loaded: what was damaged since is made anew, what cannot be is told."""

from __future__ import annotations

from pathlib import Path

from orchestration.extracts.landing import UnusableExtract, open_landed
from orchestration.extracts.loading import load
from orchestration.extracts.object_store import StorePlace
from orchestration.extracts.places import place
from orchestration.extracts.receipts import LoadReceipt, read_receipts


class DamagedExtract(RuntimeError):
    """Rows that came in once can neither be trusted nor loaded again; the message says what to do."""


def load_all(client_id: str, lake: Path, extracts: Path | StorePlace) -> list[LoadReceipt]:
    """Load every landed extract of a client and return all its receipts, by extract id.

    Raises DamagedExtract that names the folder and how it is healed; `extracts` is where senders put theirs.
    """
    landing, loaded = place(lake, "landing", client_id), place(lake, "loaded", client_id)
    for folder in sorted(landing.glob("[!.]*")):
        try:
            load(open_landed(client_id, folder.name, lake), client_id, lake)
        except (UnusableExtract, ValueError) as refusal:
            raise DamagedExtract(
                f"the landed extract {folder} cannot be loaded: it was changed or damaged since it came in "
                f"({refusal}). Put the same extract into {extracts} again and run: it is landed anew. To go "
                f"on without it, take that folder away, and {loaded / folder.name}."
            ) from None
    receipts = read_receipts(client_id, lake)
    finished = {receipt.extract_id for receipt in receipts}
    for folder in sorted(loaded.glob("[!.]*")):
        if folder.name not in finished:
            raise DamagedExtract(
                f"{folder} has no receipt and its landed copy is gone, so nobody can tell whether its rows "
                f"are whole. Put its extract into {extracts} again and run, or take the folder away to go on "
                "without its rows."
            )
    return receipts
