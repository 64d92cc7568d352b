"""A council's extract in CLD's shape: requests, assessments, services and costs, reviews, carers."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from orchestration.synthetic.chance import days_between, pick, stream
from orchestration.synthetic.council_life import PREFIXES, add_life, reporting_period
from orchestration.synthetic.council_person import identity_columns, person_columns
from orchestration.synthetic.person import Person
from orchestration.synthetic.places import Council
from orchestration.synthetic.provider_rows import FUNDING_STATUS
from orchestration.synthetic.records import PersonRecord
from orchestration.synthetic.spells import CLD_SERVICE, DESCRIPTIONS, Care, Spell
from orchestration.synthetic.tables import Tables, money

ROUTES = (
    ("Community / Other route", 62.0),
    ("Discharge from Hospital", 30.0),
    ("Diversion from Hospital Services", 8.0),
)
METHODS = (("Service user only", 6.0), ("Service user and carer", 4.0))
NOTHING_OFFERED = (
    ("NFA: Information and advice or signposting", 6.0),
    ("NFA: Support declined", 2.0),
    ("NFA: No services offered for other reason", 1.0),
    ("NFA: Referral to other service within the local authority", 1.0),
)
OUT_OF_SCOPE = (
    "DoLS assessment",
    "Safeguarding enquiry",
    "Mental capacity assessment",
    "Mental Health Act assessment",
)
UPLIFT = 1.05


class CouncilExtract:
    """Builds the tables of one council. The rows hold Release 2 labels; `labels.dress` ages some of them."""

    def __init__(self, seed: int, council: Council, care: Care, as_at: date) -> None:
        self.seed = seed
        self.council = council
        self.care = care
        self.as_at = as_at
        self.period = reporting_period(as_at)
        self.oldest = as_at - timedelta(days=730)
        self.rng = stream(seed, "council_rows", council.number)
        self.tables = Tables()
        self.spells: dict[str, list[Spell]] = defaultdict(list)
        for spell in care.spells + care.council_spells:
            if spell.council_funded and spell.kind in CLD_SERVICE:
                self.spells[spell.person.key].append(spell)
        self.records: dict[str, list[PersonRecord]] = defaultdict(list)
        self.columns: dict[str, dict[str, object]] = {}

    def build(
        self, records: list[PersonRecord], known_carers: dict[str, str], carers: dict[str, list[Person]]
    ) -> Tables:
        """Return the tables. `known_carers` says for each carer's person key how the council knows them."""
        for r in records:
            self.records[r.person.key].append(r)
        for key, same in self.records.items():
            self._person(same[0], bool(carers.get(key)))
        for key, same in self.records.items():
            self._events(same[0].person)
            if known_carers.get(key) == "Unpaid carer" and same[0].person.group != "carer":
                self._own_support(same[0].person)
        in_use = self.ids_in_use()
        for key, how in known_carers.items():
            self._carer(self.records[key][0], how, in_use)
        add_life(self.tables, self.period, self.rng)
        return self.tables

    def _person(self, r: PersonRecord, cared_for: bool) -> None:
        spells = self.spells[r.person.key]
        living = next((s.kind for s in reversed(spells) if s.kind in ("nursing", "residential")), "home")
        funding = next((FUNDING_STATUS.get(s.funding, "") for s in reversed(spells)), "Unknown")
        self.columns[r.person.key] = person_columns(
            self.seed, r, self.as_at, living=living, funding=funding, cared_for=cared_for
        )

    def _record(self, person: Person) -> PersonRecord:
        same = self.records[person.key]
        return same[0] if len(same) == 1 else self.rng.choice(same)

    def _head(self, person: Person, client_type: str) -> dict[str, object]:
        return {
            "reporting_period_start_date": self.period.start,
            "reporting_period_end_date": self.period.end,
            "la_code": self.council.code,
            "client_type": client_type,
            **identity_columns(self._record(person)),
            **self.columns[person.key],
        }

    def _event(
        self,
        person: Person,
        kind: str,
        start: date,
        end: date | None,
        values: dict[str, object],
        *,
        late: bool = True,
    ) -> str:
        """Add one event; some first came over open and were completed in a second version."""
        rng = self.rng
        record_class = f"cld_{kind}"
        uid = self.tables.uid(record_class, PREFIXES[kind])
        client_type = "Unpaid carer" if person.group == "carer" else "Service user"
        open_still = end is None or end > self.as_at
        row: dict[str, object] = {
            **self._head(person, client_type),
            "event_type": kind.capitalize(),
            "event_reference": f"{kind[:3].upper()}/{uid[-6:]}" if rng.random() < 0.92 else None,
            "event_start_date": start,
            "event_end_date": end,
            "event_status": "open" if open_still else "completed",
            **values,
        }
        if late and end and kind != "service" and rng.random() < 0.12:
            self.tables.add(record_class, uid, 1, row | {"event_end_date": None, "event_status": "open"})
            self.tables.add(record_class, uid, 2, row)
        else:
            self.tables.add(record_class, uid, 1, row)
        return uid

    def _events(self, person: Person) -> None:
        rng = self.rng
        spells = self.spells[person.key]
        for spell in spells:
            self._path_into(person, spell)
            self._service(person, spell)
            self._reviews(person, spell)
        if not spells and person.group != "carer":
            self._asked(person)
        if person.group == "older" and rng.random() < 0.07:
            start = days_between(rng, self.period.start, self.as_at - timedelta(days=30))
            if person.alive_on(start + timedelta(days=9)):
                values: dict[str, object] = {
                    "assessment_type": rng.choice(OUT_OF_SCOPE),
                    "method_of_assessment": "Service user only",
                }
                self._event(person, "assessment", start, start + timedelta(days=rng.randint(0, 9)), values)

    def _path_into(self, person: Person, s: Spell) -> None:
        rng = self.rng
        asked = s.start - timedelta(days=rng.randint(25, 70))
        answered = asked + timedelta(days=rng.randint(0, 12))
        if answered < self.oldest or answered > self.as_at:
            return
        young = person.group == "young"
        route = "Planned Entry (Transition)" if young else pick(rng, ROUTES)
        outcome = "Progress to assessment, review or reassessment"
        if s.kind == "reablement":
            route, outcome = "Discharge from Hospital", "Progress to reablement/ST-Max"
        values: dict[str, object] = {"request_route_of_access": route, "event_outcome": outcome}
        if rng.random() < 0.1:
            values["event_description"] = "Initial conversation"
        self._event(person, "request", asked, answered, values)
        began = answered + timedelta(days=rng.randint(1, 10))
        done = min(began + timedelta(days=rng.randint(1, 20)), s.start)
        if done > self.as_at or done < began:
            return
        short = s.kind in ("reablement", "equipment", "respite")
        values = {
            "assessment_type": "Short term assessment" if short else "Long term assessment",
            "eligible_needs_identified": "Eligible needs identified",
            "method_of_assessment": "Carer only" if person.group == "carer" else pick(rng, METHODS),
            "event_outcome": "Progress to support planning or services",
        }
        self._event(person, "assessment", began, done, values)

    def _asked(self, person: Person) -> None:
        rng = self.rng
        young = person.group == "young"
        asked = days_between(
            rng, self.as_at - timedelta(days=100 if young else 480), self.as_at - timedelta(days=14)
        )
        if not person.alive_on(asked + timedelta(days=12)):
            return
        values: dict[str, object] = {
            "request_route_of_access": "Planned Entry (Transition)" if young else pick(rng, ROUTES),
            "event_outcome": "Progress to assessment, review or reassessment"
            if young
            else pick(rng, NOTHING_OFFERED),
        }
        self._event(person, "request", asked, asked + timedelta(days=rng.randint(0, 12)), values)

    def _service(self, person: Person, s: Spell) -> None:
        rng = self.rng
        service_type, component = CLD_SERVICE[s.kind]
        direct = s.kind in ("direct_payment", "carer") and rng.random() < 0.9
        ended = s.end is not None and s.end <= self.as_at
        outcome = "Continuation of support or services"
        if ended:
            outcome = "NFA: Deceased" if person.died == s.end else "NFA: Support ended as planned"
        values: dict[str, object] = {
            "service_type": service_type,
            "service_component": component,
            "delivery_mechanism": "Direct payment"
            if direct
            else pick(rng, (("CASSR managed personal budget", 7.0), ("CASSR commissioned support", 3.0))),
            "event_outcome": outcome,
            "event_description": DESCRIPTIONS.get(s.kind),
        }
        if s.location:
            values["provider_cqc_location_name"] = s.location.name
            values["provider_cqc_location_id"] = s.location.location_id
        if s.suspended:
            values["event_status"] = "suspended"
        elif not ended and rng.random() < 0.2:
            values["event_status"] = None
        # A death reaches the council's records late: some services of people who died are still open.
        end = None if s.end and person.died == s.end and s.left_open else s.end
        uid = self._event(person, "service", s.start, end, values)
        self._costs(uid, s)

    def _costs(self, service_uid: str, s: Spell) -> None:
        rng = self.rng
        latest = s.weekly_pence or s.hourly_pence
        if not latest or rng.random() < 0.03:
            return
        frequency = "Weekly" if s.weekly_pence else "Hourly"
        if s.kind in ("equipment", "carer"):
            frequency = "One-off"
        steps = [s.start]
        for year in range(self.as_at.year - 2, self.as_at.year + 1):
            april = date(year, 4, 1)
            if s.start < april and frequency != "One-off" and (s.end is None or s.end > april):
                steps.append(april)
        if rng.random() < 0.02 and s.end is None and s.start < self.period.end:
            steps.append(self.period.end + timedelta(days=1))
        for i, first in enumerate(steps):
            pence = round(latest / UPLIFT ** (len(steps) - 1 - i))
            unknown_start = i == 0 and len(steps) > 1 and rng.random() < 0.1
            values: dict[str, object] = {
                "la_code": self.council.code,
                "service_record_uid": service_uid,
                "unit_cost": money(pence),
                "cost_frequency": frequency,
                "planned_units_per_week": f"{s.hours}.00" if frequency == "Hourly" else None,
                "valid_from": None if unknown_start else first,
                "valid_to": steps[i + 1] - timedelta(days=1) if i + 1 < len(steps) else None,
            }
            self.tables.add("cld_cost", self.tables.uid("cld_cost", "cst"), 1, values)

    def _reviews(self, person: Person, s: Spell) -> None:
        rng = self.rng
        if s.kind in ("equipment", "reablement", "respite", "sitting"):
            return
        due = s.start + timedelta(days=42)
        first = True
        while due < self.as_at:
            began = due + timedelta(days=rng.randint(-10, 25))
            done = began + timedelta(days=rng.randint(0, 12))
            last = min(d for d in (self.as_at, s.end, person.died) if d)
            if self.oldest <= done < last and began > s.start and rng.random() < 0.8:
                reason = "Review of short term support" if first and rng.random() < 0.1 else "Planned"
                if not first and rng.random() < 0.15:
                    reason = "Unplanned - Other Reason"
                values: dict[str, object] = {
                    "review_reason": reason,
                    "review_outcomes_achieved": pick(
                        rng, (("Fully Met", 5.0), ("Partially Met", 4.0), ("Not Met", 1.0))
                    ),
                    "method_of_review": "Carer only" if person.group == "carer" else pick(rng, METHODS),
                    "event_outcome": "Continuation of support or services",
                }
                self._event(person, "review", began, done, values)
            due += timedelta(days=365 if not first else 323)
            first = False

    def ids_in_use(self) -> set[str]:
        """Return the person ids that stand on any row."""
        column = "la_person_unique_identifier"
        return {row[column] for rows in self.tables.classes.values() for row in rows if column in row}

    def _carer(self, r: PersonRecord, how: str, in_use: set[str]) -> None:
        theirs = [[o.local_id for o in self.records.get(p.key, [])] for p in r.person.cares_for]
        linked = [next(i for i in ids if i in in_use) for ids in theirs if in_use.intersection(ids)][:3]
        values: dict[str, object] = {
            **self._head(r.person, how),
            "total_hrs_caring_per_week": pick(self.rng, (("20-34 hrs", 4.0), ("50+ hrs", 4.0), ("", 2.0))),
            "no_of_adults_being_cared_for": max(1, len(linked)),
        }
        for i, local_id in enumerate(linked, start=1):
            values[f"adult_{i}_linked_person_id"] = local_id
        self.tables.add("cld_carer", self.tables.uid("cld_carer", "car"), 1, values)

    def _own_support(self, person: Person) -> None:
        """Somebody with needs of their own who also asked for support as a carer."""
        done = days_between(self.rng, self.period.start, self.as_at - timedelta(days=10))
        if not person.alive_on(done):
            return
        values: dict[str, object] = {
            "client_type": "Unpaid carer",
            "primary_support_reason": "Social support: Support to unpaid carer",
            "client_funding_status": None,
            "assessment_type": "Short term assessment",
            "eligible_needs_identified": "No needs identified",
            "method_of_assessment": "Carer only",
            "event_outcome": "NFA: Information and advice or signposting",
        }
        self._event(person, "assessment", done - timedelta(days=6), done, values)
