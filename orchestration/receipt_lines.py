"""Receipts of loaded extracts as the warehouse keeps them: one line per extract and file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from orchestration.extracts.receipts import LoadReceipt
from orchestration.warehouse.build import ReceiptLine


def receipt_lines(receipts: Iterable[LoadReceipt]) -> Iterator[ReceiptLine]:
    """Return one line per file of every receipt, with its time in UTC without a zone."""
    for receipt in receipts:
        as_at = datetime.fromisoformat(receipt.as_at).astimezone(UTC).replace(tzinfo=None)
        for file in receipt.files:
            yield ReceiptLine(
                extract_id=receipt.extract_id,
                sender_id=receipt.sender_id,
                sender_kind=receipt.sender_kind,
                as_at=as_at,
                record_class=file.record_class,
                file=file.path,
                received=file.received,
                loaded=file.loaded,
                quarantined=file.quarantined,
            )
