"""Trace answers: codes, sentinels, stale answers, chains, answers that name the wrong person."""

import pytest

from orchestration.identity.linking import TraceAnswerError
from tests.spec.identity.small_people import who_is_who

MARY = """
    record | number     | given | family | born       | postcode
    a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA
"""


def test_an_unknown_code_stops_with_file_row_code_and_next_step():
    with pytest.raises(TraceAnswerError) as stopped:
        who_is_who(MARY, "record | code | row\na:1 | 77 | 12")
    message = str(stopped.value)
    assert "answers.csv, row 12" in message and "'77'" in message and "Nothing was linked" in message


def test_a_code_that_lost_its_leading_zero_is_unknown_and_the_message_says_so():
    with pytest.raises(TraceAnswerError, match="leading zero"):
        who_is_who(MARY, "record | code\na:1 | 0")


def test_a_name_in_the_place_of_the_code_is_not_repeated_in_the_message():
    with pytest.raises(TraceAnswerError) as stopped:
        who_is_who(MARY, "record | code\na:1 | MARSH")
    assert "MARSH" not in str(stopped.value)


def test_a_sentinel_is_no_number_even_under_the_code_for_a_match():
    found = who_is_who(
        """
        record | given | family | born
        a:1    | Mary  | Marsh  | 1940-02-13
        b:1    | Mary  | Marsh  | 1940-02-13
        """,
        """
        record | code | answered   | step | family | given | born
        a:1    | 00   | 0000000000 | 3    | MARSH  | MARY  | 19400213
        b:1    | 00   | 9999999999 | 3    | MARSH  | MARY  | 19400213
        """,
    )
    assert found.rows("person_identifier", "nhs_number") == []
    assert found.review("a:1") == found.review("b:1") == {"trace_number_unusable"}


def test_every_code_of_the_standard_is_understood():
    codes = ["00", *(f"{n:02d}" for n in range(1, 18)), "90", "91", "92", "95", "96", "97", "98"]
    records = "\n".join(f"a:{code} | 9990000018" for code in codes)
    answers = "\n".join(f"a:{code} | {code}" for code in codes)
    found = who_is_who(f"record | number\n{records}", f"record | code\n{answers}")
    assert len(found.rows("person_link", "person_record_key")) == len(codes)


def test_a_row_that_was_not_traced_does_not_hide_an_earlier_match():
    found = who_is_who(
        MARY,
        """
        record | asked      | code | answered   | step | family | given | born     | as_at
        a:1    | 9990000018 | 00   | 9990000018 | 1    | MARSH  | MARY  | 19400213 | 2026-01-01
        a:1    | 9990000018 | 15   |            | 0    |        |       |          | 2026-06-01
        """,
    )
    assert found.of("a:1", "number_state") == "verified"


def test_an_answer_about_an_earlier_number_does_not_verify_the_present_one():
    found = who_is_who(
        MARY,
        """
        record | asked      | code | answered   | step | family | given | born
        a:1    | 9990000026 | 00   | 9990000026 | 1    | MARSH  | MARY  | 19400213
        """,
    )
    assert found.of("a:1", "person_kind") == "claimed_number"
    assert "about an earlier number was not used" in found.of("a:1", "evidence")
    assert found.rows("person_identifier", "nhs_number") == [("9990000018",)]


def test_a_number_taken_over_from_its_answer_is_verified():
    found = who_is_who(
        MARY,
        """
        record | asked | code | answered   | step | family | given | born
        a:1    |       | 00   | 9990000018 | 3    | MARSH  | MARY  | 19400213
        """,
    )
    assert found.of("a:1", "number_state") == "verified"


def test_a_mistyped_number_is_set_aside_and_the_traced_one_used():
    found = who_is_who(
        """
        record | number     | given | family | born
        a:1    | 9990000081 | Mary  | Marsh  | 1940-02-13
        """,
        """
        record | asked      | code | answered   | step | family | given | born
        a:1    | 9990000081 | 00   | 9990000018 | 3    | MARSH  | MARY  | 19400213
        """,
    )
    assert found.of("a:1", "number_state") == "check_digit"
    assert found.rows("person_identifier", "nhs_number, number_state") == [("9990000018", "verified")]
    assert found.set_aside("a:1")


def test_an_old_number_with_two_successors_named_at_once_is_replaced_by_neither():
    found = who_is_who(
        """
        record | number     | given | family | born
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        b:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        c:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        """,
        """
        record | asked      | code | answered   | step | family | given | born     | as_at
        a:1    | 9990000018 | 90   | 9990000026 | 1    | MARSH  | MARY  | 19400213 | 2026-01-01
        b:1    | 9990000018 | 90   | 9990000034 | 1    | MARSH  | MARY  | 19400213 | 2026-01-01
        """,
    )
    assert found.of("c:1", "number_state") == "trace_invalid"
    assert not found.together("a:1", "b:1")


def test_the_newest_answer_names_the_successor_when_they_came_at_different_times():
    found = who_is_who(
        """
        record | number     | given | family | born
        c:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        """,
        """
        record | asked      | code | answered   | step | as_at
        x:1    | 9990000018 | 90   | 9990000026 | 1    | 2026-01-01
        y:1    | 9990000018 | 90   | 9990000034 | 1    | 2026-06-01
        """,
    )
    assert found.rows("person_identifier", "nhs_number") == [("9990000034",)]


def test_a_long_loop_of_replaced_numbers_ends_and_gives_no_number():
    found = who_is_who(
        """
        record | number     | given | family | born
        c:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        """,
        """
        record | asked      | code | answered   | step
        x:1    | 9990000018 | 90   | 9990000026 | 1
        x:2    | 9990000026 | 90   | 9990000034 | 1
        x:3    | 9990000034 | 90   | 9990000042 | 1
        x:4    | 9990000042 | 90   | 9990000026 | 1
        """,
    )
    assert found.rows("replaced_number", "outcome") == [("loop",)] * 4
    assert found.of("c:1", "number_state") == "trace_invalid"


def test_a_number_found_by_likeness_is_refused_when_its_details_contradict_the_record():
    found = who_is_who(
        """
        record           | given | family | born       | gender
        other first name | Mary  | Marsh  | 1940-02-13 | f
        other gender     | Ada   | Heath  | 1951-07-30 | f
        other birth date | Edith | Combe  | 1933-11-02 | f
        """,
        """
        record           | code | answered   | step | family | given  | gender | born
        other first name | 00   | 9990000018 | 4    | MARSH  | THOMAS | 2      | 19400213
        other gender     | 00   | 9990000018 | 4    | HEATH  | ADA    | 1      | 19510730
        other birth date | 00   | 9990000018 | 4    | COMBE  | EDITH  | 2      | 19620901
        """,
    )
    assert found.rows("person_link", "person_kind") == [("single_record",)] * 3
    assert found.rows("review", "reason") == [("trace_answer_refused",)] * 3


def test_a_confirmed_number_that_belongs_to_the_twin_is_refused():
    found = who_is_who(
        """
        record | number     | given  | family | born       | postcode
        a:1    | 9990000018 | Thomas | Marsh  | 1990-02-13 | M1 1AA
        b:1    | 9990000026 | Thomas | Marsh  | 1990-02-13 | M1 1AA
        """,
        """
        record | asked      | code | answered   | step | family | given  | born     | postcode
        a:1    | 9990000018 | 00   | 9990000018 | 1    | MARSH  | OLIVER | 19900213 | M1 1AA
        """,
    )
    assert found.of("a:1", "number_state") == "cross_check_failed"
    assert "trace_answer_refused" in found.review("a:1")
    assert found.rows("person_identifier", "nhs_number") == [("9990000026",)]


def test_a_confirmed_number_does_not_stand_under_a_first_name_that_nothing_explains():
    found = who_is_who(
        """
        record | number     | given | family | born       | postcode
        a:1    | 9990000018 | Bunty | Marsh  | 1930-02-13 | M1 1AA
        """,
        """
        record | asked      | code | answered   | step | family | given    | born     | postcode
        a:1    | 9990000018 | 00   | 9990000018 | 1    | MARSH  | HENRIETTA | 19300213 | M1 1AA
        """,
    )
    assert found.of("a:1", "number_state") == "cross_check_failed"
    assert found.review("a:1") == {"trace_answer_refused"}


def test_birth_and_death_date_of_an_accepted_answer_come_before_the_records():
    found = who_is_who(
        """
        record | number     | given | family | born       | died
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-14 | 2026-01-30
        b:1    | 9990000018 | Mary  | Marsh  | 1940-02-14 | 2026-01-30
        """,
        """
        record | asked      | code | answered   | step | family | given | born     | died
        a:1    | 9990000018 | 00   | 9990000018 | 1    | MARSH  | MARY  | 19400213 | 20260131
        """,
    )
    assert [tuple(map(str, row)) for row in found.rows("person", "birth_date, death_date, death_source")] == [
        ("1940-02-13", "2026-01-31", "pds")
    ]
    assert found.rows("conflict", "field, different_values") == [("date_of_birth", 2), ("deceased_date", 2)]
