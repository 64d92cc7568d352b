"""How many records a sender holds of a class, and how far their fields are filled and known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from orchestration.extracts.profile import load_profile
from orchestration.warehouse.plan import ANY_CLIENT, current_plan

TYPES = {"date": "date", "datetime": "timestamp", "integer": "bigint", "decimal": "decimal(18, 4)"}
OWN = (
    "_sender_id text, _extract_id text, _as_at timestamp, _source_file text, _source_row bigint, "
    "_record_key text, _overflow text"
)
MADE = ("stg_run__parameters", "stg_run__receipt", "agg__class_count", "agg__field_count")


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of the day 11 October 2026 in which nobody has sent anything yet."""
    with duckdb.connect() as connection:
        connection.execute(f"attach ':memory:' as {ANY_CLIENT}; use {ANY_CLIENT}; create schema raw")
        for name, own in load_profile().classes.items():
            columns = ", ".join(f'"{c.name}" {TYPES.get(c.type, "text")}' for c in own.columns)
            connection.execute(f'create table raw."{name}" ({columns}, {OWN})')
        connection.execute(
            "create table raw.run_parameters as select 'c' as client_id, '2026-10' as reporting_period, "
            "date '2026-10-11' as as_at_date, true as is_synthetic"
        )
        connection.execute(
            "create table raw.extract_receipt (extract_id text, sender_id text, sender_kind text, "
            "as_at timestamp, class text, file text, received bigint, loaded bigint, quarantined bigint)"
        )
        connection.execute(
            "create table raw.profile_column (record_class text, class_label text, field text, element text, "
            "type text, code_list text, position int, is_required boolean, is_identifying boolean)"
        )
        rows = [
            f"('{name}', '{name}', '{c.name}', '{c.name}', '{c.type}', null, 1, false, {c.identifying})"
            for name, own in load_profile().classes.items()
            for c in own.columns
        ]
        connection.execute(f"insert into raw.profile_column values {', '.join(rows)}")
        yield connection


def send(warehouse: duckdb.DuckDBPyConnection, record_class: str, **values: Any) -> None:
    """Load one version of one record, of the sender s unless another is named."""
    row = {"_sender_id": "s", "_as_at": datetime(2026, 10, 10), "_extract_id": "e", "_source_row": 2} | values
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    warehouse.execute(f'insert into raw."{record_class}" ({names}) values ({marks})', list(row.values()))


def receipt(warehouse: duckdb.DuckDBPyConnection, record_class: str, *counts: int) -> None:
    warehouse.execute(
        "insert into raw.extract_receipt values ('e', 's', 'provider', '2026-10-10', ?, 'f.csv', ?, ?, ?)",
        [record_class, *counts],
    )


def built(
    warehouse: duckdb.DuckDBPyConnection, model: str, columns: str, where: str
) -> list[tuple[Any, ...]]:
    steps = {step.name: step for step in current_plan() if not step.is_test}
    for name in MADE:
        step = steps[name]
        warehouse.execute(f'create schema if not exists "{step.schema}"')
        warehouse.execute(f'create or replace view "{step.schema}"."{name}" as {step.sql}')
    place = f'"{steps[model].schema}"."{model}"'
    return warehouse.execute(f"select {columns} from {place} where {where} order by all").fetchall()


def test_versions_of_a_record_are_many_and_the_record_is_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    send(warehouse, "service", record_uid="one", version_number=1)
    send(warehouse, "service", record_uid="one", version_number=2)
    send(warehouse, "service", record_uid="two", version_number=1)
    send(warehouse, "service", record_uid="one", version_number=1, _sender_id="t")
    receipt(warehouse, "service", 3, 2, 1)
    receipt(warehouse, "service", 2, 1, 1)
    receipt(warehouse, "preference", 4, 4, 0)
    columns = "sender_id, record_class, received, loaded, quarantined, versions, newest"
    assert built(warehouse, "agg__class_count", columns, "true") == [
        # A class no model counts has a receipt and no count; rows without a receipt are still counted.
        ("s", "preference", 4, 4, 0, None, None),
        ("s", "service", 5, 3, 2, 3, 2),
        ("t", "service", None, None, None, 1, 1),
    ]


def test_a_field_is_filled_by_the_newest_version_and_a_code_for_not_known_answers_nothing(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    send(warehouse, "subject_of_care", record_uid="one", version_number=1, ethnicity="A")
    send(warehouse, "subject_of_care", record_uid="one", version_number=2, ethnicity="Z")
    send(warehouse, "subject_of_care", record_uid="two", version_number=1, ethnicity="B")
    send(warehouse, "subject_of_care", record_uid="three", version_number=1)
    found = built(
        warehouse,
        "agg__field_count",
        "records, filled, not_known",
        "record_class = 'subject_of_care' and field = 'ethnicity'",
    )
    assert found == [(3, 2, 1)]


def test_records_alike_word_for_word_are_repeats(warehouse: duckdb.DuckDBPyConnection) -> None:
    for uid, start in (("one", date(2026, 1, 1)), ("two", date(2026, 1, 1)), ("three", date(2026, 2, 1))):
        send(warehouse, "service", record_uid=uid, version_number=1, service_start_date=start)
    where = "record_class = 'service' and field = 'service_start_date'"
    assert built(warehouse, "agg__field_count", "records, repeats", where) == [(3, 1)]


def test_the_newest_day_is_none_to_come_and_never_a_birth_date(warehouse: duckdb.DuckDBPyConnection) -> None:
    for uid, start in (("one", date(2026, 9, 30)), ("two", date(2026, 10, 11)), ("three", date(2027, 1, 1))):
        send(warehouse, "service", record_uid=uid, version_number=1, service_start_date=start)
    send(warehouse, "subject_of_care", record_uid="p", version_number=1, date_of_birth=date(1940, 5, 6))
    where = (
        "field in ('service_start_date', 'date_of_birth') and record_class in ('service', 'subject_of_care')"
    )
    assert built(warehouse, "agg__field_count", "field, newest_on", where) == [
        ("date_of_birth", None),
        ("service_start_date", date(2026, 10, 11)),
    ]
