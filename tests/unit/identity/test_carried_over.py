"""What `--previous` carries over: what has changed is compared anew, with whatever that touches."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks.linkage.again import keys_that_stay
from benchmarks.linkage.maker import make_record_set
from orchestration.identity import link_command
from orchestration.identity.kept_state import STATE, TOUCHES
from orchestration.identity.link_command import ONLY_CHANGED, LinkSummary, link_records
from tests.unit.identity.linked_tables import links, table

HEADER = (
    "record_id | nhs_number | given_name | family_name | date_of_birth | gender | postcode | address_line"
)
# People whom nothing reaches.
FILLER = "\n".join(
    f"f{i} | | Wilfreda{chr(97 + i % 26)} | Nightbloom{chr(97 + i % 26)}{chr(97 + i // 26)} "
    f"| {1920 + i}-05-06 | | ZQ2 {i % 10}AA |"
    for i in range(60)
)
ONE_NUMBER = "r1 | 9990000018 | Margaretta | Quillfeather | 1940-02-13 | female | ZQ1 1AA | 1 Fen Road"
SAME_DETAILS = "r2 | | Margaretta | Quillfeather | 1940-02-13 | female | ZQ1 1AA | 1 Fen Road"
SOMEBODY_ELSE = "r2 | | Leofric | Ashbottom | 1951-09-30 | male | ZQ1 1AB | 2 Fen Road"
DISPUTE = (
    "d1 | 9990000034 | Peregrine | Sallowfield | 1944-12-31 | male | ZQ1 1AD | 4 Fen Road\n"
    "d2 | 9990000034 | Hepzibah | Thistlewick | 1929-03-08 | female | ZQ1 1AE | 5 Fen Road"
)
ANSWER = (
    "UNIQUE_REFERENCE | REQ_NHS_NUMBER | ERROR_SUCCESS_CODE | MATCHED_NHS_NO | MATCHED_ALGORITHM_INDICATOR "
    "| FAMILY_NAME | GIVEN_NAME | DATE_OF_BIRTH"
)
ASHBOTTOM_FOUND = "r2 | | 00 | 9990000042 | 3 | ASHBOTTOM | LEOFRIC | 19510930"
OTHER_SECRET = "another secret for tests, long enough"


class Months:
    """Links one table after the other, each with the run before it as the previous one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def link(
        self, *rows: str, trace: str | None = None, parted: str | None = None, key_file: Path | None = None
    ) -> LinkSummary:
        """Link the rows and the filler; the summary of the run."""
        self.count += 1
        records = table(self.folder, "\n".join([HEADER, *rows, FILLER]), f"people{self.count}.csv")
        answers = table(self.folder, f"{ANSWER}\n{trace}", f"answers{self.count}.csv") if trace else None
        pairs = table(self.folder, f"record_id_a | record_id_b\n{parted}", "parted.csv") if parted else None
        return link_records(
            records,
            self.out,
            trace=answers,
            parted=pairs,
            previous=self.folder / str(self.count - 1) if self.count > 1 else None,
            as_at=date(2026, 10, self.count),
            key_file=key_file,
            synthetic=True,
        )

    @property
    def out(self) -> Path:
        """The folder of the newest run."""
        return self.folder / str(self.count)

    def people(self, count: int | None = None) -> dict[str, str]:
        """Each record's person after a run, by default the newest."""
        return links(self.folder / str(count or self.count))

    def rule(self, record: str) -> str:
        """The rule by which the newest run placed a record."""
        frame = pl.read_csv(self.out / "links.csv", infer_schema=False)
        return str(frame.filter(pl.col("record_id") == record)["rule"].item())


@pytest.fixture
def months(tmp_path) -> Months:
    return Months(tmp_path)


# --- what has changed is compared anew --------------------------------------------------------------------


def test_a_record_whose_details_changed_is_compared_anew_and_nobody_else_loses_a_key(months):
    months.link(ONE_NUMBER, SOMEBODY_ELSE)
    summary = months.link(ONE_NUMBER, SAME_DETAILS)
    before, after = months.people(1), months.people()
    assert summary.compared == ONLY_CHANGED and summary.records_compared < 5
    assert after["r2"] == after["r1"] == before["r1"] != before["r2"]
    assert {k: v for k, v in after.items() if k != "r2"} == {k: v for k, v in before.items() if k != "r2"}


def test_a_changed_trace_answer_is_followed_although_no_record_changed(months):
    unknown = "r2 | | 98 | 0000000000 | 0 | | |"
    months.link(ONE_NUMBER, SOMEBODY_ELSE, trace=unknown)
    summary = months.link(ONE_NUMBER, SOMEBODY_ELSE, trace=ASHBOTTOM_FOUND)
    assert summary.compared == ONLY_CHANGED
    assert months.rule("r2") == "trace_alphanumeric"
    assert months.people() == months.people(1)


def test_a_replaced_number_that_an_answer_about_no_record_tells_of_is_followed(months):
    old = "r1 | 9990000034 | Margaretta | Quillfeather | 1940-02-13 | female | ZQ1 1AA | 1 Fen Road"
    new = "r2 | 9990000042 | Margaretta | Quillfeather | 1940-02-13 | female | ZQ1 1AA | 1 Fen Road"
    months.link(old, new)
    assert months.people()["r1"] != months.people()["r2"]
    summary = months.link(old, new, trace="nobody | 9990000034 | 90 | 9990000042 | | | |")
    assert summary.compared == ONLY_CHANGED
    assert months.people()["r1"] == months.people()["r2"]
    again = months.link(old, new)
    assert again.compared == ONLY_CHANGED
    assert months.people()["r1"] != months.people()["r2"]


def test_a_number_two_people_disputed_is_the_ones_when_the_others_record_is_deleted(months):
    months.link(*DISPUTE.splitlines())
    assert months.rule("d1") == "single_record"
    summary = months.link(DISPUTE.splitlines()[0])
    assert summary.compared == ONLY_CHANGED
    assert months.rule("d1") == "claimed_number_alone"
    assert months.people()["d1"] == months.people(1)["d1"]


def test_a_record_that_leaned_on_a_deleted_one_is_compared_anew(months):
    months.link(ONE_NUMBER, SAME_DETAILS)
    summary = months.link(SAME_DETAILS)
    assert summary.compared == ONLY_CHANGED
    assert months.rule("r2") == "single_record"


def test_a_parted_pair_that_is_added_parts_and_one_that_is_taken_back_joins_again(months):
    months.link(ONE_NUMBER, SAME_DETAILS)
    assert months.people()["r1"] == months.people()["r2"]
    parted = months.link(ONE_NUMBER, SAME_DETAILS, parted="r1 | r2")
    assert parted.compared == ONLY_CHANGED and parted.splits == 1
    assert months.people()["r1"] == months.people(1)["r1"] != months.people()["r2"]
    again = months.link(ONE_NUMBER, SAME_DETAILS)
    assert again.compared == ONLY_CHANGED and again.merges == 1
    assert months.people() == months.people(1)


def test_a_new_record_that_joins_two_people_is_told_as_a_dated_merge(months):
    first = "a1 | | Ottoline | Brackwater | 1937-05-06 | female | ZQ1 1AC | 3 Fen Road"
    second = "a2 | | Ottoline | Brackwater | 1937-05-06 | female | | 9 Mill Lane"
    bridge = "a3 | | Ottoline | Brackwater | 1937-05-06 | female | ZQ1 1AC | 9 Mill Lane"
    months.link(first, second)
    before = months.people()
    assert before["a1"] != before["a2"]
    summary = months.link(first, second, bridge)
    after = months.people()
    assert after["a1"] == after["a2"] == after["a3"] and after["a1"] in (before["a1"], before["a2"])
    assert summary.merges == 1
    changes = (months.out / "key_changes.csv").read_text().splitlines()
    assert len(changes) == 2 and changes[1].startswith("2026-10-02,merge,")


# --- what may not be carried over -------------------------------------------------------------------------


def test_other_rules_compare_everything_and_say_so(months, monkeypatch):
    months.link(ONE_NUMBER, SAME_DETAILS)
    monkeypatch.setattr(link_command, "method_stamp", lambda synthetic: "another method")
    summary = months.link(ONE_NUMBER, SAME_DETAILS)
    assert summary.compared.startswith("everything: the rules, the model, the lists or the options")
    assert summary.records_compared == summary.records
    assert months.people() == months.people(1)


def test_another_secret_compares_everything_and_keeps_the_keys(months, tmp_path):
    months.link(ONE_NUMBER, SAME_DETAILS)
    (tmp_path / "secret").write_text(OTHER_SECRET)
    summary = months.link(ONE_NUMBER, SAME_DETAILS, key_file=tmp_path / "secret")
    assert summary.compared == "everything: the earlier run had another person key"
    assert months.people() == months.people(1)


def test_a_folder_that_holds_only_the_promised_files_keeps_the_keys(months):
    months.link(ONE_NUMBER, SAME_DETAILS)
    for name in (STATE, TOUCHES, "key_changes.csv"):
        (months.out / name).unlink()
    summary = months.link(ONE_NUMBER, SAME_DETAILS)
    assert summary.compared == f"everything: the earlier folder holds no {STATE} and no {TOUCHES}"
    assert months.people() == months.people(1)
    assert summary.keys_new == 0


@pytest.mark.parametrize("name", [STATE, TOUCHES])
def test_with_a_damaged_state_everything_is_compared_and_every_key_stays(months, name):
    months.link(ONE_NUMBER, SOMEBODY_ELSE)
    state = months.out / name
    state.write_bytes(state.read_bytes()[: state.stat().st_size // 2])
    summary = months.link(ONE_NUMBER, SOMEBODY_ELSE)
    assert summary.compared == "everything: the state the earlier run left is damaged"
    assert months.people() == months.people(1)


def test_links_from_another_run_than_the_state_are_not_mixed(months):
    months.link(ONE_NUMBER, SAME_DETAILS)
    months.link(ONE_NUMBER, SOMEBODY_ELSE)
    shutil.copy(months.folder / "1" / "links.csv", months.out / "links.csv")
    summary = months.link(ONE_NUMBER, SAME_DETAILS)
    assert summary.compared.startswith("everything: ") and "links.csv" in summary.compared
    assert months.people() == months.people(1)


# --- what is kept gives nobody away -----------------------------------------------------------------------


def kept_values(folder: Path) -> set[object]:
    """Every value of the kept files but the record keys and the words of ours."""
    rows = duckdb.sql(f"select fingerprint, anchor from '{folder / STATE}'").fetchall()
    rows += duckdb.sql(f"select token, null from '{folder / TOUCHES}'").fetchall()
    return {value for row in rows for value in row if value is not None}


def test_kept_files_hold_hashes_that_nobody_can_try_out_without_the_secret(tmp_path):
    (tmp_path / "secret").write_text(OTHER_SECRET)
    one, other = Months(tmp_path / "one"), Months(tmp_path / "other")
    one.link(ONE_NUMBER, *DISPUTE.splitlines())
    other.link(ONE_NUMBER, *DISPUTE.splitlines(), key_file=tmp_path / "secret")
    # The same people under another secret: nothing but what is about record keys alone is the same.
    assert not kept_values(one.out) & kept_values(other.out)
    written = b"".join((one.out / name).read_bytes() for name in (STATE, TOUCHES)).lower()
    for value in (b"9990000018", b"9990000034", b"margaretta", b"quillfeather", b"sallowfield", b"1940"):
        assert value not in written
    tried = duckdb.sql(
        "select unnest([hash('9990000034'), hash('number:9990000034'), hash(sha256('number:9990000034'))])"
    ).fetchall()
    assert not kept_values(one.out) & {value for (value,) in tried}


# --- many at once -----------------------------------------------------------------------------------------


def groups(found: dict[str, str]) -> set[frozenset[str]]:
    """The records of each person."""
    people: dict[str, set[str]] = {}
    for record, person in found.items():
        people.setdefault(person, set()).add(record)
    return {frozenset(records) for records in people.values()}


@pytest.mark.parametrize("with_answers", [True, False])
def test_three_months_of_changes_give_the_groups_of_a_run_over_everything(tmp_path, with_answers):
    made = make_record_set(2000, 41)
    row = pl.col("record_id").str.to_integer()
    turned = pl.when(row % 59 == 0).then(None).otherwise(pl.col("nhs_number")).alias("nhs_number")
    inputs = [
        made.records.filter(row % 61 != 0),
        made.records.with_columns(turned),
        made.records.filter(row % 47 != 0),
    ]
    previous = None
    for month, records in enumerate(inputs):
        records.write_parquet(tmp_path / "records.parquet")
        trace = tmp_path / "trace.parquet" if with_answers else None
        if trace:
            asked = made.trace.filter(pl.col("UNIQUE_REFERENCE").str.to_integer() % 97 != month)
            asked.write_parquet(trace)
        out = tmp_path / f"month{month}"
        summary = link_records(
            tmp_path / "records.parquet", out, trace=trace, previous=previous, synthetic=True
        )
        assert (summary.compared == ONLY_CHANGED) is (month > 0)
        previous = out
    link_records(tmp_path / "records.parquet", tmp_path / "whole", trace=trace, synthetic=True)
    assert groups(links(previous)) == groups(links(tmp_path / "whole"))


def test_the_benchmark_tells_a_key_lost_by_an_untouched_record_from_one_a_new_record_moved(tmp_path):
    before = table(tmp_path, "record_id | person_key\n a | 1\n b | 1\n c | 2\n d | 3", "before.csv")
    after = "record_id | person_key\n a | 1\n b | 1\n c | 4\n d | 5\n new | 5"
    told = keys_that_stay(before, table(tmp_path, after, "after.csv"), table(tmp_path, after, "whole.csv"))
    assert told == {
        "new records": 1,
        "untouched records": 3,
        "keys of untouched records kept": 2,
        "records in a group that a new record joined": 1,
        "of these, under another key": 1,
        "groups unlike the whole run": 0,
    }
