"""The figures of one pack as rows of its page: value, value before, quality, coverage, method in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from markupsafe import Markup

from orchestration.quality.verdicts import Verdict
from orchestration.report import method_text, words
from orchestration.report.disclosure_profiles import DisclosureProfile
from orchestration.report.facts import OwedReturn, RunFacts
from orchestration.report.packs_read import NUMERATOR, Figure, Pack
from orchestration.report.quality_tables import LOADED, RECEIVED, TAKEN_IN
from orchestration.report.release import Released
from orchestration.report.tables import made_of, total_of
from orchestration.report.tidy import CONFIDENTIAL, NOT_PEOPLE, Row, TidyTable
from orchestration.returns.methods import names_of, rule_in_words

GOOD, CHECK, UNSURE, MISSING, NOT_ASKED = "Good", "Check", "Unsure", "Not filled", "Not applicable"
LONGEST_RULE = 700
COLOURS = {GOOD: "green", CHECK: "orange", UNSURE: "blue", MISSING: "red", NOT_ASKED: "grey"}
_ROLES = {"numerator": "counted", "denominator": "counted below the line", "population": "looked at"}


@dataclass(frozen=True)
class FigureRow:
    """One figure as it stands on the page of its return."""

    anchor: str
    label: str
    part: str
    unit: str
    outcome: str
    row: Row
    text: str
    before: Row | None
    quality: str
    concerns: tuple[Verdict, ...]
    coverage: str
    gap: bool
    method: Markup | None
    method_heading: str
    evidence: str
    elements: str
    reason: str
    standing: tuple[tuple[str, Row, Row], ...]

    @property
    def change(self) -> str:
        """What was added since the period before, where both periods have a number."""
        if self.before is None or self.before.value is None or self.row.value is None:
            return ""
        return words.change(self.before.value, self.row.value, self.unit)

    @property
    def colour(self) -> str:
        """The colour of the quality tag."""
        return COLOURS[self.quality]


def figure_rows(
    facts: RunFacts,
    owed: OwedReturn,
    pack: Pack,
    released: TidyTable,
    before: TidyTable | None,
    standing: TidyTable,
    everything: Released,
) -> list[FigureRow]:
    """Return the rows of a page, in the order of the cells."""
    values = {r.keys[0]: r for r in released.rows}
    earlier = {r.keys[0]: r for r in before.rows} if before else {}
    sections = tuple(pack.method_sections.items())
    suspects = _suspects(owed)
    known = {c for _, c in facts.classes}
    sent = [key for key in facts.classes if key[0] in owed.senders]
    rows = []
    for f in pack.figures:
        concerns = _concerns(suspects, f)
        text, row = _text(f, values[f.cell_id], everything.profile)
        method, heading = _rule(sections, tuple(names_of(f.cell_id, f.item_id, f.measure)))
        coverage, gap = _coverage(sent, known, f, values[f.cell_id], everything)
        rows.append(
            FigureRow(
                anchor=words.slug(f.cell_id),
                label=f.label,
                part=f.table,
                unit=f.unit,
                outcome=f.outcome,
                row=row,
                text=text,
                before=earlier.get(f.cell_id),
                quality=_quality(f, concerns),
                concerns=concerns,
                coverage=coverage,
                gap=gap,
                method=method,
                method_heading=heading,
                evidence=words.EVIDENCE.get(f.evidence, f.evidence),
                elements=f.source_elements.replace("|", " · "),
                reason=f.reason or (f"missing: {f.missing_item}" if f.outcome == "not_fillable" else ""),
                standing=_standing(standing, f),
            )
        )
    return rows


def _text(figure: Figure, row: Row, profile: DisclosureProfile) -> tuple[str, Row]:
    """The answer in words, where it may be told: words about people hold counts no table can protect."""
    counted = bool(figure.measure) and (figure.unit not in NOT_PEOPLE or not profile.zeros_shown)
    if not figure.value_text or profile.hides_nothing or not counted:
        return figure.value_text, row
    return "", row if row.value is not None else replace(row, mark=CONFIDENTIAL)


@cache
def _rule(sections: tuple[tuple[str, str], ...], names: tuple[str, ...]) -> tuple[Markup | None, str]:
    """The rule of an answer in words and its heading; hundreds of packs have the same."""
    rule = rule_in_words(dict(sections), names)
    if rule is None:
        return None, ""
    return method_text.line(rule[1]) if len(rule[1]) < LONGEST_RULE else None, rule[0]


@cache
def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _suspects(owed: OwedReturn) -> list[tuple[Verdict, set[str]]]:
    """The rules that found rows to look at, each with the fields it names."""
    fields = {
        rule.rule_id: {_plain(f) for f in rule.fields.split("|") if f} for rule in owed.definition.rules
    }
    return [
        (v, fields.get(v.rule_id, set())) for v in owed.verdicts if v.failing and v.severity != "information"
    ]


def _concerns(suspects: list[tuple[Verdict, set[str]]], figure: Figure) -> tuple[Verdict, ...]:
    """The rules with failing rows that name the figure, its item or a field it reads."""
    if not suspects:
        return ()
    names = {figure.cell_id, figure.item_id, figure.cell_id.split(".")[-1]}
    names |= {e.split(".")[-1] for e in figure.source_elements.split("|")}
    own = {_plain(n) for n in names if n}
    return tuple(verdict for verdict, fields in suspects if fields & own)


def _quality(figure: Figure, concerns: tuple[Verdict, ...]) -> str:
    if figure.outcome == "not_applicable":
        return NOT_ASKED
    if figure.outcome == "not_fillable":
        return MISSING
    if concerns:
        return CHECK
    return UNSURE if figure.evidence == "BELIEF" else GOOD


def _coverage(
    sent: list[tuple[str, str]], known: set[str], figure: Figure, row: Row, released: Released
) -> tuple[str, bool]:
    """How much of what was sent the figure stands on, and whether something it reads was not sent at all."""
    if row.denominator is not None and row.numerator is not None:
        return made_of(row), False
    classes = {_plain(e.split(".")[0]) for e in figure.source_elements.split("|") if e}
    read = [key for key in sent if key[1] in classes]
    if read:
        received, loaded = (
            total_of(released.row(TAKEN_IN, (*key, what)) for key in read) for what in (RECEIVED, LOADED)
        )
        if received is None or loaded is None:
            return f"{CONFIDENTIAL} rows", False
        share = f", {words.percent(loaded / received)} loaded" if loaded < received else ""
        return words.several(int(received), "row") + share, False
    return (
        ("no records sent", True)
        if classes and (classes & known or figure.outcome == "not_fillable")
        else ("", False)
    )


def _standing(table: TidyTable, figure: Figure) -> tuple[tuple[str, Row, Row], ...]:
    """What stands in a cell: role or reason, rows, people. A row without a cell is in all of its measure."""
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in table.rows:
        measure, cell_id, role, reason, counted = row.keys
        if cell_id == figure.cell_id or (not cell_id and figure.measure and measure == figure.measure):
            found.setdefault((role, reason), {})[counted] = row
    order = sorted(found, key=lambda key: (key[0] != NUMERATOR, key))
    return tuple(
        (_told(role, reason), found[role, reason]["rows"], found[role, reason]["people"])
        for role, reason in order
    )


def _told(role: str, reason: str) -> str:
    because = f": {reason.replace('_', ' ')}" if reason else ""
    return f"{_ROLES.get(role, 'left out')}{because}"
