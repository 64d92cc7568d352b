"""The shape of an NHS number: format, check digit, repeated digits, ranges."""

from tests.spec.identity.small_people import who_is_who


def shapes(*numbers: str, synthetic: bool = True) -> list[str]:
    records = "\n".join(f"a:{n:02d} | {number}" for n, number in enumerate(numbers))
    found = who_is_who(f"record | number\n{records}", synthetic=synthetic)
    return [state for _, state in found.rows("person_link", "person_record_key, number_state")]


def test_all_ten_repeated_digit_strings_are_refused_by_value_though_they_pass_the_check():
    assert shapes(*(str(digit) * 10 for digit in range(10))) == ["repeated_digit"] * 10


def test_of_the_ten_possible_last_digits_only_the_one_that_fits_is_valid():
    states = shapes(*(f"999000001{digit}" for digit in range(10)))
    assert [digit for digit, state in enumerate(states) if state == "valid"] == [8]


def test_first_nine_digits_whose_check_digit_would_be_ten_never_make_a_number():
    assert shapes(*(f"999000000{digit}" for digit in range(10))) == ["check_digit"] * 10


def test_a_number_must_have_ten_digits_and_nothing_else():
    assert shapes("", "999000001", "99900000180", "999000001X", "ask family", "999-000 0018") == [
        "missing", "format", "format", "format", "format", "valid",
    ]  # fmt: skip


def test_the_test_range_and_other_numbers_that_begin_with_nine_are_for_synthetic_runs_only():
    assert shapes("9990000018", "9000000009") == ["valid", "valid"]
    assert shapes("9990000018", "9000000009", synthetic=False) == ["out_of_range", "out_of_range"]


def first_valid(stem: int) -> str:
    """The first number of a range with a check digit that fits; nobody's, only the range counts here."""
    while True:
        weighted = sum(int(d) * w for d, w in zip(f"{stem:09d}", range(10, 1, -1), strict=True))
        check = (11 - weighted % 11) % 11
        if check < 10:
            return f"{stem:09d}{check}"
        stem += 1


def test_ranges_of_other_nations_pass_the_check_and_are_still_not_english():
    northern_ireland, scotland, unissued = map(first_valid, (320_000_001, 10_100_000, 500_000_000))
    english, also_english = map(first_valid, (400_000_000, 300_000_000))
    assert shapes(northern_ireland, scotland, unissued, english, also_english, synthetic=False) == [
        "not_english", "not_english", "out_of_range", "valid", "valid",
    ]  # fmt: skip
