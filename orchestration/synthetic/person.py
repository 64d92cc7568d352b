"""A true person, and the places people live."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Address:
    """A place where people live."""

    line_1: str
    line_2: str
    town: str
    postcode: str
    uprn: str


@dataclass(slots=True)
class Person:
    """One true person, whoever keeps records about them."""

    key: str
    sex: str
    born: date
    given: str
    family: str
    short: str
    ethnicity: str
    home: Address
    nhs_number: str
    gp: tuple[str, str]
    phone: str
    former_family: str = ""
    former_home: Address | None = None
    former_number: str = ""
    # older, physical, learning, mental: the main reason for support; carer: an unpaid carer only.
    group: str = "older"
    partner: Person | None = None
    twin: Person | None = None
    cares_for: list[Person] = field(default_factory=list)
    died: date | None = None
    sensitive: bool = False
    withdrawn: bool = False

    def age_on(self, day: date) -> int:
        """Return the age in whole years on a day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def alive_on(self, day: date) -> bool:
        """Return True unless the person had died on or before the day."""
        return self.died is None or self.died > day
