"""Tables to take away: workbooks, CSV and Parquet with their description, and the page that lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.report import words
from orchestration.report.contents import Contents
from orchestration.report.data_package import PACKAGE, PackageFacts, write_package
from orchestration.report.data_tables import DataTable, every_measure, figures_of_return, from_tidy
from orchestration.report.facts import RunFacts
from orchestration.report.measure_pages import measures_of
from orchestration.report.pages import Page
from orchestration.report.return_pages import ReturnState, workbook_path
from orchestration.report.tidy import MARKS, TidyTable
from orchestration.report.workbook_file import Workbook, workbook_bytes
from orchestration.report.workbooks import ReadingNotes, measures_workbook, reading_notes, return_workbook
from orchestration.returns.published import PublishedFigure

FOLDER = "tables"
INDEX = f"{FOLDER}/index.html"
MEASURES = f"{FOLDER}/measures.xlsx"


@dataclass(frozen=True)
class Downloads:
    """Everything to take away, ready to be written, and the page that lists it."""

    page: Page
    workbooks: tuple[tuple[str, Workbook], ...]
    tables: tuple[DataTable, ...]
    package: PackageFacts


def downloads(contents: Contents, published: Sequence[PublishedFigure]) -> Downloads:
    """Return all workbooks and tables of a site, made from what was released and nothing else."""
    facts, states = contents.facts, contents.states
    notes = reading_notes(facts, contents.released)
    groups: dict[str, list[ReturnState]] = {}
    for state in sorted(states, key=lambda s: (s.owed.definition.title, s.owed.submitter_name)):
        groups.setdefault(state.owed.definition.return_id, []).append(state)
    due = {state.path: words.due(state.owed.period.closes, facts.as_at) for state in states}
    books: list[tuple[str, Workbook]] = []
    tables: list[DataTable] = []
    for return_id, own in groups.items():
        figures = figures_of_return(own[0].owed.definition, own)
        books.append((workbook_path(return_id), return_workbook(facts, own, figures, notes, due)))
        tables.append(figures)
    measures = every_measure(measures_of(list(states)), published)
    if measures.rows:
        definitions = [own[0].owed.definition for own in groups.values()]
        books.append((MEASURES, measures_workbook(facts, definitions, measures, notes)))
    tables += [measures, *(from_tidy(t) for t in contents.released.tables.values() if not _is_gone_in(t))]
    tables = [table for table in tables if table.rows]
    package = _package(facts, notes)
    return Downloads(_page(books, tables, package), tuple(books), tuple(tables), package)


def _is_gone_in(table: TidyTable) -> bool:
    """Figures and who stands in them come by submitter and period; they go away by return."""
    return table.table_id.startswith(("figures_", "standing_"))


def write_downloads(folder: Path, taken: Downloads) -> None:
    """Write the workbooks and the described tables into the folder of a site."""
    (folder / FOLDER).mkdir(exist_ok=True)
    for path, book in taken.workbooks:
        (folder / path).write_bytes(workbook_bytes(book))
    write_package(folder / FOLDER, taken.tables, taken.package)


def _package(facts: RunFacts, notes: ReadingNotes) -> PackageFacts:
    synthetic = "Synthetic data: nobody exists. " if facts.is_synthetic else ""
    return PackageFacts(
        name=f"{words.slug(facts.client_id)}-{facts.reporting_period}",
        title=f"{facts.client_name}: released figures of {words.month(facts.reporting_period)}",
        description=f"{synthetic}As at {words.day(facts.as_at)}. {notes.told}",
        sources=notes.sources,
        licence=f"For the use of {facts.client_name}. Whether and how it may be published is theirs to say.",
        licence_path="index.html",
    )


def _page(books: Sequence[tuple[str, Workbook]], tables: Sequence[DataTable], package: PackageFacts) -> Page:
    return Page(
        INDEX,
        "Tables to take away",
        "tables.html.j2",
        "tables",
        {
            "books": [(path, book) for path, book in books],
            "tables": [
                (table, f"{FOLDER}/{table.table_id}.csv", f"{FOLDER}/{table.table_id}.parquet")
                for table in tables
            ],
            "description": f"{FOLDER}/{PACKAGE}",
            "licence": package.licence,
            "marks": MARKS,
        },
    )
