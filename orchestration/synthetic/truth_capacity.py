"""The true Capacity Tracker answers of each location, from the words of the definitions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from orchestration.synthetic.maker_world import World
from orchestration.synthetic.places import Provider
from orchestration.synthetic.tables import Row, Tables
from orchestration.synthetic.truth_knowledge import Knowledge

RETURN_ID = "capacity_tracker"
BED_TYPES = (
    "general_residential",
    "general_nursing",
    "dementia_residential",
    "dementia_nursing",
    "learning_disability_residential",
    "learning_disability_nursing",
    "mental_health_residential",
    "mental_health_nursing",
    "young_physically_disabled",
    "transitional",
    "community_care",
)
STAFF_CELLS = (
    ("nurses_employed", "nurse", "12"),
    ("care_employed", "care", "12"),
    ("noncare_employed", "non_care", "12"),
    ("agency_nurses", "nurse", "34"),
    ("agency_care", "care", "34"),
    ("agency_noncare", "non_care", "34"),
)
Figure = tuple[str, int]


class LocationTruth:
    """Counts one provider's locations at one day."""

    def __init__(self, world: World, provider: Provider, knowledge: Knowledge) -> None:
        self.day = str(world.as_at)
        self.month = str(world.as_at)[:7]
        self.sender = provider.sender_id
        self.tables: Tables = world.provider_tables[provider.sender_id]
        self.knowledge = knowledge
        self.as_at: date = world.as_at

    def _of(self, record_class: str, column: str, location: str) -> list[Row]:
        return [r for r in self.tables.newest(record_class) if r.get(column) == location]

    def _who(self, row: Row) -> str:
        return self.knowledge.person(self.sender, row["subject_of_care"]).key

    def _open(self, service: Row) -> bool:
        start, end = service.get("service_start_date"), service.get("service_end_date")
        return start is not None and start <= self.day and (end is None or end > self.day)

    def _dead(self, key: str) -> bool:
        person = self.knowledge.by_key[key]
        return self.knowledge.death_known(person) and not person.alive_on(self.as_at)

    def supported_now(self, location: str) -> dict[str, list[Row]]:
        """Return the open services of each person supported at a location now."""
        came: dict[str, list[str]] = defaultdict(list)
        for row in self._of("admission_details", "admitted_to", location):
            came[self._who(row)].append(row["date_of_admission"][:10])
        left: dict[str, list[str]] = defaultdict(list)
        for row in self._of("discharge_details", "discharge_location", location):
            left[self._who(row)].append(row["date_of_discharge"][:10])
        supported: dict[str, list[Row]] = defaultdict(list)
        for service in self._of("service", "care_provider", location):
            key = self._who(service)
            if self._open(service) and not self._dead(key):
                gone = any(
                    service["service_start_date"] <= d <= self.day
                    and not any(d < a <= self.day for a in came.get(key, []))
                    for d in left.get(key, [])
                )
                if not gone:
                    supported[key].append(service)
        return supported

    def care_home(self, location: str) -> tuple[list[Figure], dict[str, set[str]]]:
        """Return the answers of a care home and the people behind the answers that count people."""
        supported = set(self.supported_now(location))
        expected = {
            self._who(s)
            for s in self._of("service", "care_provider", location)
            if s.get("service_start_date", "") > self.day
        } - supported
        figures = [("occupied", len(supported)), ("vacant_reserved", len(expected))]
        site = self._of("care_provider", "cqc_location_id", location)[0]
        rows = [r for r in self._of("occupancy", "provider", location) if r["date"] <= self.day]
        totals = sorted((r for r in rows if "care_category" not in r), key=lambda r: r["date"])
        if totals and "maximum_capacity" in totals[-1]:
            figures.append(("max_capacity", int(totals[-1]["maximum_capacity"])))
        elif "registered_beds" in site:
            figures.append(("max_capacity", int(site["registered_beds"])))
        if totals and totals[-1]["date"][:7] == self.month:
            figures.append(("vacant_accepting", int(totals[-1]["vacant_accepting_admissions"])))
        beds = {r["care_category"]: r for r in sorted(rows, key=lambda r: r["date"]) if "care_category" in r}
        if beds:
            figures += [
                (f"bed_types.{t}", int(beds[t]["maximum_capacity"]) if t in beds else 0) for t in BED_TYPES
            ]
        staff = self._of("staff", "care_provider", location)
        if staff:
            figures += [(c, self._staff(staff, group, statuses)) for c, group, statuses in STAFF_CELLS]
        return figures, {"occupied": supported, "vacant_reserved": expected}

    def _employed(self, row: Row, statuses: str) -> bool:
        return (
            row["employment_status"] in statuses
            and row.get("start_date", "") <= self.day
            and row.get("leaving_date", "9999") > self.day
        )

    def _staff(self, staff: list[Row], group: str, statuses: str) -> int:
        return sum(r["staff_group"] == group and self._employed(r, statuses) for r in staff)

    def home_care(self, location: str) -> tuple[list[Figure], dict[str, set[str]]]:
        """Return the answers of a home care location and the people behind them."""
        supported = self.supported_now(location)
        users = {k for k, rows in supported.items() if any(r.get("regulated_care") != "No" for r in rows)}
        public = {
            k
            for k in users
            if any(r.get("care_funding_source") in ("local_authority", "nhs", "joint") for r in supported[k])
        }
        private = {
            k
            for k in users - public
            if any(r.get("care_funding_source") == "self_funded" for r in supported[k])
        }
        people = {"service_users": users, "users_nhs_la": public, "users_self": private}
        figures = [(cell, len(keys)) for cell, keys in people.items()]
        staff = self._of("staff", "care_provider", location)
        if staff:
            carers = [r for r in staff if r["staff_group"] == "care" and self._employed(r, "12")]
            absent = [
                r for r in carers if r.get("absent_from", "9999") <= self.day <= r.get("absent_to", "9999")
            ]
            figures += [
                ("staff.cqccareworkersemployed", len(carers)),
                ("staff.cqccareworkersabsent", len(absent)),
            ]
        return figures, people
