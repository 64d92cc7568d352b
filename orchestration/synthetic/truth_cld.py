"""The true figures of a council's Client Level Data, from the words of the definitions."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from orchestration.synthetic.council_life import reporting_period
from orchestration.synthetic.council_rows import OUT_OF_SCOPE
from orchestration.synthetic.maker_world import World
from orchestration.synthetic.person import Person
from orchestration.synthetic.tables import Row
from orchestration.synthetic.truth_knowledge import Knowledge

RETURN_ID = "cld"
FIELDS = Path(__file__).resolve().parents[2] / "data" / "standards" / "cld" / "R2" / "fields.csv"
ASSOCIATION = "Unpaid carer known by association"
EVENTS = ("request", "assessment", "service", "review")
# Columns of the person, taken from the newest row the council holds of them.
OF_THE_PERSON = {
    "First_Name": "first_name",
    "Last_Name": "last_name",
    "GP_Practice_Name": "gp_practice_name",
    "GP_Practice_Code": "gp_practice_code",
    "Gender": "gender",
    "Ethnicity": "ethnicity",
    "Date_of_Birth": "date_of_birth",
    "Postcode": "postcode",
    "Accommodation_Status": "accommodation_status",
    "Employment_Status": "employment_status",
    "Has_Unpaid_Carer": "has_unpaid_carer",
    "Autism_Spectrum_Disorder_ASD": "autism_spectrum_disorder_asd",
    "Visual_Impairment": "visual_impairment",
    "Hearing_Impairment": "hearing_impairment",
    "Dementia": "dementia",
}
OF_THE_CARER = {
    "Total_Hrs_Caring_per_week": "total_hrs_caring_per_week",
    "No_of_adults_being_cared_for": "no_of_adults_being_cared_for",
    "Adult_1_Linked_Person_ID": "adult_1_linked_person_id",
    "Adult_2_Linked_Person_ID": "adult_2_linked_person_id",
    "Adult_3_Linked_Person_ID": "adult_3_linked_person_id",
}
OF_THE_COST = {
    "Unit_Cost": "unit_cost",
    "Cost_Frequency_Unit_Type": "cost_frequency",
    "Planned_Units_Per_Week": "planned_units_per_week",
}
LONG_TERM = {
    "nursing": "Long term support: Nursing care",
    "residential": "Long term support: Residential care",
    "community": "Long term support: Community",
    "prison": "Long term support: Prison",
}


@dataclass(slots=True)
class Line:
    """One row of the file to hand over, before it is excluded or counted."""

    key: str
    event: str
    row: Row
    person: Person
    cost: Row

    @property
    def client_type(self) -> str:
        """The client type of the row."""
        return self.row["client_type"]


def _always(line: Line) -> bool:
    return True


def _has_event(line: Line) -> bool:
    return line.client_type != ASSOCIATION


def _only(event: str) -> Callable[[Line], bool]:
    return lambda line: line.event == event and line.client_type != ASSOCIATION


APPLIES: dict[str, Callable[[Line], bool]] = {
    "all rows": _always,
    "Client Type starts 'Service user'": lambda line: line.client_type.startswith("Service user"),
    "Client Type starts 'Unpaid carer'": lambda line: line.client_type.startswith("Unpaid carer"),
    "rows whose Client Type is not 'Unpaid carer known by association'": _has_event,
    "Event Type starts 'Request' or 'Referral', and Client Type is not "
    "'Unpaid carer known by association'": _only("request"),
    "Event Type starts 'Assessment' and Client Type is not 'Unpaid carer known by association'": _only(
        "assessment"
    ),
    "Event Type starts 'Service' and Client Type is not 'Unpaid carer known by association'": _only(
        "service"
    ),
    "Event Type starts 'Review' and Client Type is not 'Unpaid carer known by association'": _only("review"),
}


class CouncilTruth:
    """The rows a council owes, one by one, and the counts over them."""

    def __init__(self, world: World, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.code = world.council.code
        self.sender = world.council.sender_id
        self.period = reporting_period(world.as_at)
        self.tables = world.council_tables
        self.costs: dict[str, list[Row]] = defaultdict(list)
        for cost in self.tables.newest("cld_cost"):
            if cost.get("valid_from", "") <= str(self.period.end):
                self.costs[cost["service_record_uid"]].append(cost)
        self.newest: dict[str, tuple[str, str, Row]] = {}
        self.carer_row: dict[str, tuple[str, Row]] = {}
        self.lines = self._lines()
        self.reasons: dict[str, str] = {}
        self.kept = self._kept()

    def _lines(self) -> list[Line]:
        lines = []
        for event in EVENTS:
            for row in self.tables.newest(f"cld_{event}"):
                key = f"{self.sender}:cld_{event}:{row['record_uid']}"
                person = self.knowledge.person(self.sender, row["la_person_unique_identifier"])
                costs = self.costs.get(row["record_uid"], []) if event == "service" else []
                costs = sorted(costs, key=lambda c: (c.get("valid_from", ""), c["record_uid"]))
                lines.append(Line(key, event, row, person, costs[-1] if costs else {}))
                best = self.newest.get(person.key)
                start = row["event_start_date"]
                if best is None or start > best[0] or (start == best[0] and key < best[1]):
                    self.newest[person.key] = (start, key, row)
        for row in self.tables.newest("cld_carer"):
            key = f"{self.sender}:cld_carer:{row['record_uid']}"
            person = self.knowledge.person(self.sender, row["la_person_unique_identifier"])
            self.newest.setdefault(person.key, ("", key, row))
            if row["client_type"] == ASSOCIATION:
                lines.append(Line(key, "", row, person, {}))
            elif row["client_type"] == "Unpaid carer":
                self.carer_row.setdefault(person.key, (key, row))
        return lines

    def _reason(self, line: Line) -> str:
        row, end = line.row, line.row.get("event_end_date")
        first, last = str(self.period.start), str(self.period.end)
        if row["la_code"] != self.code:
            return "another_council"
        if row.get("event_status") == "cancelled":
            return "cancelled"
        if line.event in ("request", "assessment", "review"):
            if end is None or row.get("event_status") == "open":
                return "not_completed"
            if not first <= end <= last:
                return "outside_period"
        if line.event == "service" and (row["event_start_date"] > last or (end is not None and end < first)):
            return "outside_period"
        if row.get("assessment_type") in OUT_OF_SCOPE:
            return "out_of_scope_assessment"
        age_day = self.period.end
        if end is not None and end < last:
            age_day = date.fromisoformat(end)
        return "under_18" if line.person.age_on(age_day) < 18 else ""

    def _sameness(self, line: Line) -> tuple[object, ...]:
        row, cost = line.row, line.cost
        numbers = [Decimal(cost[c]) if c in cost else None for c in ("unit_cost", "planned_units_per_week")]
        return (
            line.person.key,
            line.event,
            line.client_type,
            row.get("event_start_date"),
            None if line.event == "service" else row.get("event_end_date"),
            *(row.get(c) for c in ("request_route_of_access", "assessment_type", "service_type")),
            *(row.get(c) for c in ("service_component", "delivery_mechanism")),
            cost.get("cost_frequency"),
            *numbers,
        )

    def _kept(self) -> list[Line]:
        seen: set[tuple[object, ...]] = set()
        kept = []
        for line in sorted(self.lines, key=lambda line: line.key):
            reason = self._reason(line)
            if not reason and self._sameness(line) in seen:
                reason = "duplicate"
            if reason:
                self.reasons[line.key] = reason
            else:
                seen.add(self._sameness(line))
                kept.append(line)
        return kept

    def _value(self, column: str, line: Line) -> object:
        if column == "NHS_Number":
            return self.knowledge.number_known(line.person)
        if column == "Date_of_Death":
            return self.knowledge.death_known(line.person)
        if column in OF_THE_PERSON:
            return self.newest[line.person.key][2].get(OF_THE_PERSON[column])
        if column in OF_THE_CARER:
            own = line.client_type == ASSOCIATION
            row = line.row if own else self.carer_row.get(line.person.key, ("", {}))[1]
            return row.get(OF_THE_CARER[column])
        if column in OF_THE_COST:
            return line.cost.get(OF_THE_COST[column])
        return line.row.get(column.lower())

    def counts(self) -> dict[str, int]:
        """Return the counts of rows."""
        found = {"rows.total": len(self.kept)}
        found |= {f"rows.{e}": sum(line.event == e for line in self.kept) for e in EVENTS}
        found["rows.carer_known_by_association"] = sum(not line.event for line in self.kept)
        return found

    def people(self) -> dict[str, set[str]]:
        """Return the people behind each figure that counts people."""
        found = {
            "people.total": {line.person.key for line in self.kept},
            "people.service_user": {p.person.key for p in self.kept if p.client_type == "Service user"},
            "people.unpaid_carer": {p.person.key for p in self.kept if p.client_type == "Unpaid carer"},
        }
        for name, label in LONG_TERM.items():
            having = {line.person.key for line in self.kept if line.row.get("service_type") == label}
            found[f"people.long_term_support.{name}"] = having
        return found

    def fields(self) -> dict[str, tuple[int, int]]:
        """Return for each of the fields how many rows have a value, of how many where it applies."""
        found = {}
        with FIELDS.open(encoding="utf-8", newline="") as handle:
            for field in csv.DictReader(handle):
                column = field["database_column"]
                applying = [line for line in self.kept if APPLIES[field["applicable"]](line)]
                filled = sum(bool(self._value(column, line)) for line in applying)
                found[f"field.{column}"] = (filled, len(applying))
        return found
