"""Printable pages: rows of a model as a document, one section per thing, that opens from disk and prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from orchestration.returns.tables import open_new, text_of

_STYLE = """
body { font-family: Arial, sans-serif; font-size: 11pt; line-height: 1.4; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #212b32; }
section { border-top: 2px solid #212b32; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #4c6272; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
td:empty { height: 2.5rem; }
@media print { body { margin: 0; max-width: none; } section { break-inside: avoid; } }
""".strip()  # noqa: E501


def write_page(
    path: Path,
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sections: int,
    preamble: Sequence[str],
    restricted: bool = False,
) -> int:
    """Write one HTML page and return its number of rows.

    The first `sections` columns name a section and stand above it; rows of a section must lie together. With
    none, the page is one table. Blank cells stay empty boxes, to write in by hand.
    """
    count = 0
    parts = [
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">',
        f"<title>{escape(preamble[0])}</title>",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<h1>{escape(preamble[0])}</h1>",
        *(f"<p>{escape(line)}</p>" for line in preamble[1:]),
    ]
    for name, group in groupby(rows, key=lambda row: tuple(row[:sections])):
        values = [text_of(value) for value in name]
        parts.append("<section>")
        if values:
            named = zip(headers[:sections], values, strict=True)
            terms = "".join(f"<dt>{escape(h)}</dt><dd>{escape(v)}</dd>" for h, v in named)
            parts.append(f"<h2>{escape(' · '.join(v for v in values if v))}</h2>\n<dl>{terms}</dl>")
        heads = "".join(f'<th scope="col">{escape(header)}</th>' for header in headers[sections:])
        parts.append(f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>")
        for row in group:
            cells = "".join(f"<td>{escape(text_of(value))}</td>" for value in row[sections:])
            parts.append(f"<tr>{cells}</tr>")
            count += 1
        parts.append("</tbody>\n</table>\n</section>")
    if not count:
        parts.append("<p>There is nothing to show.</p>")
    with open_new(path, restricted) as handle:
        handle.write("\n".join([*parts, "</body>\n</html>\n"]))
    return count
