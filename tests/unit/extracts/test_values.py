"""Which texts are dates, times, numbers and NHS numbers, and which are not."""

import polars as pl
import pytest

from orchestration.extracts import values


def ask(question: object, text: str) -> object:
    return pl.select(question(pl.lit(text))).item()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2024-02-29", True), ("2025-02-29", False), ("2026-13-01", False), ("1850-01-01", True),
        ("1849-12-31", False), ("2200-12-31", True), ("2201-01-01", False), ("01/02/2026", False),
        ("2026-1-5", False), ("20260105", False), ("2026-01-05 ", False), ("2026-01-05T00:00:00", False),
        ("+2026-01-05", False), ("٢٠٢٦-01-05", False),
    ],
)  # fmt: skip
def test_dates(text: str, good: bool) -> None:
    assert ask(values.is_date, text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2026-05-01T09:30:00Z", True), ("2026-05-01T09:30", True), ("2026-05-01", True),
        ("2026-05-01T09:30:00+14:59", True), ("2026-05-01T09:30:00+15:00", False),
        ("2026-05-01T24:00:00", False),
        ("2026-05-01T09:60", False), ("2026-05-01T09:30:60Z", False), ("2026-02-30T09:30:00Z", False),
        ("2026-05-01T9:30", False), ("2026-05-01Z", False), ("01/05/2026 09:30", False),
    ],
)  # fmt: skip
def test_dates_with_times(text: str, good: bool) -> None:
    assert ask(values.is_datetime, text) is good


@pytest.mark.parametrize(
    ("text", "integer", "decimal"),
    [
        ("0", True, True), ("-12", True, True), ("9" * 18, True, False), ("9" * 19, False, False),
        ("1.5", False, True), ("1.23456", False, False), ("99999999999999.9999", False, True),
        (".5", False, False), ("1.", False, False), ("1e3", False, False), ("1,000", False, False),
        ("£5", False, False), ("+1", False, False), ("NaN", False, False), ("", False, False),
    ],
)  # fmt: skip
def test_numbers(text: str, integer: bool, decimal: bool) -> None:
    assert (ask(values.is_integer, text), ask(values.is_decimal, text)) == (integer, decimal)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("9990000018", True), ("999 000 0018", True), ("999-000-0018", True), ("9990000019", False),
        ("0000000000", True), ("999000018", False), ("9990000018x", False), ("1-900000001", False),
    ],
)  # fmt: skip
def test_nhs_numbers_by_modulus_11(text: str, right: bool) -> None:
    assert ask(lambda value: values.check_digit_right(values.nhs_digits(value)), text) is right


def test_every_ninth_digit_has_at_most_one_right_check_digit() -> None:
    for stem in range(999_000_000, 999_000_040):
        weights = range(10, 1, -1)
        remainder = sum(int(d) * w for d, w in zip(str(stem), weights, strict=True)) % 11
        wanted = (11 - remainder) % 11
        numbers = pl.DataFrame({"n": [stem * 10 + digit for digit in range(10)]})
        right = numbers.select(values.check_digit_right(pl.col("n")))["n"].arg_true().to_list()
        assert right == ([wanted] if wanted < 10 else [])
