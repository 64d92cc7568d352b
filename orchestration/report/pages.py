"""A page of the site: where it lies, what it is called, and what its template is filled with."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader
from markupsafe import Markup

from orchestration.report import words

HERE = Path(__file__).resolve().parent
STYLE, SCRIPT = "static/report.css", "static/report.js"


@dataclass(frozen=True)
class Page:
    """One page: its path in the site, its titles, its template and what the template is filled with."""

    path: str
    title: str
    template: str
    section: str
    context: Mapping[str, Any] = field(default_factory=dict)
    trail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """One entry of the navigation."""

    name: str
    title: str
    path: str


def environment() -> Environment:
    """Return the templates, with everything escaped that is not markup of our own."""
    made = Environment(
        loader=ChoiceLoader(
            [FileSystemLoader(HERE / "templates"), PackageLoader("nhsuk_frontend_jinja", "templates")]
        ),
        autoescape=True,
        # The NHS components ask for parameters that were not given.
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "day": words.day,
        "month": words.month,
        "count": words.count,
        "percent": words.percent,
        "number": words.number,
        "sentence": words.sentence,
        "unit_words": words.unit_words,
    }
    made.globals |= {"several": words.several}
    return made


def render(templates: Environment, page: Page, sections: list[Section], banner: Mapping[str, Any]) -> str:
    """Return a page as HTML. Links are relative, so that the folder may lie anywhere."""
    folder = posixpath.dirname(page.path)

    def link(target: str) -> str:
        path, mark, anchor = target.partition("#")
        return posixpath.relpath(path, folder or ".") + mark + anchor if path else mark + anchor

    html = templates.get_template(page.template).render(
        page=page, sections=sections, banner=banner, link=link, **page.context
    )
    return "\n".join(line.rstrip() for line in html.splitlines() if line.strip()) + "\n"


def svg(text: str) -> Markup:
    """Return a chart we drew ourselves as markup."""
    return Markup(text)  # noqa: S704 - drawn by the chart library from escaped values
