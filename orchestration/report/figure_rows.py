"""The figures of one pack as rows of its page: value, value before, quality, coverage, method in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from orchestration.quality.verdicts import Verdict
from orchestration.report import method_text, words
from orchestration.report.facts import OwedReturn, RunFacts
from orchestration.report.packs_read import NUMERATOR, Figure, Pack, Standing
from orchestration.report.tidy import NOT_APPLICABLE, NOT_AVAILABLE, Dimension, Row, TidyTable
from orchestration.returns.methods import names_of, rule_in_words

GOOD, CHECK, UNSURE, MISSING, NOT_ASKED = "Good", "Check", "Unsure", "Not filled", "Not applicable"
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
    def change(self) -> Decimal | None:
        """What was added since the period before, where both periods have a number."""
        if self.before is None or self.before.value is None or self.row.value is None:
            return None
        return self.row.value - self.before.value

    @property
    def colour(self) -> str:
        """The colour of the quality tag."""
        return COLOURS[self.quality]


def figure_table(owed: OwedReturn, pack: Pack) -> TidyTable:
    """Return the figures of a pack as a tidy table: one row per cell."""
    marks = {"not_applicable": NOT_APPLICABLE, "not_fillable": NOT_AVAILABLE}
    rows = [
        Row(
            (f.cell_id, f.table, f.label),
            f.unit,
            f.value,
            f.numerator,
            f.denominator,
            marks.get(f.outcome, ""),
        )
        for f in pack.figures
    ]
    return TidyTable(
        f"{owed.definition.return_id}_{owed.submitter_id}_{pack.period_label}",
        f"{owed.definition.title}: {owed.submitter_name}, {words.label_words(pack.period_label)}",
        (Dimension("cell_id", "Cell"), Dimension("table", "Part"), Dimension("label", "Answer")),
        tuple(rows),
    )


def standing_table(found: Iterable[Standing]) -> TidyTable:
    """Return who stands in the figures as a tidy table: rows and people by measure, cell, role and reason."""
    rows = []
    for s in found:
        keys = (s.measure, s.cell_id, s.role, s.reason)
        rows.append(Row((*keys, "rows"), "people", Decimal(s.rows)))
        rows.append(Row((*keys, "people"), "people", Decimal(s.people)))
    names = ("measure", "cell_id", "role", "reason", "counted")
    dimensions = tuple(Dimension(name, words.sentence(name)) for name in names)
    return TidyTable("standing", "Who stands in the figures", dimensions, tuple(rows))


def figure_rows(
    facts: RunFacts,
    owed: OwedReturn,
    pack: Pack,
    released: TidyTable,
    before: TidyTable | None,
    standing: TidyTable,
) -> list[FigureRow]:
    """Return the rows of a page, in the order of the cells."""
    values = {r.keys[0]: r for r in released.rows}
    earlier = {r.keys[0]: r for r in before.rows} if before else {}
    rows = []
    for f in pack.figures:
        concerns = _concerns(owed, f)
        rule = rule_in_words(pack.method_sections, names_of(f.cell_id, f.item_id, f.measure))
        coverage, gap = _coverage(facts, owed, f, values[f.cell_id])
        rows.append(
            FigureRow(
                anchor=words.slug(f.cell_id),
                label=f.label,
                part=f.table,
                unit=f.unit,
                outcome=f.outcome,
                row=values[f.cell_id],
                text=f.value_text,
                before=earlier.get(f.cell_id),
                quality=_quality(f, concerns),
                concerns=concerns,
                coverage=coverage,
                gap=gap,
                method=method_text.line(rule[1]) if rule and len(rule[1]) < 700 else None,
                method_heading=rule[0] if rule else "",
                evidence=words.EVIDENCE.get(f.evidence, f.evidence),
                elements=f.source_elements.replace("|", " · "),
                reason=f.reason or (f"missing: {f.missing_item}" if f.outcome == "not_fillable" else ""),
                standing=_standing(standing, f),
            )
        )
    return rows


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _concerns(owed: OwedReturn, figure: Figure) -> tuple[Verdict, ...]:
    """The rules with failing rows that name the figure, its item or a field it reads."""
    names = {figure.cell_id, figure.item_id, figure.cell_id.split(".")[-1]}
    names |= {e.split(".")[-1] for e in figure.source_elements.split("|")}
    own = {_plain(n) for n in names if n}
    fields = {
        rule.rule_id: {_plain(f) for f in rule.fields.split("|") if f} for rule in owed.definition.rules
    }
    return tuple(
        v
        for v in owed.verdicts
        if v.failing and v.severity != "information" and fields.get(v.rule_id, set()) & own
    )


def _quality(figure: Figure, concerns: tuple[Verdict, ...]) -> str:
    if figure.outcome == "not_applicable":
        return NOT_ASKED
    if figure.outcome == "not_fillable":
        return MISSING
    if concerns:
        return CHECK
    return UNSURE if figure.evidence == "BELIEF" else GOOD


def _coverage(facts: RunFacts, owed: OwedReturn, figure: Figure, released: Row) -> tuple[str, bool]:
    """How much of what was sent the figure stands on, and whether something it reads was not sent at all."""
    if released.denominator is not None and released.numerator is not None:
        return f"{words.count(released.numerator)} of {words.count(released.denominator)}", False
    classes = {_plain(e.split(".")[0]) for e in figure.source_elements.split("|") if e}
    known = {c for _, c in facts.classes}
    received = loaded = 0
    for (sender, record_class), (came, stayed) in facts.classes.items():
        if sender in owed.senders and record_class in classes:
            received, loaded = received + came, loaded + stayed
    if received:
        return f"{words.several(received, 'row')}, {words.percent(Decimal(loaded) / received)} loaded", False
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
