"""Reading the numbers off rendered pages, as somebody does who has nothing but the folder."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

NUMBER = re.compile(r"£?([\d,]*\d(?:\.\d+)?)(%?)(?: [a-z ]+)?(?:, [\d.]+% loaded)?")
# Columns of words that tell rows of one head apart.
TELLING = ("Sender", "Class", "Kind", "What is wrong")
OF = re.compile(r"([\d,]+) of ([\d,]+)(?: checked)?")


@dataclass
class ReadTable:
    """One table of a page: its label, its columns, and the cells of each row as text."""

    page: str
    section: str
    label: str
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[str, str, list[str]]] = field(default_factory=list)
    standing: dict[str, list[str]] = field(default_factory=dict)

    def lines(self) -> list[tuple[str, str, dict[str, str]]]:
        """Return the rows by a name that tells them apart, each with its anchor and its cells by column."""
        found = []
        for head, anchor, cells in self.rows:
            named = dict(zip(self.columns[1:], cells, strict=True))
            words = [said for column, said in named.items() if column in TELLING]
            found.append((" ".join([anchor or head, *words]), anchor, named))
        return found


class Reader(HTMLParser):
    """The tables and tiles of one page."""

    def __init__(self, page: str, text: str) -> None:
        super().__init__()
        self.page, self.section = page, ""
        self.tables: list[ReadTable] = []
        self.tiles: dict[str, str] = {}
        self.stack: list[tuple[str, str]] = []
        self.taking: list[str] | None = None
        self.head, self.anchor, self.cells, self.tile = "", "", [], ""
        self.items: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {k: v or "" for k, v in attrs}
        if tag in ("br", "meta", "link", "input"):
            return
        what = found.get("class", "") if tag != "th" else found.get("scope", "")
        self.stack.append((tag, what))
        if tag == "section":
            self.section = found.get("aria-labelledby", "")
        if found.get("role") == "region":
            # A long list goes on in a second table, which holds what nobody asks about first.
            self.region = found.get("aria-label", "").removesuffix(", continued")
        if tag == "table":
            self.tables.append(ReadTable(self.page, self.section, self.region))
        elif tag == "tr":
            self.head, self.anchor, self.cells, self.items = "", found.get("id", ""), [], []
        elif tag in ("th", "td", "summary", "li") or "tile__n" in what or (tag == "a" and self._in("tile")):
            self.taking = []

    def _in(self, name: str) -> bool:
        return any(name in what.split() for _, what in self.stack)

    def handle_endtag(self, tag: str) -> None:
        what = ""
        while self.stack:
            known, what = self.stack.pop()
            if known == tag:
                break
        said = " ".join("".join(self.taking or []).split())
        if tag == "th" and what == "col":
            self.tables[-1].columns.append(said)
        elif tag == "summary" and any(t == "th" for t, _ in self.stack):
            self.head, self.taking = said, None
        elif tag == "th" and what == "row":
            self.head = self.head or said
        elif tag == "td":
            self.cells.append(said)
        elif tag == "li" and self._in("standing"):
            self.items.append(said)
        elif tag == "tr" and self.cells:
            self.tables[-1].rows.append((self.head, self.anchor, self.cells))
            if self.items:
                self.tables[-1].standing[self.anchor] = self.items
        elif tag == "a" and self._in("tile"):
            self.tile = said
        elif tag == "span" and "tile__n" in what:
            self.tiles[self.tile] = said
        if tag in ("th", "td", "summary", "li") or "tile__n" in what or (tag == "a" and self._in("tile")):
            self.taking = None

    def handle_data(self, data: str) -> None:
        if self.taking is not None:
            self.taking.append(data)


def read_pages(site: Path) -> dict[str, Reader]:
    """Return every page of a site by its path, but the methods, which hold no figures."""
    paths = [p.relative_to(site).as_posix() for p in sorted(site.rglob("*.html")) if p.name != "method.html"]
    return {path: Reader(path, (site / path).read_text("utf-8")) for path in paths}
