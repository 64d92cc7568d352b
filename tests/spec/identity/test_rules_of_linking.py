"""The ten rules of linking people, each with the smallest records that show it."""

from tests.spec.identity.small_people import who_is_who

# --- Rule 1: a number's shape before its use -------------------------------------------------------------


def test_a_number_written_with_spaces_or_hyphens_is_the_same_number():
    found = who_is_who("""
        record | number       | given | family | born
        a:1    | 999 000 0018 | Mary  | Marsh  | 1940-02-13
        b:1    | 999-000-0018 | Mary  | Marsh  | 1940-02-13
    """)
    assert found.together("a:1", "b:1")
    assert found.of("a:1", "person_kind") == "claimed_number"


def test_a_malformed_number_joins_nobody_and_is_reported_with_a_next_step():
    found = who_is_who("""
        record | number     | given | family | born
        a:1    | 9990000019 | Mary  | Marsh  | 1940-02-13
        b:1    | 9990000019 | Ada   | Marsh  | 1940-02-13
    """)
    assert not found.together("a:1", "b:1")
    assert found.of("a:1", "number_state") == "check_digit"
    reasons = found.rows("number_quarantine", "person_record_key, next_step")
    assert [key for key, _ in reasons] == ["a:1", "b:1"]
    assert all("sending system" in step for _, step in reasons)


# --- Rule 2: a number alone never joins two records ------------------------------------------------------


def test_two_of_three_parts_of_the_birth_date_pass_the_cross_check():
    found = who_is_who("""
        record | number     | given | family  | born
        a:1    | 9990000018 | Mary  | Marsh   | 1940-02-13
        b:1    | 9990000018 | Polly | Denholm | 1940-02-18
    """)
    assert found.together("a:1", "b:1")
    assert found.of("b:1", "rule") == "claimed_number_agrees"


def test_day_and_month_swapped_pass_the_cross_check():
    found = who_is_who("""
        record | number     | given | family  | born
        a:1    | 9990000018 | Mary  | Marsh   | 1940-02-11
        b:1    | 9990000018 | Polly | Denholm | 1940-11-02
    """)
    assert found.together("a:1", "b:1")


def test_both_names_pass_the_cross_check_when_the_birth_date_does_not():
    found = who_is_who("""
        record | number     | given | family | born
        a:1    | 9990000018 | MARY  | marsh  | 1940-02-13
        b:1    | 9990000018 | Mary  | Marsh  | 1942-07-28
    """)
    assert found.together("a:1", "b:1")


def test_a_number_without_any_detail_to_check_joins_nobody():
    found = who_is_who("""
        record | number     | given | family | born
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        b:1    | 9990000018 |       |        |
    """)
    assert not found.together("a:1", "b:1")
    assert found.of("a:1", "number_state") == "valid"
    assert found.of("b:1", "number_state") == "cross_check_failed"


# --- Rule 3: a failed cross-check quarantines the number on that record -----------------------------------


def test_the_record_outvoted_by_the_others_goes_on_without_the_number():
    found = who_is_who("""
        record | number     | given | family | born
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        b:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        c:1    | 9990000018 | Frank | Ilford | 1951-09-30
    """)
    assert found.groups == {frozenset({"a:1", "b:1"}), frozenset({"c:1"})}
    assert found.of("c:1", "person_kind") == "single_record"
    assert "birth date and names disagree" in found.set_aside("c:1")
    assert found.set_aside("a:1") is None


def test_two_records_that_contradict_each_other_both_lose_an_untraced_number():
    found = who_is_who("""
        record | number     | given | family | born
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        b:1    | 9990000018 | Frank | Ilford | 1951-09-30
    """)
    assert found.groups == {frozenset({"a:1"}), frozenset({"b:1"})}
    assert found.set_aside("a:1") and found.set_aside("b:1")
    assert found.rows("person_identifier", "nhs_number") == []


def test_the_details_of_a_trace_answer_outweigh_any_number_of_records():
    found = who_is_who(
        """
        record | number     | given | family | born
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        b:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        c:1    | 9990000018 | Frank | Ilford | 1951-09-30
        """,
        """
        record | asked      | code | answered   | step | family | given | born
        c:1    | 9990000018 | 00   | 9990000018 | 1    | ILFORD | FRANK | 19510930
        """,
    )
    assert found.of("c:1", "person_kind") == "verified_number"
    assert found.of("a:1", "number_state") == "cross_check_failed"
    assert not found.together("a:1", "c:1")


# --- Rule 4: replaced numbers follow the chain to its end -------------------------------------------------


def test_a_chain_of_replaced_numbers_is_followed_to_its_end_across_records():
    found = who_is_who(
        """
        record | number     | given | family | born
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        b:1    | 9990000026 | Mary  | Marsh  | 1940-02-13
        c:1    | 9990000034 | Mary  | Marsh  | 1940-02-13
        """,
        """
        record | asked      | code | answered   | step | family | given | born
        a:1    | 9990000018 | 90   | 9990000026 | 1    | MARSH  | MARY  | 19400213
        b:1    | 9990000026 | 90   | 9990000034 | 1    | MARSH  | MARY  | 19400213
        """,
    )
    assert found.together("a:1", "b:1", "c:1")
    assert found.rows("person_identifier", "nhs_number, number_state") == [("9990000034", "verified")]
    assert found.of("a:1", "number_state") == "replaced"


def test_a_chain_that_bites_its_own_tail_gives_no_number():
    found = who_is_who(
        """
        record | number     | given | family | born
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        b:1    | 9990000026 | Mary  | Marsh  | 1940-02-13
        """,
        """
        record | asked      | code | answered   | step | family | given | born
        a:1    | 9990000018 | 90   | 9990000026 | 1    | MARSH  | MARY  | 19400213
        b:1    | 9990000026 | 90   | 9990000018 | 1    | MARSH  | MARY  | 19400213
        """,
    )
    assert found.of("a:1", "number_state") == "trace_invalid"
    assert found.rows("person_identifier", "nhs_number") == []
    assert "trace_number_unusable" in found.review("a:1")


def test_likeness_never_replaces_a_number():
    found = who_is_who("""
        record | number     | given | family | born       | postcode | address
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA   | 1 Fen Road
        b:1    | 9990000026 | Mary  | Marsh  | 1940-02-13 | M1 1AA   | 1 Fen Road
    """)
    assert not found.together("a:1", "b:1")


# --- Rule 5: never joined by machine ---------------------------------------------------------------------


def test_two_different_verified_numbers_are_two_people_however_alike():
    found = who_is_who(
        """
        record | number     | given | family | born       | postcode | address
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA   | 1 Fen Road
        b:1    | 9990000026 | Mary  | Marsh  | 1940-02-13 | M1 1AA   | 1 Fen Road
        """,
        """
        record | asked      | code | answered   | step | family | given | born
        a:1    | 9990000018 | 00   | 9990000018 | 1    | MARSH  | MARY  | 19400213
        b:1    | 9990000026 | 00   | 9990000026 | 1    | MARSH  | MARY  | 19400213
        """,
    )
    assert not found.together("a:1", "b:1")


def test_twins_never_join_even_when_one_carries_the_others_number():
    found = who_is_who("""
        record | number     | given  | family | born       | postcode | address
        a:1    | 9990000018 | Oliver | Marsh  | 1990-02-13 | M1 1AA   | 1 Fen Road
        b:1    | 9990000018 | Oliver | Marsh  | 1990-02-13 | M1 1AA   | 1 Fen Road
        c:1    | 9990000018 | Thomas | Marsh  | 1990-02-13 | M1 1AA   | 1 Fen Road
    """)
    assert not found.together("a:1", "c:1")
    assert "clearly different first names" in found.set_aside("c:1")


def test_twins_with_names_alike_part_when_each_has_a_number_of_their_own():
    found = who_is_who("""
        record | number     | given | family | born       | postcode
        a:1    | 9990000018 | Jean  | Marsh  | 1940-02-13 | M1 1AA
        b:1    | 9990000018 | Jean  | Marsh  | 1940-02-13 | M1 1AA
        c:1    | 9990000026 | Joan  | Marsh  | 1940-02-13 | M1 1AA
        d:1    | 9990000018 | Joan  | Marsh  | 1940-02-13 | M1 1AA
    """)
    # Joan may be a slip for Jean: d's number may be its own, and no machine joins it to another number.
    assert found.groups == {frozenset({"a:1", "b:1"}), frozenset({"c:1"}), frozenset({"d:1"})}
    assert "alike but not one name" in found.set_aside("d:1")
    assert found.review("d:1") == {"exact_but_vetoed"}


def test_a_slip_or_an_initial_under_one_number_gives_no_record_to_a_persons_other_number():
    found = who_is_who("""
        record | number     | given  | family | born       | postcode
        a:1    | 9990000018 | K      | Marsh  | 1940-02-13 | M1 1AA
        b:1    | 9990000018 | Kevin  | Marsh  | 1940-02-13 | M1 1AA
        c:1    | 9990000026 | Kevin  | Marsh  | 1940-02-13 | M1 1AA
    """)
    assert found.groups == {frozenset({"a:1", "b:1"}), frozenset({"c:1"})}


def test_a_record_whose_number_is_disputed_joins_no_other_number_however_alike():
    found = who_is_who("""
        record | number     | given   | family | born       | postcode | address
        a:1    | 9990000018 | Pauline | Marsh  | 1940-02-13 | M1 1AA   | 1 Fen Road
        b:1    | 9990000018 | Harold  | Denby  | 1962-07-30 | LS9 8ZZ  | 9 Quay Street
        c:1    | 9990000026 | Pauline | Marsh  | 1940-02-13 | M1 1AA   | 1 Fen Road
    """)
    assert not found.together("a:1", "c:1")
    assert found.review("a:1") == {"exact_but_vetoed"}


def test_a_short_form_of_the_first_name_is_not_a_different_first_name():
    found = who_is_who("""
        record | number     | given   | family | born       | postcode | address
        a:1    | 9990000018 | William | Marsh  | 1940-02-13 | M1 1AA   | 1 Fen Road
        b:1    | 9990000018 | Bill    | Marsh  | 1940-02-13 | M1 1AA   | 1 Fen Road
    """)
    assert found.together("a:1", "b:1")


def test_parent_and_child_of_one_name_never_join_by_a_number_they_share():
    found = who_is_who("""
        record | number     | given | family | born       | postcode | address
        a:1    | 9990000018 | Frank | Ilford | 1940-02-13 | M1 1AA   | 1 Fen Road
        b:1    | 9990000018 | Frank | Ilford | 1940-02-13 | M1 1AA   | 1 Fen Road
        c:1    | 9990000018 | Frank | Ilford | 1968-09-30 | M1 1AA   | 1 Fen Road
    """)
    assert not found.together("a:1", "c:1")
    assert "a generation apart" in found.set_aside("c:1")


def test_partners_who_swapped_numbers_do_not_join():
    found = who_is_who(
        """
        record | number     | given  | family | born       | postcode | address
        a:1    | 9990000018 | Frank  | Ilford | 1940-02-13 | M1 1AA   | 1 Fen Road
        b:1    | 9990000018 | Edith  | Ilford | 1942-09-30 | M1 1AA   | 1 Fen Road
        """,
        """
        record | asked      | code | answered   | step | family | given | born
        a:1    | 9990000018 | 00   | 9990000018 | 1    | ILFORD | FRANK | 19400213
        """,
    )
    assert not found.together("a:1", "b:1")


def test_a_death_before_the_other_records_activity_stops_an_exact_join():
    found = who_is_who("""
        record | number     | given | family | born       | postcode | died       | seen
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA   | 2025-03-01 | 2025-01-05
        b:1    |            | Mary  | Marsh  | 1940-02-13 | M1 1AA   |            | 2026-04-20
    """)
    assert not found.together("a:1", "b:1")
    assert found.review("b:1") == {"exact_but_vetoed"}


def test_a_first_of_january_birth_date_needs_postcode_and_address_beside_it():
    found = who_is_who("""
        record | number     | given | family | born       | postcode | address
        a:1    | 9990000018 | Mary  | Marsh  | 1940-01-01 | M1 1AA   | 1 Fen Road
        b:1    |            | Mary  | Marsh  | 1940-01-01 | M1 1AA   |
        c:1    |            | Mary  | Marsh  | 1940-01-01 | M1 1AA   | 1 Fen Road
    """)
    assert not found.together("a:1", "b:1")
    assert found.together("a:1", "c:1")


def test_two_different_years_do_not_agree_because_both_fall_on_the_first_of_january():
    found = who_is_who("""
        record | number     | given | family  | born
        a:1    | 9990000018 | Mary  | Marsh   | 1940-01-01
        b:1    | 9990000018 | Polly | Denholm | 1955-01-01
    """)
    assert not found.together("a:1", "b:1")


# --- Rule 6: a record joins a number, not another record --------------------------------------------------


def test_a_record_that_fits_two_numbers_joins_neither_and_bridges_nothing():
    found = who_is_who("""
        record | number     | given | family | born       | postcode
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA
        b:1    | 9990000026 | Mary  | Marsh  | 1940-02-13 | M1 1AA
        c:1    |            | Mary  | Marsh  | 1940-02-13 | M1 1AA
    """)
    assert found.groups == {frozenset({"a:1"}), frozenset({"b:1"}), frozenset({"c:1"})}
    assert found.review("c:1") == {"several_numbers_fit"}


def test_a_record_that_joined_by_an_exact_pass_gives_no_details_to_join_by():
    # c fits b by its former name; b is held under a's number by an exact pass only: c must not follow b.
    found = who_is_who("""
        record | number     | given | family  | former  | born       | postcode
        a:1    | 9990000018 | Mary  | Marsh   |         | 1940-02-13 | M1 1AA
        b:1    |            | Mary  | Marsh   | Denholm | 1940-02-13 | M1 1AA
        c:1    |            | Mary  | Denholm |         | 1940-02-13 |
    """)
    assert found.together("a:1", "b:1")
    assert not found.together("b:1", "c:1")


def test_the_stricter_pass_wins_over_the_looser_one():
    found = who_is_who("""
        record | number     | given | family  | born       | postcode | gender
        a:1    | 9990000018 | Mary  | Marsh   | 1940-02-13 | M1 1AA   | f
        b:1    | 9990000026 | Mary  | Denholm | 1940-02-13 | M1 1AA   | f
        c:1    |            | Mary  | Marsh   | 1940-02-13 | M1 1AA   | f
    """)
    assert found.together("a:1", "c:1")
    assert found.of("c:1", "rule") == "exact_name_birth_postcode"


# --- Rule 7: what the answer codes mean ------------------------------------------------------------------


def test_several_answers_go_to_review_and_are_not_placed_by_likeness():
    found = who_is_who(
        """
        record | number     | given | family | born       | postcode
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA
        b:1    |            | Mary  | Marsh  | 1940-02-13 | M1 1AA
        c:1    |            | Mary  | Marsh  | 1940-02-13 | M1 1AA
        """,
        """
        record | code | answered   | step
        b:1    | 96   | 9999999999 | 4
        c:1    | 97   | 9999999999 | 4
        """,
    )
    assert not found.together("a:1", "b:1") and not found.together("a:1", "c:1")
    assert found.review("b:1") == {"trace_several"}
    assert found.review("c:1") == {"trace_several"}


def test_an_invalid_record_gives_no_person():
    found = who_is_who(
        """
        record | number     | given | family | born
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        b:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        """,
        """
        record | asked      | code | answered   | step
        a:1    | 9990000018 | 91   | 0000000000 | 1
        """,
    )
    assert found.of("a:1", "number_state") == "trace_invalid"
    assert found.of("b:1", "number_state") == "trace_invalid"
    assert found.rows("person_identifier", "nhs_number") == []


def test_a_sensitive_person_is_matched_but_the_postcode_of_the_answer_is_never_used():
    found = who_is_who(
        """
        record | number     | given | family | born       | postcode
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA
        b:1    |            | M     | Marsh  | 1940-02-14 | LS9 8ZZ
        """,
        """
        record | asked      | code | answered   | step | family | given | born     | postcode
        a:1    | 9990000018 | 92   | 9990000018 | 1    | MARSH  | MARY  | 19400213 | LS9 8ZZ
        """,
    )
    assert found.of("a:1", "person_kind") == "verified_number"
    assert not found.together("a:1", "b:1")
    assert found.rows("trace_outcome", "postcode") == [(None,)]


# --- Rule 8: "not found" is weak --------------------------------------------------------------------------


def test_not_found_does_not_take_a_well_formed_number_away():
    found = who_is_who(
        """
        record | number     | given | family | born
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        b:1    | 9990000018 | Mary  | Marsh  | 1940-02-13
        """,
        """
        record | asked      | code | answered   | step
        a:1    | 9990000018 | 98   | 0000000000 | 0
        b:1    | 9990000018 | 15   |            | 0
        """,
    )
    assert found.together("a:1", "b:1")
    assert found.of("a:1", "person_kind") == "claimed_number"


# --- Rule 9: the kinds of person are kept apart -----------------------------------------------------------


def test_every_kind_of_person_is_counted_apart():
    found = who_is_who(
        """
        record | number     | given | family | born       | postcode
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA
        b:1    | 9990000026 | Frank | Ilford | 1951-09-30 | M1 1AA
        c:1    |            | Edith | Pickle | 1937-05-06 | M1 1AA
        d:1    |            | Edith | Pickle | 1937-05-06 | M1 1AA
        e:1    |            | Nigel | Oddie  | 1944-12-31 | M1 1AA
        """,
        """
        record | asked      | code | answered   | step | family | given | born
        a:1    | 9990000018 | 00   | 9990000018 | 1    | MARSH  | MARY  | 19400213
        """,
    )
    assert found.rows("person", "person_kind, records") == [
        ("claimed_number", 1),
        ("demographic_group", 2),
        ("single_record", 1),
        ("verified_number", 1),
    ]


# --- Rule 10: every join states its reason ----------------------------------------------------------------


def test_every_link_names_stage_rule_and_evidence_down_to_the_row_of_the_answer():
    found = who_is_who(
        """
        record | number     | given | family | born       | postcode
        a:1    | 9990000018 | Mary  | Marsh  | 1940-02-13 | M1 1AA
        b:1    |            | Mary  | Marsh  | 1940-02-13 | M1 1AA
        """,
        """
        record | asked      | code | answered   | step | confidence | family | given | born     | row
        a:1    | 9990000018 | 00   | 9990000018 | 1    | 100.00     | MARSH  | MARY  | 19400213 | 17
        """,
    )
    assert found.rows("person_link", "person_record_key, stage, rule") == [
        ("a:1", "trace", "trace_cross_check"),
        ("b:1", "exact", "exact_name_birth_postcode"),
    ]
    assert "birth date equal" in found.of("a:1", "evidence")
    assert "answer 00 with confidence 100.00 in extract e1, row 17" in found.of("a:1", "evidence")
