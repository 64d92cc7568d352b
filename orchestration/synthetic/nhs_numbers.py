"""NHS numbers that were never issued: the test range, and for very large sets others that begin with 9."""

from __future__ import annotations

import random
from collections.abc import Iterator

TEST_RANGE = (999_000_000, 999_999_999)
WIDE_RANGE = (900_000_000, 998_999_999)
# About one stem in eleven has no check digit.
STEMS_PER_NUMBER = 1.12


def check_digit(stem: str) -> str | None:
    """Return the tenth digit for nine digits, or None when no number can begin with them."""
    remainder = 11 - sum(int(d) * w for d, w in zip(stem, range(10, 1, -1), strict=True)) % 11
    return None if remainder == 10 else str(remainder % 11)


def passes_check(number: str) -> bool:
    """Return True for ten digits whose last is the modulus 11 check digit of the rest."""
    return len(number) == 10 and number.isdigit() and check_digit(number[:9]) == number[9]


def _from_stem(stem: int) -> Iterator[str]:
    while True:
        text = f"{stem:09d}"
        digit = check_digit(text)
        if digit is not None and len(set(text + digit)) > 1:
            yield text + digit
        stem += 1


def number_block(block: int, blocks: int, size: int) -> list[str]:
    """Return `size` numbers of one block; blocks never overlap. The test range serves while it can."""
    stride = int(size * STEMS_PER_NUMBER) + 50
    first, last = TEST_RANGE if stride * blocks <= 900_000 else WIDE_RANGE
    if first + stride * blocks > last:
        raise ValueError("more people than there are unissued NHS numbers")
    numbers = _from_stem(first + block * stride)
    return [next(numbers) for _ in range(size)]


def mistype(number: str, rng: random.Random) -> str:
    """Return the number with two of its last digits swapped, so that it fails its check."""
    places = [i for i in range(4, 9) if number[i] != number[i + 1]]
    at = rng.choice(places) if places else 9
    if at == 9:
        return number[:9] + str((int(number[9]) + 1) % 10)
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def looks_like_a_number(text: str) -> bool:
    """Return True when the digits of a text would pass for an NHS number, which no key may do."""
    return passes_check("".join(c for c in text if c.isdigit()))
