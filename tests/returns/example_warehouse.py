"""Small tables to a built warehouse: what the examples of every return folder are run with.

An example is a folder:

    run.toml               client_id, reporting_period, as_at_date; [period] label, start, end; [[submitter]]
                           for councils; sender_id (optional: the sender of rows that name none)
    extract/<class>.csv    loaded rows, only the columns the example needs
    person.csv             person_record_key, person_key, birth_date, death_date; nhs_number and number_state
                           where the example needs them
    expected/*.csv         what must come out
"""

from __future__ import annotations

import atexit
import csv
import os
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import duckdb

from orchestration.extracts.profile import ExtractProfile, RecordClass, load_profile
from orchestration.warehouse import raw
from orchestration.warehouse.build import (
    DBT_PROJECT,
    ReceiptLine,
    ReturnPeriod,
    RunParameters,
    Submitter,
    WarehouseInputs,
    dbt_environment,
    prepare_raw,
)
from orchestration.warehouse.plan import current_plan, run_plan

RETURNS = DBT_PROJECT / "returns"
EXTRACT_ID = "0000000000000001"
SENDERS = {"provider": "example_provider", "council": "example_council", "trace": "example_trace"}


def return_folders() -> dict[str, Path]:
    """Return every return folder of the project by its id."""
    return {f.parent.name: f.parent for f in sorted(RETURNS.glob("*/return.toml"))}


def example_folders() -> list[Path]:
    """Return every example of every return folder."""
    return sorted(f.parent for f in RETURNS.glob("*/examples/*/run.toml"))


def return_of(example: Path) -> str:
    """Return the id of the return an example belongs to."""
    return example.parents[1].name


def read_table(path: Path) -> list[dict[str, str | None]]:
    """Return the rows of a small CSV with blanks as None."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [{k: v or None for k, v in row.items()} for row in csv.DictReader(handle)]


def prepare_example(example: Path, scratch: Path) -> Path:
    """Write the raw schema of one example and return the warehouse file that holds it."""
    scratch.mkdir(parents=True, exist_ok=True)
    settings = tomllib.loads((example / "run.toml").read_text(encoding="utf-8"))
    folders = return_folders()
    return_id = return_of(example)
    profile = load_profile()
    class_files = {
        path.stem: (_write_class(profile.classes[path.stem], path, settings, scratch),)
        for path in sorted((example / "extract").glob("*.csv"))
    }
    file = scratch / "warehouse.duckdb"
    file.unlink(missing_ok=True)
    prepare_raw(
        file,
        WarehouseInputs(
            profile=profile,
            class_files=class_files,
            identity_folder=_write_identity(example, settings, scratch / "identity"),
            run=RunParameters(
                client_id=settings["client_id"],
                reporting_period=settings["reporting_period"],
                as_at_date=settings["as_at_date"],
                is_synthetic=True,
            ),
            periods=[_period(folders[return_id], settings)],
            submitters=[Submitter(**row) for row in settings.get("submitter", [])],
            return_folders=folders,
            receipts=_receipts(profile, example, settings),
        ),
    )
    return file


def _period(folder: Path, settings: dict[str, Any]) -> ReturnPeriod:
    definition = tomllib.loads((folder / "return.toml").read_text(encoding="utf-8"))
    period = settings["period"]
    return ReturnPeriod(
        return_id=definition["id"],
        title=definition["title"],
        submitted_by=definition["submitted_by"],
        period_label=period["label"],
        period_start=period["start"],
        period_end=period["end"],
        window_opens=period.get("window_opens"),
        window_closes=period.get("window_closes"),
        method_version=definition["version"][-1]["id"],
    )


def _as_at(settings: dict[str, Any]) -> datetime:
    return datetime.combine(settings["as_at_date"], time())


def _sender(kind: str, settings: dict[str, Any]) -> str:
    return str(settings.get("sender_id") or SENDERS[kind])


def _receipts(profile: ExtractProfile, example: Path, settings: dict[str, Any]) -> list[ReceiptLine]:
    lines = []
    for path in sorted((example / "extract").glob("*.csv")):
        kind = profile.classes[path.stem].sender_kind
        default = _sender(kind, settings)
        senders = [row.get("_sender_id") or default for row in read_table(path)]
        lines += [
            ReceiptLine(
                extract_id=EXTRACT_ID,
                sender_id=sender,
                sender_kind=kind,
                as_at=_as_at(settings),
                record_class=path.stem,
                file=path.name,
                received=senders.count(sender),
                loaded=senders.count(sender),
                quarantined=0,
            )
            for sender in sorted(set(senders))
        ]
    return lines


def _write_class(record_class: RecordClass, path: Path, settings: dict[str, Any], scratch: Path) -> Path:
    """Write one class as loading would: profile types, missing columns null, provenance filled."""
    types = raw.class_columns(record_class)
    rows = read_table(path)
    unknown = set(rows[0]) - set(types) if rows else set()
    if unknown:
        raise ValueError(f"{path.name} has columns the profile does not know: {', '.join(sorted(unknown))}")
    complete = []
    for number, row in enumerate(rows, start=2):
        sender = row.get("_sender_id") or _sender(record_class.sender_kind, settings)
        key = f"row {number}" if record_class.keyed_by_row else row[record_class.columns[0].name]
        filled: dict[str, Any] = {
            "version_number": "1",
            "_extract_id": EXTRACT_ID,
            "_as_at": _as_at(settings).isoformat(),
            "_source_file": path.name,
            "_source_row": str(number),
            "_record_key": f"{sender}:{record_class.name}:{key}",
        }
        given = {k: v for k, v in row.items() if v is not None}
        complete.append({**filled, **given, "_sender_id": sender})
    return _write_parquet(scratch / "loaded" / f"{record_class.name}.parquet", types, complete)


def _write_parquet(target: Path, types: dict[str, str], rows: Sequence[dict[str, Any]]) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
        connection.execute(f"create table t ({columns})")
        if rows:
            marks = ", ".join("?" * len(types))
            connection.executemany(
                f"insert into t values ({marks})", [[row.get(name) for name in types] for row in rows]
            )
        connection.execute(f"copy t to '{target}' (format parquet)")
    return target


def _write_identity(example: Path, settings: dict[str, Any], folder: Path) -> Path:
    """Write the person index an example states: each record's person, and the persons behind them."""
    records = read_table(example / "person.csv")
    links, people = [], {}
    for row in records:
        key = str(row["person_record_key"])
        sender, local_id = key.split(":", 1)
        stated = "verified" if row.get("nhs_number") else "missing"
        links.append(
            {
                "person_record_key": key,
                "sender_id": sender,
                "local_person_id": local_id,
                "source_class": "cld_service" if sender == SENDERS["council"] else "subject_of_care",
                "person_key": row["person_key"],
                "person_kind": "verified_number" if row.get("nhs_number") else "single_record",
                "stage": "example",
                "rule": "example",
                "evidence": "stated in the example",
                "number_state": row.get("number_state") or stated,
            }
        )
        person = people.setdefault(row["person_key"], {"person_key": row["person_key"], "records": 0})
        person["records"] += 1
        for column in ("birth_date", "death_date", "nhs_number", "number_state"):
            person[column] = person.get(column) or row.get(column)
    for person in people.values():
        person["person_kind"] = "verified_number" if person["nhs_number"] else "single_record"
        person["death_source"] = "pds" if person["death_date"] else None
        person["number_state"] = person["number_state"] or "verified"
    numbered = [p for p in people.values() if p["nhs_number"]]
    contents = {
        "person_link": links,
        "person": list(people.values()),
        "person_identifier": numbered,
        "number_quarantine": [],
    }
    for table, columns in raw.IDENTITY_TABLES.items():
        _write_parquet(folder / f"{raw.IDENTITY_FILES.get(table, table)}.parquet", columns, contents[table])
    return folder


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _invoke(file: Path, manifest: Any, *arguments: str) -> Any:
    from dbt.cli.main import dbtRunner

    with _environment(dbt_environment(file, "1GB", 2)):
        outcome = dbtRunner(manifest=manifest).invoke(
            [
                *arguments,
                *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
                *("--target-path", str(file.parent / "target"), "--log-path", str(file.parent / "logs")),
                *("--quiet", "--no-version-check", "--no-write-json", "--no-partial-parse"),
            ]
        )
    if outcome.exception:
        raise outcome.exception
    return outcome


@cache
def _manifest() -> Any:
    """Return the parsed project: the same for every example, so dbt reads it once per process."""
    with TemporaryDirectory() as scratch:
        return _invoke(Path(scratch) / "warehouse.duckdb", None, "parse").result


def dbt(file: Path, *arguments: str) -> list[Any]:
    """Run one dbt command on a warehouse file and return its node results; raise with the failures if any."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    outcome = _invoke(file, _manifest(), *arguments)
    # dbt keeps the file open for its next command in this process; the test wants to read it.
    DuckDBConnectionManager.env().close()
    DuckDBConnectionManager.close_all_connections()
    results = list(outcome.result)
    failed = [f"{r.node.name}: {r.message}" for r in results if str(r.status) in {"error", "fail"}]
    if failed:
        raise AssertionError("\n".join(failed))
    return results


def rule_models(return_id: str) -> list[str]:
    """Return the models the rules of a return name, wherever they live."""
    rules = read_table(return_folders()[return_id] / "rules.csv")
    return sorted({str(rule["model"]) for rule in rules})


def build_example(example: Path, scratch: Path) -> Path:
    """Build every model over an example and run every data test; raise with the tests that failed."""
    file = prepare_example(example, scratch)
    for _ in run_plan(current_plan(), file, "1GB", 2):
        pass
    return file


@cache
def built(example: Path) -> Path:
    """Return the example's warehouse, built once per process; its data tests have passed by then."""
    scratch = Path(mkdtemp(prefix="example-"))
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    return build_example(example, scratch)


def query(file: Path, sql: str) -> list[dict[str, Any]]:
    """Return the rows of a query over a built warehouse."""
    with duckdb.connect(str(file), read_only=True) as connection:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def as_text(value: Any) -> str | None:
    """Return a value as an expected CSV writes it: whole numbers without decimals, dates in ISO form."""
    if value is None:
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    if "." in text and text.replace(".", "", 1).lstrip("-").isdigit():
        text = text.rstrip("0").rstrip(".")
    return text
