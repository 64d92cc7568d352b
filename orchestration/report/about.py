"""The page that says where the numbers come from: sources, methods, versions, and how to read them."""

from __future__ import annotations

from orchestration.report.facts import RunFacts
from orchestration.report.pages import Page
from orchestration.report.quality_tables import TAKEN_IN, WHAT_BECAME
from orchestration.report.release import Released
from orchestration.report.return_pages import method_path
from orchestration.report.tables import text_of
from orchestration.report.tidy import MARKS, TOTAL


def about_page(facts: RunFacts, released: Released) -> Page:
    """Return the page about sources, methods and versions."""
    methods = {
        o.definition.return_id: (o.definition, o.period.method_version, method_path(o.definition))
        for o in facts.owed
    }
    return Page(
        "about.html",
        "About these pages",
        "about.html.j2",
        "about",
        {
            "senders": [
                (s, *(text_of(released.row(TAKEN_IN, (s.sender_id, TOTAL, what))) for what in WHAT_BECAME))
                for s in sorted(facts.senders.values(), key=lambda s: (s.kind, s.name))
            ],
            "methods": [methods[name] for name in sorted(methods)],
            "marks": MARKS,
        },
    )
