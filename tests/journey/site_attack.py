"""Somebody with the folder, a computer and time: every number of the pages, and every sum they can guess.

The site without disclosure control, made of the same lake, tells which guesses are true; no guess that is
false helps anybody. What is a small number is told by it too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from site_reading import NUMBER, OF, Reader, ReadTable, read_pages

from orchestration.report.disclosure_profiles import DisclosureProfile
from tests.unit.report.recovering import HUGE, Recovery, unrounded

Name = tuple[str, ...]
# Columns that count rules, answers, fields or days, and no people.
NOBODY = {
    *(
        "Fields used",
        "To check",
        "Answers filled",
        "Sent before the as-at day",
        "Newest day in it",
        "Quality",
    ),
    *("Method version", "Definition, by hash", "State", "Due", "Weight", "As at", "System", "What is wrong"),
    *("What to do", "What is missing", "Answers that need it", "What stands in the way", "Kind", "Class"),
    *("Sender", "Field", "95% interval", "Rows"),
}
PLACES = {"Care provider", "Occupancy", "Location", "Care organisation", "ASC-WDS workplace"}
CUT_LISTS = {"Top faults with the sender to ask", "Fields filled with a code for not known"}
SHARES_OF_RECORDS = {"Unique", "Valid"}
AMOUNTS = ("hours", "Hours", "week")
# A column of another period: its numbers are in no sum with those of this one.
PERIOD = re.compile(r" \d{4}$")
# What moved since: it follows from the two numbers, and stands only where both do.
MOVED = re.compile(r" \([+−][^)]*\)$")


@dataclass(frozen=True)
class Shown:
    """One number of a page: what stands there, and whether it counts people."""

    text: str
    counts: bool


def numbers_of(page: Reader) -> Iterator[tuple[Name, Shown]]:
    """Yield every number of the tables and tiles of a page by page, table, row and column."""
    for label, said in page.tiles.items():
        yield (page.page, "tile", label, ""), Shown(said, True)
    for table in page.tables:
        for key, anchor, named in table.lines():
            for column, said in named.items():
                if column in NOBODY or said in ("", "–"):
                    continue
                people = "-beds" not in page.page and counts_people(key, column, said)
                yield (page.page, table.label, key, column), Shown(said, people)
            for number, item in enumerate(table.standing.get(anchor, ())):
                told, _, counted = item.rpartition(": ")
                for place, said in enumerate(counted.split(", ")):
                    yield (page.page, "standing", key, f"{told} {number} {place}"), Shown(said, True)


def counts_people(key: str, column: str, said: str) -> bool:
    """Return whether a number is one of people: not of beds, hours or money, nor of lines about places."""
    if said.endswith(("beds", "places")) or any(word in column for word in AMOUNTS):
        return False
    of_a_place = key.startswith(("workplace-", "max-capacity", "bed-types-", "vacant-accepting"))
    # Beside a number of another period its unit is not said again.
    if key in PLACES or (of_a_place and (column == "Records behind it" or PERIOD.search(column))):
        return False
    # The bulk upload answers in codes.
    return not (key.startswith("workplace-") and column == "Value") or key == "workplace-utilisation"


def value_of(said: str) -> dict[str, float]:
    """Return the numbers a text tells: itself, or part and whole; nothing for a share alone."""
    said = MOVED.sub("", said)
    of = OF.fullmatch(said)
    if of:
        return {"part": float(of[1].replace(",", "")), "whole": float(of[2].replace(",", ""))}
    number = NUMBER.fullmatch(said)
    if number is None or number[2]:
        return {}
    return {"": float(number[1].replace(",", ""))}


class SiteAttack:
    """What follows from the pages of a site, and from guesses that the true site bears out."""

    def __init__(self, site: Path, true_site: Path, profile: DisclosureProfile) -> None:
        self.profile = profile
        shown = {name: s for page in read_pages(site).values() for name, s in numbers_of(page)}
        self.pages = read_pages(true_site)
        found = {name: s for page in self.pages.values() for name, s in numbers_of(page)}
        # The longest lists are cut after some rows, and a share of nobody, once rounded, is not shown.
        gone = set(found) - set(shown)
        nobody = {name for name in gone if profile.round_to and name[3] in SHARES_OF_RECORDS}
        assert {name[1] for name in gone - nobody} <= CUT_LISTS, sorted(gone)[:5]
        more = {shown[name].text for name in set(shown) - set(found)}
        assert more <= ({"[c]", "0"} if profile.round_to else {"[c]"})
        self.true: dict[Name, float] = {}
        self.known: dict[Name, float] = {}
        self.people: set[Name] = set()
        for name, was in found.items():
            now = value_of(shown[name].text) if name in shown else {}
            for part, number in value_of(was.text).items():
                whole = (*name, part)
                self.true[whole] = number
                if was.counts:
                    self.people.add(whole)
                # What several classes hold together is a sum of rounded numbers that stand elsewhere.
                added = profile.round_to and name[3] == "Records behind it" and not part
                if part in now and not added:
                    self.known[whole] = now[part]
        self.guesses = list(self._guesses())

    @property
    def hidden(self) -> set[Name]:
        """The numbers that are held back."""
        return set(self.true) - set(self.known)

    def small(self, under: int = 5) -> set[Name]:
        """The counts of people that are few, wherever they stand."""
        return {name for name in self.people if 0 < self.true[name] < under}

    def recovered(
        self,
        room: float,
        known: Mapping[Name, float] | None = None,
        exactly: Mapping[Name, tuple[float, float]] | None = None,
    ) -> list[Name]:
        """Return the small counts that can be told more closely than the room.

        `exactly` are numbers between which something is known to lie, whatever the page says.
        """
        told = self.known if known is None else known
        recovery = Recovery()
        for name, number in self.true.items():
            recovery.number(name, *self._between(name, number, told.get(name)))
        for name, between in (exactly or {}).items():
            recovery.number(name, *between)
        for guess in self.guesses:
            recovery.equal(guess)
        for name in self.true:
            if name[-1] == "part":
                recovery.at_most({name: 1.0, (*name[:-1], "whole"): -1.0})
        aims = [{name: 1.0} for name in sorted(self.small())]
        return [next(iter(aim)) for aim, _ in recovery.recovered(aims, self.true, room)]

    def _between(self, name: Name, number: float, told: float | None) -> tuple[float, float]:
        """The least and the most a number may be, by what the page and the rule of the site say."""
        people = name in self.people
        if told is None:
            # Where zeros of people are shown, what is held back is not zero.
            return (min(1.0, number) if people and self.profile.zeros_shown else 0.0), HUGE
        return unrounded(told, self.profile) if people and self.profile.round_to else (told, told)

    def _guesses(self) -> Iterator[dict[Name, float]]:
        """Sums by label within a table, and one number under one label in several tables of a page."""
        for guess in self._sums():
            names = {name: value for name, value in guess.items() if name in self.true}
            if len(names) == len(guess) and abs(sum(v * self.true[n] for n, v in names.items())) < 1e-6:
                yield names
        for page in self.pages.values():
            alike: dict[tuple[str, ...], list[Name]] = defaultdict(list)
            for table in page.tables:
                for head, _, named in table.lines():
                    for column in named:
                        name = (page.page, table.label, head, column, "")
                        if name in self.true:
                            alike[table.section, head, column].append(name)
            for names in alike.values():
                for one, other in pairwise(names):
                    if self.true[one] == self.true[other]:
                        yield {one: 1.0, other: -1.0}

    def _sums(self) -> Iterator[dict[Name, float]]:
        for page in self.pages.values():
            for table in page.tables:
                yield from self._table_sums(page.page, table)
            yield from self._page_sums(page)

    def _table_sums(self, page: str, table: ReadTable) -> Iterator[dict[Name, float]]:
        def at(head: str, column: str) -> Name:
            return (page, table.label, head, column, "")

        heads = [head for head, _, _ in table.lines()]
        for column in table.columns[1:]:
            present = [h for h in heads if at(h, column) in self.true]
            for total in present:
                parts = [h for h in present if h != total]
                if parts and (total == "Total" or len(present) < 12):
                    guess = {at(total, column): -1.0, **{at(h, column): 1.0 for h in parts}}
                    # What adds up in another period by chance alone is known to nobody.
                    if not PERIOD.search(column) or self._holds(guess, table.columns[1:]):
                        yield guess
            for before, now in pairwise(heads):
                yield {
                    **{at(now, "At the end"): 1.0, at(now, "Left"): 1.0},
                    **{at(before, "At the end"): -1.0, at(now, "Joined"): -1.0},
                }
        for head in heads:
            present = [c for c in table.columns[1:] if at(head, c) in self.true and not PERIOD.search(c)]
            for total in present:
                parts = [c for c in present if c != total]
                if parts:
                    yield {at(head, total): -1.0, **{at(head, c): 1.0 for c in parts}}

    def _holds(self, guess: Mapping[Name, float], columns: Sequence[str]) -> bool:
        """Whether what was guessed of one period is true of every period of the same table."""
        for column in columns:
            if column == "Value" or PERIOD.search(column):
                there = {(*name[:3], column, *name[4:]): value for name, value in guess.items()}
                if any(n not in self.true for n in there):
                    return False
                if abs(sum(v * self.true[n] for n, v in there.items())) > 1e-6:
                    return False
        return True

    def _page_sums(self, page: Reader) -> Iterator[dict[Name, float]]:
        """A figure is those counted in it; a tile, a total; packages, those known to each or in each band."""
        for table in page.tables:
            for anchor, items in table.standing.items():
                figure = (page.page, table.label, anchor, "Value", "")
                share = (page.page, table.label, anchor, "Records behind it")
                for place in (0, 1):
                    told = [
                        ((page.page, "standing", anchor, f"{i.rpartition(': ')[0]} {n} {place}", ""), i)
                        for n, i in enumerate(items)
                    ]
                    counted = [name for name, item in told if item.startswith("counted:")]
                    inside = [name for name, item in told if not item.startswith("left out")]
                    yield {figure: -1.0, **dict.fromkeys(counted, 1.0)}
                    yield {(*share, "part"): -1.0, **dict.fromkeys(counted, 1.0)}
                    yield {(*share, "whole"): -1.0, **dict.fromkeys(inside, 1.0)}
            for tile in page.tiles:
                for column in ("Total", "People"):
                    yield {
                        (page.page, "tile", tile, "", ""): 1.0,
                        (page.page, table.label, "Total", column, ""): -1.0,
                    }
        tables = [t.label for t in page.tables]
        for place in {head for t in page.tables for head, _, _ in t.lines()}:
            for label in tables:
                for column in ("Packages", "By the hour"):
                    packages = (page.page, "Table: Hours a week, by location", place, column, "")
                    yield {packages: 1.0, (page.page, label, place, "Total", ""): -1.0}
            costs = "Table: Packages and cost a week, by location"
            known = [
                (page.page, costs, place, c, "") for c in ("Known to both", "Council only", "Provider only")
            ]
            yield {
                (page.page, "Table: Hours a week, by location", place, "Packages", ""): -1.0,
                **dict.fromkeys(known, 1.0),
            }
