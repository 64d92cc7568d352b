"""The comparison of two engines finds what differs, however small."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from comparing import Difference, compare

FIGURES = (
    "select * from (values ('a', 1, cast(2.5 as decimal(18, 4)), 'x', cast(0.5 as double)), "
    "('b', 2, null, '', cast('nan' as double))) as v(cell_id, persons, value, reason, share)"
)


def built(file: Path, *statements: str) -> Path:
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema returns")
        for statement in statements:
            connection.execute(statement)
    return file


def different(tmp_path: Path, *faults: str, table: str = FIGURES) -> list[Difference]:
    made = f"create table returns.figure as {table}"
    first = built(tmp_path / "first.duckdb", made)
    return compare(first, built(tmp_path / "second.duckdb", made, *faults))[2]


def test_the_same_rows_in_another_order_are_the_same(tmp_path: Path) -> None:
    first = built(tmp_path / "first.duckdb", f"create table returns.figure as {FIGURES}")
    turned = f"create table returns.figure as {FIGURES} order by cell_id desc"
    assert compare(first, built(tmp_path / "second.duckdb", turned)) == (1, 2, [])


@pytest.mark.parametrize(
    ("fault", "only_first", "only_second"),
    [
        ("update returns.figure set persons = 3 where cell_id = 'b'", 1, 1),
        ("update returns.figure set value = 2.5001 where cell_id = 'a'", 1, 1),
        ("update returns.figure set value = 0 where value is null", 1, 1),
        ("update returns.figure set reason = null where reason = ''", 1, 1),
        ("update returns.figure set reason = 'x ' where reason = 'x'", 1, 1),
        ("update returns.figure set reason = 'X' where reason = 'x'", 1, 1),
        ("update returns.figure set share = null where cell_id = 'b'", 1, 1),
        ("delete from returns.figure where cell_id = 'a'", 1, 0),
        ("insert into returns.figure from returns.figure where cell_id = 'a'", 0, 1),
    ],
    ids=[
        *(
            "a changed number",
            "the fourth decimal",
            "a null that became zero",
            "an empty text that became null",
        ),
        *("a trailing blank", "another case", "not a number that became null", "a lost row", "a doubled row"),
    ],
)
def test_is_found(tmp_path: Path, fault: str, only_first: int, only_second: int) -> None:
    assert different(tmp_path, fault) == [Difference('"returns"."figure"', only_first, only_second)]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("alter table returns.figure alter persons type bigint", "persons is INTEGER and BIGINT"),
        (
            "alter table returns.figure alter value type decimal(20, 4)",
            "value is DECIMAL(18,4) and DECIMAL(20,4)",
        ),
        ("alter table returns.figure alter share type float", "share is DOUBLE and FLOAT"),
    ],
)
def test_a_changed_type_is_found_though_every_value_is_equal(tmp_path: Path, fault: str, reason: str) -> None:
    assert different(tmp_path, fault) == [Difference('"returns"."figure"', reason=reason)]


def test_a_lost_column_and_columns_in_another_order_are_found(tmp_path: Path) -> None:
    pair = "select 1 as n, 2 as m"
    (lost,) = different(tmp_path, "alter table returns.figure drop m", table=pair)
    assert lost.reason == "columns ['n', 'm'] and ['n']"
    turned = built(tmp_path / "turned.duckdb", "create table returns.figure as select 2 as m, 1 as n")
    assert compare(tmp_path / "first.duckdb", turned)[2][0].reason == "columns ['n', 'm'] and ['m', 'n']"


def test_a_table_that_only_one_has_is_found_on_either_side(tmp_path: Path) -> None:
    one = built(tmp_path / "one.duckdb", "create table returns.figure as select 1 as n")
    none = built(tmp_path / "none.duckdb")
    expected = [Difference('"returns"."figure"', reason="only in one of them")]
    assert compare(one, none)[2] == expected
    assert compare(none, one)[2] == expected
    view = built(tmp_path / "view.duckdb", "create view returns.figure as select 1 as n")
    assert compare(one, view)[2] == [Difference('"returns"."figure"', reason="table and view")]


def test_a_hash_may_be_another_number_but_must_join_the_same_rows(tmp_path: Path) -> None:
    def hashed(name: str, type_: str, *numbers: int) -> Path:
        rows = ", ".join(f"({place}, cast({number} as {type_}))" for place, number in enumerate(numbers))
        made = f"create table returns.event as select * from (values {rows}) as v(id, event_key)"
        return built(tmp_path / name, made)

    first = hashed("first.duckdb", "ubigint", 7, 7, 9)
    assert compare(first, hashed("same.duckdb", "bigint", -1, -1, 4))[2] == []
    (merged,) = compare(first, hashed("merged.duckdb", "bigint", 5, 5, 5))[2]
    (parted,) = compare(first, hashed("parted.duckdb", "bigint", 5, 6, 7))[2]
    assert merged.only_first == parted.only_first == 1
