"""The problems an extract can have: rules as data, one problem per finding, grouped for the reader."""

from __future__ import annotations

import dataclasses
import errno
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from orchestration.extracts.profile import CURRENT_VERSION, STANDARDS, Column, RecordClass, read_rows

SHOWN_PER_GROUP = 20
OUR_OWN_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})

CLEAN, ERRORS, UNUSABLE = 0, 1, 2


@dataclass(frozen=True)
class Rule:
    """One rule: how severe a breach is, what becomes of the row or extract, and what the sender is told."""

    rule_id: str
    severity: str
    disposition: str
    fields: tuple[str, ...]
    message: str
    next_step: str
    guards: str

    def guards_field(self, record_class: RecordClass, column: Column) -> bool:
        """Return True where the rule's fields name the column of the class."""
        return any(fnmatchcase(f"{record_class.name}.{column.name}", pattern) for pattern in self.fields)

    @property
    def quarantines(self) -> bool:
        """True where a row that breaks the rule is not loaded."""
        return self.disposition == "quarantine"


@cache
def load_rules(version: str = CURRENT_VERSION) -> dict[str, Rule]:
    """Return the rules of a profile version by id, in the order of the data."""
    return {
        row["rule_id"]: Rule(
            rule_id=row["rule_id"],
            severity=row["severity"],
            disposition=row["disposition"],
            fields=tuple(f for f in row["fields"].split("|") if f),
            message=row["message"],
            next_step=row["next_step"],
            guards=row["guards"],
        )
        for row in read_rows(STANDARDS / "extract_profile" / version / "rules.csv")
    }


@dataclass(frozen=True)
class Problem:
    """One finding: the rule that was broken, where, by which value (masked), and what to do next."""

    rule_id: str
    severity: str
    file: str
    row: int | None
    field: str
    value: str
    message: str
    next_step: str


@dataclass
class ProblemGroup:
    """The findings of one rule on one field of one file: all counted, the first twenty shown."""

    rule: Rule
    file: str
    field: str
    total: int = 0
    shown: list[Problem] = dataclasses.field(default_factory=list)


class Refused(Exception):
    """One reason why an extract cannot be judged at all: a rule and a place, never a value of a record."""

    def __init__(
        self,
        rule_id: str,
        file: str = "",
        row: int | None = None,
        field: str = "",
        value: str = "",
        **details: object,
    ) -> None:
        super().__init__(rule_id)
        self.rule_id, self.file, self.row, self.field, self.value = rule_id, file, row, field, value
        self.details = details


def make_problem(
    rule: Rule, file: str = "", row: int | None = None, field: str = "", value: str = "", **details: object
) -> Problem:
    """Return a problem with the rule's texts filled in. The value must already be fit to be shown."""
    return Problem(
        rule.rule_id,
        rule.severity,
        file,
        row,
        field,
        value,
        rule.message.format_map(details),
        rule.next_step.format_map(details),
    )


class ProblemLog:
    """Collects the problems of one extract, grouped by rule, file and field in order of arrival."""

    def __init__(self, rules: dict[str, Rule] | None = None) -> None:
        self.rules = rules or load_rules()
        self._groups: dict[tuple[str, str, str], ProblemGroup] = {}

    def add(
        self,
        rule_id: str,
        file: str = "",
        row: int | None = None,
        field: str = "",
        value: str = "",
        **details: object,
    ) -> None:
        """Record one problem."""
        self.add_rows(rule_id, file, field, 1, [(row, value)], **details)

    def add_refused(self, refused: Refused, file: str = "") -> None:
        """Record the reason carried by a refusal, for the file being read when it names none."""
        self.add(
            refused.rule_id,
            refused.file or file,
            refused.row,
            refused.field,
            refused.value,
            **refused.details,
        )

    def add_unreadable(self, failed: OSError) -> None:
        """Record that the system would not let an extract be read; a full or closed disk of ours is raised.

        An extract is not refused for what our own disk could not take.
        """
        if failed.errno in OUR_OWN_DISK:
            raise failed
        self.add("extract_unreadable", reason=failed.strerror or type(failed).__name__)

    def add_rows(
        self,
        rule_id: str,
        file: str,
        field: str,
        total: int,
        first: Iterable[tuple[int | None, str]],
        **details: object,
    ) -> None:
        """Record problems of one rule: their number, and the first rows with the values to show."""
        rule = self.rules[rule_id]
        group = self._groups.setdefault((rule_id, file, field), ProblemGroup(rule, file, field))
        group.total += total
        for row, value in first:
            if len(group.shown) >= SHOWN_PER_GROUP:
                break
            group.shown.append(make_problem(rule, file, row, field, value, **details))

    @property
    def groups(self) -> list[ProblemGroup]:
        """The groups: what stops the extract, then errors, then warnings; then by file, rule and field."""
        order = {"unusable": 0, "quarantine": 1, "load": 2}
        return sorted(
            self._groups.values(),
            key=lambda g: (order[g.rule.disposition], g.file, g.rule.rule_id, g.field),
        )

    @property
    def unusable(self) -> bool:
        """True once a problem stands that keeps the whole extract from being used."""
        return any(g.rule.disposition == "unusable" for g in self._groups.values())

    @property
    def exit_code(self) -> int:
        """0 clean or warnings only, 1 errors in rows, 2 unusable."""
        if self.unusable:
            return UNUSABLE
        return ERRORS if any(g.rule.severity == "error" for g in self._groups.values()) else CLEAN


def group_as_json(group: ProblemGroup) -> dict[str, Any]:
    """Return one group as plain data for JSON."""
    first = group.shown[0]
    return {
        "rule_id": group.rule.rule_id,
        "severity": group.rule.severity,
        "disposition": group.rule.disposition,
        "file": group.file,
        "field": group.field,
        "total": group.total,
        "message": first.message,
        "next_step": first.next_step,
        "shown": [{"row": p.row, "value": p.value} for p in group.shown],
    }
