"""The road's index over several runs: only what changed is compared, and a person's key stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.identity import grown_index
from orchestration.identity.explain import PersonNotFoundError, explain_person
from orchestration.identity.grown_index import ONLY_CHANGED
from orchestration.identity.kept_state import ANSWER_COLUMNS, create_fingerprints
from orchestration.identity.linking import NeverByMachineError
from tests.unit.identity.growing import CLIENT, FILLER, LEOFRIC, MARGARETTA, OTTOLINE, GrowingIndex

FIRST = (MARGARETTA, LEOFRIC, OTTOLINE, FILLER)
# Leofric as a sender knows him whose name comes first: built afresh, his key would be another.
LEOFRIC_ELSEWHERE = "a9 | 1 | a9 | | Leofric | Ashbottom | 1951-09-30 | 1 | ZQ1 1AB | 2 Fen Road"
LEOFRIC_WITH_NUMBER = (
    "s1 | 1 | la1 | 9990000026 | Leofric | Ashbottom | 1951-09-30 | Male | ZQ1 1AB | 2025-05-01"
)
# A later version of Leofric's record says that it is Margaretta's.
CORRECTED = "u2 | {v} | p2 | | Margaretta | Quillfeather | 1940-02-13 | 2 | ZQ1 1AA | 1 Fen Road"
CORRECTED_BACK = LEOFRIC.replace("u2 | 1", "u2 | {v}")


@pytest.fixture(scope="module")
def first_run(tmp_path_factory) -> Path:
    """A lake with one provider's people and the index of the first run."""
    index = GrowingIndex(tmp_path_factory.mktemp("first"))
    index.provider("e1", *FIRST)
    index.build()
    return index.lake


@pytest.fixture
def index(first_run, tmp_path) -> GrowingIndex:
    """A copy of the lake after the first run."""
    shutil.copytree(first_run, tmp_path / "lake")
    return GrowingIndex(tmp_path / "lake")


def afresh(index: GrowingIndex, folder: Path) -> GrowingIndex:
    """The same loaded extracts in a lake that has no earlier index."""
    shutil.copytree(index.lake / "loaded", folder / "loaded")
    fresh = GrowingIndex(folder)
    fresh.build()
    return fresh


# --- keys stay ----------------------------------------------------------------------------------------------


def test_a_person_keeps_the_key_when_a_new_record_joins(index, tmp_path):
    before = index.people()
    index.provider("e2", LEOFRIC_ELSEWHERE, sender="acorn_care", day="2026-10-02")
    summary = index.build()
    after = index.people()
    assert after["acorn_care:a9"] == after["fern_care:p2"] == before["fern_care:p2"]
    assert {record: after[record] for record in before} == before
    assert summary.compared == ONLY_CHANGED and summary.records_compared < 5
    assert (summary.keys_new, summary.merges, summary.splits, summary.keys_retired) == (0, 0, 0, 0)
    assert afresh(index, tmp_path / "fresh").people()["fern_care:p2"] != before["fern_care:p2"]


def test_a_person_keeps_the_key_when_their_number_becomes_known(index):
    before = index.people()
    index.council("e2", LEOFRIC_WITH_NUMBER)
    index.build()
    assert index.people() == {**before, "oakshire_council:la1": before["fern_care:p2"]}
    kinds = dict(index.ask("person", "person_key, person_kind"))
    assert kinds[before["fern_care:p2"]] == "claimed_number"


def test_a_grown_index_says_of_everybody_what_a_fresh_one_says(index, tmp_path):
    index.answers(
        "e2", "fern_care:p1 | 9990000018 | 00 | 9990000018 | 1 | QUILLFEATHER | MARGARETTA | 19400213 |"
    )
    index.build()
    index.council(
        "e3", LEOFRIC_WITH_NUMBER, LEOFRIC_WITH_NUMBER.replace("s1", "s2").replace("09-30", "09-03")
    )
    index.build()
    index.provider("e4", LEOFRIC_ELSEWHERE.replace("1951", "1915"), sender="acorn_care")
    assert index.build().compared == ONLY_CHANGED
    fresh = afresh(index, tmp_path / "fresh")
    assert index.groups() == fresh.groups()
    assert index.details() == fresh.details()
    assert index.ask("person_record", "*") == fresh.ask("person_record", "*")


def test_whatever_the_order_of_extracts_the_groups_are_alike_and_the_untouched_have_one_key(tmp_path):
    extracts = {
        "e1": lambda index: index.provider("e1", *FIRST),
        "e2": lambda index: index.provider("e2", LEOFRIC_ELSEWHERE, sender="acorn_care"),
        "e3": lambda index: index.council("e3", LEOFRIC_WITH_NUMBER),
    }
    grown = []
    for order in (("e1", "e2", "e3"), ("e3", "e1", "e2")):
        index = GrowingIndex(tmp_path / "".join(order))
        for extract in order:
            extracts[extract](index)
            index.build()
        grown.append(index)
    assert grown[0].groups() == grown[1].groups()
    people = [{k: v for k, v in index.people().items() if "fern_care:x" in k} for index in grown]
    assert len(people[0]) == 40 and people[0] == people[1]


# --- merges, splits, retired keys ---------------------------------------------------------------------------


def test_a_merge_is_a_dated_row_and_the_key_it_gave_up_never_comes_back(index):
    before = index.people()
    joined, alone = before["fern_care:p1"], before["fern_care:p2"]
    index.provider("e2", CORRECTED.format(v=2), day="2026-10-02")
    summary = index.build()
    assert (summary.merges, summary.keys_retired) == (1, 1)
    index.provider("e3", CORRECTED_BACK.format(v=3), day="2026-10-03")
    assert index.build().splits == 1
    third = index.people()["fern_care:p2"]
    index.provider("e4", CORRECTED.format(v=4), day="2026-10-04")
    index.build()
    index.provider("e5", CORRECTED_BACK.format(v=5), day="2026-10-05")
    index.build()
    fifth = index.people()["fern_care:p2"]
    assert len({joined, alone, third, fifth}) == 4
    assert index.people()["fern_care:p1"] == joined
    assert index.ask("key_change", "date, change, old_key, new_key") == [
        ("2026-10-02", "merge", alone, joined),
        ("2026-10-03", "split", joined, third),
        ("2026-10-04", "merge", third, joined),
        ("2026-10-05", "split", joined, fifth),
    ]
    assert index.ask("retired_key", "date, person_key") == [("2026-10-02", alone), ("2026-10-04", third)]


def test_explaining_a_key_that_a_merge_gave_up_names_the_person_it_went_into(index):
    before = index.people()
    joined, alone = before["fern_care:p1"], before["fern_care:p2"]
    index.provider("e2", CORRECTED.format(v=2), day="2026-10-02")
    index.build()
    told = explain_person(CLIENT, index.lake, alone)
    assert told.startswith(f"Key {alone} was given up: merged into {joined} on 2026-10-02")
    assert f"Person {joined}" in told and "Record fern_care:p2" in told
    assert f"{alone} was merged into this person on 2026-10-02" in explain_person(CLIENT, index.lake, joined)
    with pytest.raises(PersonNotFoundError, match="has no person"):
        explain_person(CLIENT, index.lake, "0" * 24)


def test_a_pair_a_reviewer_has_parted_counts_as_a_change(index):
    index.provider("e2", LEOFRIC_ELSEWHERE, sender="acorn_care")
    index.build()
    before = index.people()
    (index.lake / "parted").mkdir()
    (index.lake / "parted" / f"{CLIENT}.csv").write_text(
        "record_id_a,record_id_b\nacorn_care:a9,fern_care:p2\n", encoding="utf-8"
    )
    summary = index.build()
    after = index.people()
    assert summary.compared == ONLY_CHANGED and summary.splits == 1
    assert after["acorn_care:a9"] != after["fern_care:p2"]
    assert before["fern_care:p2"] in (after["acorn_care:a9"], after["fern_care:p2"])


def test_a_replaced_number_told_of_nobody_here_counts_as_a_change(index):
    index.council("e2", LEOFRIC_WITH_NUMBER.replace("9990000026", "9990000042"))
    index.provider("e3", LEOFRIC_ELSEWHERE.replace("| |", "| 9990000034 |"), sender="acorn_care")
    index.build()
    index.answers("e4", "nobody:n1 | 9990000034 | 90 | 9990000042 | | | | |")
    assert "name no record" in index.build().compared
    people = index.people()
    assert people["oakshire_council:la1"] == people["acorn_care:a9"]


# --- nothing has changed ------------------------------------------------------------------------------------


def test_a_rerun_without_a_change_leaves_every_byte_and_compares_nothing(index):
    index.provider("e2", LEOFRIC_ELSEWHERE, sender="acorn_care", day="2026-10-02")
    grown = index.build()
    first = index.contents()
    again = index.build(threads=2)
    assert index.contents() == first
    assert (again.compared, again.records_compared) == ("nothing has changed", 0)
    assert again.keys_kept == again.people == grown.people
    assert "compared anew 0 of 44 records" in again.growth


def test_the_same_records_sent_again_change_nothing(index):
    first = index.contents()
    index.provider("e2", *FIRST, day="2026-10-02")
    assert index.build().compared == "nothing has changed"
    assert index.contents() == first


def test_only_the_owner_may_read_what_is_kept_for_the_next_run(index):
    index.provider("e2", LEOFRIC_ELSEWHERE, sender="acorn_care")
    index.build()
    assert {path.stat().st_mode & 0o777 for path in index.folder.iterdir()} == {0o600}


@pytest.mark.parametrize("planted", ["record", "variant", "answer", "answer came again", "parted"])
def test_everything_that_feeds_a_decision_is_in_the_fingerprint(planted):
    """A column that nobody looks at would let a change go by: each is changed in turn."""
    with duckdb.connect() as connection:

        def fingerprints() -> list[tuple]:
            connection.execute("set variable person_key = 'a secret for tests, long enough'")
            connection.execute((grown_index.CARRY / "05_road_input.sql").read_text())
            create_fingerprints(connection, *grown_index.PROVENANCE)
            return connection.execute("select fingerprint from fingerprint").fetchall()

        columns = (
            *("person_record_key", "nhs_number", "family_name", "postcode", "deceased_date", "last_seen"),
            "gp_practice",
        )
        answer = ("unique_reference", *ANSWER_COLUMNS, *grown_index.PROVENANCE)
        made: dict[str, tuple[str, ...]] = {
            "made_record": columns,
            "person_record_variant": ("person_record_key", "field", "value"),
            "loaded_trace_response": answer,
            "parted_pair": ("person_record_key", "other_record_key"),
        }
        for table, names in made.items():
            cells = ", ".join(f"'a:1' as {name}" for name in names)
            connection.execute(f"create table {table} as select {cells}")

        def changed(table: str, column: str) -> bool:
            connection.execute("create or replace temp table person_record as from made_record")
            before = fingerprints()
            connection.execute(f"update {table} set {column} = 'other'")
            connection.execute("create or replace temp table person_record as from made_record")
            after = fingerprints()
            connection.execute(f"update {table} set {column} = 'a:1'")
            return before != after

        tables = {
            "record": ("made_record", columns[1:]),
            "variant": ("person_record_variant", ("field", "value")),
            "answer": ("loaded_trace_response", ANSWER_COLUMNS),
            "answer came again": ("loaded_trace_response", grown_index.PROVENANCE),
            "parted": ("parted_pair", ("other_record_key",)),
        }
        table, names = tables[planted]
        assert [name for name in names if not changed(table, name)] == []


# --- the checks: each fault is planted just before the check that must catch it -----------------------------

TWO = "('fern_care:p1', 'fern_care:p2')"
FAULTS = [
    (
        "refuse_broken_people",
        "a person holds two different numbers",
        f"update kept_link set person_key = 'one', "
        "number = if(person_record_key = 'fern_care:p1', '9990000018', '9990000026') "
        f"where person_record_key in {TWO}",
    ),
    (
        "refuse_broken_people",
        "a number stands for two persons",
        f"update kept_link set number = '9990000018' where person_record_key in {TWO}",
    ),
    (
        "refuse_broken_people",
        "a person known by a number has none",
        "update kept_link set number = null where person_record_key = 'fern_care:p1'",
    ),
    (
        "refuse_broken_people",
        "records that a reviewer has parted are one person",
        "insert into parted_pair values ('fern_care:p1', 'fern_care:p2'); update kept_link set "
        "person_key = 'one', number = null, person_kind = 'single_record' "
        f"where person_record_key in {TWO}",
    ),
    (
        "refuse_broken_people",
        "a record has no link or several",
        "delete from kept_link where person_record_key = 'fern_care:p3'",
    ),
    (
        "refuse_broken_people",
        "a record has no link or several",
        "insert into kept_link from kept_link where person_record_key = 'fern_care:p3'",
    ),
    (
        "refuse_broken_keys",
        "one key stands for two persons",
        "update all_link set person_key = (select min(person_key) from all_link) "
        f"where person_record_key in {TWO}",
    ),
    (
        "refuse_broken_keys",
        "a retired key came back",
        "insert into retired_key select person_key, null from all_link limit 1",
    ),
    (
        "refuse_broken_keys",
        "a record has no link or several",
        "delete from all_link where person_record_key = 'fern_care:p3'",
    ),
]


def test_each_planted_fault_is_caught(index, monkeypatch):
    caught = []

    def plant_each(check: str) -> None:
        real = getattr(grown_index, check)

        def with_faults(connection: duckdb.DuckDBPyConnection) -> None:
            real(connection)
            for _, fault, planted in (row for row in FAULTS if row[0] == check):
                connection.begin()
                connection.execute(planted)
                with pytest.raises(NeverByMachineError, match=fault):
                    real(connection)
                connection.rollback()
                caught.append(fault)

        monkeypatch.setattr(grown_index, check, with_faults)

    plant_each("refuse_broken_people")
    plant_each("refuse_broken_keys")
    index.provider("e2", LEOFRIC_ELSEWHERE, sender="acorn_care")
    assert index.build().compared == ONLY_CHANGED
    assert sorted(caught) == sorted(fault for _, fault, _ in FAULTS)


def test_a_broken_index_is_not_written_and_the_earlier_one_stays(index, monkeypatch):
    before, real = index.contents(), grown_index.refuse_broken_people

    def with_fault(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("delete from kept_link where person_record_key = 'fern_care:p3'")
        real(connection)

    monkeypatch.setattr(grown_index, "refuse_broken_people", with_fault)
    index.provider("e2", LEOFRIC_ELSEWHERE, sender="acorn_care")
    with pytest.raises(NeverByMachineError, match="no link or several"):
        index.build()
    assert index.contents() == before
    assert [path.name for path in index.folder.parent.iterdir()] == [CLIENT]
