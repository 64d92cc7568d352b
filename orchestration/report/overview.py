"""The first page: what is blocked, why and whom to ask; how far each return is; who hands in what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from orchestration.report import words
from orchestration.report.facts import RunFacts
from orchestration.report.pages import Page
from orchestration.report.return_pages import INDEX, ReturnState

MOST_BLOCKED, MOST_ROWS = 40, 60


@dataclass(frozen=True)
class Standing:
    """How far one return is, over everyone who hands it in."""

    title: str
    path: str
    ready: int
    owed: int
    filled: int
    asked: int
    to_check: int
    due: str


def overview_page(facts: RunFacts, states: list[ReturnState]) -> Page:
    """Return the overview."""
    blocked = [s for s in states if not s.owed.is_ready]
    returns = {s.owed.definition.return_id: words.short_title(s.owed.definition.title) for s in states}
    submitters = _by_submitter(states)
    return Page(
        "index.html",
        f"{facts.client_name}: returns for {words.month(facts.reporting_period)}",
        "overview.html.j2",
        "overview",
        {
            "blocked": blocked[:MOST_BLOCKED],
            "blocked_count": len(blocked),
            "ready_count": len(states) - len(blocked),
            "standings": [_standing(facts, states, return_id) for return_id in returns],
            "returns": returns,
            "submitters": submitters[:MOST_ROWS],
            "submitter_count": len(submitters),
            "closest": min(_days(states), default=None),
            "due": {s.path: words.due(s.owed.period.closes, facts.as_at) for s in states},
        },
    )


def _standing(facts: RunFacts, states: list[ReturnState], return_id: str) -> Standing:
    own = [s for s in states if s.owed.definition.return_id == return_id]
    days = sorted(set(_days(own)))
    first = words.due(days[0] if days else None, facts.as_at)
    return Standing(
        title=own[0].owed.definition.title,
        path=f"{INDEX}#{words.slug(return_id)}",
        ready=sum(s.owed.is_ready for s in own),
        owed=len(own),
        filled=sum(s.filled for s in own),
        asked=sum(s.asked for s in own),
        to_check=sum(len(s.warnings) for s in own),
        due=f"from {first}" if len(days) > 1 else first,
    )


def _by_submitter(states: list[ReturnState]) -> list[tuple[str, dict[str, ReturnState]]]:
    """What each submitter owes by return: those with something blocked first, then by name."""
    found: dict[str, dict[str, ReturnState]] = {}
    for state in states:
        found.setdefault(state.owed.submitter_id, {})[state.owed.definition.return_id] = state
    rows = [(next(iter(own.values())).owed.submitter_name, own) for own in found.values()]
    return sorted(rows, key=lambda row: (all(s.owed.is_ready for s in row[1].values()), row[0]))


def _days(states: list[ReturnState]) -> list[date]:
    return [s.owed.period.closes for s in states if s.owed.period.closes]
