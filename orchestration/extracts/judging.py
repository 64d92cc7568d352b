"""Opens one extract and judges it: the one road that checking, landing and loading all take."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.extracts.archive import FolderSource, Source, copy_out, open_source
from orchestration.extracts.contracts import ClassContract, JudgedBatch, first_values
from orchestration.extracts.manifest import ListedFile, Manifest, read_manifest
from orchestration.extracts.masking import shown
from orchestration.extracts.problems import ProblemLog, Refused
from orchestration.extracts.profile import ExtractProfile, load_profile
from orchestration.extracts.readers import TextTable, open_table
from orchestration.extracts.surroundings import look_around


@dataclass
class OpenExtract:
    """An extract whose manifest and files can all be read; its rows are not judged yet."""

    manifest: Manifest
    profile: ExtractProfile
    tables: dict[str, TextTable]


def _fetch(source: Source, file: ListedFile, position: int, scratch: Path, log: ProblemLog) -> Path:
    """Return the path of a data file on disk after comparing its hash; a zip's member is unpacked first."""
    in_place = source.root / file.path if isinstance(source, FolderSource) else None
    target = None if in_place else scratch / f"{position}.{file.format}"
    if copy_out(source, file.path, target) != file.sha256:
        log.add("sha256_differs", shown(file.path))
    return in_place or target  # type: ignore[return-value]


def _open_tables(
    source: Source, manifest: Manifest, profile: ExtractProfile, scratch: Path, log: ProblemLog
) -> dict[str, TextTable]:
    tables = {}
    for position, file in enumerate(manifest.files):
        name = shown(file.path)
        try:
            path = _fetch(source, file, position, scratch, log)
            record_class = profile.classes[file.record_class]
            table = open_table(path, name, file.format, record_class, scratch, log)
        except Refused as refused:
            log.add_refused(refused, name)
            if refused.rule_id in ("zip_bomb", "extract_too_large"):
                break
            continue
        if table.rows != file.rows:
            log.add("rows_differ", name, expected=file.rows, found=table.rows)
        tables[file.record_class] = table
    return tables


@contextmanager
def open_extract(
    path: Path, log: ProblemLog, profile: ExtractProfile | None = None
) -> Iterator[OpenExtract | None]:
    """Yield an extract ready for judging, or None with the reasons in the log. Scratch files go with it."""
    with tempfile.TemporaryDirectory(prefix="returns-") as scratch:
        opened = None
        try:
            with open_source(path) as source:
                manifest = read_manifest(source, log)
                if manifest:
                    profile = profile or load_profile(manifest.profile_version)
                    tables = _open_tables(source, manifest, profile, Path(scratch), log)
                    if not log.unusable:
                        opened = OpenExtract(manifest, profile, tables)
        except Refused as refused:
            log.add_refused(refused)
        except OSError as failed:
            log.add_unreadable(failed)
        yield opened


def judged_batches(extract: OpenExtract, log: ProblemLog) -> Iterator[tuple[TextTable, JudgedBatch]]:
    """Yield every batch of every class with its verdict, in manifest order; the log fills along the way."""
    around = look_around(extract.tables, log.rules, extract.manifest.as_at)
    for name, table in extract.tables.items():
        contract = ClassContract(table.record_class, table.missing, extract.profile, log.rules, around[name])
        for rows in table.batches():
            batch = contract.judge(rows)
            _note(batch, table, log)
            yield table, batch


def _note(batch: JudgedBatch, table: TextTable, log: ProblemLog) -> None:
    columns = {c.name: c for c in table.record_class.columns}
    for breach in batch.breaches:
        # A missing column was named once when the file was opened; its rows are not listed one by one.
        if breach.rule.rule_id != "required_column_missing":
            first = first_values(batch, breach, columns[breach.field])
            total = int(breach.broken.sum())
            log.add_rows(breach.rule.rule_id, table.path, breach.field, total, first, **breach.details)
