"""Numbers that PDS confirmed for a record, and how two of them could come to meet in one person."""

import pytest

from tests.spec.identity.small_people import WhoIsWho, who_is_who


def beside_the_twin(given: str, *, of_pds: str = "THOMAS") -> WhoIsWho:
    """Oliver, whose number is confirmed, and a record whose own number PDS confirms for his twin."""
    return who_is_who(
        f"""
        record | number     | given   | family | born       | gender | postcode | address
        a:1    | 9990000018 | Oliver  | Ilford | 1940-02-13 | m      | M1 1AA   | 1 Fen Road
        b:1    | 9990000026 | {given} | Ilford | 1940-02-13 | m      | M1 1AA   | 1 Fen Road
        """,
        f"""
        record | asked      | code | answered   | step | family | given    | gender | born
        a:1    | 9990000018 | 00   | 9990000018 | 1    | ILFORD | OLIVER   | 1      | 19400213
        b:1    | 9990000026 | 00   | 9990000026 | 1    | ILFORD | {of_pds} | 1      | 19400213
        """,
    )


@pytest.mark.parametrize("given", ["Oliver", "Olvier", "Ollie"])
def test_a_record_whose_confirmed_number_is_refused_joins_no_other_number_however_alike(given):
    found = beside_the_twin(given)
    assert not found.together("a:1", "b:1")
    assert found.of("b:1", "number_state") == "cross_check_failed"
    assert "trace_answer_refused" in found.review("b:1")
    assert found.rows("person_identifier", "nhs_number, number_state") == [("9990000018", "verified")]


def test_a_confirmed_number_whose_details_are_those_of_another_number_joins_neither():
    found = beside_the_twin("Oliver", of_pds="OLIVE")
    assert not found.together("a:1", "b:1")


def test_records_of_two_refused_numbers_are_no_group_even_with_a_third_between():
    found = who_is_who(
        """
        record | number     | given | family | born       | gender | postcode | address
        a:1    | 9990000018 | Ada   | Ilford | 1940-02-13 | f      | M1 1AA   | 1 Fen Road
        b:1    | 9990000026 | Ada   | Ilford | 1940-02-13 | f      | M1 1AA   | 1 Fen Road
        c:1    |            | Ada   | Ilford | 1940-02-13 | f      | M1 1AA   | 1 Fen Road
        """,
        """
        record | asked      | code | answered   | step | family | given  | gender | born
        a:1    | 9990000018 | 00   | 9990000018 | 1    | ILFORD | THOMAS | 1      | 19400213
        b:1    | 9990000026 | 00   | 9990000026 | 1    | ILFORD | EDWARD | 1      | 19400213
        """,
    )
    assert not found.together("a:1", "b:1")


def replaced_and_confirmed(replaced_on: str, confirmed_on: str) -> WhoIsWho:
    """Three records of one woman; PDS confirms the first one's number, and says on a day what replaced it."""
    return who_is_who(
        """
        record | number     | given | family | born       | postcode
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA
        b:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA
        c:1    | 9990000026 | Mary  | Marsh  | 1940-02-13 | M1 1AA
        """,
        f"""
        record | asked      | code | answered   | step | family | given | born     | as_at
        a:1    | 9990000018 | 00   | 9990000018 | 1    | MARSH  | MARY  | 19400213 | {confirmed_on}
        b:1    | 9990000018 | 90   | 9990000026 | 1    | MARSH  | MARY  | 19400213 | {replaced_on}
        c:1    | 9990000026 | 00   | 9990000026 | 1    | MARSH  | MARY  | 19400213 | 2026-09-30
        """,
    )


def test_a_number_replaced_after_it_was_confirmed_stands_for_the_newer_one():
    found = replaced_and_confirmed("2026-09-30", "2026-03-31")
    assert found.together("a:1", "b:1", "c:1")


def test_a_number_confirmed_after_it_was_called_replaced_stands_for_itself():
    found = replaced_and_confirmed("2026-03-31", "2026-09-30")
    assert not found.together("a:1", "c:1")
    assert found.of("a:1", "number_state") == "verified"


def test_a_record_whose_number_was_confirmed_and_replaced_on_one_day_joins_nothing():
    found = replaced_and_confirmed("2026-09-30", "2026-09-30")
    assert frozenset({"a:1"}) in found.groups
    assert found.of("a:1", "number_state") == "trace_invalid"
    assert "trace_number_unusable" in found.review("a:1")
