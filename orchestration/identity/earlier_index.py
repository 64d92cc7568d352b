"""What the road keeps of its own earlier index: its keys, its links, and why where it cannot."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.extracts.loading import file_sha256
from orchestration.identity.connection import quoted
from orchestration.identity.kept_state import STATE, TOUCHES, open_state, secret_token

TOLD = "carried.json"
# What decisions that stay are read back from, each as earlier_<name>.
CARRIED = ("link", "person", "person_identifier", "number_quarantine", "review", "conflict")
CHANGES, RETIRED = "key_change", "retired_key"
REKEYED = "new_secret"
FIRST = "there is no earlier index"


@dataclass(frozen=True)
class EarlierIndex:
    """What became of the earlier index: `why` says why all is compared anew, empty where it may be used.

    `received` tells what it was made from, and `growth` what that run came to, where it was made by the
    secret and the rules of this run.
    """

    why: str
    received: str = ""
    growth: dict[str, Any] | None = None
    has_other_secret: bool | None = None
    loss: str = ""


def received_token(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a token of everything an index is made from: while it stays, so does the index."""
    told = connection.execute(
        """
        select keyed(concat_ws(
            ':', 'received',
            (select concat_ws(' ', count(*), bit_xor(hash(person_record_key, fingerprint))) from fingerprint),
            (select concat_ws(' ', count(*), bit_xor(hash(a))) from given_answer as a)
        ))
        """
    ).fetchone()
    assert told is not None
    return str(told[0])


def write_told(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    client_id: str,
    *,
    method: str,
    strays: str,
    growth: dict[str, Any],
) -> None:
    """Write what the next run must know of this one, with the hash of every other file of the folder."""
    told = {
        "growth": growth,
        "client": client_id,
        "files": {path.name: file_sha256(path) for path in sorted(folder.iterdir()) if path.is_file()},
        "method": method,
        "received": received_token(connection),
        "secret": secret_token(connection),
        "strays": strays,
    }
    (folder / TOLD).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def open_earlier(
    connection: duckdb.DuckDBPyConnection, folder: Path, client_id: str, *, method: str, strays: str
) -> EarlierIndex:
    """Open the earlier index of a client as far as it can be trusted.

    Creates previous_link, retired_key and key_history, and where the whole of it may be used also what
    cut_to_what_changed reads and the earlier_<name> views.
    """
    connection.execute(
        """
        create or replace temp table previous_link (person_record_key varchar, person_key varchar);
        create or replace temp table retired_key (person_key varchar, date varchar);
        create or replace temp table key_history (
            date varchar, change varchar, old_key varchar, new_key varchar, records bigint
        );
        """
    )
    if not folder.is_dir():
        return EarlierIndex(FIRST)
    told = _told(folder)
    if _owner(folder, told) not in ("", client_id):
        return EarlierIndex("the index that stood here is another client's; none of its keys were taken")
    loss = _read_ledger(connection, folder, told)
    why = _why_unfit(connection, folder, told, method, strays)
    if not why:
        connection.execute("drop table previous_link")
        open_state(connection, folder)
        for name in CARRIED:
            file = quoted(folder / f"{name}.parquet")
            connection.execute(
                f"create or replace temp view earlier_{name} as select * from read_parquet({file})"
            )
        return EarlierIndex("", str(told["received"]), None, False)
    secret = told.get("secret")
    has_other_secret = secret != secret_token(connection) if isinstance(secret, str) else None
    loss = _read_keys(connection, folder) + loss
    growth = told.get("growth")
    if has_other_secret is False and told.get("method") == method and isinstance(growth, dict) and not loss:
        return EarlierIndex(why, str(told.get("received")), growth, False)
    return EarlierIndex(why, "", None, has_other_secret, loss)


def _told(folder: Path) -> dict[str, object]:
    try:
        told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _owner(folder: Path, told: dict[str, object]) -> str:
    if isinstance(told.get("client"), str):
        return str(told["client"])
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    owner = summary.get("client_id") if isinstance(summary, dict) else None
    return owner if isinstance(owner, str) else ""


def _why_unfit(
    connection: duckdb.DuckDBPyConnection, folder: Path, told: dict[str, object], method: str, strays: str
) -> str:
    files = told.get("files")
    if not isinstance(files, dict) or not {STATE, TOUCHES} <= files.keys():
        return f"the earlier index has no {TOLD} that can be read"
    if told.get("secret") != secret_token(connection):
        return "the earlier index was made with another secret (the person key), so all keys are new"
    if told.get("method") != method:
        return "the rules, the model, the lists or the options are not those of the earlier index"
    for name, expected in sorted(files.items()):
        path = folder / Path(str(name)).name
        if not path.is_file() or file_sha256(path) != expected:
            return f"{path.name} of the earlier index is missing or not as it was written"
    if told.get("strays") != strays:
        return "answers that replace a number and name no record are not those of the earlier index"
    return ""


def _read(connection: duckdb.DuckDBPyConnection, file: Path, statement: str) -> bool:
    """Run a statement that reads a file as `$file`; False where the file is missing or cannot be read."""
    if not file.is_file():
        return False
    try:
        connection.execute(statement.replace("$file", f"read_parquet({quoted(file)})"))
    except duckdb.Error:
        return False
    return True


def _read_keys(connection: duckdb.DuckDBPyConnection, folder: Path) -> str:
    """Fill previous_link from whatever tells the earlier keys; return what to say where nothing does."""
    statement = """
        insert into previous_link
        select person_record_key, min(person_key) from $file
        where regexp_full_match(person_key, '[0-9a-f]{24}')
        group by person_record_key
    """
    if any(_read(connection, folder / name, statement) for name in ("link.parquet", STATE)):
        return ""
    return "; its links cannot be read, so no key could be kept"


def _read_ledger(connection: duckdb.DuckDBPyConnection, folder: Path, told: dict[str, object]) -> str:
    """Fill key_history and retired_key; return what to say where an earlier list of them is lost."""
    history, retired = (folder / f"{name}.parquet" for name in (CHANGES, RETIRED))
    has_history = _read(
        connection,
        history,
        "insert into key_history select date, change, old_key, new_key, records from $file",
    )
    has_retired = _read(connection, retired, "insert into retired_key select person_key, date from $file")
    # An index from before there were such lists has none to lose.
    if (has_retired and has_history) or not (told or history.exists() or retired.exists()):
        return ""
    if has_history:
        # Every key that was given up stands among the changes too.
        connection.execute(
            "insert into retired_key select old_key, max(date) from key_history where change <> 'split' "
            "group by old_key"
        )
        return ""
    if has_retired:
        return "; its dated changes of keys cannot be read and are lost"
    return "; its changed and retired keys cannot be read, so a key given up before may be given again"


def shows_other_secret(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether no earlier key was made with the secret of this run, of an index that does not say.

    One earlier key that is what this secret makes of the same thing proves the secret.
    """
    row = connection.execute(
        "select count(*) > 0 and not bool_or(person_key in (select l.person_key from person_link as l)) "
        "from previous_link"
    ).fetchone()
    return bool(row and row[0])


def give_up_all_keys(connection: duckdb.DuckDBPyConnection, as_at: date | None) -> None:
    """Retire every key of the earlier index: made with another secret, none of them may go on."""
    connection.execute(
        """
        create or replace temp table given_up as select * from previous_link;
        create or replace temp table previous_link (person_record_key varchar, person_key varchar);
        """
    )
    connection.execute(
        """
        insert into retired_key
        select distinct person_key, $1::varchar from given_up
        where person_key not in (select r.person_key from retired_key as r)
        """,
        [as_at],
    )


def write_history(connection: duckdb.DuckDBPyConnection, as_at: date | None) -> None:
    """Add this run's merges and splits to key_history, and what became of keys given up with a secret."""
    connection.execute(
        """
        create temp table if not exists given_up (person_record_key varchar, person_key varchar);
        insert into key_history select date, change, old_key, new_key, records from key_change;
        """
    )
    connection.execute(
        f"""
        insert into key_history
        select $1::varchar, '{REKEYED}', g.person_key, a.person_key, count(*)
        from given_up as g
        inner join all_link as a on g.person_record_key = a.person_record_key
        group by g.person_key, a.person_key
        """,
        [as_at],
    )
