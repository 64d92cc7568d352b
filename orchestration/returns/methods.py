"""The sections of a return's method.md, by the names their headings give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

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


def section_for(sections: Mapping[str, str], names: Iterable[str]) -> tuple[str, str] | None:
    """Return the heading and text of the first section that names one of these, most particular name first.

    A heading names a cell, item or measure when it is that name, or holds it in backticks.
    """
    for name in names:
        if not name:
            continue
        for heading, text in sections.items():
            if heading.lower() == name.lower() or f"`{name.lower()}`" in heading.lower():
                return heading, text
    return None
