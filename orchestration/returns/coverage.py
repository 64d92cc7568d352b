"""What fills each cell of each return: the MODS element, another source, or nobody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from html import escape
from pathlib import Path

from orchestration.returns.definitions import PROJECT, Cell, ReturnDefinition
from orchestration.returns.sources import FILLED_FROM, NOBODY, filled_from, sources_in

ITEMS = PROJECT / "data" / "standards" / "returns" / "items.csv"
WIDTH = 160
WORDS = {"records": "MODS records", "other_inputs": "another source", "nobody": "nobody"}


@dataclass(frozen=True)
class Item:
    """One item that the published material says a return asks for."""

    return_id: str
    section: str
    item_id: str
    listed_as: str
    label: str
    derivable: str
    evidence: str
    sources: str


@dataclass(frozen=True)
class CoverageRow:
    """One cell of a return and what fills it."""

    return_id: str
    cell_id: str
    item_id: str
    listed_as: str
    label: str
    filled_from: str
    sources: str
    needed: str
    evidence: str
    valid_from: str
    valid_to: str


def items_of_returns(path: Path = ITEMS) -> list[Item]:
    """Return the items each return asks for, as they were read in the published material."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [Item(**row) for row in csv.DictReader(handle)]


def item_of(return_id: str, cell: Cell, items: Iterable[Item]) -> Item | None:
    """Return the listed item a cell answers; where two sections use one id, the cell id names the section."""
    same = [i for i in items if i.return_id == return_id and i.item_id == cell.item_id]
    if len(same) > 1:
        same = [i for i in same if cell.cell_id.startswith(f"{i.section}.")]
    return same[0] if len(same) == 1 else None


def items_without_a_cell(definition: ReturnDefinition, items: Sequence[Item]) -> list[Item]:
    """Return the listed items of a return that none of its cells answers."""
    answered = {item_of(definition.return_id, cell, items) for cell in definition.cells}
    return [i for i in items if i.return_id == definition.return_id and i not in answered]


def coverage(definitions: Mapping[str, ReturnDefinition], items: Sequence[Item]) -> list[CoverageRow]:
    """Return one row per cell, return by return, in the order the return folders have them."""
    return [
        _row(return_id, cell, item_of(return_id, cell, items))
        for return_id, definition in definitions.items()
        for cell in definition.cells
    ]


def _row(return_id: str, cell: Cell, item: Item | None) -> CoverageRow:
    return CoverageRow(
        return_id=return_id,
        cell_id=cell.cell_id,
        item_id=cell.item_id,
        listed_as=item.listed_as if item else "",
        label=cell.label,
        filled_from=filled_from(cell),
        sources=" | ".join(source.text for source in sources_in(cell.source_elements)),
        needed=cell.missing_item,
        evidence=cell.evidence,
        valid_from=f"{cell.valid_from or ''}",
        valid_to=f"{cell.valid_to or ''}",
    )


def counts(rows: Iterable[CoverageRow]) -> dict[str, dict[str, int]]:
    """Return, per return, how many cells each kind of source fills; every kind is named, also at zero."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        kinds = found.setdefault(row.return_id, dict.fromkeys(FILLED_FROM, 0))
        kinds[row.filled_from] += 1
    return found


def as_csv(rows: Iterable[CoverageRow]) -> str:
    """Return the rows as CSV with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [f.name for f in fields(CoverageRow)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return out.getvalue()


def totals_line(return_id: str, kinds: Mapping[str, int]) -> str:
    """Return how many cells of a return each kind of source fills, as one sentence."""
    parts = ", ".join(f"{kinds[kind]} by {WORDS[kind]}" for kind in FILLED_FROM)
    return f"{return_id}: {sum(kinds.values())} cells, {parts}"


def as_table(rows: Sequence[CoverageRow]) -> str:
    """Return the rows as tables to read on a screen, one per return, each under its counts."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    out = io.StringIO()
    # Wide enough when the output goes to a file; a terminal's own width when there is one.
    width = Console().width if Console().is_terminal else WIDTH
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    for return_id, kinds in counts(rows).items():
        table = Table(
            "Cell", "Asks", "Filled from", "Which, or what is needed", box=box.SIMPLE_HEAD, expand=True
        )
        for row in rows:
            if row.return_id == return_id:
                filled = row.filled_from != NOBODY
                table.add_row(
                    row.cell_id, row.label, WORDS[row.filled_from], row.sources if filled else row.needed
                )
        console.print(totals_line(return_id, kinds))
        console.print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def as_html(rows: Sequence[CoverageRow], titles: Mapping[str, str]) -> str:
    """Return one page that needs nothing from outside: a heading, the counts and a table per return."""
    parts = [
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<title>What fills each cell of each return</title>\n"
        "<style>body{font-family:Arial,sans-serif;margin:2em;line-height:1.4}"
        "table{border-collapse:collapse;width:100%}th,td{border:1px solid #768692;padding:.3em .5em;"
        "text-align:left;vertical-align:top}thead{background:#d8dde0}</style>\n</head>\n<body>\n"
        "<h1>What fills each cell of each return</h1>"
    ]
    for return_id, kinds in counts(rows).items():
        parts.append(f"<h2>{escape(titles[return_id])}</h2>\n<p>{escape(totals_line(return_id, kinds))}</p>")
        parts.append(
            "<table>\n<thead><tr>"
            + "".join(f'<th scope="col">{h}</th>' for h in ("Cell", "Asks", "Filled from", "Which", "Needed"))
            + "</tr></thead>\n<tbody>"
        )
        for row in rows:
            if row.return_id == return_id:
                shown = (row.label, WORDS[row.filled_from], row.sources, row.needed)
                parts.append(
                    f'<tr><th scope="row">{escape(row.cell_id)}</th>'
                    + "".join(f"<td>{escape(text)}</td>" for text in shown)
                    + "</tr>"
                )
        parts.append("</tbody>\n</table>")
    return "\n".join([*parts, "</body>\n</html>\n"])
