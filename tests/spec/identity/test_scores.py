"""What scores may join and what they may not, each with the smallest records that show it."""

from orchestration.identity.clusters import group_pairs
from tests.spec.identity.small_people import who_is_who

HELD = """
    record | number     | given    | family  | born       | gender | postcode | address
    held   | 9990000018 | Margaret | Denholm | 1940-02-13 | f      | M1 1AA   | 1 Fen Road
"""


def of_held(row: str) -> str:
    found = who_is_who(HELD + "    other  |            | " + row)
    return "joined" if found.together("held", "other") else found.of("other", "rule")


def test_a_slip_in_a_name_a_nickname_and_a_move_do_not_part_a_person():
    assert of_held("Margraet | Denholm | 1940-02-13 | f | M1 1AA | 1 Fen Road") == "joined"
    assert of_held("Peggy    | Denholm | 1940-02-13 | f | M1 1AA | 1 Fen Road") == "joined"
    assert of_held("Margaret | Denhom  | 1940-02-13 | f | LS9 8ZZ | 1 Fen Road") == "joined"


def test_a_record_of_names_and_birth_date_alone_joins_whom_it_fits():
    assert of_held("Margaret | Denholm | 1940-02-13 | | |") == "joined"


def test_twins_partners_and_a_mother_of_the_same_name_are_not_joined():
    assert of_held("Thomas   | Denholm | 1940-02-13 | f | M1 1AA | 1 Fen Road") == "single_record"
    assert of_held("Marjorie | Denholm | 1940-02-13 | f | M1 1AA | 1 Fen Road") == "single_record"
    assert of_held("Thomas   | Denholm | 1938-07-01 | m | M1 1AA | 1 Fen Road") == "single_record"
    assert of_held("Margaret | Denholm | 1914-05-09 | f | M1 1AA | 1 Fen Road") == "single_record"


def test_a_slip_in_a_nickname_and_its_initial_are_no_clearly_different_name():
    assert of_held("Peggyy | Denholm | 1940-02-13 | f | M1 1AA | 1 Fen Road") == "joined"
    assert of_held("P      | Denholm | 1940-02-13 | f | M1 1AA | 1 Fen Road") == "joined"
    assert of_held("T      | Denholm | 1940-02-13 | f | M1 1AA | 1 Fen Road") == "single_record"


def test_the_best_of_a_numbers_details_decides_not_one_that_fits_less():
    found = who_is_who(
        HELD
        + """    wrong    | 9990000018 | Margaret | Denholm | 1940-02-13 | m | M1 1AA | 1 Fen Road
    nickname |            | Peggy    | Denhom  | 1940-02-13 | f | M1 1AA | 1 Fen Road
    """
    )
    vetoes = found.rows("weighed_pair where number is not null", "-weight, veto")
    assert [veto for _, veto in vetoes] == [None, "genders differ"]
    assert found.together("held", "wrong", "nickname")


def test_a_first_of_january_joins_only_with_names_and_home():
    assert of_held("Margaret | Denholm | 1940-01-01 | f | M1 1AA | 1 Fen Road") == "joined"
    assert of_held("Margaret | Denholm | 1940-01-01 | f | LS9 8ZZ | 9 Quay Street") == "single_record"


def test_a_record_between_two_likely_numbers_goes_to_review_and_bridges_nothing():
    found = who_is_who("""
        record | number     | given    | family  | born       | gender | postcode | address
        one    | 9990000018 | Margaret | Denholm | 1940-02-13 | f      | M1 1AA   | 1 Fen Road
        two    | 9990000026 | Margaret | Denholm | 1940-02-13 | f      | M1 1AA   | 1 Fen Road
        three  |            | Margraet | Denhom  | 1940-02-13 | f      | M1 1AA   | 1 Fen Road
    """)
    assert len(found.groups) == 3
    assert found.review("three") == {"score_not_high_enough"}


def test_records_without_numbers_form_groups_that_no_chain_bridges():
    joined = [(1, 2, 20.0, False), (2, 3, 20.0, False)]
    assert set(group_pairs([*joined, (1, 3, 18.0, False)], 10.0).values()) == {1}
    # 1 and 3 are nothing like each other: 3 stays out although it is like 2.
    assert group_pairs([*joined, (1, 3, -15.0, False)], 10.0) == {1: 1, 2: 1, 3: 3}
    assert group_pairs([*joined, (1, 3, 20.0, True)], 10.0) == {1: 1, 2: 1, 3: 3}


def test_records_of_two_disputed_numbers_are_no_group_even_with_a_third_between():
    joined = [(1, 2, 20.0, False), (2, 3, 20.0, False), (1, 3, 18.0, False)]
    assert set(group_pairs(joined, 10.0, numbers={1: "a number", 3: "a number"}).values()) == {1}
    apart = group_pairs(joined, 10.0, numbers={1: "a number", 3: "another"})
    assert apart[1] != apart[3]


def test_the_evidence_gives_the_weight_and_the_margin():
    found = who_is_who(
        HELD + "    other  |            | Peggy | Denhom | 1940-02-13 | f | M1 1AA | 1 Fen Road"
    )
    assert found.of("other", "stage") == "scored"
    assert " bits" in found.of("other", "evidence") and "better than the next by" in found.of(
        "other", "evidence"
    )
