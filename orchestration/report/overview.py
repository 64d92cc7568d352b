"""The first page: the state of every return, what is blocked and why, whom to ask, and what is due when."""

from __future__ import annotations

from datetime import date

from orchestration.report import words
from orchestration.report.facts import RunFacts
from orchestration.report.pages import Page
from orchestration.report.return_pages import ReturnState

MOST_BLOCKED, MOST_ROWS = 40, 60


def due_words(closes: date | None, as_at: date) -> str:
    """Return when a return is due, told from the day the figures stand for; a page knows no today."""
    if closes is None:
        return "no fixed day"
    days = (closes - as_at).days
    if days < 0:
        return f"{words.day(closes)}, {words.several(-days, 'day')} before the as-at day"
    return f"{words.day(closes)}" + (
        f", {words.several(days, 'day')} after the as-at day" if days else ", the as-at day"
    )


def overview_page(facts: RunFacts, states: list[ReturnState]) -> Page:
    """Return the overview."""
    blocked = [s for s in states if not s.owed.is_ready]
    ready = [s for s in states if s.owed.is_ready]
    return Page(
        "index.html",
        f"{facts.client_name}: returns for {words.month(facts.reporting_period)}",
        "overview.html.j2",
        "overview",
        {
            "facts": facts,
            "blocked": blocked[:MOST_BLOCKED],
            "blocked_count": len(blocked),
            "ready": ready,
            "groups": _by_return(ready),
            "most_rows": MOST_ROWS,
            "closest": min((s.owed.period.closes for s in states if s.owed.period.closes), default=None),
            "due": {s.path: due_words(s.owed.period.closes, facts.as_at) for s in states},
        },
    )


def _by_return(states: list[ReturnState]) -> list[tuple[str, list[ReturnState]]]:
    groups: dict[str, list[ReturnState]] = {}
    for state in states:
        groups.setdefault(state.owed.definition.title, []).append(state)
    return list(groups.items())
