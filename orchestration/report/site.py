"""The site of one client: all pages made beside the old ones and moved into place at the end."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.extracts.places import place, replace_in_place, staging_folder
from orchestration.report import words
from orchestration.report.about import about_page
from orchestration.report.contents import Contents, read_contents
from orchestration.report.disclosure_profiles import DEFAULT
from orchestration.report.downloads import INDEX as DOWNLOADS
from orchestration.report.downloads import downloads, write_downloads
from orchestration.report.earlier_site import note_site, source_of_site, standing_site
from orchestration.report.facts import RunFacts, read_facts
from orchestration.report.measure_pages import INDEX as MEASURES
from orchestration.report.measure_pages import measure_pages
from orchestration.report.overview import overview_page
from orchestration.report.pages import HERE, Page, Section, environment, render
from orchestration.report.people_pages import commissioned_page, people_page
from orchestration.report.quality_pages import identity_page, quality_pages
from orchestration.report.quality_tables import LOADED, RECEIVED, TAKEN_IN
from orchestration.report.release import Released, profile_of
from orchestration.report.return_pages import INDEX, return_pages
from orchestration.report.tidy import CONFIDENTIAL, TOTAL, Row
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.published import PUBLISHED_FIGURES, PublishedFigure, read_published
from orchestration.software import software_version

AREA = "site"
SECTIONS = [
    Section("overview", "Overview", "index.html"),
    Section("returns", "Returns", INDEX),
    Section("measures", "Measures", MEASURES),
    Section("people", "People and demand", "people.html"),
    Section("commissioned", "Commissioned and delivered", "commissioned.html"),
    Section("quality", "Data quality", "quality.html"),
    Section("identity", "Records and people", "identity.html"),
    Section("tables", "Tables", DOWNLOADS),
    Section("about", "About", "about.html"),
]


@dataclass(frozen=True)
class SiteResult:
    """A site that was written: where, how many pages, and how many returns are ready or blocked."""

    index: Path
    pages: int
    ready: int
    blocked: int
    disclosure: str


def write_site(
    lake: Path,
    client_id: str,
    client_name: str,
    definitions: Mapping[str, ReturnDefinition],
    profile_id: str = DEFAULT,
    published: Path = PUBLISHED_FIGURES,
) -> SiteResult:
    """Write the site of a client's last run; the old one stands until all of the new one is written.

    One that was drawn from the very same stays.
    """
    profile = profile_of(profile_id)
    facts = read_facts(lake, client_id, client_name, definitions)
    target = place(lake, AREA, client_id)
    source = source_of_site(lake, facts, profile_id, published)
    pages = standing_site(lake, target, client_id, source)
    if pages is None:
        pages = _draw(target, read_contents(facts, lake, profile), lake, read_published(published))
        note_site(lake, target, client_id, source, pages)
    return SiteResult(
        index=target / "index.html",
        pages=pages,
        ready=sum(owed.is_ready for owed in facts.owed),
        blocked=sum(not owed.is_ready for owed in facts.owed),
        disclosure=profile.id,
    )


def _draw(target: Path, contents: Contents, lake: Path, published: Sequence[PublishedFigure]) -> int:
    """Draw a site beside the one that stands, put it in its place and return how many pages it has."""
    with staging_folder(target.parent) as folder:
        taken = downloads(contents, published)
        pages = [*_pages(contents, lake, published), taken.page]
        _write_pages(folder, pages, _banner(contents.facts, contents.released))
        write_downloads(folder, taken)
        shutil.copytree(HERE / "static", folder / "static")
        replace_in_place(folder, target)
    return len(pages)


def _pages(contents: Contents, lake: Path, published: Sequence[PublishedFigure]) -> Iterator[Page]:
    facts, released, states = contents.facts, contents.released, list(contents.states)
    yield overview_page(facts, states)
    yield from return_pages(facts, states)
    yield from measure_pages(states, published)
    yield people_page(facts, released)
    yield commissioned_page(facts, released)
    yield from quality_pages(facts, lake, released)
    yield identity_page(facts, released)
    yield about_page(facts, released)


def _banner(facts: RunFacts, released: Released) -> dict[str, Any]:
    """What every page says of the numbers on it."""
    received, loaded = (released.row(TAKEN_IN, (TOTAL, TOTAL, what)) for what in (RECEIVED, LOADED))
    return {
        "client": facts.client_name,
        "as_at": facts.as_at,
        "period": words.month(facts.reporting_period),
        "synthetic": facts.is_synthetic,
        "senders": facts.record_senders,
        "completeness": _completeness(received, loaded),
        "small_numbers": released.profile.title,
        "profile": released.profile,
        "software": software_version(),
    }


def _completeness(received: Row | None, loaded: Row | None) -> str:
    if received is None or loaded is None or received.mark or loaded.mark:
        return CONFIDENTIAL
    if not received.value or loaded.value is None:
        return "none"
    share = min(loaded.value / received.value, Decimal(1))
    return f"{words.percent(share)} of {words.count(received.value)}"


def _write_pages(folder: Path, pages: list[Page], banner: Mapping[str, Any]) -> None:
    templates = environment()
    for page in pages:
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(templates, page, SECTIONS, banner), encoding="utf-8", newline="\n")
