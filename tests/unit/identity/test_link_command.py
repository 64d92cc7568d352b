"""`returns link`: any table of person records in, one row per record out."""

from __future__ import annotations

import csv
import json
from datetime import date

import polars as pl
import pytest
from typer.testing import CliRunner

from orchestration.identity.commands import link_app
from orchestration.identity.kept_state import PreviousRunError
from orchestration.identity.link_command import link_records
from orchestration.identity.link_input import LinkInputError
from orchestration.identity.linking import TraceAnswerError
from tests.unit.identity.linked_tables import links, table

PEOPLE = """
    record_id | nhs_number | given_name | family_name  | date_of_birth | gender | postcode | address_line
    r1        | 9990000018 | Margaretta | Quillfeather | 1940-02-13    | female | ZQ1 1AA  | 1 Fen Road
    r2        |            | Margretta  | Quilfeather  | 1940-02-13    | F      | ZQ1 1AA  | 1 Fen Road
    r3        | 9990000034 | Leofric    | Ashbottom    | 19510930      | male   | ZQ1 1AB  | 2 Fen Road
    r4        | 9990000034 | Leofric    | Ashbottom    | 30/09/1951    | 1      |          |
    r5        | not known  | Ottoline   | Brackwater   | the thirtieth | ?      | nowhere  |
"""


def test_every_record_has_one_row_in_the_order_of_the_input(tmp_path):
    summary = link_records(table(tmp_path, PEOPLE), tmp_path / "out", synthetic=True)
    rows = list(csv.DictReader((tmp_path / "out" / "links.csv").open(encoding="utf-8")))
    assert [r["record_id"] for r in rows] == ["r1", "r2", "r3", "r4", "r5"]
    assert list(rows[0]) == ["record_id", "person_key", "stage", "rule", "score"]
    found = links(tmp_path / "out")
    assert found["r1"] == found["r2"] and found["r3"] == found["r4"]
    assert len(set(found.values())) == summary.people == 3
    assert rows[1]["rule"] == "scored_number" and 0.9 < float(rows[1]["score"]) <= 1
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["records"] == 5


def test_parquet_csv_and_shuffled_rows_give_the_same_people(tmp_path):
    path = table(tmp_path, PEOPLE)
    frame = pl.read_csv(path, infer_schema=False)
    frame.reverse().write_parquet(tmp_path / "people.parquet")
    link_records(path, tmp_path / "a", synthetic=True, threads=2)
    link_records(tmp_path / "people.parquet", tmp_path / "b", synthetic=True, threads=1)
    assert links(tmp_path / "a") == links(tmp_path / "b")


def test_only_record_id_is_needed(tmp_path):
    path = table(tmp_path, "record_id | colour\n a | red\n b | red")
    assert link_records(path, tmp_path / "out", synthetic=True).people == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name | nhs_number\n a | 1", "no column record_id"),
        ("record_id | given_name\n a | Mary\n b | Jane\n a | Ann", "data rows 1, 3"),
        ("record_id | given_name\n a | Mary\n   | Jane", "data rows 2"),
    ],
)
def test_a_missing_or_doubled_record_id_is_an_error_that_names_the_rows(tmp_path, text, message):
    with pytest.raises(LinkInputError, match=message) as caught:
        link_records(table(tmp_path, text), tmp_path / "out", synthetic=True)
    assert "Mary" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_columns_may_have_any_name_and_extra_ones_count_as_evidence(tmp_path):
    rows = "\n".join(
        f"p{i}a | name{i} | sur{i} | {1900 + i}0203 | village {i} | trade {i}\n"
        f"p{i}b | name{i} | sur{i}x | {1900 + i}0203 | village {i} | trade {i}"
        for i in range(60)
    )
    path = table(tmp_path, f"id | fore | sur | born | place | work\n{rows}")
    columns = (
        "record_id=id,given_name=fore,family_name=sur,date_of_birth=born,extra_place=place,extra_work=work"
    )
    link_records(path, tmp_path / "out", columns=columns, synthetic=True)
    found = links(tmp_path / "out")
    assert sum(found[f"p{i}a"] == found[f"p{i}b"] for i in range(60)) >= 58
    assert len(set(found.values())) >= 60


ANSWERS = {
    "mps": (
        "UNIQUE_REFERENCE | REQ_NHS_NO | GIVEN_NAME | DATE_OF_BIRTH | ERROR_SUCCESS_CODE | MATCHED_NHS_NO "
        "| MATCHED_ALGORITHM_INDICATOR\n"
        "r1 | 9990000018 | MARGARETTA | 19400213 | 00 | 9990000018 | 1"
    ),
    "pds_mesh": (
        "UNIQUE REFERENCE | ERROR_SUCCESS_CODE | MATCHED_NHS_NO | REQ_NHS_NUMBER "
        "| MATCHED_ALGORITHM_INDICATOR | DATE_OF_BIRTH | GIVEN_NAME\n"
        "r1 | 00 | 9990000018 | 9990000018 | 1 | 19400213 | MARGARETTA"
    ),
}


@pytest.mark.parametrize("layout", ANSWERS)
def test_answers_are_read_by_header_name(tmp_path, layout):
    trace = table(tmp_path, ANSWERS[layout], "answers.csv")
    link_records(table(tmp_path, PEOPLE), tmp_path / "out", trace=trace, synthetic=True)
    rows = {
        r["record_id"]: r for r in csv.DictReader((tmp_path / "out" / "links.csv").open(encoding="utf-8"))
    }
    assert rows["r1"]["rule"] == "trace_cross_check"


def test_answers_in_the_dbs_positions_are_read_without_a_header(tmp_path):
    def answer(status: str, record: str, number: str, born: str, family: str, given: str) -> list[str]:
        cells = [""] * 20
        cells[0], cells[1], cells[3], cells[4], cells[8], cells[10] = (
            status,
            record,
            number,
            born,
            family,
            given,
        )
        return cells

    path = tmp_path / "dbs.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, quoting=csv.QUOTE_ALL)
        writer.writerow(answer("30", "r1", "9990000018", "19400213", "QUILLFEATHER", "MARGARETTA"))
        writer.writerow(answer("22", "r5", "", "", "", ""))
    link_records(table(tmp_path, PEOPLE), tmp_path / "out", trace=path, synthetic=True)
    rows = {
        r["record_id"]: r for r in csv.DictReader((tmp_path / "out" / "links.csv").open(encoding="utf-8"))
    }
    assert rows["r1"]["rule"] == "trace_cross_check"
    assert "r5,,trace,trace_several" in (tmp_path / "out" / "review.csv").read_text()


def test_an_unknown_answer_code_stops_the_run_and_leaves_the_earlier_output(tmp_path):
    people = table(tmp_path, PEOPLE)
    link_records(people, tmp_path / "out", synthetic=True)
    before = (tmp_path / "out" / "links.csv").read_bytes()
    trace = table(tmp_path, "UNIQUE_REFERENCE | ERROR_SUCCESS_CODE\n r1 | 77", "answers.csv")
    with pytest.raises(TraceAnswerError, match="77"):
        link_records(people, tmp_path / "out", trace=trace, synthetic=True)
    assert (tmp_path / "out" / "links.csv").read_bytes() == before


# --- keys that stay ---------------------------------------------------------------------------------------


def test_untouched_people_keep_their_keys_and_only_what_changed_is_compared(tmp_path):
    filler = "\n".join(
        f"f{i} | {n} | Name{i} | Filler{i} | {1920 + i}-05-06 | | ZQ2 {i % 10}AA |"
        for i, n in enumerate(["9990000042", *[""] * 59])
    )
    first = table(tmp_path, PEOPLE + filler)
    link_records(first, tmp_path / "one", synthetic=True)
    more = "\n n1 | 9990000018 | Margaretta | Quillfeather | 1940-02-13 | | |"
    second = table(tmp_path, PEOPLE + filler + more, "more.csv")
    summary = link_records(second, tmp_path / "two", previous=tmp_path / "one", synthetic=True)
    before, after = links(tmp_path / "one"), links(tmp_path / "two")
    assert {k: after[k] for k in before} == before
    assert after["n1"] == before["r1"]
    assert summary.records_compared < 10 < summary.records


def test_a_merge_and_a_split_are_dated_rows(tmp_path):
    apart = """
        record_id | nhs_number | given_name | family_name | date_of_birth | postcode
        a         | 9990000018 | Mary       | Marsh       | 1940-02-13    | ZQ1 1AA
        b         |            | Jane       | Denholm     | 1971-11-30    | ZQ1 1AB
    """
    together = apart.replace(
        "Jane       | Denholm     | 1971-11-30    | ZQ1 1AB",
        "Mary       | Marsh       | 1940-02-13    | ZQ1 1AA",
    )
    link_records(table(tmp_path, apart, "apart.csv"), tmp_path / "one", synthetic=True)
    link_records(
        table(tmp_path, together, "together.csv"), tmp_path / "two", previous=tmp_path / "one",
        as_at=date(2026, 10, 12), synthetic=True,
    )  # fmt: skip
    merged = list(csv.DictReader((tmp_path / "two" / "key_changes.csv").open()))
    one, two = links(tmp_path / "one"), links(tmp_path / "two")
    assert two["a"] == two["b"] == one["a"]
    assert merged == [
        {"date": "2026-10-12", "change": "merge", "old_key": one["b"], "new_key": one["a"], "records": "1"}
    ]
    link_records(
        tmp_path / "apart.csv",
        tmp_path / "three",
        previous=tmp_path / "two",
        as_at=date(2026, 11, 12),
        synthetic=True,
    )
    split = list(csv.DictReader((tmp_path / "three" / "key_changes.csv").open()))
    three = links(tmp_path / "three")
    assert three["a"] == one["a"] != three["b"]
    assert [(r["date"], r["change"], r["old_key"]) for r in split] == [("2026-11-12", "split", one["a"])]


def test_a_previous_folder_without_links_is_an_error(tmp_path):
    with pytest.raises(PreviousRunError, match=r"links\.csv"):
        link_records(table(tmp_path, PEOPLE), tmp_path / "out", previous=tmp_path, synthetic=True)


# --- never by machine -------------------------------------------------------------------------------------


def test_what_a_reviewer_has_parted_no_number_and_no_likeness_joins(tmp_path):
    parted = table(tmp_path, "record_id_a | record_id_b\n r1 | r2\n r3 | r4", "parted.csv")
    link_records(table(tmp_path, PEOPLE), tmp_path / "out", parted=parted, synthetic=True)
    found = links(tmp_path / "out")
    assert found["r1"] != found["r2"] and found["r3"] != found["r4"]


# --- the command ------------------------------------------------------------------------------------------


def test_the_command_prints_counts_only_and_errors_without_values(tmp_path):
    path = table(tmp_path, PEOPLE)
    done = CliRunner().invoke(link_app, [str(path), "--out", str(tmp_path / "out"), "--synthetic"])
    assert done.exit_code == 0 and "5 records are 3 people" in done.output
    failed = CliRunner().invoke(
        link_app, [str(tmp_path / "none.csv"), "--out", str(tmp_path / "out"), "--synthetic"]
    )
    assert failed.exit_code == 2
    assert "quillfeather" not in (done.output + failed.output).lower()


def test_without_a_key_of_ones_own_only_synthetic_people_are_linked(tmp_path, monkeypatch):
    monkeypatch.delenv("RETURNS_PERSON_KEY_FILE", raising=False)
    failed = CliRunner().invoke(link_app, [str(table(tmp_path, PEOPLE)), "--out", str(tmp_path / "out")])
    assert failed.exit_code == 2
