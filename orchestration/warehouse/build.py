"""The warehouse of one client and run: raw inputs, then everything dbt builds from them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb

from orchestration.engine import open_engine
from orchestration.extracts.profile import ExtractProfile
from orchestration.warehouse import earlier_build, raw

DBT_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


class WarehouseBuildError(RuntimeError):
    """The warehouse could not be built; the old one is untouched."""


@dataclass(frozen=True)
class RunParameters:
    """What one run is about: whose data, which reporting period, as at which day."""

    client_id: str
    reporting_period: str
    as_at_date: date
    is_synthetic: bool


@dataclass(frozen=True)
class ReturnPeriod:
    """One return as this run fills it: its own period and window."""

    return_id: str
    title: str
    submitted_by: str
    period_label: str
    period_start: date
    period_end: date
    window_opens: date | None
    window_closes: date | None
    method_version: str


@dataclass(frozen=True)
class Submitter:
    """An organisation that owes a return; `dates` are those that its own windows are counted from."""

    submitter_id: str
    kind: str
    code: str
    name: str
    dates: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class ReceiptLine:
    """What became of one file of one extract."""

    extract_id: str
    sender_id: str
    sender_kind: str
    as_at: datetime
    record_class: str
    file: str
    received: int
    loaded: int
    quarantined: int


@dataclass(frozen=True)
class WarehouseInputs:
    """Everything the raw schema is made of."""

    profile: ExtractProfile
    class_files: Mapping[str, Sequence[Path]]
    identity_folder: Path | None
    run: RunParameters
    periods: Sequence[ReturnPeriod]
    submitters: Sequence[Submitter]
    return_folders: Mapping[str, Path]
    receipts: Sequence[ReceiptLine] = field(default=())
    # What earlier runs and people left in the lake: each row has the fields of its raw table.
    earlier_ids: Sequence[object] = field(default=())
    earlier_figures: Sequence[object] = field(default=())
    missed_windows: Sequence[object] = field(default=())


def prepare_raw(file: Path, inputs: WarehouseInputs) -> None:
    """Create schema `raw` in a DuckDB file, a new one or one that is built on an earlier warehouse."""
    with open_engine(file) as connection:
        # One write to disk for all tables, not one each: a half-made file is thrown away in any case.
        connection.execute("begin")
        connection.execute("create schema raw")
        raw.create_class_views(connection, inputs.profile, inputs.class_files)
        for name, columns in raw.IDENTITY_TABLES.items():
            source = (
                inputs.identity_folder / f"{raw.IDENTITY_FILES.get(name, name)}.parquet"
                if inputs.identity_folder
                else None
            )
            raw.create_view_over(connection, name, columns, [source] if source else [])
        run = inputs.run
        raw.create_table(
            connection,
            "run_parameters",
            raw.RUN_TABLES["run_parameters"],
            [(run.client_id, run.reporting_period, run.as_at_date, run.is_synthetic)],
        )
        for name, rows in (
            ("run_return", inputs.periods),
            ("client_submitter", inputs.submitters),
            ("extract_receipt", inputs.receipts),
            ("earlier_location_id", inputs.earlier_ids),
            ("earlier_figure", inputs.earlier_figures),
            ("missed_window", inputs.missed_windows),
        ):
            columns = raw.RUN_TABLES[name]
            # `class` is a word of Python, so the field of a receipt line has another name.
            fields = ["record_class" if column == "class" else column for column in columns]
            raw.create_table(
                connection, name, columns, [tuple(getattr(row, f) for f in fields) for row in rows]
            )
        raw.create_standards_tables(connection)
        raw.create_profile_table(connection, inputs.profile)
        raw.create_value_sets(connection)
        raw.create_return_tables(connection, inputs.return_folders)
        connection.execute("commit")
        earlier_build.note_inputs(connection, file, inputs.class_files)


def run_of(file: Path) -> RunParameters | None:
    """Return the run a warehouse was built for, or None where there is none that can be read."""
    if not file.is_file():
        return None
    try:
        with open_engine(file, read_only=True) as connection:
            row = connection.execute(
                "select client_id, reporting_period, as_at_date, is_synthetic from raw.run_parameters"
            ).fetchone()
    except duckdb.Error:
        return None
    return RunParameters(*row) if row else None


def dbt_environment(file: Path, memory_limit: str, threads: int) -> dict[str, str]:
    """Return the environment that points dbt at one warehouse file."""
    return {
        "RETURNS_WAREHOUSE_FILE": str(file),
        "RETURNS_MEMORY_LIMIT": memory_limit,
        "RETURNS_THREADS": str(threads),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def _finish(file: Path) -> None:
    """Work everything into a warehouse file. Raises the engine's error where the disk does not allow it.

    An engine that closes on a full disk says nothing: it leaves what it could not write in a file beside.
    """
    if file.with_name(f"{file.name}.wal").exists():
        with open_engine(file) as connection:
            connection.execute("force checkpoint")


@contextmanager
def building(target: Path, *, on_the_earlier: bool = True) -> Iterator[Path]:
    """Yield a file of the target's name and move it into place when the block ends without an error.

    The file holds what an earlier build leaves to this one, or is not there yet. Its name stays because
    DuckDB writes it into every view. The folder is the process's own: a killed run must not touch the file
    of the next. After an error the folder stays for whoever looks.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob(f".building-{target.stem}-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = target.parent / f".building-{target.stem}-{os.getpid()}"
    folder.mkdir(mode=0o700)
    beside = folder / target.name
    if on_the_earlier:
        earlier_build.bring_earlier(target, beside)
    yield beside
    _finish(beside)
    beside.chmod(0o600)
    # What a run that was killed while it judged had not yet worked into the old file must not enter this one.
    target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
    beside.replace(target)
    record = earlier_build.record_of(beside)
    if record.exists():
        record.replace(earlier_build.record_of(target))
    shutil.rmtree(folder)
