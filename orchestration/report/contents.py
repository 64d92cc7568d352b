"""What a site holds before it is drawn: tables released together, and how far each return is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orchestration.report.demand_tables import gather_packages, gather_people
from orchestration.report.disclosure_profiles import DisclosureProfile
from orchestration.report.facts import RunFacts
from orchestration.report.identity_tables import gather_identity
from orchestration.report.quality_tables import gather_quality
from orchestration.report.release import Gathering, Released, release
from orchestration.report.return_pages import ReturnState, return_state
from orchestration.report.return_tables import OwedTables, gather_return, submitter_relations


@dataclass(frozen=True)
class Contents:
    """Everything pages and workbooks are made of. No number in it is closer to the truth than `released`."""

    facts: RunFacts
    released: Released
    states: tuple[ReturnState, ...]


def read_contents(facts: RunFacts, lake: Path, profile: DisclosureProfile) -> Contents:
    """Return what a client's last run left, with every number released under a profile."""
    gathered, owed = gather(facts, lake)
    released = release(gathered, profile)
    return Contents(facts, released, tuple(return_state(facts, one, released) for one in owed))


def gather(facts: RunFacts, lake: Path) -> tuple[Gathering, list[OwedTables]]:
    """Return every true table of a run with what ties them, not yet fit to be read, and the owed returns."""
    gathered = Gathering()
    owed = [gather_return(gathered, facts, one, lake) for one in facts.owed]
    gather_people(gathered, lake, facts.client_id)
    gather_packages(gathered, lake, facts.client_id)
    gather_quality(gathered, facts, lake)
    gather_identity(gathered, lake, facts.client_id)
    gathered.tie(submitter_relations(gathered, owed))
    return gathered, owed
