"""The site of one client: all pages made beside the old ones and moved into place at the end."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from orchestration.extracts.places import place, replace_in_place, staging_folder
from orchestration.report import words
from orchestration.report.about import about_page
from orchestration.report.facts import RunFacts, read_facts
from orchestration.report.measure_pages import INDEX as MEASURES
from orchestration.report.measure_pages import measure_pages
from orchestration.report.overview import overview_page
from orchestration.report.pages import HERE, Page, Section, environment, render
from orchestration.report.people_pages import commissioned_page, people_page
from orchestration.report.quality_pages import identity_page, quality_page
from orchestration.report.release import NONE, Profile, profile_of, release
from orchestration.report.return_pages import INDEX, ReturnState, return_pages, return_state
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.pack_manifest import software_version

AREA = "site"
SECTIONS = [
    Section("overview", "Overview", "index.html"),
    Section("returns", "Returns", INDEX),
    Section("measures", "Measures", MEASURES),
    Section("people", "People and demand", "people.html"),
    Section("commissioned", "Commissioned and delivered", "commissioned.html"),
    Section("quality", "Data quality", "quality.html"),
    Section("identity", "Records and people", "identity.html"),
    Section("about", "About", "about.html"),
]


@dataclass(frozen=True)
class SiteResult:
    """A site that was written: where, how many pages, and how many returns are ready or blocked."""

    index: Path
    pages: int
    ready: int
    blocked: int


def write_site(
    lake: Path,
    client_id: str,
    client_name: str,
    definitions: Mapping[str, ReturnDefinition],
    profile_id: str = NONE,
) -> SiteResult:
    """Write the site of a client's last run; the old one stands until all of the new one is written."""
    profile = profile_of(profile_id)
    facts = read_facts(lake, client_id, client_name, definitions)
    states = [return_state(facts, owed, lake, partial(release, profile=profile)) for owed in facts.owed]
    target = place(lake, AREA, client_id)
    with staging_folder(target.parent) as folder:
        built = [
            make(facts, lake, partial(release, profile=profile))
            for make in (people_page, commissioned_page, quality_page, identity_page)
        ]
        pages = [*_pages(facts, states), *(page for page, _ in built)]
        _write_pages(folder, pages, _banner(facts, profile))
        shutil.copytree(HERE / "static", folder / "static")
        replace_in_place(folder, target)
    return SiteResult(
        index=target / "index.html",
        pages=len(pages),
        ready=sum(owed.is_ready for owed in facts.owed),
        blocked=sum(not owed.is_ready for owed in facts.owed),
    )


def _pages(facts: RunFacts, states: list[ReturnState]) -> Iterator[Page]:
    yield overview_page(facts, states)
    yield from return_pages(facts, states)
    yield from measure_pages(states)
    yield about_page(facts)


def _banner(facts: RunFacts, profile: Profile) -> dict[str, Any]:
    """What every page says of the numbers on it."""
    received = sum(s.received for s in facts.record_senders)
    loaded = sum(s.loaded for s in facts.record_senders)
    return {
        "client": facts.client_name,
        "as_at": facts.as_at,
        "period": words.month(facts.reporting_period),
        "synthetic": facts.is_synthetic,
        "senders": facts.record_senders,
        "completeness": f"{words.percent(Decimal(loaded) / received)} of {words.count(received)}"
        if received
        else "none",
        "small_numbers": "shown as they are" if profile.profile_id == NONE else profile.profile_id,
        "profile": profile,
        "software": software_version(),
    }


def _write_pages(folder: Path, pages: list[Page], banner: Mapping[str, Any]) -> None:
    templates = environment()
    for page in pages:
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(templates, page, SECTIONS, banner), encoding="utf-8", newline="\n")
