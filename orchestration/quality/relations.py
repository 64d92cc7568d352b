"""Relations of a built warehouse: where a model is and which columns it has."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Relation:
    """One table or view of the warehouse."""

    schema: str
    name: str
    is_view: bool
    columns: dict[str, str]

    @property
    def sql(self) -> str:
        """The relation's quoted name."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"


def quoted(identifier: str) -> str:
    """Return an identifier as SQL takes it, whatever characters it holds."""
    return '"' + identifier.replace('"', '""') + '"'


def relations(connection: duckdb.DuckDBPyConnection) -> dict[str, Relation]:
    """Return every relation of the warehouse by name; dbt's names are unique, raw ones give way to them."""
    kinds = connection.execute(
        "select table_schema, table_name, table_type = 'VIEW' from information_schema.tables "
        "where table_catalog = current_database() "
        "order by table_schema = 'raw' desc, table_schema, table_name"
    ).fetchall()
    columns: dict[tuple[str, str], dict[str, str]] = {}
    for schema, name, column, type_ in connection.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns "
        "where table_catalog = current_database() order by table_schema, table_name, ordinal_position"
    ).fetchall():
        columns.setdefault((schema, name), {})[column] = type_
    return {
        name: Relation(schema, name, bool(is_view), columns.get((schema, name), {}))
        for schema, name, is_view in kinds
    }
