"""Where engines read the same SQL otherwise: macros and habits of the models on values that would tell."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from jinja2 import Environment

from orchestration.warehouse.build import DBT_PROJECT
from orchestration.warehouse.spark import what_spark_lacks

ASKED_FOR = os.environ.get("RETURNS_TEST_SPARK") == "1"
FILES = ("text_values", "official", "england_date", "minutes_between", "coded_id", "snomed_code", "age_at")
MACROS = "".join(
    # A macro of dbt returns a value with return(); here what it writes is its value.
    re.sub(r"\{\{-? return\((.*?)\) -?\}\}", r"{{ \1 }}", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for path in (DBT_PROJECT / "macros" / f"{name}.sql" for name in (*FILES, "quotient", "weekly"))
)

Run = Callable[[str], list[tuple[Any, ...]]]


def written(sql: str, engine: str) -> str:
    """Return SQL with its macros written out for an engine."""
    environment = Environment(autoescape=False)
    found: dict[str, Any] = {}

    def dispatch(name: str) -> Any:
        return found.get(f"{engine}__{name}") or found[f"default__{name}"]

    environment.globals["adapter"] = SimpleNamespace(dispatch=dispatch)
    environment.globals["dbt"] = SimpleNamespace(type_string=lambda: "string")
    found.update(vars(environment.from_string(MACROS).module))
    environment.globals.update(found)
    return environment.from_string(sql).render()


@pytest.fixture(scope="module", params=["duckdb", "spark"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    if request.param == "duckdb":
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            yield lambda sql: connection.execute(written(sql, "duckdb")).fetchall()
        return
    if not ASKED_FOR:
        pytest.skip("make test-spark runs these, with Java and Spark's packages")
    assert what_spark_lacks() == ""
    from orchestration.warehouse.spark_job import start

    folder: Path = tmp_path_factory.mktemp("spark")
    session = start(folder, 1, "1g")
    yield lambda sql: [tuple(row) for row in session.sql(written(sql, "spark")).collect()]
    session.stop()


def check(run: Run, expression: str, cases: dict[str, Any]) -> None:
    """Hold an expression over `t` to what it must be for each value of t, its type included."""
    rows = " union all ".join(f"select {place} as place, {value} as t" for place, value in enumerate(cases))
    found = [row[0] for row in run(f"select {expression} from ({rows}) as given order by place nulls last")]
    assert list(zip(cases, found, strict=True)) == list(cases.items())
    assert [type(value) for value in found] == [type(value) for value in cases.values()]


def test_a_number_in_a_text_is_read_the_same_and_what_is_none_is_null(run: Run) -> None:
    check(
        run,
        "{{ number_in('t') }}",
        {
            "'12'": Decimal("12.0000"),
            "'-3.25'": Decimal("-3.2500"),
            "'0.00005'": Decimal("0.0001"),
            "'-0.00005'": Decimal("-0.0001"),
            "'0.00004999'": Decimal("0.0000"),
            "' 7 '": Decimal("7.0000"),
            "'.5'": Decimal("0.5000"),
            "'1e3'": Decimal("1000.0000"),
            "''": None,
            "' '": None,
            "'12a'": None,
            "'1,000'": None,
            "'1_000'": None,
            "'0x1F'": None,
            "'NaN'": None,
            "'99999999999999999'": None,
            "cast(null as varchar(9))": None,
        },
    )


def test_a_whole_number_ends_where_the_text_ends(run: Run) -> None:
    check(
        run,
        "{{ whole_number_in('t') }}",
        {"'12'": Decimal("12.0000"), "'12' || chr(10)": None, "'-1'": None, "'1.0'": None, "'٣'": None},
    )


def test_a_british_date_is_a_day_of_the_calendar_or_nothing(run: Run) -> None:
    check(
        run,
        "{{ british_date('t') }}",
        {
            "'29/02/2024'": date(2024, 2, 29),
            "'29/02/2023'": None,
            "'31/04/2026'": None,
            "'1/4/2026'": None,
            "'2026-04-01'": None,
            "'01/13/2026'": None,
            "'01/04/2026' || chr(10)": None,
        },
    )


def test_a_form_is_that_of_the_whole_text(run: Run) -> None:
    check(
        run,
        r"""{{ has_form('t', "'^[A-Z]{2}[.]$'") }}""",
        {"'AB.'": True, "'ABC'": False, "'AB.' || chr(10)": False},
    )
    check(
        run,
        """{{ has_form('t', "'^a.b$'") }}""",
        {"'a' || chr(13) || 'b'": True, "'a' || chr(10) || 'b'": False},
    )
    check(run, "{{ has_form('t', \"'x'\") }}", {"'axb'": True, "''": False, "cast(null as varchar(1))": None})
    formulas = {"'=1'": True, "'-1'": False, "'-1a'": True, "'＝1'": True, "'a=1'": False}
    check(run, "{{ gets_apostrophe('t') }}", formulas)


def test_texts_are_trimmed_of_blanks_alone_and_compared_letter_by_letter(run: Run) -> None:
    check(run, "trim(t)", {"'  a '": "a", "' '": "", "'a' || chr(9)": "a\t", "'a\\b'": "a\\b"})
    check(run, "{{ same_text('t') }}", {"' Ab  '": " ab", "'ÉcoLE'": "école"})
    check(run, "t = 'a'", {"'a'": True, "'a '": False, "'A'": False, "cast(null as varchar(1))": None})
    check(run, "t < 'a'", {"'Z'": True, "''": True, "'é'": False})
    check(run, "t like 'a_c%'", {"'abcd'": True, "'ac'": False, "'aBc'": True, "'abC'": False})
    check(run, "split_part(t, ';', 2)", {"'a;b'": "b", "'a;'": "", "'a'": ""})
    check(run, "{{ entries_in('t') }}", {"'a;b'": 2, "''": 1, "cast(null as varchar(1))": 1})
    check(run, "{{ entries_but_none('t') }}", {"'1;0'": 1, "'10;20'": 2, "'0'": 0})
    check(run, "{{ snomed_code('t') }}", {"'80146002 |x|'": "80146002", "'x'": None, "'1234567.89'": None})


def test_an_empty_text_is_no_null(run: Run) -> None:
    check(run, "t is null", {"''": False, "cast(null as varchar(1))": True})
    check(run, "t || 'x'", {"''": "x", "cast(null as varchar(1))": None})
    check(run, "coalesce(nullif(t, ''), 'none')", {"''": "none", "'a'": "a"})
    check(run, "cast(t as varchar(5))", {"true": "true", "cast(null as boolean)": None})


def test_a_list_of_nothing_is_null_and_a_list_of_an_empty_text_is_empty(run: Run) -> None:
    given = (
        "(select 'a' as g, 2 as place, 'y' as v union all select 'a', 1, 'x' union all select 'a', 3, null "
        "union all select 'b', 1, null union all select 'c', 1, '') as given"
    )
    for macro, joined in (("listed", "x;y"), ("joined_texts", "x, y")):
        sql = f"select g, {{{{ {macro}('v', 'place') }}}} from {given} group by g order by g nulls last"
        assert run(sql) == [("a", joined), ("b", None), ("c", "")]


def test_days_and_months_are_counted_on_the_calendar(run: Run) -> None:
    check(
        run,
        "{{ days_between('t', \"date '2026-03-01'\") }}",
        {"date '2026-02-01'": 28, "date '2026-03-02'": -1},
    )
    check(
        run,
        "{{ add_months('t', '1') }}",
        {"date '2026-01-31'": date(2026, 2, 28), "date '2026-02-28'": date(2026, 3, 28)},
    )
    check(run, "{{ add_months('t', '-12') }}", {"date '2024-02-29'": date(2023, 2, 28)})
    check(run, "{{ add_days('t', '-1') }}", {"date '2024-03-01'": date(2024, 2, 29)})
    check(run, "{{ first_of_month('t') }}", {"date '2024-03-31'": date(2024, 3, 1)})
    check(run, "{{ birth_month_start('2000', 't') }}", {"2": date(2000, 2, 1), "13": None, "0": None})
    check(run, "{{ day_text('t') }}", {"date '2026-04-01'": "1 Apr 26"})
    ages = {"date '1990-10-11'": 36, "date '1990-10-12'": 35, "cast(null as date)": None}
    check(run, "{{ age_at('t', \"date '2026-10-11'\") }}", ages)
    check(
        run,
        "{{ official_age('t', \"date '2026-10-11'\") }}",
        {"date '2008-10-11'": 17, "date '2008-10-10'": 18},
    )


def test_a_moment_falls_on_the_day_it_is_in_england(run: Run) -> None:
    days = {
        "timestamp '2026-06-30 23:30:00'": date(2026, 7, 1),
        "timestamp '2026-12-31 23:30:00'": date(2026, 12, 31),
        "timestamp '2026-10-25 00:59:59'": date(2026, 10, 25),
        "cast(null as timestamp)": None,
    }
    check(run, "{{ england_date('t') }}", days)
    check(run, "cast(t as date)", {"timestamp '2026-06-30 23:30:00'": date(2026, 6, 30)})
    later = "timestamp '2026-10-25 03:00:30'"
    check(run, f'{{{{ minutes_between("t", "{later}") }}}}', {"timestamp '2026-10-25 00:00:00'": 180.5})


def test_whole_numbers_divide_to_parts_and_leave_the_same_rest(run: Run) -> None:
    check(run, "t / 2", {"7": 3.5, "-7": -3.5})
    check(run, "t % 3", {"7": 1, "-7": -1})
    check(run, "floor(cast(t as double) / 2) = -4", {"-7": True})


def test_a_half_is_rounded_away_from_zero(run: Run) -> None:
    check(run, "round(t, 0) = 3", {"cast(2.5 as decimal(3, 1))": True, "cast(2.4 as decimal(3, 1))": False})
    check(run, "round(t, 0) = -3", {"cast(-2.5 as decimal(3, 1))": True})
    places = {
        "cast(0.00005 as decimal(9, 5))": Decimal("0.0001"),
        "cast(-0.00005 as decimal(9, 5))": Decimal("-0.0001"),
    }
    check(run, "cast(t as decimal(18, 4))", places)
    check(run, "{{ rate('t', '2000', 100, 1) }}", {"1": 0.1, "1001": 50.1, "0": 0.0})
    check(run, "{{ rate('1', 't', 100, 1) }}", {"3": 33.3, "0": None})
    shares = {
        "57": Decimal("0.0713"),
        "0": Decimal("0.0000"),
        "800": Decimal("1.0000"),
        "cast(null as int)": None,
    }
    check(run, "{{ quotient('t', '800') }}", shares)
    check(run, "{{ quotient('1', 't') }}", {"3": Decimal("0.3333"), "0": None})


def test_every_share_of_a_whole_up_to_two_hundred_is_rounded_exactly(run: Run) -> None:
    numbers = " union all ".join(f"select {n} as n" for n in range(1, 201))
    found = run(
        f"with numbers as ({numbers}) select part.n, whole.n, {{{{ quotient('part.n', 'whole.n') }}}} "
        "from numbers as part inner join numbers as whole on part.n <= whole.n"
    )
    assert len(found) == 20_100
    wrong = [
        (part, whole, value)
        for part, whole, value in found
        if value != Decimal((20_000 * part + whole) // (2 * whole)).scaleb(-4)
    ]
    assert wrong == []


def test_what_a_package_costs_in_a_week(run: Run) -> None:
    def costs(frequency: str, unit: str, units: str) -> str:
        money = [f"cast({value} as decimal(18, 4))" for value in (unit, units)]
        return f"""{{{{ weekly_cost("'{frequency}'", "{money[0]}", "{money[1]}") }}}}"""

    columns = [
        *(
            costs("hourly", "18.35", "10.25"),
            costs("monthly", "1000.10", "1"),
            costs("annually", "0.26", "1"),
        ),
        *(costs("4-weekly", "333.33", "1"), costs("fortnightly", "0.01", "1"), costs("one-off", "5", "1")),
    ]
    expected = ["188.0875", "230.7923", "0.0050", "83.3325", "0.0050", None]
    assert run(f"select {', '.join(columns)}") == [tuple(v and Decimal(v) for v in expected)]


def test_the_middle_of_nothing_is_null(run: Run) -> None:
    given = "(select 1 as g, 1.0 as n union all select 1, 2.0 union all select 2, null) as given"
    sql = f"select {{{{ median_of('cast(n as double)') }}}} from {given} group by g order by g nulls last"
    assert run(sql) == [(1.5,), (None,)]


def test_hashes_of_texts_are_the_same_letters(run: Run) -> None:
    check(run, "{{ coded_id('x', 't') }}", {"'é'": "2A4D20D3C1358428"})
    check(
        run,
        "md5(concat_ws('~', t, cast(null as varchar(1)), ''))",
        {"'a'": "203f7064ac64e4e47c1a67e95c6a85af"},
    )


@pytest.mark.parametrize(
    "sql",
    [
        "select cast(sum(n) as bigint) from (select 9223372036854775807 as n union all select 1) as given",
        "select cast(t as decimal(18, 4)) from (select cast(1e15 as decimal(38, 0)) as t) as given",
        "select cast(t as date) from (select 'no date' as t) as given",
        "select cast(t as integer) from (select 'no number' as t) as given",
    ],
    ids=["a sum too large", "a decimal too large", "a text that is no date", "a text that is no number"],
)
def test_stops_the_build(run: Run, sql: str) -> None:
    with pytest.raises(Exception, match=r"(?i)overflow|out of range|could not|cannot|invalid|cast|convert"):
        run(sql)
