"""The person index of a client: what is written, that it is the same bytes, and that nothing leaks."""

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.identity import index
from orchestration.identity.explain import PersonNotFoundError, explain_person
from orchestration.identity.index import build_person_index
from orchestration.identity.linking import TraceAnswerError
from orchestration.identity.trace_requests import write_trace_request
from tests.unit.identity.small_lake import IDENTIFYING, load_rows, small_lake

KEY = "a secret for tests, long enough"


def build(lake: Path, threads: int = 1) -> index.IndexSummary:
    return build_person_index(
        "oakshire", lake, synthetic=True, key=KEY, threads=threads, memory_limit="500MB"
    )


def contents(lake: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (lake / "identity" / "oakshire").iterdir()}


@pytest.fixture(scope="module")
def summary_and_lake(tmp_path_factory) -> tuple[index.IndexSummary, Path]:
    lake = tmp_path_factory.mktemp("lake")
    small_lake(lake)
    return build(lake), lake


@pytest.fixture
def built(summary_and_lake) -> Path:
    return summary_and_lake[1]


def ask(lake: Path, table: str, columns: str) -> list[tuple]:
    file = lake / "identity" / "oakshire" / f"{table}.parquet"
    return duckdb.sql(f"select {columns} from '{file}' order by all").fetchall()


def test_the_records_of_one_person_share_a_key_across_senders(built):
    people = dict(ask(built, "link", "person_record_key, person_key"))
    assert people["fern_care:p1"] == people["oakshire_council:la1"]
    assert people["fern_care:p2"] == people["oakshire_council:la2"]
    assert people["fern_care:p3"] == people["oakshire_council:la3"]
    assert len(set(people.values())) == 5


def test_the_files_have_the_columns_of_the_contract(built):
    described = {
        name: [c for c, *_ in duckdb.sql(f"describe from '{path}'").fetchall()]
        for name in index.OUTPUTS
        if (path := built / "identity" / "oakshire" / f"{name}.parquet")
    }
    assert described["link"] == [
        "person_record_key", "sender_id", "local_person_id", "source_class", "person_key", "person_kind",
        "stage", "rule", "evidence", "number_state",
    ]  # fmt: skip
    assert described["person"] == [
        "person_key", "person_kind", "birth_date", "death_date", "death_source", "records"
    ]  # fmt: skip
    assert described["person_identifier"] == ["person_key", "nhs_number", "number_state"]
    assert described["number_quarantine"] == ["person_record_key", "reason", "next_step"]


def test_only_the_owner_may_read_the_folder_and_its_files(built):
    folder = built / "identity" / "oakshire"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in folder.iterdir()} == {0o600}


def test_rows_in_another_order_and_two_threads_give_the_same_bytes(built, tmp_path):
    small_lake(tmp_path, reverse=True)
    build(tmp_path, threads=2)
    before, after = contents(built), contents(tmp_path)
    # Evidence names the row of the answer, and the rows have moved: compare links without it.
    assert ask(built, "link", "* exclude (evidence)") == ask(tmp_path, "link", "* exclude (evidence)")
    for name in ("person.parquet", "person_identifier.parquet", "number_quarantine.parquet", "summary.json"):
        assert before[name] == after[name], name


def test_building_again_with_two_threads_gives_the_same_bytes(built):
    first = contents(built)
    left = built / "identity" / ".part-999999999-x"
    left.mkdir()
    (left / "link.parquet").write_text("half a file that a killed build left behind")
    build(built, threads=2)
    assert contents(built) == first
    assert [p.name for p in (built / "identity").iterdir()] == ["oakshire"]


def test_a_failing_build_leaves_the_earlier_index_as_it_was(built, tmp_path):
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    first = contents(tmp_path)
    load_rows(
        tmp_path, "oakshire", "tracing", "e9", "trace_response",
        "unique_reference | error_success_code\nfern_care:p1 | 55",
    )  # fmt: skip
    with pytest.raises(TraceAnswerError):
        build(tmp_path)
    assert contents(tmp_path) == first
    assert [p.name for p in (tmp_path / "identity").iterdir()] == ["oakshire"]


def test_the_summary_counts_every_record_once(summary_and_lake):
    summary, _ = summary_and_lake
    assert summary.records == 8 and summary.people == 5
    assert sum(summary.people_by_kind.values()) == summary.people
    assert sum(summary.records_by_number_state.values()) == summary.records
    assert sum(summary.joins.values()) == summary.records
    assert summary.numbers_set_aside == 2
    assert summary.trace_answers_by_code == {"00": 2, "98": 1}


def test_explaining_a_person_names_records_rules_and_evidence(built):
    key = dict(ask(built, "link", "person_record_key, person_key"))["oakshire_council:la3"]
    text = explain_person("oakshire", built, key)
    assert "Record fern_care:p3 (subject_of_care, sent by fern_care)" in text
    assert "stage exact, rule exact_name_birth_postcode" in text
    assert "set aside; the tenth digit does not fit the first nine" in text
    assert "stage trace, rule trace_alphanumeric" in text
    assert "date_of_birth: 2 different values" in text


def test_a_person_that_is_not_there_is_said_in_plain_words(built, tmp_path):
    with pytest.raises(PersonNotFoundError, match="no person index for client oakshire yet"):
        explain_person("oakshire", tmp_path, "0" * 24)
    with pytest.raises(PersonNotFoundError, match="has no person"):
        explain_person("oakshire", built, "0" * 24)
    with pytest.raises(PersonNotFoundError) as refused:
        explain_person("oakshire", built, "9990000018")
    assert "9990000018" not in str(refused.value)


def test_no_name_number_address_or_birth_date_is_printed_logged_summarised_or_explained(
    built, tmp_path, capfd, caplog
):
    caplog.set_level(0)
    summary = build(built)
    said = [str(summary), (built / "identity" / "oakshire" / "summary.json").read_text()]
    said += [explain_person("oakshire", built, key) for (key,) in ask(built, "person", "person_key")]
    said += [str(ask(built, table, "*")) for table in ("link", "number_quarantine", "review")]
    said += [str(write_trace_request("oakshire", built, tmp_path / "request.csv", synthetic=True))]
    captured = capfd.readouterr()
    said += [captured.out, captured.err, caplog.text]
    everything = "\n".join(said).lower()
    assert [value for value in IDENTIFYING if value in everything] == []
