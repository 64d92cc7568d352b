"""The sections of a return's method.md, by the names their headings give."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")


def method_sections(method: str) -> dict[str, str]:
    """Return the text under each heading of a method, up to the next heading; empty sections are left out."""
    sections: dict[str, list[str]] = {}
    heading, fenced = "", False
    for line in method.splitlines():
        fenced ^= bool(_FENCE.match(line))
        found = None if fenced else _HEADING.match(line)
        if found:
            heading = found.group(2)
        elif heading:
            sections.setdefault(heading, []).append(line)
    texts = {name: "\n".join(lines).strip() for name, lines in sections.items()}
    return {name: text for name, text in texts.items() if text}


def names_of(cell_id: str, item_id: str, measure: str) -> list[str]:
    """Return the names a method may speak of a cell under, most particular first.

    Cell `people.support.nursing` is also spoken of as `people.support.*` and `people.*`, by its item, and by
    the measure it is counted from.
    """
    parts = cell_id.split(".")
    groups = [".".join(parts[:length]) + ".*" for length in range(len(parts) - 1, 0, -1)]
    return [name for name in (cell_id, *groups, item_id, measure) if name]


def rule_in_words(sections: Mapping[str, str], names: Iterable[str]) -> tuple[str, str] | None:
    """Return the heading and the words a method has for the first of some names it speaks of, or None.

    It speaks of a name in backticks: in a heading (then the whole section is meant), in the first column of a
    table (then the rest of that row), or in a paragraph. A heading may also be the bare name.
    """
    for name in names:
        found = (
            _section_named(sections, name)
            or _in_sections(sections, name, _table_row)
            or _in_sections(sections, name, _paragraph)
        )
        if found:
            return found
    return None


def _section_named(sections: Mapping[str, str], name: str) -> tuple[str, str] | None:
    for heading, text in sections.items():
        if heading.lower() == name.lower() or _marked(name) in heading.lower():
            return heading, text
    return None


def _in_sections(
    sections: Mapping[str, str], name: str, search: Callable[[str, str], str | None]
) -> tuple[str, str] | None:
    for heading, text in sections.items():
        words = search(text, name)
        if words:
            return heading, words
    return None


def _marked(name: str) -> str:
    return f"`{name.lower()}`"


def _table_row(text: str, name: str) -> str | None:
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.lstrip().startswith("|") and _marked(name) in cells[0].lower():
            return "; ".join(cell for cell in cells[1:] if cell)
    return None


def _paragraph(text: str, name: str) -> str | None:
    for paragraph in re.split(r"\n\s*\n", text):
        if not paragraph.lstrip().startswith("|") and _marked(name) in paragraph.lower():
            return paragraph.strip()
    return None
