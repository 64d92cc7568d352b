"""The method of a return as HTML: headings, tables and lists; whatever HTML it holds stays text."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

_READER = (
    MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable(["image", "link"])
)


_TABLE = (
    '<div class="scroll" tabindex="0" role="region" aria-label="Table of the method"><table class="plain">'
)


def whole(method: str) -> Markup:
    """Return a whole method as HTML, its title left out, because the page has one."""
    lines = method.splitlines()
    body = lines[1:] if lines and lines[0].startswith("# ") else lines
    html = _READER.render("\n".join(body))
    html = html.replace("<table>", _TABLE).replace("</table>", "</table></div>")
    return Markup(html)  # noqa: S704 - the reader is told to escape HTML


def line(words: str) -> Markup:
    """Return a few words of a method as HTML that may stand inside a paragraph."""
    return Markup(_READER.renderInline(" ".join(words.split())))  # noqa: S704 - the same reader
