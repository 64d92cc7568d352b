"""Whether the pages would be drawn the same again: then those that stand stay.

What a site is drawn from is put into one hash without reading the packs or searching for what must be held
back. The hash lies beside the warehouse, as it follows from numbers that no page shows, with a hash of the
files that were drawn: pages that somebody changed are drawn anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from orchestration.extracts.loading import file_sha256
from orchestration.extracts.places import place
from orchestration.extracts.profile import STANDARDS
from orchestration.report.aggregates import contents_of_aggregates
from orchestration.report.facts import RunFacts, warehouse_file
from orchestration.report.packs_read import packs_shown
from orchestration.report.pages import HERE
from orchestration.returns.tables import replace_text
from orchestration.software import software_sha256, software_version

# What draws the pages and charts and writes the tables; another version may draw otherwise.
DRAWN_BY = ("altair", "jinja2", "nhsuk-frontend-jinja", "polars", "vl-convert-python", "xlsxwriter")


def source_of_site(lake: Path, facts: RunFacts, profile_id: str, published: Path) -> str:
    """Return one hash of everything the pages and tables of a client follow from."""
    told = (
        (software_version(), software_sha256(), [version(name) for name in DRAWN_BY], profile_id),
        (facts.client_id, facts.client_name, facts.reporting_period, facts.as_at, facts.is_synthetic),
        [sorted(found.items()) for found in (facts.senders, facts.classes, facts.files)],
        (facts.verdicts, facts.faults),
        [
            (o.definition.sha256, o.period, o.submitter_name, o.decision, o.senders, o.earlier_ids)
            for o in facts.owed
        ],
        contents_of_aggregates(lake, facts.client_id),
        [
            (owed.submitter_id, label, [_state(file, folder) for file in _files(folder)])
            for owed in facts.owed
            for label, folder in packs_shown(lake, facts.client_id, owed).items()
        ],
    )
    digest = hashlib.sha256(repr(told).encode())
    for folder in (HERE / "templates", HERE / "static", STANDARDS):
        digest.update(_content(folder).encode())
    for file in (published, place(lake, "identity", facts.client_id) / "summary.json"):
        digest.update(file_sha256(file).encode())
    return digest.hexdigest()


def standing_site(lake: Path, site: Path, client_id: str, source: str) -> int | None:
    """Return how many pages a site has that was drawn from a source and never changed; None for another."""
    try:
        told = json.loads(record_of_site(lake, client_id).read_text(encoding="utf-8"))
        if told["source"] == source and site.is_dir() and told["content"] == _content(site):
            return int(told["pages"])
    except (OSError, ValueError, KeyError, TypeError):
        # Spoilt or not there: the pages are drawn.
        pass
    return None


def note_site(lake: Path, site: Path, client_id: str, source: str, pages: int) -> None:
    """Note what the site in place was drawn from, whole or not at all."""
    told = {"source": source, "content": _content(site), "pages": pages}
    replace_text(record_of_site(lake, client_id), json.dumps(told), private=True)


def record_of_site(lake: Path, client_id: str) -> Path:
    """Return where it lies what the site of a client was drawn from."""
    return warehouse_file(lake, client_id).with_suffix(".site.json")


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _content(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in _files(folder):
        digest.update(f"{file.relative_to(folder)} {file_sha256(file)}\n".encode())
    return digest.hexdigest()


def _state(file: Path, folder: Path) -> tuple[str, int, int]:
    stat = file.stat()
    return f"{file.relative_to(folder)}", stat.st_size, stat.st_mtime_ns
