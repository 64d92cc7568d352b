"""Numbers and periods in the words of the pages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orchestration.report import words


@pytest.mark.parametrize(
    ("before", "now", "unit", "told"),
    [
        ("34", "32", "people", "−2"),
        ("24", "1025", "people", "+1,001"),
        ("0.8463", "0.8205", "share", "−2.5 points"),
        ("0", "14.3", "percent", "+14.3 points"),
        ("10.04", "12.26", "hours", "+2.3"),
        ("10.5", "12", "pounds", "+£1.50"),
    ],
)
def test_a_change_is_the_step_between_the_two_numbers_as_they_are_shown(
    before: str, now: str, unit: str, told: str
) -> None:
    assert words.change(Decimal(before), Decimal(now), unit) == told


def test_what_looks_alike_did_not_change() -> None:
    assert words.change(Decimal("0.9906"), Decimal("0.9909"), "share") == ""
    assert words.change(Decimal("3"), Decimal("3"), "people") == ""


def test_a_period_is_told_in_full_and_below_a_chart_by_its_end() -> None:
    told = {
        "2026-10": ("October 2026", "Oct 2026"),
        "2025-10_2026-09": ("October 2025 to September 2026", "Sep 2026"),
        "2026-10-12": ("12 October 2026", "12 Oct 2026"),
        "2025-10-13_2026-10-12": ("13 October 2025 to 12 October 2026", "12 Oct 2026"),
    }
    assert {label: (words.label_words(label), words.label_short(label)) for label in told} == told
