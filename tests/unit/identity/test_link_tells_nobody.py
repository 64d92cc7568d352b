"""`returns link` on people whose every value is unmistakable: nothing it writes or says or leaves tells."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.cli import main
from orchestration.identity.kept_state import STATE
from tests.unit.identity.planted import PLANTED, found_in, text_of, write_csv

# What differs between a person's records is shown in this file alone, and names and homes not even there.
SHOWN_CONFLICTS = frozenset({"nhs_number", "date_of_birth", "deceased_date"})


def person(record: str, n: int, given: int = 0, **other: str) -> dict[str, str]:
    """One record of the planted values at the places given."""
    return {
        "record_id": record,
        "source": "north",
        "nhs_number": PLANTED["nhs_number"][n],
        "given_name": PLANTED["given_name"][given],
        "family_name": PLANTED["family_name"][0],
        "former_family_name": PLANTED["former_family_name"][0],
        "preferred_name": PLANTED["preferred_name"][0],
        "date_of_birth": PLANTED["date_of_birth"][0],
        "gender": "f",
        "postcode": PLANTED["postcode"][0],
        "address_line": PLANTED["address_line"][0],
        "deceased_date": PLANTED["deceased_date"][0],
        **other,
    }


# One number with two birth dates and two names, a twin with it, slips without a number, equal records.
PEOPLE = [
    person("r1", 0),
    person("r2", 0, date_of_birth=PLANTED["date_of_birth"][1], deceased_date=""),
    person("r3", 0, given=2),
    person("r4", 0, given=1, nhs_number="", family_name=PLANTED["family_name"][1]),
    person(
        "r5", 1, given=3, family_name=PLANTED["family_name"][3], date_of_birth=PLANTED["date_of_birth"][2]
    ),
    person("r6", 2, given=2, family_name=PLANTED["family_name"][2], address_line=PLANTED["address_line"][1]),
    *(person(f"r{n}", 0, given=3, nhs_number="", postcode=PLANTED["postcode"][1]) for n in (7, 8)),
    person("r9", 3, nhs_number="999000001A", date_of_birth="1903-07-19T99", postcode="ZQ97 3X"),
]
EXTRA = [
    row | {"other_identifier": PLANTED["other_identifier"][0], "extra_trade": PLANTED["extra_trade"][n % 2]}
    for n, row in enumerate(PEOPLE)
]
FAMILY, GIVEN, MIDDLE, HOME, POSTCODE, TELEPHONE, EMAIL = PLANTED["answer"]


def answer(record: str, number: str, code: str = "00", **other: str) -> dict[str, str]:
    """One trace answer full of planted values."""
    return {
        "UNIQUE_REFERENCE": record,
        "REQ_NHS_NUMBER": number,
        "FAMILY_NAME": PLANTED["family_name"][0],
        "GIVEN_NAME": PLANTED["given_name"][0],
        "OTHER_GIVEN_NAME": MIDDLE,
        "DATE_OF_BIRTH": PLANTED["date_of_birth"][0].replace("-", ""),
        "ADDRESS_LINE1": HOME,
        "POSTCODE": POSTCODE,
        "TELEPHONE_NUMBER": TELEPHONE,
        "EMAIL_ADDRESS": EMAIL,
        "ERROR_SUCCESS_CODE": code,
        "MATCHED_NHS_NO": number,
        "MATCHED_ALGORITHM_INDICATOR": "1",
    } | other


ANSWERS = [
    answer("r1", PLANTED["nhs_number"][0]),
    answer("r3", PLANTED["nhs_number"][0]),
    answer("r5", PLANTED["nhs_number"][1], FAMILY_NAME=FAMILY, GIVEN_NAME=GIVEN),
    answer("r7", "", "97", MATCHED_NHS_NO="9999999999"),
]


@pytest.fixture()
def returns(tmp_path, monkeypatch, capfd):
    """Run the command as a person would; give its exit code and everything it said."""
    left = tmp_path / "temporary"
    left.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(left))

    def run(*words: str | Path) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["returns", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfd.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), said.out + said.err

    return run


def tell_tales(folder: Path, *inputs: Path) -> dict[str, set[str]]:
    """Return by file below a folder the planted values found in it; the inputs themselves are left out."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p not in inputs):
        allowed = SHOWN_CONFLICTS if path.name == "conflicts.csv" else frozenset()
        if told := found_in(text_of(path), but=allowed):
            found[str(path.relative_to(folder))] = told
    return found


@pytest.mark.parametrize(("rows", "name"), [(PEOPLE, "people"), (EXTRA, "with extra columns")])
def test_no_output_no_word_said_and_no_file_left_behind_names_anybody(tmp_path, returns, rows, name):
    people, trace = write_csv(tmp_path / "people.csv", rows), write_csv(tmp_path / "answers.csv", ANSWERS)
    parted = write_csv(tmp_path / "parted.csv", [{"record_id_a": "r1", "record_id_b": "r6"}])
    code, said = returns(
        "link", people, "--trace", trace, "--parted", parted, "--out", tmp_path / "one", "--synthetic"
    )
    assert code == 0, said
    more = write_csv(tmp_path / "more.csv", [*rows, person("r10", 0, given=2)])
    again, also_said = returns(
        "link", more, "--previous", tmp_path / "one", "--out", tmp_path / "two", "--synthetic"
    )
    assert again == 0, also_said
    assert (tmp_path / "one" / STATE).exists()
    assert found_in(said + also_said) == set()
    assert tell_tales(tmp_path, people, trace, parted, more) == {}
    assert {p.name for p in tmp_path.iterdir()} == {
        "answers.csv", "more.csv", "one", "parted.csv", "people.csv", "temporary", "two"
    }  # fmt: skip
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_search_finds_what_is_planted_in_text_tables_and_archives(tmp_path):
    name = PLANTED["family_name"][0]
    pl.DataFrame({"a": [name] * 1000}).write_parquet(tmp_path / "a.parquet", compression="zstd")
    pl.DataFrame({"a": [name]}).write_excel(tmp_path / "b.xlsx")
    (tmp_path / "c.csv").write_text("born 19/07/1903, 999 000 0018")
    with duckdb.connect(str(tmp_path / "d.duckdb")) as connection:
        connection.execute("create table t as select ? as a", [name])
    assert set(tell_tales(tmp_path)) == {"a.parquet", "b.xlsx", "c.csv", "d.duckdb"}
    assert tell_tales(tmp_path)["c.csv"] == {PLANTED["date_of_birth"][0], PLANTED["nhs_number"][0]}


def test_conflicts_show_dates_and_numbers_and_no_name_or_home(tmp_path, returns):
    people = write_csv(tmp_path / "people.csv", PEOPLE)
    returns("link", people, "--out", tmp_path / "out", "--synthetic")
    shown = (tmp_path / "out" / "conflicts.csv").read_text()
    assert set(PLANTED["date_of_birth"][:2]) <= found_in(shown)
    assert found_in(shown, but=SHOWN_CONFLICTS) == set()


HEADER = "record_id,nhs_number,given_name,family_name,date_of_birth\n"
ROW = "r{},9990000018,Xqwyllgiv,Quonkfamz,1903-07-19\n"
GOOD = (HEADER + ROW.format(1) + ROW.format(2)).encode()
BAD_RECORDS = {
    "no header": (ROW.format(1) + ROW.format(2)).encode(),
    "a key twice": (HEADER + ROW.format(1) * 2).encode(),
    "a key missing": (HEADER + ROW.format("")[1:]).encode(),
    "too many cells": (HEADER + ROW.format(1).strip() + ",Brhynfamz\n").encode(),
    "too few cells": (HEADER + "r1,9990000018,Xqwyllgiv\n").encode(),
    "an open quote": (HEADER + 'r1,9990000018,"Xqwyllgiv,Quonkfamz,1903-07-19\n').encode(),
    "another encoding": (HEADER + "r1,,Xqwyllgivé,Quonkfamz,1903-07-19\n").encode("latin-1"),
    "null bytes": (HEADER + "r1,,Xqwyllgiv\0,Quonkfamz,1903-07-19\n").encode(),
    "a column twice": (b"record_id,family_name,family_name\nr1,Quonkfamz,Quonkfamz\n"),
    "a broken parquet": b"PAR1Quonkfamz" + b"\0" * 40 + b"PAR1",
    "empty": b"",
}


@pytest.mark.parametrize("fault", BAD_RECORDS)
def test_faulty_records_are_told_of_without_a_value(tmp_path, returns, fault):
    people = tmp_path / "people.csv"
    people.write_bytes(BAD_RECORDS[fault])
    code, said = returns("link", people, "--out", tmp_path / "out", "--synthetic")
    assert code == 2 and said.strip(), said
    assert found_in(said) == set()
    assert tell_tales(tmp_path, people) == {}


def test_a_first_row_that_is_no_header_is_not_repeated(tmp_path, returns):
    people = tmp_path / "people.csv"
    people.write_bytes(GOOD)
    trace = tmp_path / "answers.csv"
    for first in ("Quonkfamz,Xqwyllgiv", "UNIQUE_REFERENCE,ERROR_SUCCESS_CODE\nr1,Quonkfamz", "30,Quonkfamz"):
        trace.write_text(first + "\n")
        code, said = returns("link", people, "--trace", trace, "--out", tmp_path / "out", "--synthetic")
        assert code == 2 and found_in(said) == set(), first
    names = tmp_path / "names.csv"
    names.write_text("family_name,given_name\nQuonkfamz,Xqwyllgiv\n")
    for option in ("--parted", "--columns", "--trace"):
        code, said = returns("link", people, option, names, "--out", tmp_path / "out", "--synthetic")
        assert code == 2 and found_in(said) == set(), option
    for name in ("links.csv", STATE):
        earlier = tmp_path / name.replace(".", "_")
        earlier.mkdir()
        (earlier / "links.csv").write_bytes(GOOD)
        (earlier / name).write_bytes(GOOD)
        code, said = returns("link", people, "--previous", earlier, "--out", tmp_path / "out", "--synthetic")
        assert code == 2 and found_in(said) == set(), name


def test_a_trained_model_and_what_training_says_name_nobody(tmp_path, returns):
    people = write_csv(tmp_path / "people.csv", PEOPLE)
    code, said = returns("link", "train", people, "--out", tmp_path / "model.json", "--synthetic")
    assert code == 0, said
    assert found_in(said) == set()
    assert tell_tales(tmp_path, people) == {}
