"""Each stage's own table, on the smallest records that show what the stage is for."""

from __future__ import annotations

import re

import pytest

from orchestration.identity.linking import STAGES, decide_numbers, index_person_records
from tests.spec.identity.small_people import SECRET, WhoIsWho, people, who_is_who

ONE, TWO, THREE = "9990000018", "9990000026", "9990000034"
RECORDS = "record | number | given | family | former | born | gender | postcode | address | died | seen\n"
ANSWERS = (
    "record | asked | code | answered | step | family | given | other | gender | born | died | postcode\n"
)


def decided(records: str, answers: str = "", *, parted: str = "") -> WhoIsWho:
    """The stages from clean to cross-check, over rows drawn under RECORDS and ANSWERS."""
    connection = people(RECORDS + records.strip(), ANSWERS + answers.strip())
    if parted:
        one, other = parted.split()
        connection.execute(
            "create temp table parted_pair (person_record_key varchar, other_record_key varchar)"
        )
        connection.execute("insert into parted_pair values (?, ?)", [one, other])
    decide_numbers(connection, synthetic=True)
    return WhoIsWho(connection)


def linked(records: str, answers: str = "") -> WhoIsWho:
    """All stages, over rows drawn under RECORDS and ANSWERS."""
    return who_is_who(RECORDS + records.strip(), ANSWERS + answers.strip())


MARY = f"a:1 | {ONE} | Mary | Marsh | | 1940-02-13 | f | M1 1AA | 1 Fen Road | |"
CONFIRMED = f"a:1 | {ONE} | 00 | {ONE} | 1 | MARSH | MARY | | 2 | 19400213 | | M1 1AA"


def test_clean_names_are_letters_postcodes_full_and_words_for_unknown_nothing():
    found = decided("""
        a:1 | 999 000-0018 | mary-ann jane | o'marsh | | 1940-02-13 | f | m1 1aa | 1, fen road |  |
        b:1 |              | Unknown       | N/A     | |            |   | ZZ99 3VZ |         |  |
    """)
    assert found.rows("clean_record", "claimed_number, given, middle, family, postcode, address") == [
        (ONE, "MARY", "ANN", "OMARSH", "M11AA", "1 FEN ROAD"),
        (None, None, None, None, None, None),
    ]


def test_number_is_judged_once_by_its_shape_and_range():
    repeated = "7" * 10
    found = decided(f"""
        a:1 | 9990000018 | | | | | | | | |
        b:1 | 9990000019 | | | | | | | | |
        c:1 | 999        | | | | | | | | |
        d:1 | {repeated} | | | | | | | | |
    """)
    assert dict(found.rows("number_shape", "number, number_state")) == {
        "9990000018": "valid", "9990000019": "check_digit", "999": "format", repeated: "repeated_digit",
    }  # fmt: skip


def test_replaced_number_stands_for_the_end_of_its_chain():
    found = decided(
        MARY, f"a:1 | {ONE} | 90 | {TWO} | 1 | | | | | | |\nb:1 | {TWO} | 90 | {THREE} | 1 | | | | | | |"
    )
    assert found.rows("replaced_number", "old_number, new_number, outcome, steps") == [
        (ONE, THREE, "end", 2),
        (TWO, THREE, "end", 1),
    ]


def test_trace_keeps_the_answer_that_says_something_and_no_home_of_a_sensitive_person():
    found = decided(
        MARY,
        f"a:1 | {ONE} | 92 | {ONE} | 1 | MARSH | MARY | ANN | 2 | 19400213 | | M1 1AA\n"
        f"a:1 | {ONE} | 15 | | 0 | | | | | | |",
    )
    assert found.rows(
        "trace_outcome", "code, traced_number, given, middle, gender, postcode, is_usable_match"
    ) == [("92", ONE, "MARY", "ANN", "f", None, True)]


def test_trace_check_takes_a_number_only_where_the_answers_details_fit_the_record():
    found = decided(
        MARY + f"\nb:1 | {TWO} | Oliver | Marsh | | 1940-02-13 | m | M1 1AA | | |",
        CONFIRMED + f"\nb:1 | {TWO} | 00 | {TWO} | 1 | MARSH | THOMAS | | 1 | 19400213 | |",
    )
    assert found.rows("traced_number", "person_record_key, outcome, is_accepted") == [
        ("a:1", "birth_date", True),
        ("b:1", "first_names_differ", False),
    ]


def test_claim_is_a_well_formed_number_that_no_answer_has_settled():
    found = decided(MARY + MARY.replace("a:1", "\nb:1") + f"\nc:1 | {ONE[:-1]}9 | | | | | | | | |", CONFIRMED)
    assert found.rows("number_claim", "person_record_key, number, is_replaced") == [("b:1", ONE, False)]


def test_traced_detail_says_whose_number_it_is_even_where_the_answer_was_refused():
    found = decided(MARY, CONFIRMED.replace("MARY", "THOMAS"))
    assert found.rows("traced_detail", "number, family, given") == [(ONE, "MARSH", "THOMAS")]


def test_vote_goes_to_the_details_most_records_of_a_number_agree_with():
    found = decided(
        MARY + MARY.replace("a:1", "\nb:1") + f"\nc:1 | {ONE} | Harold | Denby | | 1962-07-30 | m | | | |"
    )
    assert found.rows("number_vote", "given, voices, agreeing, contradicted") == [("MARY", 2, 2, 1)]


def test_anchor_is_pds_then_the_records_vote_then_a_dispute():
    found = decided(
        MARY
        + f"\nb:1 | {TWO} | Ada | Heath | | 1951-07-30 | f | | | |"
        + f"\nc:1 | {THREE} | Ada | Heath | | 1951-07-30 | f | | | |"
        + f"\nd:1 | {THREE} | Nigel | Oddie | | 1944-12-31 | m | | | |",
        CONFIRMED,
    )
    assert found.rows("number_anchor", "number, anchor_kind") == [
        (ONE, "pds"),
        (TWO, "records"),
        (THREE, "disputed"),
    ]


def test_parted_record_is_the_one_with_less_behind_its_number():
    found = decided(MARY + MARY.replace("a:1", "\nb:1"), CONFIRMED, parted="a:1 b:1")
    assert found.rows("parted_record", "person_record_key") == [("b:1",)]


def test_taken_number_needs_no_check_alone_and_one_beside_others():
    found = decided(
        MARY + f"\nb:1 | {TWO} | Ada | Heath | | 1951-07-30 | f | | | |" + MARY.replace("a:1", "\nc:1")
    )
    assert found.rows("taken_number", "person_record_key, rule, is_accepted, agreement") == [
        ("a:1", "claimed_number_agrees", True, "birth date equal"),
        ("b:1", "claimed_number_alone", True, "no other record carries it"),
        ("c:1", "claimed_number_agrees", True, "birth date equal"),
    ]


def test_number_decision_is_one_row_per_record_with_the_number_or_why_there_is_none():
    found = decided(MARY + "\nb:1 | | Mary | Marsh | | | | | | |" + f"\nc:1 | {ONE[:-1]}9 | | | | | | | | |")
    assert found.rows("number_decision", "person_record_key, number, number_state, is_contested") == [
        ("a:1", ONE, "valid", False),
        ("b:1", None, "missing", False),
        ("c:1", None, "check_digit", False),
    ]


def test_number_detail_and_fact_are_the_records_and_answers_under_a_number():
    found = linked(MARY, CONFIRMED.replace("| | M1 1AA", "| 20260131 | LS9 8ZZ"))
    assert found.rows("number_detail", "number, given, postcode, address") == [
        (ONE, "MARY", "LS98ZZ", None),
        (ONE, "MARY", "M11AA", "1 FEN ROAD"),
    ]
    assert [
        tuple(map(str, row)) for row in found.rows("number_fact", "number, is_verified, gender, death_date")
    ] == [(ONE, "True", "f", "2026-01-31")]


UNPLACED = "b:1 | | Mary | Marsh | | 1940-02-13 | f | M1 1AA | | |"


def test_exact_pair_proposes_and_exact_link_takes_the_one_number_that_fits():
    found = linked(MARY + "\n" + UNPLACED)
    assert found.rows("exact_pair", "person_record_key, number, rule, veto") == [
        ("b:1", ONE, "exact_name_birth_postcode", None)
    ]
    assert found.rows("exact_link", "person_record_key, number") == [("b:1", ONE)]


SLIP = "b:1 | | Mray | Mrash | | 1940-02-13 | f | M1 1AA | 1 Fen Road | |"


def test_only_what_shares_a_block_with_the_remainder_becomes_a_candidate():
    found = linked(MARY + "\n" + SLIP + f"\nc:1 | {TWO} | Nigel | Oddie | | 1944-12-31 | m | LS9 8ZZ | | |")
    assert found.rows("remainder", "person_record_key") == [("b:1",)]
    assert {number for (number,) in found.rows("comparable", "number")} == {None, ONE}
    assert len(found.rows("candidate_pair", "join_key_l")) == 1
    assert len(found.rows("near_block", "block")) >= 2


def test_a_weighed_pair_says_what_forbids_it_and_attach_takes_the_best_that_nothing_forbids():
    found = linked(MARY + "\n" + SLIP + "\nc:1 | | Jane | Marsh | | 1940-02-13 | f | M1 1AA | 1 Fen Road | |")
    vetoes = dict(found.rows("weighed_pair where number is not null", "person_record_key, veto"))
    assert vetoes["b:1"] is None and vetoes["c:1"] == "clearly different first names"
    assert found.rows("scored_link", "person_record_key, number, rule") == [("b:1", ONE, "scored_number")]
    assert ("b:1", ONE, 1) in found.rows("scored_number", "person_record_key, number, place")


def test_records_without_numbers_are_grouped_strictly_and_by_pairs():
    found = linked(
        UNPLACED
        + "\n"
        + UNPLACED.replace("b:1", "c:1")
        + "\n"
        + UNPLACED.replace("b:1 | | Mary", "d:1 | | Mayr")
    )
    assert found.rows("demographic_group", "person_record_key, least_record_key, veto") == [
        ("b:1", "b:1", None),
        ("c:1", "b:1", None),
    ]
    assert ("b:1", "c:1", False) in found.rows("group_pair", "key_a, key_b, is_parted")
    assert found.together("b:1", "c:1", "d:1")


def test_a_parted_record_is_no_candidate_for_the_number_of_the_other():
    connection = people(RECORDS + MARY + "\n" + UNPLACED)
    connection.execute("create temp table parted_pair (person_record_key varchar, other_record_key varchar)")
    connection.execute("insert into parted_pair values ('b:1', 'a:1')")
    index_person_records(connection, synthetic=True, key=SECRET)
    found = WhoIsWho(connection)
    assert found.rows("parted_number", "person_record_key, number") == [("b:1", ONE)]
    assert not found.together("a:1", "b:1")


def test_link_person_and_identifier_come_from_the_number_and_the_answers_before_the_records():
    found = linked(MARY + "\n" + UNPLACED, CONFIRMED.replace("19400213 |", "19400213 | 20260131"))
    assert found.rows("person_link", "person_record_key, person_kind, stage") == [
        ("a:1", "verified_number", "trace"),
        ("b:1", "verified_number", "exact"),
    ]
    assert [
        tuple(map(str, row)) for row in found.rows("person", "birth_date, death_date, death_source, records")
    ] == [("1940-02-13", "2026-01-31", "pds", "2")]
    assert found.rows("person_identifier", "nhs_number, number_state") == [(ONE, "verified")]


def test_what_was_set_aside_asked_or_differs_has_a_row_of_its_own():
    found = linked(
        MARY
        + f"\nb:1 | {ONE} | Mary | Marsh | | 1940-02-23 | f | | | |"
        + f"\nc:1 | {ONE} | Tom | Marsh | | 1940-02-13 | m | | | |",
        CONFIRMED + f"\nc:1 | {ONE} | 97 | 9999999999 | 4 | | | | | | |",
    )
    assert found.rows("number_quarantine", "person_record_key, number_state") == [
        ("c:1", "cross_check_failed")
    ]
    assert ("c:1", "trace_several") in found.rows("review", "person_record_key, reason")
    assert found.rows("conflict", "field, different_values") == [("date_of_birth", 2)]


@pytest.mark.parametrize("stage", sorted(STAGES.glob("*.sql")), ids=lambda stage: stage.name)
def test_every_table_of_every_stage_is_asked_for_in_a_spec(stage):
    made = set(re.findall(r"create or replace temp table (\w+)", stage.read_text(encoding="utf-8")))
    specs = "".join(
        path.read_text(encoding="utf-8") for path in STAGES.parents[2].glob("tests/spec/identity/test_*.py")
    )
    # It only prepares another table of its file.
    unasked = {name for name in made if f'"{name}' not in specs} - {"remainder_block"}
    assert unasked == set()
