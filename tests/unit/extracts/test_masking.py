"""A message shows a value only as far as it cannot tell who somebody is."""

import pytest

from orchestration.extracts.masking import shape_of, shown, shown_header


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("Quenby", "xxxxxx"),
        ("29/02/1940", "##/##/####"),
        ("LS1 4AP", "xx# #xx"),
        ("O'Brien-Łuk", "x'xxxxx-xxx"),
        ("9990000182", "##########"),
        ("x" * 99, "x" * 60 + "…"),
        ("a\x1b[2J\n", "x??#x?"),
    ],
)
def test_an_identifying_value_is_shown_as_its_shape(value: str, shape: str) -> None:
    assert shown(value, identifying=True) == shape_of(value) == shape


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("1-900000001", "1-900000001"),
        ("1-9000000010", "1-9000000010"),
        ("9990000182", "##########"),
        ("see 999 000 0182 please", "see ### ### #### please"),
        ("a\x1b[2Jb", "a?[2Jb"),
        ("y" * 61, "y" * 60 + "…"),
    ],
)
def test_any_other_value_is_shown_without_nhs_numbers_and_control_characters(
    value: str | None, text: str
) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("header", "text"),
    [("Mood of day", "Mood of day"), ("1940-02-29", "####-##-##"), ("9990000182", "##########")],
)
def test_a_header_that_looks_like_a_value_is_shown_as_its_shape(header: str, text: str) -> None:
    assert shown_header(header) == text
