"""Judges codes against their lists: known, right but for capitals, or of Release 1."""

from __future__ import annotations

from functools import cache

import polars as pl

from orchestration.extracts.profile import STANDARDS, CodeList, Column, ExtractProfile, RecordClass, read_rows
from orchestration.extracts.values import each

JUDGED_TYPES = ("code", "yes_no")
RELEASE_1_CLASSES = "cld_"


@cache
def release_1_labels() -> dict[str, frozenset[str]]:
    """Return, per header of the Client Level Data file, the labels that have another wording in Release 2.

    A label whose Release 2 wording is not known is left out: nobody could follow the advice to change it.
    """
    old: dict[str, set[str]] = {}
    new: dict[str, set[str]] = {}
    for row in read_rows(STANDARDS / "cld" / "R2" / "release_1_labels.csv"):
        if not row["release_2"]:
            continue
        old.setdefault(row["header"], set()).add(row["release_1"])
        new.setdefault(row["header"], set()).add(row["release_2"].lower())
    return {
        header: frozenset(label for label in labels if label.lower() not in new[header])
        for header, labels in old.items()
    }


def list_of(column: Column, profile: ExtractProfile) -> CodeList | None:
    """Return the code list a column is judged against, or None where it has none."""
    return profile.code_lists.get(column.code_list) if column.type in JUDGED_TYPES else None


def keeps_labels_as_sent(record_class: RecordClass) -> bool:
    """True for the council's classes: their labels are moved to Release 2 where the return is made."""
    return record_class.name.startswith(RELEASE_1_CLASSES)


def _among(values: frozenset[str] | set[str]) -> pl.Series:
    return pl.Series(sorted(values), dtype=pl.String)


def _folded(codes: CodeList) -> dict[str, str]:
    return {code.lower(): code for code in sorted(codes.codes, reverse=True)}


def code_rules(
    column: Column, record_class: RecordClass, profile: ExtractProfile
) -> list[tuple[str, pl.Expr]]:
    """Return the rules on a column's codes as (rule id, expression that holds for a good cell)."""
    codes = list_of(column, profile)
    if codes is None:
        return []
    exact, folded = _among(set(codes.codes)), _among(set(_folded(codes)))
    old = (
        release_1_labels().get(column.element, frozenset())
        if keeps_labels_as_sent(record_class)
        else frozenset()
    )
    old = old - set(codes.codes)
    rules = []
    if exact.len():
        rules.append(
            ("code_capitals", each(column, lambda v: v.is_in(exact) | ~v.str.to_lowercase().is_in(folded)))
        )
    if old:
        rules.append(("code_release_1", each(column, lambda v: ~v.is_in(_among(old)))))
    if codes.complete:
        rule_id = "bad_yes_no" if column.type == "yes_no" else "code_not_in_list"
        known = _among(old)
        rules.append((rule_id, each(column, lambda v: v.str.to_lowercase().is_in(folded) | v.is_in(known))))
    return rules


def _old_labels(column: Column, record_class: RecordClass, codes: CodeList) -> frozenset[str]:
    if not keeps_labels_as_sent(record_class):
        return frozenset()
    return release_1_labels().get(column.element, frozenset()) - set(codes.codes)


def not_judged(column: Column, record_class: RecordClass, profile: ExtractProfile) -> pl.Expr | None:
    """Return how many cells hold codes that an incomplete official list cannot judge, or None if it can."""
    codes = list_of(column, profile)
    if codes is None or codes.complete:
        return None
    folded, old = _among(set(_folded(codes))), _among(_old_labels(column, record_class, codes))
    return (~each(column, lambda v: v.str.to_lowercase().is_in(folded) | v.is_in(old))).sum()


def with_official_capitals(
    column: Column, record_class: RecordClass, profile: ExtractProfile
) -> pl.Expr | None:
    """Return the column with codes in the capitals of their complete list, or None where it stays as sent."""
    codes = list_of(column, profile)
    if codes is None or not codes.complete or keeps_labels_as_sent(record_class):
        return None
    whole = pl.col(column.name)
    if column.repeats:
        value = pl.element().str.strip_chars()
        return whole.str.split("|").list.eval(_official(value, codes)).list.join("|")
    return _official(whole, codes)


def _official(value: pl.Expr, codes: CodeList) -> pl.Expr:
    folded = _folded(codes)
    official = value.str.to_lowercase().replace_strict(list(folded), list(folded.values()), default=value)
    return pl.when(value.is_in(_among(set(codes.codes)))).then(value).otherwise(official)
