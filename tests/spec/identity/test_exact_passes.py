"""Each named exact pass with the smallest records it joins, and those it leaves alone."""

from tests.spec.identity.small_people import who_is_who

# Records without a number join the number, never each other, so one table shows many of them.


def test_a_record_without_a_number_joins_by_the_strictest_pass_that_fits():
    found = who_is_who("""
        record          | number     | family  | former  | given | born       | gender | postcode | address
        held            | 9990000018 | Marsh   | Fenwick | Mary  | 1940-02-11 | f      | M1 1AA   | 1 Fen Road
        same postcode   |            | Marsh   |         | Mary  | 1940-02-11 |        | M1 1AA   |
        same address    |            | Marsh   |         | Mary  | 1940-02-11 |        | LS9 8ZZ  | 1 Fen Road
        as before       |            | Fenwick |         | Mary  | 1940-02-11 |        |          |
        since married   |            | Denholm | Marsh   | Mary  | 1940-02-11 |        |          |
        names swapped   |            | Mary    |         | Marsh | 1940-02-11 |        | M1 1AA   |
        day for month   |            | Marsh   |         | Mary  | 1940-11-02 |        | M1 1AA   |
        another family  |            | Denholm |         | Mary  | 1940-02-11 | f      | M1 1AA   |
        no place known  |            | Marsh   |         | Mary  | 1940-02-11 |        |          |
    """)
    assert len(found.groups) == 1
    rules = dict(found.rows("person_link", "person_record_key, rule"))
    assert rules == {
        "held": "claimed_number_alone",
        "same postcode": "exact_name_birth_postcode",
        "same address": "exact_name_birth_address",
        "as before": "exact_name_birth_former_name",
        "since married": "exact_name_birth_former_name",
        "names swapped": "exact_swapped_name_birth_postcode",
        "day for month": "exact_name_postcode_swapped_birth",
        "another family": "exact_given_birth_postcode_gender",
        "no place known": "exact_name_birth",
    }


def test_likeness_is_not_what_an_exact_pass_joins_by():
    found = who_is_who("""
        record          | number     | family  | given | born       | gender | postcode | address
        held            | 9990000018 | Marsh   | Mary  | 1940-02-13 | f      | M1 1AA   | 1 Fen Road
        another day     |            | Marsh   | Mary  | 1940-02-14 | f      | M1 1AA   | 1 Fen Road
        a sister        |            | Marsh   | Jane  | 1940-02-13 | f      | M1 1AA   | 1 Fen Road
        another place   |            | Marsh   | Mary  | 1940-02-13 | f      | LS9 8ZZ  | 9 Quay Street
        another family  |            | Denholm | Mary  | 1940-02-13 |        | M1 1AA   | 1 Fen Road
        no birth date   |            | Marsh   | Mary  |            | f      | M1 1AA   | 1 Fen Road
    """)
    assert found.rows("exact_link", "person_record_key") == []


def test_a_different_gender_and_an_initial_are_no_exact_match():
    found = who_is_who("""
        record        | number     | family | given  | born       | gender | postcode
        held          | 9990000018 | Marsh  | Leslie | 1940-02-13 | m      | M1 1AA
        a woman       |            | Marsh  | Leslie | 1940-02-13 | f      | M1 1AA
        an initial    |            | Marsh  | L      | 1940-02-13 | m      | M1 1AA
    """)
    assert found.rows("exact_link", "person_record_key") == []
    assert ("a woman", "genders differ") in found.rows("exact_pair", "person_record_key, veto")


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
