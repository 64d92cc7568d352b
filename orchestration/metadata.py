"""What the steps of a run show in Dagster's interface: small tables of counts and figures, never of people.

No record key is shown either: a sender may have made it from anything.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from dagster import MarkdownMetadataValue, MetadataValue

from orchestration.extracts.masking import shown
from orchestration.extracts.receipts import LoadReceipt
from orchestration.quality.gate import Decision
from orchestration.returns.pack_files import FIGURES
from orchestration.returns.packs import PackResult

FIGURES_SHOWN = 40
STOPS_SHOWN = 40


def rows_by_sender(receipts: Iterable[LoadReceipt]) -> MarkdownMetadataValue:
    """Return a table: of each sender the extracts, the newest, and the rows received, loaded, set aside."""
    senders: dict[str, list[LoadReceipt]] = {}
    for receipt in receipts:
        senders.setdefault(receipt.sender_id, []).append(receipt)
    return markdown(
        ("sender", "extracts", "newest as at", "received", "loaded", "quarantined"),
        [
            (
                sender,
                len(own),
                max(r.as_at for r in own),
                sum(r.received for r in own),
                sum(r.loaded for r in own),
                sum(r.quarantined for r in own),
            )
            for sender, own in sorted(senders.items())
        ],
    )


def packs_table(packs: Sequence[PackResult]) -> MarkdownMetadataValue:
    """Return a table: of each pack its state, its answers by outcome and its folder."""
    outcomes = sorted({outcome for pack in packs for outcome in pack.outcomes})
    return markdown(
        ("submitter", "id", "period", "state", *(o.replace("_", " ") for o in outcomes), "folder"),
        [
            (
                pack.submitter_name,
                pack.submitter_id,
                pack.period_label,
                pack.state,
                *(pack.outcomes.get(outcome, 0) for outcome in outcomes),
                str(pack.folder),
            )
            for pack in packs
        ],
    )


def figures_table(pack: PackResult) -> MarkdownMetadataValue:
    """Return a table of the first numbers of a pack; answers in words stay in the pack, for they may name."""
    with (pack.folder / FIGURES).open(encoding="utf-8", newline="") as handle:
        numbers = [row for row in csv.DictReader(handle) if row["value"]]
    rows: list[tuple[object, ...]] = [
        (row["cell_id"], row["label"], row["value"], row["outcome"].replace("_", " "))
        for row in numbers[:FIGURES_SHOWN]
    ]
    if len(numbers) > FIGURES_SHOWN:
        rows.append(("…", f"and {len(numbers) - FIGURES_SHOWN} more numbers in {FIGURES}", "", ""))
    return markdown(("cell", "label", "value", "outcome"), rows)


def stops_table(decisions: Iterable[Decision]) -> MarkdownMetadataValue:
    """Return a table: of each pack that may not go out the rules that stop it, and who does what next."""
    stops = [
        (d.submitter_id, r.rule_id, f"{r.failing} of {r.checked}", r.message, r.who, r.next_step)
        for d in decisions
        for r in d.reasons
    ]
    rows: list[tuple[object, ...]] = list(stops[:STOPS_SHOWN])
    if len(stops) > STOPS_SHOWN:
        rows.append(("…", f"and {len(stops) - STOPS_SHOWN} more", "", "", "", ""))
    return markdown(("submitter", "rule", "failing", "what is wrong", "who", "next step"), rows)


def markdown(head: Sequence[str], rows: Sequence[Sequence[object]]) -> MarkdownMetadataValue:
    """Return a table in Markdown; without rows it says so."""
    if not rows:
        return MetadataValue.md("none")
    lines = [head, ["---"] * len(head), *rows]
    return MetadataValue.md("\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines))


def _cell(value: object) -> str:
    text = f"{value:,}" if isinstance(value, int) else str(value)
    # Words of others may neither break the table nor become a link.
    plain = " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")
    return plain if len(plain) <= 400 else shown(plain)
