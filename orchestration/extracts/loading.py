"""Loads a landed extract: good rows to typed Parquet, others to quarantine, and a receipt that adds up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from orchestration.extracts.contracts import JudgedBatch
from orchestration.extracts.judging import OpenExtract, judged_batches, open_extract
from orchestration.extracts.landing import Landed, UnusableExtract, extract_id_of
from orchestration.extracts.loaded_rows import Origin, loaded_rows, quarantined_rows
from orchestration.extracts.places import place, replace_in_place, staging_folder
from orchestration.extracts.problems import ProblemLog, Refused
from orchestration.extracts.profile import STANDARDS, ExtractProfile
from orchestration.extracts.readers import TextTable
from orchestration.extracts.receipts import (
    DamagedReceipt,
    FileReceipt,
    LoadReceipt,
    read_receipt,
    write_receipt,
)
from orchestration.extracts.text_columns import ROW

_STANDARDS_READ = ("codes.csv", "code_lists.csv", "cld/R2/release_1_labels.csv")


class RowsNotAccountedFor(Exception):
    """Raised when the rows of a file are not exactly the loaded and the quarantined ones; nothing is kept."""

    def __init__(self, file: FileReceipt) -> None:
        super().__init__(
            f"{file.path}: received {file.received} rows, loaded {file.loaded}, "
            f"quarantined {file.quarantined}; they must add up"
        )


def standards_hash(version: str) -> str:
    """Return the hash of the data that rows are judged by: when it changes, a load is done again."""
    digest = hashlib.sha256()
    folder = STANDARDS / "extract_profile" / version
    for path in [*sorted(folder.glob("*.csv")), *(STANDARDS / name for name in _STANDARDS_READ)]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


class _ClassFiles:
    """The Parquet files one class is written to, batch by batch; equal rows give equal bytes."""

    def __init__(self, table: TextTable, loaded: Path, quarantine: Path, stack: ExitStack) -> None:
        name = f"{table.record_class.name}.parquet"
        self.loaded_path, self.quarantine_path = loaded / name, quarantine / name
        self._stack = stack
        self._writers: dict[Path, pq.ParquetWriter] = {}

    def write(self, path: Path, rows: pl.DataFrame) -> None:
        """Append rows to one of the files, opening it with the first."""
        arrow = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
        if path not in self._writers:
            writer = pq.ParquetWriter(path, arrow.schema, compression="zstd")
            self._writers[path] = self._stack.enter_context(writer)
        if rows.height or path == self.loaded_path:
            self._writers[path].write_table(arrow, row_group_size=max(rows.height, 1))


def _add_up(counts: dict[str, int], name: str, number: int) -> None:
    counts[name] = counts.get(name, 0) + number


def _note(file: FileReceipt, batch: JudgedBatch, set_aside: pl.DataFrame) -> None:
    for breach in batch.breaches:
        if not breach.rule.quarantines:
            _add_up(file.warnings, breach.rule.rule_id, int(breach.broken.sum()))
    by_rule = set_aside.group_by("rule_id").agg(pl.col(ROW).n_unique()).sort("rule_id")
    for rule_id, number in by_rule.iter_rows():
        _add_up(file.quarantined_by_rule, rule_id, number)
    for name, number in batch.not_judged.items():
        _add_up(file.not_judged, name, number)


def _write_classes(
    extract: OpenExtract, extract_id: str, loaded: Path, quarantine: Path
) -> dict[str, FileReceipt]:
    manifest = extract.manifest
    files = {f.record_class: FileReceipt(f.path, f.record_class, f.rows) for f in manifest.files}
    with ExitStack() as stack:
        outputs: dict[str, _ClassFiles] = {}
        for table, batch in judged_batches(extract, ProblemLog()):
            name = table.record_class.name
            if name not in outputs:
                outputs[name] = _ClassFiles(table, loaded, quarantine, stack)
            output, file = outputs[name], files[name]
            origin = Origin(manifest.sender_id, extract_id, manifest.as_at, file.path)
            set_aside = quarantined_rows(batch, table, origin)
            output.write(output.loaded_path, loaded_rows(batch, table, extract.profile, origin))
            if set_aside.height:
                output.write(output.quarantine_path, set_aside)
            _note(file, batch, set_aside)
    return files


def _count_what_was_written(files: Iterable[FileReceipt], loaded: Path, quarantine: Path) -> None:
    """Count the rows in the written files themselves, and prove that none is missing or there twice."""
    for file in files:
        name = f"{file.record_class}.parquet"
        file.loaded = pq.read_metadata(loaded / name).num_rows
        file.loaded_sha256 = file_sha256(loaded / name)
        if (quarantine / name).exists():
            rows = pl.scan_parquet(quarantine / name, glob=False).select(pl.col(ROW).n_unique())
            file.quarantined = int(rows.collect().item())
            file.quarantined_sha256 = file_sha256(quarantine / name)
        if file.received != file.loaded + file.quarantined:
            raise RowsNotAccountedFor(file)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _finished_load(loaded: Path, quarantine: Path) -> LoadReceipt | None:
    """Return the receipt of a load whose files are still, byte for byte, those it was written for."""
    try:
        receipt = read_receipt(loaded)
    except DamagedReceipt:
        return None
    for file in receipt.files if receipt else ():
        name = f"{file.record_class}.parquet"
        if file.received != file.loaded + file.quarantined:
            return None
        for path, hash_ in (
            (loaded / name, file.loaded_sha256),
            (quarantine / name, file.quarantined_sha256),
        ):
            if (file_sha256(path) if path.is_file() else "") != hash_:
                return None
    return receipt


def load(landed: Landed, client_id: str, lake: Path, profile: ExtractProfile | None = None) -> LoadReceipt:
    """Return the receipt of loading a landed extract; a finished load under the same standards is not redone.

    One whose files were damaged since is: a disk may spoil what no reader notices.
    Raises UnusableExtract when the landed copy cannot be read, RowsNotAccountedFor when rows went missing.
    """
    target = place(lake, "loaded", client_id, landed.extract_id)
    aside = place(lake, "quarantine", client_id, landed.extract_id)
    standards = standards_hash(landed.manifest.profile_version)
    done = _finished_load(target, aside)
    if done and done.standards == standards:
        return done
    log = ProblemLog()
    with (
        staging_folder(target.parent) as loaded,
        staging_folder(aside.parent) as quarantine,
        open_extract(landed.path, log, profile) as extract,
    ):
        if extract is None or extract_id_of(extract.manifest) != landed.extract_id:
            raise UnusableExtract(log.groups)
        try:
            files = _write_classes(extract, landed.extract_id, loaded, quarantine)
        except Refused as refused:
            log.add_refused(refused)
            raise UnusableExtract(log.groups) from None
        _count_what_was_written(files.values(), loaded, quarantine)
        receipt = LoadReceipt(
            client_id, landed.extract_id, standards, extract.manifest.facts(), tuple(files.values())
        )
        write_receipt(receipt, loaded)
        # The receipt is what makes a load finished, so its folder goes last.
        replace_in_place(quarantine, aside)
        replace_in_place(loaded, target)
    return receipt
