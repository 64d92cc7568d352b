"""The people: households with their ages, names, homes, families, carers and deaths."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from orchestration.synthetic.chance import days_between, pick, share, stream
from orchestration.synthetic.nhs_numbers import number_block
from orchestration.synthetic.person import Address, Person

NAMES = Path(__file__).resolve().parents[2] / "data" / "synthetic_names"

HERITAGE = (
    ("british", 88.0),
    ("irish", 2.0),
    ("south_asian", 5.0),
    ("african_caribbean", 3.0),
    ("european", 2.0),
)
ETHNICITIES: dict[str, tuple[tuple[str, float], ...]] = {
    "british": (
        ("White: English, Welsh, Scottish, Northern Irish or British", 93),
        ("No data: Undeclared or not known", 4),
        ("No data: Refused", 1),
        ("Mixed or multiple ethnic groups: White and Black Caribbean", 1),
        ("White: Gypsy or Irish Traveller", 1),
    ),
    "irish": (("White: Irish", 1),),
    "south_asian": (
        ("Asian or Asian British: Indian", 4),
        ("Asian or Asian British: Pakistani", 4),
        ("Asian or Asian British: Bangladeshi", 2),
    ),
    "african_caribbean": (
        ("Black, Black British, Caribbean or African: Caribbean", 1),
        ("Black, Black British, Caribbean or African: African", 1),
    ),
    "european": (("White: Any other White background", 1),),
}


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (NAMES / name).open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


@cache
def _given(sex: str, heritage: str, decade: int) -> tuple[tuple[str, str], ...]:
    fitting = tuple(
        (r["given"], r["short"])
        for r in _rows("given.csv")
        if r["sex"] == sex
        and r["heritage"] == heritage
        and int(r["born_from"]) <= decade <= int(r["born_to"])
    )
    return fitting or _given(sex, "british", max(1920, min(decade, 2010)))


@cache
def _families(heritage: str) -> tuple[tuple[str, float], ...]:
    return tuple((r["family"], float(r["weight"])) for r in _rows("family.csv") if r["heritage"] == heritage)


class Population:
    """Makes the households of one council; every person gets a number and a home of their own making."""

    def __init__(self, seed: int, council: int, councils: int, size: int, code: str, as_at: date) -> None:
        self.rng = stream(seed, "people", council)
        self.code = code
        self.as_at = as_at
        self.size = size
        self.people: list[Person] = []
        self.spare_numbers = number_block(council, councils, int(size * 1.1) + 20)
        self.rng.shuffle(self.spare_numbers)
        self.towns = [r["place"] for r in _rows("places.csv")]
        self.streets = [r["street"] for r in _rows("streets.csv")]
        self.council = council
        self.homes = 0
        practices = max(3, min(40, size // 60))
        self.practices = [
            (f"Z{council % 100:02d}{n:03d}", f"{self.towns[n % len(self.towns)]} Surgery")
            for n in range(practices)
        ]

    def address(self) -> Address:
        """Return a new private home; the postcode area ZY is not allocated to anywhere."""
        self.homes += 1
        rng = self.rng
        spot = rng.randrange(2400)
        district, sector = 1 + spot % 40, rng.randint(1, 9)
        unit = rng.choice("ABDEFGHJLNPQRSTUWXYZ") + rng.choice("ABDEFGHJLNPQRSTUWXYZ")
        return Address(
            line_1=f"{rng.randint(1, 140)} {self.streets[spot % len(self.streets)]}",
            line_2="",
            town=self.towns[district % len(self.towns)],
            postcode=f"ZY{district} {sector}{unit}",
            uprn=f"99{self.council:03d}{self.homes:07d}",
        )

    def _name(self, sex: str, born: date, heritage: str) -> tuple[str, str]:
        return self.rng.choice(_given(sex, heritage, born.year))

    def _born(self, youngest: int, oldest: int) -> date:
        last = date(self.as_at.year - youngest, 1, 28)
        return days_between(self.rng, date(self.as_at.year - oldest, 1, 29), last)

    def person(
        self,
        sex: str,
        born: date,
        home: Address,
        group: str,
        heritage: str,
        family: str = "",
        given: tuple[str, str] | None = None,
    ) -> Person:
        """Return a new person, added to the population."""
        rng = self.rng
        name = given or self._name(sex, born, heritage)
        made = Person(
            key=f"{self.code}-{len(self.people) + 1:07d}",
            sex=sex,
            born=born,
            given=name[0],
            family=family or pick(rng, _families(heritage)),
            short=name[1],
            ethnicity=pick(rng, ETHNICITIES[heritage]),
            home=home,
            nhs_number=self.spare_numbers.pop(),
            gp=rng.choice(self.practices),
            phone=f"01632 960{rng.randint(0, 999):03d}",
            group=group,
        )
        self.people.append(made)
        return made

    def _older_born(self) -> date:
        youngest, oldest = pick(
            self.rng, (((65, 74), 20.0), ((75, 84), 36.0), ((85, 94), 36.0), ((95, 102), 8.0))
        )
        return self._born(youngest, oldest)

    def _older_sex(self, born: date) -> str:
        women = 0.54 if self.as_at.year - born.year < 80 else 0.66
        return "2" if self.rng.random() < women else "1"

    def _marry(self, a: Person, b: Person) -> None:
        a.partner, b.partner = b, a
        woman = a if a.sex == "2" else b
        if woman.sex == "2" and self.rng.random() < 0.4:
            woman.former_family = pick(self.rng, _families("british"))

    def older_single(self, heritage: str) -> None:
        """One older person, living alone or with nobody known to services."""
        born = self._older_born()
        made = self.person(self._older_sex(born), born, self.address(), "older", heritage)
        if made.sex == "2" and self.rng.random() < 0.1:
            made.former_family = pick(self.rng, _families("british"))

    def older_couple(self, heritage: str, *, both: bool) -> None:
        """Partners: both with care needs, or one caring for the other."""
        born = self._older_born()
        home = self.address()
        man = self.person("1", born, home, "older", heritage)
        woman_born = born + timedelta(days=self.rng.randint(-900, 2200))
        woman = self.person("2", woman_born, home, "older", heritage, family=man.family)
        self._marry(man, woman)
        carer, cared = (man, woman) if self.rng.random() < 0.5 else (woman, man)
        carer.cares_for.append(cared)
        if not both:
            carer.group = "carer"

    def older_with_child(self, heritage: str, *, namesake: bool = False) -> None:
        """An older parent and the grown child who cares for them, at times of the same name."""
        born = self._older_born()
        home = self.address()
        parent = self.person("1" if namesake else self._older_sex(born), born, home, "older", heritage)
        child_born = born + timedelta(days=self.rng.randint(8800, 13000))
        sex = parent.sex if namesake else pick(self.rng, (("1", 4.0), ("2", 6.0)))
        given = (parent.given, parent.short) if namesake else None
        child = self.person(sex, child_born, home, "carer", heritage, family=parent.family, given=given)
        child.cares_for.append(parent)

    def couple_with_child(self, heritage: str) -> None:
        """Two older parents and the grown child who cares for both."""
        self.older_couple(heritage, both=True)
        parents = self.people[-2:]
        child_born = parents[1].born + timedelta(days=self.rng.randint(8000, 12000))
        sex = pick(self.rng, (("1", 4.0), ("2", 6.0)))
        child = self.person(sex, child_born, self.address(), "carer", heritage, family=parents[0].family)
        child.cares_for.extend(parents)

    def working_single(self, heritage: str) -> None:
        """One adult of working age."""
        group = pick(self.rng, (("physical", 45.0), ("mental", 35.0), ("learning", 20.0)))
        self.person(
            pick(self.rng, (("1", 5.0), ("2", 5.0))), self._born(19, 64), self.address(), group, heritage
        )

    def learning_with_parent(self, heritage: str) -> None:
        """An adult with a learning disability and the parent who cares for them."""
        born = self._born(19, 45)
        home = self.address()
        made = self.person(pick(self.rng, (("1", 6.0), ("2", 4.0))), born, home, "learning", heritage)
        parent_born = born - timedelta(days=self.rng.randint(8000, 12500))
        parent = self.person("2", parent_born, home, "carer", heritage, family=made.family)
        parent.cares_for.append(made)

    def twins(self, heritage: str) -> None:
        """Twins with learning disabilities: one birth date, one family name, one home."""
        born = self._born(22, 60)
        home = self.address()
        first = self.person("2", born, home, "learning", heritage)
        names = [n for n in _given("2", heritage, born.year) if n[0] != first.given]
        second = self.person("2", born, home, "learning", heritage, first.family, self.rng.choice(names))
        first.twin, second.twin = second, first

    def transition(self, heritage: str) -> None:
        """A young person of 17, known to the council on the way to adult services."""
        born = days_between(
            self.rng,
            self.as_at - timedelta(days=int(17.8 * 365.25)),
            self.as_at - timedelta(days=int(17.1 * 365.25)),
        )
        self.person(pick(self.rng, (("1", 6.0), ("2", 4.0))), born, self.address(), "young", heritage)

    def fill(self) -> list[Person]:
        """Return the whole population: one of every kind of household, then the usual mix up to the size."""
        kinds: list[tuple[Callable[[str], None], float]] = [
            (self.older_single, 40.0),
            (lambda h: self.older_couple(h, both=True), 6.0),
            (lambda h: self.older_couple(h, both=False), 12.0),
            (self.older_with_child, 9.0),
            (lambda h: self.older_with_child(h, namesake=True), 1.0),
            (self.couple_with_child, 2.0),
            (self.working_single, 22.0),
            (self.learning_with_parent, 6.0),
            (self.twins, 1.0),
            (self.transition, 1.5),
        ]
        for make in self._mix(kinds):
            make("british" if len(self.people) < 20 else pick(self.rng, HERITAGE))
        while len(self.people) > self.size:
            self._forget(self.people.pop())
        self._life_events()
        return self.people

    def _mix(self, kinds: list[tuple[Callable[[str], None], float]]) -> Iterator[Callable[[str], None]]:
        for make, _ in kinds:
            if len(self.people) < self.size:
                yield make
        while len(self.people) < self.size:
            yield pick(self.rng, kinds)

    def _forget(self, gone: Person) -> None:
        for other in (gone.partner, gone.twin):
            if other:
                other.partner = None if other.partner is gone else other.partner
                other.twin = None if other.twin is gone else other.twin
        for other in self.people[-3:]:
            other.cares_for = [p for p in other.cares_for if p is not gone]

    def _life_events(self) -> None:
        """Deaths, moves and records under protection, each at its usual rate and never none."""
        rng = self.rng
        older = [p for p in self.people if p.group == "older"]
        for p in share(rng, older, 0.09, at_least=2):
            p.died = days_between(rng, self.as_at - timedelta(days=460), self.as_at - timedelta(days=5))
        for p in share(rng, [p for p in self.people if p.group == "carer"], 0.03):
            p.died = days_between(rng, self.as_at - timedelta(days=300), self.as_at - timedelta(days=20))
        alive = [p for p in self.people if p.died is None and p.group != "young"]
        for p in share(rng, alive, 0.05, at_least=1):
            p.former_home = self.address()
        for p in share(rng, alive, 0.008, at_least=1):
            p.sensitive = True
