"""The true answers of the CQC Provider Information Return, from the words of the definitions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from orchestration.synthetic.maker_world import World
from orchestration.synthetic.places import Provider
from orchestration.synthetic.tables import Row
from orchestration.synthetic.truth_bands import people_in_bands
from orchestration.synthetic.truth_capacity import Figure, LocationTruth
from orchestration.synthetic.truth_knowledge import Knowledge

RETURN_ID = "cqc_pir"
SETTINGS = {
    "Extra care housing": "extra_care",
    "Community supported living": "supported_living",
    "Home support or domiciliary care": "domiciliary",
}
PAYERS = ("local_authority", "nhs", "joint", "self_funded", "other", "not_known")
DECISIONS = {
    "dnacpr.cpr_decision": ("cardio_pulmonary_resuscitation_decision",),
    "dnacpr.advance_plan": ("advance_statement", "advance_decision_to_refuse_treatment"),
}
NOTICES = {"notice: needs changed": "notice_needs", "notice: other": "notice_other"}
SHORT = timedelta(minutes=15)


class PirTruth(LocationTruth):
    """Answers one provider's locations at one day."""

    def __init__(self, world: World, provider: Provider, knowledge: Knowledge) -> None:
        super().__init__(world, provider, knowledge)
        year_ago = self.as_at.replace(year=self.as_at.year - 1)
        self.first_day = str(year_ago + timedelta(days=1))

    def location(self, location: str, home_care: bool) -> tuple[list[Figure], dict[str, set[str]]]:
        """Return the answers of a location, and the people behind those that count people."""
        now = {
            key: [r for r in rows if not home_care or r.get("regulated_care") != "No"]
            for key, rows in self.supported_now(location).items()
            if not home_care or any(r.get("regulated_care") != "No" for r in rows)
        }
        every = {key: rows for key, rows in self.supported_now(location).items() if key in now}
        people = {"people_now": set(now)} | self._ages(set(now)) | self._liberty(location, set(now))
        people |= {f"commissioners.{p}": {k for k in every if _payer(every[k]) == p} for p in PAYERS}
        people["admissions"] = self._began(location, home_care)
        people["deaths"] = self._died(location, home_care)
        people |= self._bands(set(now)) | self._decided(set(now))
        people |= {cell: keys for cell, keys in self._notices(location).items() if keys}
        if home_care:
            kinds = {k: [SETTINGS.get(r.get("cld_service_component", "")) for r in now[k]] for k in now}
            first = {
                k: next((s for s in SETTINGS.values() if s in found), None) for k, found in kinds.items()
            }
            people |= {f"by_setting.{s}": {k for k in now if first[k] == s} for s in SETTINGS.values()}
        figures = [(cell, len(keys)) for cell, keys in people.items()]
        visits = self._of("visit", "care_provider", location)
        if home_care and visits:
            figures += self._visits(visits)
        staff = self._of("staff", "care_provider", location)
        if staff:
            group = [r for r in staff if r["staff_group"] in ("nurse", "care") and self._employed(r, "12")]
            left = [
                r
                for r in staff
                if r["employment_status"] in "12" and self.first_day <= r.get("leaving_date", "") <= self.day
            ]
            figures += [("staff_employed", len(group)), ("staff_leavers", len(left))]
        return figures, people

    def _ages(self, now: set[str]) -> dict[str, set[str]]:
        ages = {key: self.knowledge.by_key[key].age_on(self.as_at) for key in now}
        return {
            "age_bands.18_to_64": {k for k in now if 18 <= ages[k] < 65},
            "age_bands.65_and_over": {k for k in now if ages[k] >= 65},
        }

    def _liberty(self, location: str, now: set[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {"dols_now.in_force": set(), "dols_now.awaiting_outcome": set()}
        for row in self._of("deprivation_of_liberty_safeguards", "care_provider", location):
            start = row.get("start_date_of_authorisation")
            end = row.get("planned_or_actual_end_date_of_authorisation", "9999")
            if row["application_status"] == "Requested" and row["application_date"] <= self.day:
                found["dols_now.awaiting_outcome"].add(self._who(row))
            if row["application_status"] == "Authorised" and start and start <= self.day < end:
                found["dols_now.in_force"].add(self._who(row))
        return {cell: keys & now for cell, keys in found.items()}

    def _began(self, location: str, home_care: bool) -> set[str]:
        served: dict[str, list[Row]] = defaultdict(list)
        for row in self._of("service", "care_provider", location):
            if not home_care or row.get("regulated_care") != "No":
                served[self._who(row)].append(row)
        began = set()
        for key, rows in served.items():
            for row in rows:
                start = row["service_start_date"]
                before = str(date.fromisoformat(start) - timedelta(days=1))
                ran = any(
                    r["service_start_date"] <= before and r.get("service_end_date", "9999") > before
                    for r in rows
                )
                if self.first_day <= start <= self.day and not ran:
                    began.add(key)
        return began

    def _bands(self, now: set[str]) -> dict[str, set[str]]:
        found = people_in_bands(self.tables, self.sender, self.knowledge, self.day)
        ages = self._ages(now)
        found |= {
            "older_people": ages["age_bands.65_and_over"],
            "younger_adults": ages["age_bands.18_to_64"],
        }
        return {f"dependencies.{band}": keys & now for band, keys in found.items()}

    def _decided(self, now: set[str]) -> dict[str, set[str]]:
        return {
            cell: {
                self._who(row)
                for record_class in classes
                for row in self.tables.newest(record_class)
                if row.get("date", "") <= self.day
            }
            & now
            for cell, classes in DECISIONS.items()
        }

    def _died(self, location: str, home_care: bool) -> set[str]:
        """Return who died in the year while a service ran here and they had not left before that day."""
        died = set()
        for row in self._of("service", "care_provider", location):
            person = self.knowledge.by_key[self._who(row)]
            if person.died is None or not self.knowledge.death_known(person):
                continue
            day = str(person.died)
            start, end = row["service_start_date"], row.get("service_end_date", "9999")
            ran = self.first_day <= day <= self.day and start <= day <= end
            if ran and (home_care or not self._left(location, person.key, start, day)):
                died.add(person.key)
        return died

    def _left(self, location: str, key: str, start: str, day: str) -> bool:
        """Return whether a discharge of an earlier day stood on a day: nobody had come back since."""
        went = [
            row["date_of_discharge"]
            for row in self._of("discharge_details", "discharge_location", location)
            if self._who(row) == key and start <= row["date_of_discharge"][:10] < day
        ]
        came = [
            row["date_of_admission"]
            for row in self._of("admission_details", "admitted_to", location)
            if self._who(row) == key and row["date_of_admission"][:10] <= day
        ]
        return any(not any(later > moment for later in came) for moment in went)

    def _notices(self, location: str) -> dict[str, set[str]]:
        """Return whom notice was given; nobody is no figure, for other words cannot be told apart."""
        found: dict[str, set[str]] = {cell: set() for cell in NOTICES.values()}
        for row in self._of("service", "care_provider", location):
            cell = NOTICES.get(row.get("end_reason", "").lower())
            if cell and self.first_day <= row.get("service_end_date", "") <= self.day:
                found[cell].add(self._who(row))
        return found

    def _visits(self, visits: list[Row]) -> list[Figure]:
        earliest = str(self.as_at - timedelta(days=28))
        recent = [r for r in visits if earliest <= r["planned_start"][:10] < self.day]
        made = [r for r in recent if r["status"] == "finished"]
        missed = [r for r in recent if r["status"] == "planned" and "actual_start" not in r]
        short = [r for r in made if _moment(r["actual_end"]) - _moment(r["actual_start"]) < SHORT]
        return [("visits_28", len(made)), ("missed_28", len(missed)), ("short_visits", len(short))]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _payer(rows: list[Row]) -> str:
    paid = {r.get("care_funding_source", "not_known") for r in rows}
    if "joint" in paid or {"local_authority", "nhs"} <= paid:
        return "joint"
    return next((p for p in PAYERS if p in paid), "not_known")
