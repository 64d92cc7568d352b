"""What a provider records of its locations: beds and places, week by week, and the people who work there."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from orchestration.synthetic.chance import days_between, pick
from orchestration.synthetic.places import Location, Provider
from orchestration.synthetic.spells import Spell
from orchestration.synthetic.tables import Tables

BED_CATEGORIES = (("general_residential", 0.6), ("dementia_residential", 0.4))
NURSING_CATEGORIES = (("general_residential", 0.3), ("general_nursing", 0.4), ("dementia_nursing", 0.3))


class LocationRecords:
    """Adds the occupancy and staff classes where the provider keeps them."""

    def __init__(
        self, tables: Tables, provider: Provider, spells: list[Spell], as_at: date, rng: Random
    ) -> None:
        self.tables = tables
        self.provider = provider
        self.spells = spells
        self.as_at = as_at
        self.rng = rng

    def add(self) -> None:
        """Add the rows of every location."""
        for location in self.provider.locations:
            if self.provider.keeps_occupancy:
                self._occupancy(location)
            if self.provider.keeps_staff:
                self._staff(location)

    def _present(self, location: Location, day: date) -> int:
        here = {
            s.person.key
            for s in self.spells
            if s.location is location
            and s.regulated
            and s.start <= day
            and (s.end is None or s.end > day)
            and s.person.alive_on(day)
        }
        return len(here)

    def _occupancy(self, location: Location) -> None:
        tables, rng = self.tables, self.rng
        expected = {s.person.key for s in self.spells if s.location is location and s.start > self.as_at}
        for days in (94, 63, 32, 3):
            day = self.as_at - timedelta(days=days)
            here = self._present(location, day)
            values: dict[str, object] = {"provider": location.location_id, "date": day}
            if location.setting == "home_care":
                values["people_using_the_service"] = here
                tables.add("occupancy", tables.uid("occupancy", "occ"), 1, values)
                continue
            reserved = len(expected) if days == 3 else rng.randint(0, 1)
            values["maximum_capacity"] = location.beds
            values["occupied_or_used"] = min(here, location.beds - reserved)
            values["vacant_reserved"] = reserved
            free = location.beds - max(here, self._present(location, self.as_at)) - reserved
            values["vacant_accepting_admissions"] = max(0, free - rng.randint(1, 2))
            tables.add("occupancy", tables.uid("occupancy", "occ"), 1, values)
        if location.setting == "care_home":
            left = location.beds
            categories = NURSING_CATEGORIES if location.nursing else BED_CATEGORIES
            for category, part in categories:
                beds = left if category == categories[-1][0] else round(location.beds * part)
                left -= beds
                tables.add(
                    "occupancy",
                    tables.uid("occupancy", "occ"),
                    1,
                    {
                        "provider": location.location_id,
                        "date": self.as_at - timedelta(days=3),
                        "maximum_capacity": beds,
                        "care_category": category,
                    },
                )

    def _staff(self, location: Location) -> None:
        rng, as_at = self.rng, self.as_at
        people = self._present(location, as_at)
        if location.setting == "care_home":
            groups = {
                "nurse": 7 if location.nursing else 0,
                "care": 6 + people * 4 // 5,
                "non_care": 4 + people // 4,
            }
        else:
            groups = {"nurse": 0, "care": 4 + people * 2 // 5, "non_care": 2 + people // 30}
        for group, number in groups.items():
            for _ in range(number):
                uid = self.tables.uid("staff", "stf")
                status = pick(rng, (("1", 74.0), ("2", 8.0), ("3", 8.0), ("4", 8.0), ("7", 2.0)))
                started = as_at - timedelta(days=20 + min(4000, int(rng.expovariate(1 / 900))))
                left = days_between(rng, as_at - timedelta(days=300), as_at + timedelta(days=20))
                absent = days_between(rng, as_at - timedelta(days=25), as_at - timedelta(days=1))
                is_absent, back = rng.random() < 0.1, rng.random() < 0.5
                hours = rng.choice(("16.00", "24.00", "30.00", "37.50"))
                values: dict[str, object] = {
                    "care_provider": location.location_id,
                    "unique_worker_id": f"{self.provider.initials}-W{uid[-5:]}",
                    "employment_status": status,
                    "staff_group": group,
                    "start_date": started if rng.random() < 0.98 else None,
                    "contracted_hours": hours if status in "12" else None,
                    "average_hours": None if status in "12" else hours,
                    "absent_from": absent if is_absent else None,
                    "absent_to": absent + timedelta(days=9) if is_absent and back else None,
                }
                self.tables.add("staff", uid, 1, values)
                if rng.random() < 0.1 and left > started:
                    self.tables.add("staff", uid, 2, values | {"leaving_date": left})
