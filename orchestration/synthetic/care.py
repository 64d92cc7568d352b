"""The care people truly had: stays in care homes, packages at home, and what the council arranged itself."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

from orchestration.synthetic.chance import days_between, pick, share, stream
from orchestration.synthetic.person import Person
from orchestration.synthetic.places import Council, Location, Provider
from orchestration.synthetic.spells import Care, Spell

FUNDING_HOME = (
    ("local_authority", 56.0),
    ("self_funded", 30.0),
    ("nhs", 5.0),
    ("joint", 5.0),
    ("not_known", 3.0),
    ("other", 1.0),
)
FUNDING_COMMUNITY = (
    ("local_authority", 70.0),
    ("self_funded", 20.0),
    ("joint", 4.0),
    ("nhs", 3.0),
    ("not_known", 3.0),
)
OLDER_PATHS = (
    ("care_home", 33.0),
    ("home_care", 34.0),
    ("home_then_care_home", 6.0),
    ("moved_home", 2.5),
    ("respite", 3.5),
    ("reserved", 3.0),
    ("council_only", 8.0),
    ("asked_only", 10.0),
)
WORKING_PATHS = (
    ("home_care", 50.0),
    ("two_agencies", 5.0),
    ("care_home", 8.0),
    ("council_only", 27.0),
    ("asked_only", 10.0),
)


class CarePlanner:
    """Gives each person a path through care."""

    def __init__(self, seed: int, council: Council, as_at: date) -> None:
        self.rng = stream(seed, "care", council.number)
        self.as_at = as_at
        self.homes = [(p, loc) for p in council.providers if p.setting == "care_home" for loc in p.locations]
        self.agencies = [
            (p, loc)
            for p in council.providers
            if p.setting == "home_care"
            for loc in p.locations
            if not loc.shared_lives
        ]
        self.care = Care()
        self.stays: dict[str, tuple[Provider, Location]] = {}

    def plan(self, people: list[Person]) -> Care:
        """Return the care of all people."""
        needing = [p for p in people if p.group not in ("carer", "young")]
        paths = {"older": OLDER_PATHS}
        for person in needing:
            path = pick(self.rng, paths.get(person.group, WORKING_PATHS))
            if person.died and path in ("asked_only", "council_only", "reserved"):
                path = "care_home"
            self._follow(person, path)
        for person in people:
            if person.group == "young":
                self.care.asked_only.append(person)
            if person.group == "carer" and self.rng.random() < 0.45 and person.died is None:
                self._council_spell(person, pick(self.rng, (("carer", 8.0), ("sitting", 2.0))))
        self._troubles()
        self._beds()
        return self.care

    def _follow(self, person: Person, path: str) -> None:
        if not self.homes and path in (
            "care_home",
            "home_then_care_home",
            "moved_home",
            "respite",
            "reserved",
        ):
            path = "home_care"
        if not self.agencies and path in ("home_care", "two_agencies"):
            path = "council_only"
        rng, as_at = self.rng, self.as_at
        if path == "care_home":
            self._stay(person, self._long_ago(), None)
        elif path == "home_care":
            self._package(person, self._long_ago(), None)
        elif path == "two_agencies":
            start = self._long_ago()
            first = rng.randrange(len(self.agencies))
            self._package(person, start, None, at=first)
            self._package(person, start + timedelta(days=rng.randint(0, 20)), None, at=first + 1)
        elif path == "home_then_care_home":
            moved = days_between(rng, as_at - timedelta(days=500), as_at - timedelta(days=30))
            moved = min(moved, person.died - timedelta(days=3)) if person.died else moved
            if self.agencies:
                self._package(person, moved - timedelta(days=rng.randint(60, 700)), moved)
            self._stay(person, moved, None)
        elif path == "moved_home":
            moved = days_between(rng, as_at - timedelta(days=400), as_at - timedelta(days=40))
            moved = min(moved, person.died - timedelta(days=3)) if person.died else moved
            first = rng.randrange(len(self.homes))
            before = self._stay(person, moved - timedelta(days=rng.randint(100, 600)), moved, at=first)
            before.discharged.append((moved, "1", "85"))
            self._stay(person, moved, None, at=first + 1)
        elif path == "respite":
            start = days_between(rng, as_at - timedelta(days=300), as_at - timedelta(days=4))
            start = min(start, person.died - timedelta(days=3)) if person.died else start
            stay = self._stay(
                person, start, start + timedelta(days=rng.choice((7, 14, 14, 21))), kind="respite"
            )
            if stay.end and stay.end < as_at:
                stay.discharged.append((stay.end, "1", "19"))
            elif stay.end:
                stay.planned = True
        elif path == "reserved":
            start = as_at + timedelta(days=rng.randint(3, 30))
            self._stay(person, start, None)
        elif path == "council_only":
            self._council_spell(
                person, pick(rng, (("direct_payment", 4.0), ("day", 3.0), ("equipment", 3.0)))
            )
        else:
            self.care.asked_only.append(person)
        if path in ("home_care", "care_home") and rng.random() < 0.12 and person.group == "older":
            self._council_spell(person, "reablement", before=self.care.spells[-1].start)

    def _long_ago(self) -> date:
        return self.as_at - timedelta(days=12 + min(2200, int(self.rng.expovariate(1 / 560))))

    def _add(self, spell: Spell) -> Spell:
        person, rng = spell.person, self.rng
        if person.died:
            if spell.start >= person.died:
                spell.start = person.died - timedelta(days=rng.randint(5, 200))
            if spell.end is None or spell.end > person.died:
                spell.end, spell.planned = person.died, False
        spell.admitted = [spell.start] if spell.location and spell.location.setting == "care_home" else []
        (self.care.spells if spell.provider else self.care.council_spells).append(spell)
        return spell

    def _stay(
        self, person: Person, start: date, end: date | None, at: int | None = None, kind: str = ""
    ) -> Spell:
        rng = self.rng
        provider, location = self.homes[
            (rng.randrange(len(self.homes)) if at is None else at) % len(self.homes)
        ]
        theirs = self.stays.get(person.twin.key) if person.twin else None
        if theirs:
            provider, location = theirs
        self.stays[person.key] = (provider, location)
        kind = kind or ("nursing" if location.nursing and rng.random() < 0.7 else "residential")
        weekly = {
            "nursing": (112_000, 148_000),
            "residential": (84_000, 112_000),
            "respite": (90_000, 120_000),
        }[kind]
        stay = Spell(person, kind, start, end, pick(rng, FUNDING_HOME), provider, location)
        stay.weekly_pence = rng.randrange(*weekly, 500)
        self._add(stay)
        if person.died and stay.end == person.died:
            stay.discharged.append((person.died, "4", "79"))
        return stay

    def _package(self, person: Person, start: date, end: date | None, at: int | None = None) -> Spell:
        rng = self.rng
        number = rng.randrange(len(self.agencies)) if at is None else at
        if at is None and person.group == "older" and number:
            number = rng.randrange(len(self.agencies))
        provider, location = self.agencies[number % len(self.agencies)]
        kind = "supported" if person.group in ("learning", "mental") and number % 2 else "home"
        package = Spell(person, kind, start, end, pick(rng, FUNDING_COMMUNITY), provider, location)
        package.hourly_pence = rng.randrange(2250, 2750, 5)
        package.hours = rng.choice((4, 7, 7, 10, 14, 14, 21)) * (3 if kind == "supported" else 1)
        self._add(package)
        if kind == "supported" and rng.random() < 0.4:
            self._add(
                Spell(
                    person,
                    "housing",
                    package.start,
                    end,
                    package.funding,
                    provider,
                    location,
                    regulated=False,
                )
            )
        return package

    def _council_spell(self, person: Person, kind: str, before: date | None = None) -> None:
        rng = self.rng
        start = before - timedelta(days=rng.randint(45, 60)) if before else self._long_ago()
        end = start + timedelta(days=42) if kind == "reablement" else None
        if kind in ("equipment", "sitting"):
            end = start + timedelta(days=rng.randint(1, 90))
        if start > self.as_at or (end and end > self.as_at):
            return
        spell = Spell(person, kind, start, end, "local_authority")
        spell.weekly_pence = rng.randrange(6_000, 38_000, 250)
        self._add(spell)

    def _troubles(self) -> None:
        """Endings, hospital stays, and the ways records lag behind them."""
        rng, as_at = self.rng, self.as_at
        running = [s for s in self.care.spells if s.person.died is None and s.end is None and s.start < as_at]
        stays = [s for s in running if s.admitted and s.kind != "respite"]
        packages = [s for s in running if not s.admitted and s.kind != "housing"]
        recent = as_at - timedelta(days=400)
        taken: set[int] = set()

        def free(spells: list[Spell], part: float, at_least: int = 1) -> list[Spell]:
            chosen = share(rng, [s for s in spells if id(s) not in taken], part, at_least)
            taken.update(id(s) for s in chosen)
            return chosen

        for s in free(packages, 0.10):
            s.end = days_between(rng, max(s.start + timedelta(days=5), recent), as_at - timedelta(days=1))
        for s in free(packages + stays, 0.05):
            s.end, s.planned = as_at + timedelta(days=rng.randint(0, 60)), True
        for s in free(stays, 0.05):
            s.end = days_between(rng, max(s.start + timedelta(days=5), recent), as_at - timedelta(days=1))
            s.discharged.append((s.end, "1", rng.choice(("19", "51"))))
        for s in free([s for s in stays if s.start < as_at - timedelta(days=60)], 0.08):
            left = days_between(rng, as_at - timedelta(days=50), as_at - timedelta(days=20))
            s.discharged.append((left, "1", "51"))
            s.admitted.append(left + timedelta(days=rng.randint(3, 15)))
        for s in free([s for s in stays if s.start < as_at - timedelta(days=30)], 0.04):
            s.end = days_between(rng, as_at - timedelta(days=20), as_at - timedelta(days=2))
            s.discharged.append((s.end, "1", "51"))
            s.left_open = True
        for s in free(packages, 0.03):
            s.suspended = True
        for s in free(stays, 0.02) + free(packages, 0.02):
            s.registered_twice = True
        died = [s for s in self.care.spells if s.person.died and s.end == s.person.died]
        for s in share(rng, died, 0.3, at_least=1):
            s.left_open = True
            s.discharged = []

    def _beds(self) -> None:
        """Give each care home room for everyone who lives there or is expected, and a few beds more."""
        living: dict[str, set[str]] = defaultdict(set)
        for s in self.care.spells:
            if s.location and s.admitted and (s.recorded_end is None or s.recorded_end >= self.as_at):
                living[s.location.location_id].add(s.person.key)
        for _, location in self.homes:
            location.beds = len(living[location.location_id]) + _spare_beds(self.rng)


def _spare_beds(rng: random.Random) -> int:
    return rng.randint(2, 8)
