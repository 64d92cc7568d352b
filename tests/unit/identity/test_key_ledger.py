"""Keys over several runs: one key is one person, and a key a merge gave up is never given again."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.identity import link_command
from orchestration.identity.link_command import link_records
from orchestration.identity.linking import NeverByMachineError
from tests.unit.identity.linked_tables import links, table

ALONE = """
    record_id | nhs_number | given_name | family_name | date_of_birth | postcode
    a         | 9990000018 | Mary       | Marsh       | 1940-02-13    | ZQ1 1AA
    b         |            | Jane       | Denholm     | 1971-11-30    | ZQ1 1AB
    c         | 9990000026 | Leofric    | Ashbottom   | 1951-09-30    | ZQ1 1AC
"""
MERGED = ALONE.replace(
    "Jane       | Denholm     | 1971-11-30    | ZQ1 1AB", "Mary       | Marsh       | 1940-02-13    | ZQ1 1AA"
)
WITHOUT_C = "\n".join(line for line in ALONE.splitlines() if " c  " not in line)


def runs(folder: Path, *texts: str) -> list[dict[str, str]]:
    """Link the tables in turn, each with the earlier output, and return each run's keys by record."""
    found = []
    for n, text in enumerate(texts):
        earlier = folder / f"run{n - 1}" if n else None
        path, out, day = table(folder, text, f"{n}.csv"), folder / f"run{n}", date(2026, n + 1, 1)
        link_records(path, out, previous=earlier, as_at=day, synthetic=True)
        found.append(links(folder / f"run{n}"))
    return found


def test_a_key_that_a_merge_gave_up_is_never_given_again_however_often_records_part_and_meet(tmp_path):
    found = runs(tmp_path, ALONE, MERGED, ALONE, MERGED, ALONE)
    assert found[1]["b"] == found[1]["a"] == found[0]["a"]
    keys_of_b = [found[run]["b"] for run in (0, 2, 4)]
    assert len(set(keys_of_b)) == 3 and found[0]["a"] not in keys_of_b
    assert [run["a"] for run in found] == [found[0]["a"]] * 5
    retired = list(csv.DictReader((tmp_path / "run4" / "retired_keys.csv").open()))
    assert [(row["date"], row["person_key"]) for row in sorted(retired, key=lambda row: row["date"])] == [
        ("2026-02-01", keys_of_b[0]),
        ("2026-04-01", keys_of_b[1]),
    ]


def test_a_person_who_was_not_sent_for_a_while_comes_back_under_the_same_key(tmp_path):
    found = runs(tmp_path, ALONE, WITHOUT_C, ALONE)
    assert "c" not in found[1] and found[2]["c"] == found[0]["c"]


# --- The check stops the build; each fault is planted in the keys just before it ----------------------------

KEY_OF = "(select person_key from {} where person_record_key = '{}')"
KEY_OF_A, KEY_OF_C = KEY_OF.format("previous_link", "a"), KEY_OF.format("previous_link", "c")
FAULTS = {
    "one key stands for two persons": (
        f"update all_link set person_key = {KEY_OF_A} where person_record_key = 'c'"
    ),
    "one person has two keys": "update all_link set person_key = 'another' where person_record_key = 'b'",
    "a retired key came back": "insert into retired_key select person_key, null from all_link limit 1",
    "a key of the earlier run went to somebody none of whose records had it": (
        f"update all_link set person_key = if(person_record_key = 'c', {KEY_OF_A}, {KEY_OF_C})"
    ),
    "a record has no link or several": "delete from all_link where person_record_key = 'c'",
    "a record has no link": "insert into all_link select * from all_link where person_record_key = 'c'",
}


@pytest.fixture(scope="module")
def merged(tmp_path_factory) -> Path:
    """A folder with a table and the output of its first run."""
    folder = tmp_path_factory.mktemp("merged")
    runs(folder, MERGED)
    return folder


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_key_stops_the_run_before_anything_is_written(tmp_path, monkeypatch, merged, fault):
    check = link_command.refuse_broken_keys

    def planted(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(FAULTS[fault])
        check(connection)

    monkeypatch.setattr(link_command, "refuse_broken_keys", planted)
    with pytest.raises(NeverByMachineError, match=fault):
        link_records(merged / "0.csv", tmp_path / "out", previous=merged / "run0", synthetic=True)
    assert list(tmp_path.iterdir()) == []
