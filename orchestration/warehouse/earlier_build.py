"""What of the build before still holds: a step is run again only where what it is made from is another.

A warehouse is built on a copy of the one before. Beside it lies the record of how it was built: the state
of every raw table, the statement of every step, the rows each test found. A step whose statement is as it
was, and whose tables hold what they held, is not run again. A table that was made anew is compared with the
one before, so that a change which comes to nothing goes no further. A model marked `made_by_sender`, of which
each row follows from the records of one sender, is made anew for the senders whose files are others.

The record stands for the very bytes it was sealed with: a warehouse that was changed, damaged or never judged
to its end is built from nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.engine import CONTENT, open_engine
from orchestration.warehouse.table_files import literal

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
    """Note what schema `raw` holds now: whose files where a table is a view over files, else its rows."""
    names = connection.execute(
        "select table_name from information_schema.tables "
        "where table_catalog = current_database() and table_schema = 'raw' order by 1"
    ).fetchall()
    read = {name: paths for name, paths in files.items() if paths}
    senders = (
        dict(connection.execute("select extract_id, sender_id from raw.extract_receipt").fetchall())
        if read
        else {}
    )
    states = {
        name: _files(connection, name, read[name], senders)
        if name in read
        else _state(connection, "raw", name)
        for (name,) in names
    }
    _write(_inputs_of(warehouse), states)


def _files(
    connection: duckdb.DuckDBPyConnection, name: str, files: Iterable[Path], senders: Mapping[str, str]
) -> str:
    """The state of a view over files, by sender where each lies in a folder named for a received extract."""
    found: dict[str, str] = {}
    for path in sorted(files):
        stat, sender = path.stat(), senders.get(path.parent.name, "")
        found[sender] = f"{found.get(sender, '')} {path} {stat.st_size} {stat.st_mtime_ns}"
    told = json.dumps({"columns": _columns(connection, "raw", name), "by_sender": found}, sort_keys=True)
    return f"some of nobody knows whom: {told}" if "" in found else told


def _by_sender(state: str | None) -> tuple[str, dict[str, str]] | None:
    """The columns and the files by sender of a view over files; None for the state of another table."""
    if state is None or not state.startswith("{"):
        return None
    told = json.loads(state)
    return told["columns"], told["by_sender"]


def restricted(sql: str, tables: Iterable[str], senders: str) -> str:
    """Return a statement that reads of tables of schema `raw` the rows of some senders alone."""
    names = "|".join(map(re.escape, sorted(tables)))
    held = re.compile(rf'(?:"\w+"\.)?"?\braw"?\."?({names})\b"?')
    return held.sub(rf'(select * from "raw"."\1" where _sender_id in ({senders}))', sql) if names else sql


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

    def made_of(self, step: Step) -> tuple[str, str] | None:
        """Return of whose records a model must be made anew, as a list for SQL, and the statement for it.

        None where all of it must be made: it is not made by sender, or not only records have changed.
        """
        if (
            not step.by_sender
            or (step.schema, step.name) not in self._there
            or self._earlier.statements.get(step.unique_id) != _statement(step)
            or not self._same.issuperset(step.reads)
        ):
            return None
        views = {name: _by_sender(self._record.inputs.get(name)) for name in step.raw_tables}
        changed: set[str] = set()
        for name in step.raw_tables - self._same:
            now, before = views[name], _by_sender(self._earlier.inputs.get(name))
            if now is None or before is None or now[0] != before[0]:
                return None
            changed |= {sender for sender, _ in now[1].items() ^ before[1].items()}
        if not changed:
            return None
        senders = ", ".join(literal(sender) for sender in sorted(changed))
        return senders, restricted(step.sql, (name for name, view in views.items() if view), senders)

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
