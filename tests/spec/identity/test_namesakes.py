"""How common a name is decides how much names and birth date alone are worth."""

import duckdb
import pytest

from orchestration.identity.linking import STAGES, index_person_records
from tests.spec.identity.small_people import SECRET, WhoIsWho, people

ANSWER = "record | asked | code | answered | step | family | given | gender | born | postcode"
HELD = "held  | 9990000018 | {given} | {family} | 1947-02-11 | m | LS9 8ZZ | 7 Mill Lane"


def among_five_hundred_david_smiths(
    given: str, family: str, record: str, *, answer: str = "LS9 8ZZ"
) -> WhoIsWho:
    """A holder of a number and another record, among David Smiths of one year; PDS finds the number for both.

    `record` is the other record's number, postcode and address.
    """
    number, postcode, address = record.split("/")
    found = f"00 | 9990000018 | 3 | {family} | {given} | 1 | 19470211 | {answer}"
    connection = people(
        f"""
        record | number | given | family | born | gender | postcode | address
        {HELD.format(given=given, family=family)}
        other  | {number} | {given} | {family} | 1947-02-11 | m | {postcode} | {address}
        """,
        f"""
        {ANSWER}
        held  | 9990000018 | {found.replace("| 3 |", "| 1 |")}
        other | {number}   | {found}
        """
        if answer
        else "record | code",
    )
    connection.execute(
        """
        insert into person_record by name
        select 'filler:' || place as person_record_key, 'Smith' as family_name, 'David' as given_name,
            date '1947-02-12' + place::integer % 300 as date_of_birth
        from range(500) as filler (place)
        """
    )
    index_person_records(connection, synthetic=True, key=SECRET)
    return WhoIsWho(connection)


def test_an_answer_by_names_and_birth_date_alone_is_not_taken_where_many_share_them():
    found = among_five_hundred_david_smiths("David", "Smith", "/M1 1AA/1 Fen Road")
    assert not found.together("held", "other")
    assert found.of("other", "rule") == "single_record"
    assert found.review("other") == {"trace_answer_weak"}
    assert "by chance" in found.rows("review", "evidence")[0][0]


@pytest.mark.parametrize(
    ("given", "family", "record"),
    [("Ottoline", "Quennell", "/M1 1AA/1 Fen Road"), ("David", "Smith", "/LS9 8ZZ/1 Fen Road")],
    ids=["rare names", "the same home"],
)
def test_rare_names_or_the_same_home_make_such_an_answer_good(given, family, record):
    found = among_five_hundred_david_smiths(given, family, record)
    assert found.together("held", "other")
    assert found.of("other", "rule") == "trace_alphanumeric"


def test_a_well_formed_number_of_its_own_outweighs_an_answer_by_names_and_birth_date():
    found = among_five_hundred_david_smiths("David", "Smith", "9990000026/M1 1AA/1 Fen Road")
    assert not found.together("held", "other")
    assert found.of("other", "number_state") == "valid"
    assert found.review("other") == {"trace_answer_weak"}


def test_a_home_under_the_number_that_the_answer_does_not_show_joins_after_all_without_review():
    found = among_five_hundred_david_smiths("David", "Smith", "/M1 1AA/7 Mill Lane")
    assert found.of("other", "rule") == "exact_name_birth_address"
    assert found.together("held", "other")
    assert found.review("other") == set()


def test_the_pass_by_names_and_birth_date_alone_leaves_common_names_to_the_scores():
    common = among_five_hundred_david_smiths("David", "Smith", "//", answer="")
    rare = among_five_hundred_david_smiths("Ottoline", "Quennell", "//", answer="")
    assert common.of("other", "rule") == "single_record"
    assert ("other",) in common.rows("namesake where expected > 1", "person_record_key")
    assert rare.rows("namesake where person_record_key = 'other'", "expected") == []
    assert rare.of("other", "rule") == "exact_name_birth"


@pytest.mark.parametrize(
    ("people", "given", "expected"),
    [(100_000, "DAVID", 0.01), (5_000_000, "DAVID", 0.5), (100_000, "D", 1.0)],
)
def test_the_more_people_the_more_namesakes_and_an_initial_is_everybodys(people, given, expected):
    with duckdb.connect() as connection:
        connection.execute((STAGES / "05_cross_check_rules.sql").read_text(encoding="utf-8"))
        connection.execute("set variable population = ?", [people])
        row = connection.execute("select namesakes(?, 0.01, 0.01, 0.001)", [given]).fetchone()
    assert row is not None
    assert float(row[0]) == pytest.approx(expected)
