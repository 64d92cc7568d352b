"""What of the build before still holds: a step is run again only where what it is made from is another.

A warehouse is built on a copy of the one before. Beside it lies the record of how it was built: the state
of every raw table, the statement of every step, the rows each test found. A step whose statement is as it
was, and whose tables hold what they held, is not run again. A table that was made anew is compared with the
one before, so that a change which comes to nothing goes no further.

The record stands for the very bytes it was sealed with: a warehouse that was changed, damaged or never judged
to its end is built from nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.engine import CONTENT, open_engine

if TYPE_CHECKING:
    from orchestration.warehouse.plan import Step

ENGINE = f"duckdb {duckdb.__version__}"
# A copy in which more than this is free space, left by tables that were made anew, is not worth taking.
MOST_FREE = 0.5


@dataclass
class BuildRecord:
    """How a warehouse was built; `sha256` is of the file once it was judged, and empty before."""

    engine: str = ENGINE
    sha256: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    statements: dict[str, str] = field(default_factory=dict)
    failing: dict[str, int] = field(default_factory=dict)


def record_of(warehouse: Path) -> Path:
    """Return where the record of a warehouse lies."""
    return warehouse.with_suffix(".built.json")


def _inputs_of(warehouse: Path) -> Path:
    return warehouse.with_suffix(".inputs.json")


def read_record(warehouse: Path) -> BuildRecord | None:
    """Return the record of a warehouse, or None where there is none that can be read."""
    try:
        return BuildRecord(**json.loads(record_of(warehouse).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_record(warehouse: Path, record: BuildRecord) -> None:
    """Put the record of a warehouse beside it, whole or not at all."""
    _write(record_of(warehouse), asdict(record))


def _write(path: Path, content: Mapping[str, object]) -> None:
    beside = path.with_name(f".{path.name}-{os.getpid()}")
    beside.write_text(json.dumps(content, sort_keys=True), encoding="utf-8")
    beside.chmod(0o600)
    beside.replace(path)


def seal(warehouse: Path) -> None:
    """Note the bytes of a warehouse that nothing more is put into; from now on a build may stand on it."""
    record = read_record(warehouse)
    if record is not None and not warehouse.with_name(f"{warehouse.name}.wal").exists():
        record.sha256 = _sha256(warehouse)
        write_record(warehouse, record)


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def bring_earlier(warehouse: Path, file: Path) -> bool:
    """Copy a sealed warehouse and its record to a new place; False, and nothing there, where that is no use.

    Schema `raw`, which every build makes anew, is taken out of the copy.
    """
    record = read_record(warehouse)
    if record is None or not record.sha256 or record.engine != ENGINE or not warehouse.is_file():
        return False
    shutil.copyfile(warehouse, file)
    file.chmod(0o600)
    if _sha256(file) == record.sha256 and _made_ready(file):
        write_record(file, record)
        return True
    file.unlink()
    return False


def _made_ready(file: Path) -> bool:
    with open_engine(file) as connection:
        free = connection.execute(
            "select free_blocks > ? * total_blocks from pragma_database_size()", [MOST_FREE]
        ).fetchone()
        connection.execute("drop schema if exists raw cascade")
    return free == (False,)


def note_inputs(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, files: Mapping[str, Sequence[Path]]
) -> None:
    """Note what schema `raw` holds now: where a table is a view over files, which; else what is in it."""
    names = connection.execute(
        "select table_name from information_schema.tables "
        "where table_catalog = current_database() and table_schema = 'raw' order by 1"
    ).fetchall()
    states = {}
    for (name,) in names:
        read = files.get(name)
        states[name] = (
            f"{_columns(connection, 'raw', name)} {_files(read)}" if read else _state(connection, "raw", name)
        )
    _write(_inputs_of(warehouse), states)


def _files(files: Iterable[Path]) -> str:
    found = ((path, path.stat()) for path in sorted(files))
    return " ".join(f"{path} {stat.st_size} {stat.st_mtime_ns}" for path, stat in found)


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> str:
    found = connection.execute(f'select * from "{schema}"."{name}" limit 0').description
    return hashlib.sha256(repr([column[:2] for column in found or ()]).encode()).hexdigest()


def _state(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> str:
    found = connection.execute(f'select {CONTENT} from "{schema}"."{name}" as held').fetchone()
    return f"{_columns(connection, schema, name)} {found}"


class EarlierBuild:
    """What the steps of a plan may keep of the warehouse that a build stands on; nothing, for a new file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, warehouse: Path, plan: Sequence[Step]) -> None:
        self._connection = connection
        self._warehouse = warehouse
        self._earlier = read_record(warehouse) or BuildRecord()
        self._record = BuildRecord(inputs=_read_inputs(warehouse))
        # What this build has found to hold what it held: raw tables by name, models by their id.
        self._same = {
            name for name, state in self._record.inputs.items() if self._earlier.inputs.get(name) == state
        }
        self._there = self._tables(plan)

    def _tables(self, plan: Sequence[Step]) -> set[tuple[str, str]]:
        """Drop what the plan does not make, or makes as another kind, and return what remains.

        So the verdicts on the earlier warehouse go: nothing may be decided on this one before it is judged.
        """
        kinds = {(step.schema, step.name): step.kind for step in plan if not step.is_test}
        there = set()
        for schema, name, kind in self._connection.execute(
            "select table_schema, table_name, if(table_type = 'VIEW', 'view', 'table') "
            "from information_schema.tables "
            "where table_catalog = current_database() and table_schema <> 'raw' order by all"
        ).fetchall():
            if kinds.get((schema, name)) == kind and self._earlier.statements:
                there.add((schema, name))
            else:
                self._connection.execute(f'drop {kind} "{schema}"."{name}"')
        return there

    def still_holds(self, step: Step) -> bool:
        """Whether a step need not be run: for a model its table stays, for a test its count."""
        key = step.unique_id
        return (
            self._earlier.statements.get(key) == _statement(step)
            and self._same.issuperset(step.reads | step.raw_tables)
            and (key in self._earlier.failing if step.is_test else (step.schema, step.name) in self._there)
        )

    def keep(self, step: Step) -> int:
        """Keep what an earlier build made of a step and return how many rows of a test fail."""
        self._same.add(step.unique_id)
        failing = self._earlier.failing.get(step.unique_id, 0)
        self._note(step, failing)
        return failing

    def before(self, step: Step) -> str | None:
        """Return what the table of a model holds before it is made anew; None where there is none."""
        if step.kind != "table" or (step.schema, step.name) not in self._there:
            return None
        return _state(self._connection, step.schema, step.name)

    def made(self, step: Step, failing: int, before: str | None) -> None:
        """Note that a step was run, and whether its table holds what it held."""
        if before is not None and _state(self._connection, step.schema, step.name) == before:
            self._same.add(step.unique_id)
        self._note(step, failing)

    def _note(self, step: Step, failing: int) -> None:
        self._record.statements[step.unique_id] = _statement(step)
        if step.is_test:
            self._record.failing[step.unique_id] = failing

    def close(self) -> None:
        """Leave the record of this build beside the warehouse."""
        if self._record.inputs:
            write_record(self._warehouse, self._record)


def _read_inputs(warehouse: Path) -> dict[str, str]:
    try:
        return dict(json.loads(_inputs_of(warehouse).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _statement(step: Step) -> str:
    return hashlib.sha256(f"{step.kind} {step.schema}.{step.name} {step.sql}".encode()).hexdigest()
