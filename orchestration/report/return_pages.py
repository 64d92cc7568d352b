"""The pages of the returns: how far each is, its figures, what is missing, what to check, its method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orchestration.report import blocked, method_text, words
from orchestration.report.facts import OwedReturn, RunFacts
from orchestration.report.figure_rows import (
    MISSING,
    NOT_ASKED,
    FigureRow,
    figure_rows,
)
from orchestration.report.packs_read import Pack, pack_place
from orchestration.report.pages import Page
from orchestration.report.release import Released
from orchestration.report.return_tables import OwedTables
from orchestration.report.tidy import TidyTable
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.sheets import SHEETS

SECTION = "returns"
INDEX = "returns/index.html"
MOST_LISTED = 40


@dataclass(frozen=True)
class ReturnState:
    """One owed return with its packs, its released figures, and what is wrong with it.

    `history` and `tables` run side by side, the oldest period first. The packs are bare: numbers are in the
    released tables and rows alone.
    """

    owed: OwedReturn
    history: tuple[Pack, ...]
    tables: tuple[TidyTable, ...]
    rows: tuple[FigureRow, ...]
    stops: tuple[blocked.Ask, ...]
    checks: tuple[blocked.Ask, ...]

    @property
    def path(self) -> str:
        """The page of the return."""
        return (
            f"returns/{words.slug(self.owed.definition.return_id)}/{words.slug(self.owed.submitter_id)}.html"
        )

    @property
    def pack(self) -> Pack | None:
        """The pack of the period, or None where the return is blocked."""
        if self.history and self.history[-1].period_label == self.owed.period.label and self.owed.is_ready:
            return self.history[-1]
        return None

    @property
    def earlier(self) -> Pack | None:
        """The newest pack of an earlier period."""
        before = [p for p in self.history if p.period_label != self.owed.period.label]
        return before[-1] if before else None

    @property
    def asked(self) -> int:
        """How many figures the return asks of this submitter."""
        return sum(row.quality != NOT_ASKED for row in self.rows)

    @property
    def filled(self) -> int:
        """How many of them have an answer."""
        return sum(row.quality not in (NOT_ASKED, MISSING) for row in self.rows)

    @property
    def warnings(self) -> list[blocked.Ask]:
        """What should be looked at before the return is handed in."""
        return [ask for ask in self.checks if ask.severity == "warning"]


def return_state(facts: RunFacts, found: OwedTables, released: Released) -> ReturnState:
    """Return where one owed return stands, with its figures as released."""
    owed, history = found.owed, found.history
    tables = tuple(released.table(name) for name in found.figures)
    rows: list[FigureRow] = []
    if found.is_current:
        before = tables[-2] if len(tables) > 1 else None
        standing = released.table(found.standing)
        rows = figure_rows(facts, owed, history[-1], tables[-1], before, standing, released)
    return ReturnState(
        owed=owed,
        history=history,
        tables=tables,
        rows=tuple(rows),
        stops=tuple(blocked.what_stops(facts, owed, released)),
        checks=tuple(blocked.what_to_check(facts, owed, released)),
    )


def workbook_path(return_id: str) -> str:
    """Return where the workbook of a return lies in the site."""
    return f"tables/{words.slug(return_id)}.xlsx"


def method_path(definition: ReturnDefinition) -> str:
    """Return where the method of a return stands in words."""
    return f"returns/{words.slug(definition.return_id)}/method.html"


def return_pages(facts: RunFacts, states: list[ReturnState]) -> Iterator[Page]:
    """Yield the list of returns, the page of each, and the method of each."""
    groups = _groups(facts, states)
    yield Page(INDEX, "Returns", "returns.html.j2", SECTION, {"groups": groups, "most": MOST_LISTED})
    for group in groups:
        found = group["states"]
        if len(found) > MOST_LISTED:
            context, trail = {"groups": [group], "most": len(found)}, (("Returns", INDEX),)
            yield Page(group["path"], group["definition"].title, "returns.html.j2", SECTION, context, trail)
    for state in states:
        yield _return_page(facts, state)
    for definition in {s.owed.definition.return_id: s.owed.definition for s in states}.values():
        yield Page(
            method_path(definition),
            f"How {definition.title} is made",
            "method.html.j2",
            SECTION,
            {"definition": definition, "method": method_text.whole(definition.method)},
            (("Returns", INDEX),),
        )


def sheets_place(facts: RunFacts, owed: OwedReturn) -> str:
    """Return where in the lake the sheets of many locations of a return lie; nothing where it has none."""
    definition = owed.definition
    if not any(file.gathered for file in definition.layout):
        return ""
    return f"{SHEETS}/{facts.client_id}/{definition.return_id}/{owed.period.label}"


def _groups(facts: RunFacts, states: list[ReturnState]) -> list[dict[str, Any]]:
    groups: dict[str, list[ReturnState]] = {}
    for state in sorted(
        states, key=lambda s: (s.owed.definition.title, s.owed.is_ready, s.owed.submitter_name)
    ):
        groups.setdefault(state.owed.definition.return_id, []).append(state)
    return [
        {
            "anchor": words.slug(return_id),
            "definition": found[0].owed.definition,
            "path": f"returns/{words.slug(return_id)}/index.html",
            "method_path": method_path(found[0].owed.definition),
            "sheets": sheets_place(facts, found[0].owed),
            "states": found,
            "is_blocked": any(not state.owed.is_ready for state in found),
            "due": {state.path: words.due(state.owed.period.closes, facts.as_at) for state in found},
        }
        for return_id, found in groups.items()
    ]


def _return_page(facts: RunFacts, state: ReturnState) -> Page:
    answered = [row for row in state.rows if row.quality not in (NOT_ASKED, MISSING)]
    missing = Counter(row.reason for row in state.rows if row.quality == MISSING)
    parts: dict[str, list[FigureRow]] = {}
    for row in answered:
        parts.setdefault(row.part, []).append(row)
    return Page(
        state.path,
        f"{state.owed.submitter_name}: {state.owed.definition.title}",
        "return.html.j2",
        SECTION,
        {
            "state": state,
            "owed": state.owed,
            "period": words.period_words(state.owed.period.start, state.owed.period.end),
            "parts": parts,
            "missing": sorted(
                (
                    (
                        reason.removeprefix("missing: "),
                        [r.label for r in state.rows if r.quality == MISSING and r.reason == reason],
                    )
                    for reason in missing
                ),
                key=lambda found: (-len(found[1]), found[0]),
            ),
            "not_asked": [row.label for row in state.rows if row.quality == NOT_ASKED],
            "passed": sum(v.outcome == "passed" for v in state.owed.verdicts),
            "method_path": method_path(state.owed.definition),
            "workbook": workbook_path(state.owed.definition.return_id),
            "place": pack_place(facts.client_id, state.owed),
            "sheets": sheets_place(facts, state.owed),
            "earlier": words.label_words(state.earlier.period_label) if state.earlier else "",
        },
        (("Returns", INDEX),),
    )
