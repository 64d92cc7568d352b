"""Every rule that the rows of one class are judged by: rule, field, and what holds for a good row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import polars as pl

from orchestration.extracts import values
from orchestration.extracts.code_rules import code_rules
from orchestration.extracts.problems import Rule
from orchestration.extracts.profile import Column, ExtractProfile, RecordClass
from orchestration.extracts.text_columns import BAR, ROW
from orchestration.extracts.values import each

OLDEST_AGE = 120
VERSION = "version_number"


class RowRule(NamedTuple):
    """One question put to every row: which rule, about which field, and what holds for a good row."""

    rule_id: str
    field: str
    holds: pl.Expr
    details: dict[str, Any]


@dataclass(frozen=True)
class Surroundings:
    """What a row is judged against besides itself: the extract's as-at time and its other rows."""

    as_at: datetime
    # "class.column" -> every value of that column in the extract, for classes whose file is there
    keys: dict[str, pl.Series] = field(default_factory=dict)
    repeated_rows: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.Int64))
    conflicting_rows: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.Int64))

    @property
    def today(self) -> date:
        """The as-at date in England; an hour is added because summer time is one hour ahead of UTC."""
        return (self.as_at + timedelta(hours=1)).date()


def names_person_or_record(column: Column, record_class: RecordClass) -> bool:
    """True for columns whose values become keys of records or people."""
    return column.type in ("key", "reference") or column.name == record_class.person_reference


# One rule per type whose cells have one form.
_FORMS = {
    "date": ("bad_date", values.is_date),
    "datetime": ("bad_datetime", values.is_datetime),
    "integer": ("bad_integer", values.is_integer),
    "decimal": ("bad_decimal", values.is_decimal),
    "time": ("bad_time", values.is_time),
    "postcode": ("postcode_format", values.is_postcode),
}


def _by_type(column: Column) -> list[tuple[str, pl.Expr]]:
    if column.type in _FORMS:
        rule_id, has_form = _FORMS[column.type]
        return [(rule_id, each(column, has_form))]
    if column.type != "nhs_number":
        return []
    text = pl.col(column.name)
    number = values.nhs_digits(text)
    dummy = values.ten_equal_digits(number)
    return [
        ("nhs_number_format", text.is_null() | number.is_not_null()),
        ("nhs_number_check_digit", number.is_null() | dummy | values.check_digit_right(number)),
        ("nhs_number_repeated_digit", ~dummy),
    ]


def _when(column: Column) -> pl.Expr:
    text = pl.col(column.name)
    return values.to_date(text) if column.type == "date" else values.to_datetime(text)


def _date_rules(
    column: Column, record_class: RecordClass, rules: dict[str, Rule], around: Surroundings
) -> list[tuple[str, pl.Expr]]:
    if column.type not in ("date", "datetime"):
        return []
    made = []
    when = _when(column)
    if rules["birth_after_as_at"].guards_field(record_class, column):
        made.append(("birth_after_as_at", ~(when > around.today)))
    if rules["age_over_120"].guards_field(record_class, column):
        # The first of March stands in for 29 February of years without one.
        today = around.today
        oldest = date(today.year - OLDEST_AGE, today.month, min(today.day, 28))
        made.append(("age_over_120", ~(when < oldest)))
    if rules["event_after_as_at"].guards_field(record_class, column):
        limit = pl.lit(around.today) if column.type == "date" else pl.lit(around.as_at)
        made.append(("event_after_as_at", ~(when > limit)))
    starts = [
        pair.split("<")[0] for pair in rules["end_before_start"].fields if pair.endswith("<" + column.name)
    ]
    for start in record_class.columns:
        if start.name in starts and start.type in ("date", "datetime"):
            earlier = _when(start)
            if "date" in (start.type, column.type):
                earlier, later = earlier.cast(pl.Date), when.cast(pl.Date)
            else:
                later = when
            made.append(("end_before_start", ~(later < earlier)))
    return made


def _key_rules(
    column: Column, record_class: RecordClass, rules: dict[str, Rule], around: Surroundings
) -> list[tuple[str, pl.Expr]]:
    made = []
    if names_person_or_record(column, record_class):
        right = each(column, lambda v: ~values.check_digit_right(values.nhs_digits(v)))
        made.append(("key_like_nhs_number", right))
    if column.name == VERSION:
        made.append(("version_below_one", ~(pl.col(VERSION).cast(pl.Int64, strict=False) < 1)))
    if column == record_class.key:
        if around.repeated_rows.len():
            made.append(("duplicate_row", ~pl.col(ROW).is_in(around.repeated_rows)))
        if around.conflicting_rows.len():
            made.append(("conflicting_version", ~pl.col(ROW).is_in(around.conflicting_rows)))
    if column.references in rules["reference_not_in_extract"].fields and column.references in around.keys:
        known = around.keys[column.references]
        made.append(("reference_not_in_extract", each(column, lambda v: v.is_in(known))))
    return made


def row_rules(
    record_class: RecordClass,
    missing: tuple[str, ...],
    profile: ExtractProfile,
    rules: dict[str, Rule],
    around: Surroundings,
) -> list[RowRule]:
    """Return every rule for the rows of a class, column by column in profile order."""
    made: list[RowRule] = []
    for column in record_class.columns:
        target = profile.classes.get(column.references.partition(".")[0])
        details: dict[str, Any] = {
            "limit": column.max_length,
            "list": column.code_list,
            "target": target.label.lower() if target else "record",
        }
        found: list[tuple[str, pl.Expr]] = []
        if column.name in missing:
            if column.required:
                made.append(
                    RowRule(
                        "required_column_missing", column.name, pl.col(column.name).is_not_null(), details
                    )
                )
            continue
        if column.required:
            blank = "key_blank" if column.type == "key" else "required_blank"
            found.append((blank, pl.col(column.name).is_not_null()))
        if column.max_length:
            found.append(("too_long", pl.col(column.name).str.len_chars() <= column.max_length))
        found += _by_type(column)
        found += code_rules(column, record_class, profile)
        found += _key_rules(column, record_class, rules, around)
        found += _date_rules(column, record_class, rules, around)
        if rules["la_code_format"].guards_field(record_class, column):
            found.append(("la_code_format", pl.col(column.name).str.contains("^[0-9]{3}$")))
        made += [RowRule(rule_id, column.name, holds, details) for rule_id, holds in found]
    made.append(RowRule("bar_in_list", record_class.key.name, ~pl.col(BAR), {}))
    return made
