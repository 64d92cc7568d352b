"""Small tables of person records in, who is who out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.extracts.profile import PROVENANCE, load_profile
from orchestration.identity.linking import index_person_records

SECRET = "a secret for tests, long enough"

RECORD_COLUMNS = {
    "record": "person_record_key",
    "status": "nhs_number_status",
    "number": "nhs_number",
    "family": "family_name",
    "given": "given_name",
    "former": "former_family_name",
    "preferred": "preferred_name",
    "born": "date_of_birth",
    "gender": "gender",
    "postcode": "postcode",
    "address": "address_line",
    "died": "deceased_date",
    "seen": "last_seen",
}
TRACE_COLUMNS = {
    "record": "unique_reference",
    "asked": "req_nhs_number",
    "code": "error_success_code",
    "answered": "matched_nhs_no",
    "step": "matched_algorithm_indicator",
    "confidence": "matched_confidence_percentage",
    "family": "family_name",
    "given": "given_name",
    "other": "other_given_name",
    "gender": "gender",
    "born": "date_of_birth",
    "died": "date_of_death",
    "postcode": "postcode",
    "as_at": "_as_at",
    "row": "_source_row",
}


def read_table(text: str) -> list[dict[str, str | None]]:
    """Return the rows of a table drawn with bars; an empty cell is null."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], [cell or None for cell in line], strict=True)) for line in lines[1:]]


def _fill(connection: duckdb.DuckDBPyConnection, table: str, names: dict[str, str], text: str) -> None:
    for row in read_table(text):
        columns = [names[name] for name in row]
        connection.execute(
            f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})",
            list(row.values()),
        )


def people(records: str, trace: str = "record | code", threads: int = 1) -> duckdb.DuckDBPyConnection:
    """Return a connection that holds the input tables of the person index."""
    connection = duckdb.connect(config={"threads": threads})
    connection.execute(
        """
        create temp table person_record (
            person_record_key varchar, sender_id varchar, source_class varchar, local_person_id varchar,
            nhs_number varchar, nhs_number_status varchar, family_name varchar, given_name varchar,
            former_family_name varchar, preferred_name varchar, date_of_birth date, gender varchar,
            postcode varchar, address_line varchar, gp_practice varchar, deceased_date date,
            first_seen date, last_seen date
        )
        """
    )
    connection.execute(
        "create temp table person_record_variant (person_record_key varchar, field varchar, value varchar)"
    )
    columns = {c.name: "varchar" for c in load_profile().classes["trace_response"].columns} | PROVENANCE
    connection.execute(
        f"create temp table trace_response ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
    )
    _fill(connection, "person_record", RECORD_COLUMNS, records)
    connection.execute(
        "update person_record set sender_id = split_part(person_record_key, ':', 1), "
        "local_person_id = split_part(person_record_key, ':', 2), source_class = 'subject_of_care'"
    )
    _fill(connection, "trace_response", TRACE_COLUMNS, trace)
    connection.execute(
        "update trace_response set _source_file = 'answers.csv', _extract_id = 'e1', "
        "_source_row = coalesce(_source_row, 2)"
    )
    return connection


@dataclass(frozen=True)
class WhoIsWho:
    """The finished index of a small table, asked in words."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        """Return columns of one of the index's tables, sorted."""
        return self.connection.execute(f"select {columns} from {table} order by all").fetchall()

    @property
    def groups(self) -> set[frozenset[str]]:
        """The records of each person."""
        found = self.connection.execute("select list(person_record_key) from person_link group by person_key")
        return {frozenset(keys) for (keys,) in found.fetchall()}

    def together(self, *records: str) -> bool:
        """Whether all the records named are one person."""
        return any(set(records) <= group for group in self.groups)

    def of(self, record: str, column: str) -> Any:
        """Return one column of a record's link."""
        row = self.connection.execute(
            f"select {column} from person_link where person_record_key = ?", [record]
        ).fetchone()
        assert row is not None
        return row[0]

    def set_aside(self, record: str) -> str | None:
        """Return why a record's number was set aside, or nothing."""
        row = self.connection.execute(
            "select reason from number_quarantine where person_record_key = ?", [record]
        ).fetchone()
        return row[0] if row else None

    def review(self, record: str) -> set[str]:
        """Return the reasons for which a record goes to review."""
        found = self.connection.execute("select reason from review where person_record_key = ?", [record])
        return {reason for (reason,) in found.fetchall()}


def who_is_who(
    records: str, trace: str = "record | code", *, synthetic: bool = True, threads: int = 1
) -> WhoIsWho:
    """Link a small table of records with a small table of trace answers."""
    connection = people(records, trace, threads)
    index_person_records(connection, synthetic=synthetic, key=SECRET)
    return WhoIsWho(connection)
