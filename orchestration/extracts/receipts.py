"""The receipt of a load: per file, how many rows came, were loaded, and were set aside, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.extracts.places import place

RECEIPT = "receipt.json"
ENGLAND = ZoneInfo("Europe/London")


class DamagedReceipt(RuntimeError):
    """A receipt cannot be read; the message names the file and what to do."""


@dataclass
class FileReceipt:
    """One file of an extract in numbers. received = loaded + quarantined, always."""

    path: str
    record_class: str
    received: int
    loaded: int = 0
    quarantined: int = 0
    quarantined_by_rule: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    not_judged: dict[str, int] = field(default_factory=dict)
    # Of the Parquet files that were written; none where no row was set aside.
    loaded_sha256: str = ""
    quarantined_sha256: str = ""


@dataclass(frozen=True)
class LoadReceipt:
    """What one load did with one extract, and under which standards."""

    client_id: str
    extract_id: str
    standards: str
    manifest: dict[str, Any]
    files: tuple[FileReceipt, ...]

    @property
    def sender_id(self) -> str:
        """The id of the sender."""
        return str(self.manifest["sender"]["id"])

    @property
    def sender_kind(self) -> str:
        """The kind of the sender: provider, council or trace."""
        return str(self.manifest["sender"]["kind"])

    @property
    def as_at(self) -> str:
        """The as-at time of the extract, in UTC."""
        return str(self.manifest["as_at"])

    @property
    def received(self) -> int:
        """Rows that came in all files."""
        return sum(f.received for f in self.files)

    @property
    def loaded(self) -> int:
        """Rows that were loaded."""
        return sum(f.loaded for f in self.files)

    @property
    def quarantined(self) -> int:
        """Rows that were set aside."""
        return sum(f.quarantined for f in self.files)


def write_receipt(receipt: LoadReceipt, folder: Path) -> None:
    """Write a receipt into the folder of the load it belongs to."""
    text = json.dumps(asdict(receipt), indent=2, sort_keys=True, ensure_ascii=False)
    (folder / RECEIPT).write_text(text + "\n", encoding="utf-8")


def read_receipt(folder: Path) -> LoadReceipt | None:
    """Return the receipt in a folder of a load, or None when there is no finished load.

    Raises DamagedReceipt for one that is spoiled.
    """
    path = folder / RECEIPT
    if not path.is_file():
        return None
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
        made["files"] = tuple(FileReceipt(**file) for file in made["files"])
        receipt = LoadReceipt(**made)
        datetime.fromisoformat(receipt.as_at)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DamagedReceipt(
            f"{path} cannot be read: it is damaged or only half there. `returns run` loads the extract anew "
            "from its landed copy and writes the receipt again."
        ) from None
    return receipt


def _finished(client_id: str, lake: Path) -> list[tuple[Path, LoadReceipt]]:
    area = place(lake, "loaded", client_id)
    folders = sorted(p for p in area.iterdir() if not p.name.startswith(".")) if area.is_dir() else []
    return [(folder, receipt) for folder in folders if (receipt := read_receipt(folder))]


def read_receipts(client_id: str, lake: Path) -> list[LoadReceipt]:
    """Return the receipts of every finished load of a client, by extract id."""
    return [receipt for _, receipt in _finished(client_id, lake)]


def loaded_as_at(client_id: str, lake: Path) -> list[str]:
    """Return the as-at times of a client's finished loads; a damaged receipt tells none."""
    told = []
    for folder in sorted(place(lake, "loaded", client_id).glob("[!.]*")):
        with suppress(DamagedReceipt):
            receipt = read_receipt(folder)
            told += [receipt.as_at] if receipt else []
    return told


def loaded_extracts(client_id: str, lake: Path) -> list[str]:
    """Return the ids of the extracts whose load is finished, without reading what they say."""
    return sorted(path.parent.name for path in place(lake, "loaded", client_id).glob(f"[!.]*/{RECEIPT}"))


def newest_day(client_id: str, lake: Path, offered: Iterable[datetime]) -> date | None:
    """Return the day, in England, of the newest of the as-at times that are loaded or offered (in UTC)."""
    times = [datetime.fromisoformat(as_at) for as_at in loaded_as_at(client_id, lake)]
    times += [as_at.replace(tzinfo=UTC) for as_at in offered]
    return max(times).astimezone(ENGLAND).date() if times else None


def loaded_files(client_id: str, lake: Path) -> dict[str, list[Path]]:
    """Return, per class, the loaded Parquet files of a client, by extract id."""
    found: dict[str, list[Path]] = {}
    for folder, receipt in _finished(client_id, lake):
        for file in receipt.files:
            found.setdefault(file.record_class, []).append(folder / f"{file.record_class}.parquet")
    return found
