"""The official tables a built file gives: which there are, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.extracts.profile import read_rows
from orchestration.warehouse.cld_store import CLD_STANDARDS


@dataclass(frozen=True)
class OfficialTable:
    """One table under its official name, and the model it comes from."""

    return_id: str
    name: str
    file_format: str
    relation: str
    condition: str
    columns: tuple[tuple[str, str], ...]
    period_id: str
    needs: tuple[str, ...]

    @property
    def file_name(self) -> str:
        return f"{self.name}.{self.file_format}"


def official_tables(method_id: str, period_ids: Iterable[str]) -> list[OfficialTable]:
    """Return the tables of a method in the order of the list, a periodic one once for each period."""
    columns: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows(CLD_STANDARDS / "output_columns.csv"):
        if row["method"] in ("", method_id):
            columns.setdefault(row["table"], []).append((row["column"], row["source"]))
    periods = list(period_ids)
    tables = []
    for row in read_rows(CLD_STANDARDS / "output_tables.csv"):
        if row["method"] not in ("", method_id):
            continue
        for period_id in periods if row["periodic"] == "1" else [""]:
            name = f"{row['table']}_{period_id}" if period_id else row["table"]
            tables.append(
                OfficialTable(
                    row["return_id"],
                    name,
                    row["format"],
                    row["relation"],
                    row["condition"],
                    tuple(columns[row["table"]]),
                    period_id,
                    tuple(row["needs"].split()),
                )
            )
    return tables


def _expression(column: str, source: str, type_: str, file_format: str) -> str:
    if type_ == "TIMESTAMP" and file_format == "csv":
        return f"strftime({source}, '%Y-%m-%d %H:%M:%S.%g') as \"{column}\""
    return f'{source} as "{column}"'


def write_table(connection: duckdb.DuckDBPyConnection, table: OfficialTable, folder: Path) -> Path:
    """Write one official table into a folder, rows in the order of its columns; returns the file."""
    found = connection.execute(
        "select table_schema, column_name, data_type from information_schema.columns where table_name = ?",
        [table.relation],
    ).fetchall()
    if not found:
        raise LookupError(f"{table.name}: model {table.relation} was not built")
    schema, types = found[0][0], {column: type_ for _, column, type_ in found}
    chosen = ", ".join(
        _expression(column, source, types.get(source, ""), table.file_format)
        for column, source in table.columns
    )
    conditions = [c for c in (table.condition, table.period_id and f"period_id = '{table.period_id}'") if c]
    where = f" where {' and '.join(conditions)}" if conditions else ""
    query = f"select {chosen} from {schema}.{table.relation}{where} order by all"
    path = folder / table.file_name
    options = "format csv, header true" if table.file_format == "csv" else "format parquet"
    target = str(path).replace("'", "''")
    connection.execute(f"copy ({query}) to '{target}' ({options})")
    return path
