"""Schema `raw`: every input of a run as a table or view, before dbt reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.extracts.profile import PROVENANCE, STANDARDS, ExtractProfile, RecordClass, read_rows
from orchestration.warehouse.table_files import literal

IDENTITY_TABLES: dict[str, dict[str, str]] = {
    "person_link": {
        "person_record_key": "varchar",
        "sender_id": "varchar",
        "local_person_id": "varchar",
        "source_class": "varchar",
        "person_key": "varchar",
        "person_kind": "varchar",
        "stage": "varchar",
        "rule": "varchar",
        "evidence": "varchar",
        "number_state": "varchar",
    },
    "person": {
        "person_key": "varchar",
        "person_kind": "varchar",
        "birth_date": "date",
        "death_date": "date",
        "death_source": "varchar",
        "records": "bigint",
    },
    "person_identifier": {"person_key": "varchar", "nhs_number": "varchar", "number_state": "varchar"},
    "number_quarantine": {"person_record_key": "varchar", "reason": "varchar", "next_step": "varchar"},
}
IDENTITY_FILES = {"person_link": "link"}

RUN_TABLES: dict[str, dict[str, str]] = {
    "run_parameters": {
        "client_id": "varchar",
        "reporting_period": "varchar",
        "as_at_date": "date",
        "is_synthetic": "boolean",
    },
    "run_return": {
        "return_id": "varchar",
        "title": "varchar",
        "submitted_by": "varchar",
        "period_label": "varchar",
        "period_start": "date",
        "period_end": "date",
        "window_opens": "date",
        "window_closes": "date",
        "method_version": "varchar",
    },
    "client_submitter": {"submitter_id": "varchar", "kind": "varchar", "code": "varchar", "name": "varchar"},
    "extract_receipt": {
        "extract_id": "varchar",
        "sender_id": "varchar",
        "sender_kind": "varchar",
        "as_at": "timestamp",
        "class": "varchar",
        "file": "varchar",
        "received": "bigint",
        "loaded": "bigint",
        "quarantined": "bigint",
    },
    "earlier_location_id": {
        "location_id": "varchar",
        "earlier_location_id": "varchar",
        "steps_back": "integer",
    },
    "earlier_figure": {
        "return_id": "varchar",
        "submitter_id": "varchar",
        "period_label": "varchar",
        "periods_back": "integer",
        "periods_asked": "integer",
        "cell_id": "varchar",
        "value": "decimal(18, 4)",
        "value_text": "varchar",
        "outcome": "varchar",
    },
    "missed_window": {
        "return_id": "varchar",
        "submitter_id": "varchar",
        "counted": "integer",
        "running": "integer",
        "in_twelve": "integer",
        "most_running": "integer",
        "most_in_twelve": "integer",
    },
}


def _text_columns(names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), "varchar")


RETURN_FILES: dict[str, dict[str, str]] = {
    "return_cell": _text_columns(
        "return_id cell_id item_id label table row column measure unit applies_to source_elements"
        " missing_item evidence valid_from valid_to"
    ),
    "return_code": _text_columns(
        "return_id code_set code label from_list from_code evidence valid_from valid_to"
    ),
    "return_rule": _text_columns(
        "return_id rule_id official_code severity scope fields message next_step threshold model"
        " population evidence valid_from valid_to"
    ),
}


def class_columns(record_class: RecordClass) -> dict[str, str]:
    """Return the loaded columns of a class with their DuckDB types, in file order."""
    return {c.name: c.duckdb_type for c in record_class.columns} | PROVENANCE


def _definition(columns: Mapping[str, str]) -> str:
    return ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())


def create_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]] = (),
) -> None:
    """Create one raw table with the given columns and rows."""
    connection.execute(f'create table raw."{name}" ({_definition(columns)})')
    by_column = list(zip(*rows, strict=True))
    if by_column:
        # Handed over column by column: value by value would take most of a small client's time here.
        table = pa.table(dict(zip(columns, map(pa.array, by_column), strict=True)))
        connection.register("rows_to_insert", table)
        connection.execute(f'insert into raw."{name}" select * from rows_to_insert')
        connection.unregister("rows_to_insert")


def create_view_over(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], files: Sequence[Path]
) -> None:
    """Create one raw view over Parquet files, or an empty table of the same columns when there are none."""
    if not files:
        create_table(connection, name, columns)
        return
    paths = ", ".join(literal(f) for f in sorted(files))
    chosen = ", ".join(f'"{c}"' for c in columns)
    connection.execute(
        f'create view raw."{name}" as select {chosen} from read_parquet([{paths}], union_by_name = true)'
    )


def create_class_views(
    connection: duckdb.DuckDBPyConnection, profile: ExtractProfile, files: Mapping[str, Sequence[Path]]
) -> None:
    """Create one raw view per class of the profile over the loaded files; empty where nothing was sent."""
    for record_class in profile.classes.values():
        create_view_over(
            connection, record_class.name, class_columns(record_class), files.get(record_class.name, ())
        )


def create_standards_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the raw tables that hold code lists, crosswalks and the Release 1 labels."""
    tables = {
        "code_list_code": STANDARDS / "codes.csv",
        "code_list": STANDARDS / "code_lists.csv",
        "crosswalk": STANDARDS / "crosswalks.csv",
        "cld_release_1_label": STANDARDS / "cld" / "R2" / "release_1_labels.csv",
        "cld_field": STANDARDS / "cld" / "R2" / "fields.csv",
    }
    for name, path in tables.items():
        connection.execute(
            f'create table raw."{name}" as select * from read_csv({literal(path)}, header = true, '
            "all_varchar = true, quote = '\"', escape = '\"')"
        )


def create_profile_table(connection: duckdb.DuckDBPyConnection, profile: ExtractProfile) -> None:
    """Create the raw table of the profile's columns, by class and place."""
    columns = _text_columns("record_class class_label field element type code_list") | {
        "position": "integer",
        "is_required": "boolean",
        "is_identifying": "boolean",
    }
    rows = [
        [
            *(record_class.name, record_class.label, column.name, column.element, column.type),
            *(column.code_list or None, position, column.required, column.identifying),
        ]
        for record_class in profile.classes.values()
        for position, column in enumerate(record_class.columns, start=1)
    ]
    create_table(connection, "profile_column", columns, rows)


def create_value_sets(connection: duckdb.DuckDBPyConnection, folder: Path = STANDARDS / "value_sets") -> None:
    """Create the raw table of value sets: the rows of every file of the folder, the file's name first."""
    columns = _text_columns("value_set code_list code label evidence source")
    rows = [
        [path.stem, *(row[c] or None for c in list(columns)[1:])]
        for path in sorted(folder.glob("*.csv"))
        for row in read_rows(path)
    ]
    create_table(connection, "value_set_code", columns, rows)


def create_return_tables(connection: duckdb.DuckDBPyConnection, folders: Mapping[str, Path]) -> None:
    """Create the raw tables of cells, codes and rules from the return folders, return id first."""
    for name, columns in RETURN_FILES.items():
        stem = name.removeprefix("return_") + "s"
        rows: list[list[str | None]] = []
        for return_id, folder in sorted(folders.items()):
            path = folder / f"{stem}.csv"
            if path.exists():
                for row in read_rows(path):
                    rows.append([return_id, *((row.get(c) or None) for c in list(columns)[1:])])
        create_table(connection, name, columns, rows)
