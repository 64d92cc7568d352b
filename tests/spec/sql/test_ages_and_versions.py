"""The small rules every model shares: a person's age, the newest version of a record, the day in England."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

from orchestration.warehouse.build import DBT_PROJECT

MACROS = Environment(loader=FileSystemLoader(DBT_PROJECT / "macros"), autoescape=False)


def rendered(file: str, macro: str, *arguments: str) -> str:
    """Return the SQL a macro of the project writes."""
    module: Any = MACROS.get_template(file).module
    return str(getattr(module, macro)(*arguments))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1990-10-11", "2008-10-10", 17),
        ("1990-10-11", "2008-10-11", 18),
        ("1990-10-11", "2008-10-12", 18),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-29", 20),
        ("2026-01-01", "2026-12-31", 0),
    ],
)
def test_a_person_is_a_year_older_on_the_birthday(born: str, day: str, age: int) -> None:
    sql = rendered("age_at.sql", "age_at", f"date '{born}'", f"date '{day}'")
    assert duckdb.sql(f"select {sql}").fetchone() == (age,)


def test_an_unknown_birth_date_gives_an_unknown_age() -> None:
    sql = rendered("age_at.sql", "age_at", "cast(null as date)", "date '2026-10-11'")
    assert duckdb.sql(f"select {sql}").fetchone() == (None,)


def test_the_newest_version_of_a_record_stands_for_it() -> None:
    # sender, record, version, as at, extract, row -> what the row is
    rows = [
        ("a", "one", 1, "2026-10-02", "e2", 2, "a later extract of an older version"),
        ("a", "one", 2, "2026-10-01", "e1", 2, "the newest version"),
        ("a", "two", 1, "2026-10-01", "e1", 3, "the earlier extract of the same version"),
        ("a", "two", 1, "2026-10-02", "e2", 3, "the later extract of the same version"),
        ("a", "three", None, "2026-10-02", "e2", 4, "no version number"),
        ("a", "three", 1, "2026-10-01", "e1", 4, "a version number"),
        ("a", "four", 1, "2026-10-01", "e1", 5, "the earlier row"),
        ("a", "four", 1, "2026-10-01", "e1", 6, "the later row"),
        ("b", "one", 1, "2026-10-01", "e1", 2, "another sender's record of the same id"),
    ]
    with duckdb.connect() as connection:
        connection.execute(
            "create table record (_sender_id text, record_uid text, version_number int, _as_at timestamp, "
            "_extract_id text, _source_row int, what text)"
        )
        connection.executemany("insert into record values (?, ?, ?, ?, ?, ?, ?)", rows)
        newest = rendered("latest_version.sql", "latest_version", "record")
        found = connection.sql(f"select what from {newest}").fetchall()
    assert {what for (what,) in found} == {
        "the newest version",
        "the later extract of the same version",
        "a version number",
        "the later row",
        "another sender's record of the same id",
    }


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-06-30 22:59:59", date(2026, 6, 30)),
        ("2026-06-30 23:00:00", date(2026, 7, 1)),
        ("2026-12-31 23:59:59", date(2026, 12, 31)),
        ("2026-07-01 00:00:00", date(2026, 7, 1)),
    ],
)
def test_a_moment_in_utc_falls_on_the_day_it_is_in_england(moment: str, day: date) -> None:
    sql = rendered("england_date.sql", "default__england_date", f"timestamp '{moment}'")
    assert duckdb.sql(f"select {sql}").fetchone() == (day,)
