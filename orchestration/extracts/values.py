"""What a text cell must look like to be a date, a number, an NHS number: one expression per question.

Every expression is null or true where the cell is blank, so that blank cells pass and are judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from orchestration.extracts.profile import POLARS_TYPES, Column

FIRST_YEAR, LAST_YEAR = 1850, 2200

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])"
_DATETIME = rf"^{_DATE}(?:[T ]{_CLOCK}{_ZONE}?)?$"
_NHS_WRITTEN = "^[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}$"
_POSTCODE = "^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$"


def each(column: Column, holds: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """Return whether the question holds for the cell, or for every value of a cell that may hold several."""
    if not column.repeats:
        return holds(pl.col(column.name))
    return pl.col(column.name).str.split("|").list.eval(holds(pl.element().str.strip_chars())).list.all()


def to_date(text: pl.Expr) -> pl.Expr:
    """Return the calendar date of an ISO text, or null."""
    return pl.when(text.str.contains(f"^{_DATE}$")).then(text).str.to_date("%Y-%m-%d", strict=False)


def to_datetime(text: pl.Expr) -> pl.Expr:
    """Return the UTC time of an ISO text, or null; no zone is UTC, no time is midnight."""
    written = pl.when(text.str.contains(_DATETIME)).then(text)
    clock = written.str.extract(f"[T ]({_CLOCK})", 1).fill_null("00:00")
    clock = pl.when(clock.str.len_chars() == 5).then(clock + pl.lit(":00")).otherwise(clock)
    local = (written.str.slice(0, 10) + pl.lit("T") + clock).str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us"
    )
    zone = written.str.extract(r"[T ].*([+-][0-9]{2}:?[0-9]{2})$", 1).str.replace(":", "", literal=True)
    minutes = zone.str.slice(1, 2).cast(pl.Int64) * 60 + zone.str.slice(3, 2).cast(pl.Int64)
    east = pl.when(zone.str.starts_with("+")).then(minutes).otherwise(-minutes).fill_null(0)
    return local - pl.duration(minutes=east)


def typed(column: Column) -> pl.Expr:
    """Return the cell in the type it is loaded as. Only for cells that passed their checks."""
    text = pl.col(column.name)
    if column.type == "date":
        return to_date(text).alias(column.name)
    if column.type == "datetime":
        return to_datetime(text).alias(column.name)
    if column.type in POLARS_TYPES:
        return text.cast(column.polars_type)
    return text


def is_date(text: pl.Expr) -> pl.Expr:
    """Return whether a text is a plausible calendar date."""
    return text.is_null() | to_date(text).dt.year().is_between(FIRST_YEAR, LAST_YEAR).fill_null(False)


def is_datetime(text: pl.Expr) -> pl.Expr:
    """Return whether a text is a plausible date and time."""
    return text.is_null() | to_datetime(text).dt.year().is_between(FIRST_YEAR, LAST_YEAR).fill_null(False)


def is_integer(text: pl.Expr) -> pl.Expr:
    """Return whether a text is a whole number that fits."""
    return text.str.contains("^-?[0-9]{1,18}$")


def is_decimal(text: pl.Expr) -> pl.Expr:
    """Return whether a text is a number that fits DECIMAL(18,4) without loss."""
    return text.str.contains(r"^-?[0-9]{1,14}(?:\.[0-9]{1,4})?$")


def is_time(text: pl.Expr) -> pl.Expr:
    """Return whether a text is a time of day."""
    return text.str.contains(f"^{_CLOCK}{_ZONE}?$")


def is_postcode(text: pl.Expr) -> pl.Expr:
    """Return whether a text has the form of a UK postcode, in whatever capitals."""
    return text.str.to_uppercase().str.contains(_POSTCODE)


def nhs_digits(text: pl.Expr) -> pl.Expr:
    """Return the ten digits of an NHS number as a whole number, or null where it is not written as one."""
    plain = pl.when(text.str.contains(_NHS_WRITTEN)).then(text.str.replace_all("[ -]", ""))
    return plain.cast(pl.Int64)


def check_digit_right(number: pl.Expr) -> pl.Expr:
    """Return whether the last of ten digits is the modulus 11 check digit of the nine before it."""
    digits = [(number // 10**place) % 10 for place in range(9, 0, -1)]
    total = pl.sum_horizontal(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True))
    # 11 - remainder, where 11 stands for 0; a remainder of 1 would need the digit 10, which no number has.
    return number.is_not_null() & ((11 - total % 11) % 11 == number % 10)


def ten_equal_digits(number: pl.Expr) -> pl.Expr:
    """Return whether all ten digits are the same."""
    return number % 1_111_111_111 == 0
