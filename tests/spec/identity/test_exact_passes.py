"""Each named exact pass with the smallest records it joins, and those it leaves alone."""

import pytest

from tests.spec.identity.small_people import who_is_who

HELD = (
    "record | number | family | former | given | born | gender | postcode | address\n"
    "held | 9990000018 | Marsh | Fenwick | Mary | 1940-02-13 | f | M1 1AA | 1 Fen Road\n"
)


@pytest.mark.parametrize(
    ("loose", "rule"),
    [
        ("| | Marsh | | Mary | 1940-02-13 | | M1 1AA |", "exact_name_birth_postcode"),
        ("| | Marsh | | Mary | 1940-02-13 | | LS9 8ZZ | 1 Fen Road", "exact_name_birth_address"),
        ("| | Fenwick | | Mary | 1940-02-13 | | |", "exact_name_birth_former_name"),
        ("| | Denholm | Marsh | Mary | 1940-02-13 | | |", "exact_name_birth_former_name"),
        ("| | Mary | | Marsh | 1940-02-13 | | M1 1AA |", "exact_swapped_name_birth_postcode"),
        ("| | Marsh | | Mary | 1940-02-13 | | |", "exact_name_birth"),
        ("| | Denholm | | Mary | 1940-02-13 | f | M1 1AA |", "exact_given_birth_postcode_gender"),
    ],
)
def test_a_record_without_a_number_joins_by_the_strictest_pass_that_fits(loose, rule):
    found = who_is_who(HELD + "loose " + loose)
    assert found.together("held", "loose")
    assert (found.of("loose", "stage"), found.of("loose", "rule")) == ("exact", rule)


def test_day_and_month_swapped_join_with_both_names_and_the_postcode():
    found = who_is_who("""
        record | number     | given | family | born       | postcode
        held   | 9990000018 | Mary  | Marsh  | 1940-02-11 | M1 1AA
        loose  |            | Mary  | Marsh  | 1940-11-02 | M1 1AA
    """)
    assert found.of("loose", "rule") == "exact_name_postcode_swapped_birth"


@pytest.mark.parametrize(
    "loose",
    [
        "| | Marsh | | Mary | 1940-02-14 | f | M1 1AA | 1 Fen Road",
        "| | Marsh | | Jane | 1940-02-13 | f | M1 1AA | 1 Fen Road",
        "| | Marsh | | Mary | 1940-02-13 | f | LS9 8ZZ | 9 Quay Street",
        "| | Denholm | | Mary | 1940-02-13 | | M1 1AA | 1 Fen Road",
        "| | Marsh | | Mary | | f | M1 1AA | 1 Fen Road",
    ],
    ids=[
        "another birth date",
        "a sister",
        "another place",
        "another family, gender unknown",
        "no birth date",
    ],
)
def test_what_no_exact_pass_joins_stays_a_single_record(loose):
    found = who_is_who(HELD + "loose " + loose)
    assert not found.together("held", "loose")
    assert found.of("loose", "person_kind") == "single_record"


def test_records_without_any_number_group_by_names_birth_date_and_one_place_only():
    found = who_is_who("""
        record | given | family | born       | postcode | address
        a:1    | Mary  | Marsh  | 1940-02-13 | M1 1AA   | 1 Fen Road
        b:1    | Mary  | Marsh  | 1940-02-13 | M1 1AA   |
        c:1    | Mary  | Marsh  | 1940-02-13 |          | 1 Fen Road
        d:1    | Mary  | Marsh  | 1940-02-13 | LS9 8ZZ  | 9 Quay Street
        e:1    | Jane  | Marsh  | 1940-02-13 | M1 1AA   | 1 Fen Road
        f:1    | Mary  | Marsh  | 1940-02-13 |          |
    """)
    assert frozenset({"a:1", "b:1", "c:1"}) in found.groups
    assert len(found.groups) == 4
    assert found.of("c:1", "rule") == "group_name_birth_address"


def test_a_group_with_a_contradiction_inside_is_no_group():
    found = who_is_who("""
        record | given  | family | born       | postcode | gender
        a:1    | Leslie | Marsh  | 1940-02-13 | M1 1AA   | m
        b:1    | Leslie | Marsh  | 1940-02-13 | M1 1AA   | f
    """)
    assert not found.together("a:1", "b:1")
    assert found.review("a:1") == found.review("b:1") == {"group_but_vetoed"}
