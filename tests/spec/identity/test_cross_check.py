"""May two sets of details that carry one number be one person? The smallest records that show it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.identity.linking import decide_numbers
from tests.spec.identity.small_people import WhoIsWho, people, who_is_who

FRANK = "Frank | Ilford | 1940-02-13 | m | M1 1AA | 1 Fen Road"


@pytest.fixture(scope="module")
def rules() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that knows the rules, with two empty sets of details."""
    with people("record | number") as connection:
        decide_numbers(connection, synthetic=True)
        yield connection


def outcome(rules: duckdb.DuckDBPyConnection, one: str, other: str) -> str:
    """Return what the cross-check says of two people: given | family | born | gender | postcode | address."""
    cells = [[cell.strip() or None for cell in row.split("|")] for row in (one, other)]
    row = rules.execute(
        """
        with told as (
            select clean_given(g) as given, clean_middle(g) as middle, clean_family(f) as family,
                b::date as born, x as gender, clean_postcode(p) as postcode, clean_address(h) as address,
                list_distinct(list_concat([clean_given(g)], coalesce(k.full_names, []))) as forms, side
            from (values ('a', ?, ?, ?, ?, ?, ?), ('b', ?, ?, ?, ?, ?, ?)) as v (side, g, f, b, x, p, h)
            left join first_name_form as k on clean_given(g) = k.name
        )
        select cross_check(
            compare_births(a.born, b.born),
            weigh_first_names(
                compare_first_names(a.given, if(a.given is null, null, a.forms),
                    b.given, if(b.given is null, null, b.forms)),
                a.given, a.forms, a.middle, b.given, b.forms, b.middle
            ),
            families_equal(a.family, null, b.family, null),
            names_swapped(a.family, a.given, b.family, b.given),
            same_household(a.postcode, a.address, b.postcode, b.address),
            compare_genders(a.gender, b.gender)
        )
        from told as a, told as b where a.side = 'a' and b.side = 'b'
        """,
        [*cells[0], *cells[1]],
    ).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize(
    "twin",
    [
        "Oliver    | Ilford | 1940-02-13 | m | M1 1AA  | 1 Fen Road",
        "Edith     | Ilford | 1940-02-13 | f | M1 1AA  | 1 Fen Road",
        "Edith     | Ilford | 1940-02-13 |   |         |",
        "Oliver    | Ilford | 1940-02-13 | m | LS9 8ZZ | 9 Quay Street",
        "Zabulonia | Ilford | 1940-02-13 | f | LS9 8ZZ | 9 Quay Street",
        "Oliver    | Combe  | 1940-02-13 |   | M1 1AA  | 1 Fen Road",
        "Oliver    | Combe  | 1940-02-13 |   |         | 1 Fen Road",
    ],
)
def test_two_first_names_that_differ_are_two_people_whatever_else_agrees(rules, twin):
    assert outcome(rules, FRANK, twin) == "first_names_differ"
    assert outcome(rules, twin, FRANK) == "first_names_differ"


@pytest.mark.parametrize(("one", "other"), [("Joan", "Jean"), ("Oliver", "Olivia")])
def test_two_names_that_are_alike_and_each_a_name_of_its_own_are_two_people(rules, one, other):
    rest = "| Ilford | 1940-02-13 | | M1 1AA | 1 Fen Road"
    assert outcome(rules, one + rest, other + rest) == "two_names"


def test_a_shorter_name_is_the_longer_one_unless_the_gender_differs(rules):
    rest = "| Ilford | 1940-02-13 | {} | M1 1AA | 1 Fen Road"
    assert outcome(rules, "Victor" + rest.format("m"), "Victoria" + rest.format("f")) == "two_names"
    assert outcome(rules, "Joan" + rest.format("f"), "Jan" + rest.format("f")) == "birth_date"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("William", "Bill"),
        ("William", "B"),
        ("Margaret", "Margraet"),
        ("Margaret", "Pegy"),
        ("Margaret", "M"),
        ("Bunty Henrietta", "Henrietta"),
        ("Bunty Henrietta", "Hetty"),
        ("Bunty Henrietta", "H"),
        ("Bunty Mary", "Polly"),
        ("Ilford", "Ilford"),
    ],
)
def test_a_nickname_an_initial_a_slip_and_a_middle_name_agree(rules, one, other):
    rest = "| Combe | 1940-02-13 | | LS9 8ZZ |"
    assert outcome(rules, one + rest, other + rest) == "birth_date"


def test_given_and_family_name_in_each_others_place_agree(rules):
    assert outcome(rules, FRANK, "Ilford | Frank | 1940-02-13 | m | M1 1AA | 1 Fen Road") == "names"


@pytest.mark.parametrize(
    "partner",
    [
        "Edith  | Ilford | 1942-09-30 | f | M1 1AA | 1 Fen Road",
        "Edith  | Ilford | 1940-02-21 | f | M1 1AA | 1 Fen Road",
        "E      | Ilford | 1940-02-13 | f | M1 1AA | 1 Fen Road",
        "E      | Ilford | 1940-02-21 | f | M1 1AA | 1 Fen Road",
        "E      | Ilford | 1940-02-21 |   | M1 1AA | 1 Fen Road",
        "E      | Ilford | 1940-02-21 | m |        |",
        "E      | Ilford | 1951-02-13 | f | M1 1AA | 1 Fen Road",
        "E      | Ilford | 1942-09-30 | f | M1 1AA | 1 Fen Road",
        "E      | Combe  | 1940-02-21 | f | M1 1AA |",
        "F      | Ilford | 1940-02-21 | f | M1 1AA | 1 Fen Road",
        "F      | Ilford | 1942-09-30 | m | M1 1AA | 1 Fen Road",
        "       | Ilford | 1940-02-21 | f | M1 1AA | 1 Fen Road",
        "       | Ilford | 1940-02-13 | f | M1 1AA | 1 Fen Road",
        "E      | Ilford |            | f | M1 1AA | 1 Fen Road",
        "Edith  | Ilford |            |   | M1 1AA | 1 Fen Road",
        "Franka | Ilford | 1940-02-21 | f | M1 1AA | 1 Fen Road",
    ],
)
def test_a_partner_of_the_same_name_and_home_does_not_pass(rules, partner):
    assert outcome(rules, FRANK, partner) in ("first_names_differ", "only_alike", "disagree")
    assert outcome(rules, partner, FRANK) in ("first_names_differ", "only_alike", "disagree")


def test_the_gender_alone_parts_nobody(rules):
    assert outcome(rules, FRANK, FRANK.replace("| m |", "| f |")) == "birth_date"
    assert outcome(rules, FRANK, "F | Ilford | 1940-02-13 | f | M1 1AA | 1 Fen Road") == "birth_date"


def test_two_people_of_other_names_that_share_parts_of_a_birth_date_are_not_one(rules):
    assert outcome(rules, FRANK, "Edith | Combe | 1940-02-21 | | LS9 8ZZ |") == "disagree"


# --- What follows for the record --------------------------------------------------------------------------


def confirmed(given: str, *, gender: str = "", other: str = "") -> WhoIsWho:
    """Frank, and another record of his number, birth date and family name that PDS confirms as his."""
    return who_is_who(
        f"""
        record | number     | given   | family | born       | gender   | postcode | address
        a:1    | 9990000018 | Frank   | Ilford | 1940-02-13 | m        | M1 1AA   | 1 Fen Road
        b:1    | 9990000018 | {given} | Ilford | 1940-02-13 | {gender} | M1 1AA   | 1 Fen Road
        """,
        f"""
        record | asked      | code | answered   | step | family | given | other   | gender | born
        a:1    | 9990000018 | 00   | 9990000018 | 1    | ILFORD | FRANK | {other} | 1      | 19400213
        b:1    | 9990000018 | 00   | 9990000018 | 1    | ILFORD | FRANK | {other} | 1      | 19400213
        """,
    )


@pytest.mark.parametrize("gender", ["m", "f", ""])
def test_a_number_pds_confirmed_for_a_twin_leaves_the_twin_a_person_of_their_own_for_review(gender):
    found = confirmed("Oliver", gender=gender)
    assert found.groups == {frozenset({"a:1"}), frozenset({"b:1"})}
    assert found.of("a:1", "person_kind") == "verified_number"
    assert found.of("b:1", "person_kind") == "single_record"
    assert "clearly different first names" in found.set_aside("b:1")
    assert "trace_answer_refused" in found.review("b:1")


@pytest.mark.parametrize(
    ("given", "other"),
    [("Walter", "WALTER"), ("Frankie", ""), ("F", ""), ("Fracnk", ""), ("Wally", "Walter James")],
)
def test_a_number_pds_confirmed_stands_under_a_middle_name_nickname_initial_or_slip(given, other):
    found = confirmed(given, gender="m", other=other)
    assert found.together("a:1", "b:1")
    assert found.of("b:1", "number_state") == "verified"


def test_a_name_pds_itself_swapped_is_no_other_name():
    found = who_is_who(
        """
        record | number     | given  | family | born       | postcode
        a:1    | 9990000018 | Ilford | Frank  | 1940-02-13 | M1 1AA
        """,
        """
        record | asked      | code | answered   | step | family | given | born     | postcode
        a:1    | 9990000018 | 00   | 9990000018 | 1    | ILFORD | FRANK | 19400213 | M1 1AA
        """,
    )
    assert found.of("a:1", "number_state") == "verified"


def test_a_twin_whose_name_is_like_the_numbers_joins_no_number_until_a_person_has_looked():
    found = who_is_who("""
        record | number     | given | family | born       | gender
        a:1    | 9990000018 | Jean  | Ilford | 1940-02-13 | f
        b:1    | 9990000018 | Jean  | Ilford | 1940-02-13 | f
        c:1    | 9990000018 | Joan  | Ilford | 1940-02-13 | f
    """)
    assert found.groups == {frozenset({"a:1", "b:1"}), frozenset({"c:1"})}
    assert "alike but not one name" in found.set_aside("c:1")


def test_a_partner_with_the_number_on_the_record_is_set_aside_with_the_reason():
    found = who_is_who("""
        record | number     | given | family | born       | gender | postcode | address
        a:1    | 9990000018 | Frank | Ilford | 1940-02-13 | m      | M1 1AA   | 1 Fen Road
        b:1    | 9990000018 | Frank | Ilford | 1940-02-13 | m      | M1 1AA   | 1 Fen Road
        c:1    | 9990000018 | E     | Ilford | 1940-02-21 | f      | M1 1AA   | 1 Fen Road
    """)
    assert found.groups == {frozenset({"a:1", "b:1"}), frozenset({"c:1"})}
    assert found.of("c:1", "number_state") == "cross_check_failed"
    assert "likeness of first names" in found.set_aside("c:1")
