"""The finished index is checked on every build; a broken one is never written."""

import pytest

from orchestration.identity.linking import NeverByMachineError, refuse_forbidden_joins
from tests.spec.identity.small_people import who_is_who

TWO_VERIFIED = (
    """
    record | number     | given | family | born
    a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
    b:1    | 9990000026 | Mary  | Marsh  | 1940-02-13
    """,
    """
    record | asked      | code | answered   | step | family | given | born
    a:1    | 9990000018 | 00   | 9990000018 | 1    | MARSH  | MARY  | 19400213
    b:1    | 9990000026 | 00   | 9990000026 | 1    | MARSH  | MARY  | 19400213
    """,
)


def test_two_verified_numbers_under_one_key_are_caught():
    connection = who_is_who(*TWO_VERIFIED).connection
    connection.execute("update person_link set person_key = 'one key for both'")
    with pytest.raises(NeverByMachineError, match="two different verified numbers"):
        refuse_forbidden_joins(connection)


def test_two_numbers_no_trace_confirmed_under_one_key_are_caught_used_or_disputed():
    connection = who_is_who("""
        record | number     | given   | family | born       | postcode
        a:1    | 9990000018 | Pauline | Marsh  | 1940-02-13 | M1 1AA
        b:1    | 9990000018 | Harold  | Denby  | 1962-07-30 | LS9 8ZZ
        c:1    | 9990000026 | Pauline | Marsh  | 1940-02-13 | M1 1AA
    """).connection
    connection.execute(
        "update person_link set person_key = (select person_key from person_link "
        "where person_record_key = 'c:1') where person_record_key = 'a:1'"
    )
    with pytest.raises(NeverByMachineError, match="two different trusted numbers"):
        refuse_forbidden_joins(connection)


def test_a_record_whose_confirmed_number_was_refused_under_another_number_is_caught():
    records, answers = TWO_VERIFIED
    connection = who_is_who(records, answers.replace("MARY  | 19400213", "OTTO  | 19620730", 1)).connection
    connection.execute("update person_link set number = '9990000026' where person_record_key = 'a:1'")
    with pytest.raises(NeverByMachineError, match="confirmed number was refused"):
        refuse_forbidden_joins(connection)


def test_a_record_without_a_link_is_caught():
    connection = who_is_who(*TWO_VERIFIED).connection
    connection.execute("delete from person_link where person_record_key = 'a:1'")
    with pytest.raises(NeverByMachineError, match="no link or several"):
        refuse_forbidden_joins(connection)


def test_a_record_key_that_stands_twice_in_the_input_is_caught():
    with pytest.raises(NeverByMachineError, match="no link or several"):
        who_is_who("record | family | born\na:1 | Marsh | 1940-02-13\na:1 | Marsh | 1940-02-13")
