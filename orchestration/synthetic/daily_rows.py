"""The day-to-day records of a provider: visits, incidents, needs, risks, plans, reviews and some others."""

from __future__ import annotations

from datetime import date, timedelta

from orchestration.synthetic.chance import days_between, pick, stream
from orchestration.synthetic.provider_rows import ProviderExtract, support_reason
from orchestration.synthetic.spells import Spell
from orchestration.synthetic.tables import Tables, moment
from orchestration.synthetic.visit_rows import WEEK, calls_a_day, visit_values, visited_on

NEEDS = (
    ("CA-NUTRITION", "Needs help to prepare meals"),
    ("CA-HYGIENE", "Needs help to wash and dress"),
    ("CA-TOILET", "Needs help to use the toilet"),
    ("CA-HOMESAFETY", "Needs somebody near at night"),
    ("CA-COMMUNITY", "Needs company to leave the home"),
)
RISKS = (
    ("falls", "Risk of falling when tired"),
    ("pressure", "Skin needs watching"),
    ("choking", "Soft food only"),
)
INCIDENTS = (
    "Fall without injury",
    "Fall with a bruise",
    "Medicine given late",
    "Skin tear",
    "Found on the floor",
)
MEDICINES = (
    ("Paracetamol 500mg tablets", "Two up to four times a day"),
    ("Ramipril 5mg capsules", "One each morning"),
)
PROBLEMS = ("Osteoarthritis", "High blood pressure", "Stroke, several years ago", "Diabetes", "Depression")


class DailyRecords:
    """Adds the day-to-day classes to a provider's tables."""

    def __init__(self, extract: ProviderExtract) -> None:
        self.extract = extract
        self.tables: Tables = extract.tables
        self.as_at = extract.as_at
        self.rng = stream(extract.seed, "daily", extract.provider.number)
        self.service = ""

    def build(self) -> None:
        """Write what was done for each person who has a service here."""
        seen: set[str] = set()
        for spell, local_id, uid in self.extract.services:
            if spell.start > self.as_at:
                continue
            self.service = uid
            if not spell.admitted and spell.regulated:
                self._visits(spell, local_id, uid)
            if local_id in seen:
                continue
            seen.add(local_id)
            self._person(spell, local_id)

    def _add(
        self, record_class: str, prefix: str, local_id: str, values: dict[str, object], version: int = 1
    ) -> str:
        uid = self.tables.uid(record_class, prefix)
        for v in range(1, version + 1):
            self.tables.add(record_class, uid, v, {"subject_of_care": local_id} | values)
        return uid

    def _day(self, spell: Spell, back: int = 365) -> date:
        last = min(d for d in (self.as_at - timedelta(days=1), spell.end, spell.person.died) if d)
        return days_between(self.rng, min(last, max(spell.start, self.as_at - timedelta(days=back))), last)

    def _visits(self, spell: Spell, local_id: str, service: str) -> None:
        rng = self.rng
        calls = calls_a_day(spell)
        for back in range(WEEK, 0, -1):
            day = self.as_at - timedelta(days=back)
            if not visited_on(spell, day):
                continue
            if spell.suspended or rng.random() < 0.25:
                continue
            for start, length in calls[: rng.randint(1, len(calls))]:
                outcome = pick(rng, (("finished", 95.0), ("cancelled", 4.0), ("unknown", 1.0)))
                late = int(rng.gauss(4, 9))
                came = start + max(-20, late)
                stayed = max(8, length + int(rng.gauss(-3, 8))) if outcome == "finished" else 0
                values = visit_values(spell, service, day, (start, length), outcome, came, stayed)
                self._add("visit", "vis", local_id, values)

    def _person(self, spell: Spell, local_id: str) -> None:
        rng = self.rng
        self._plans(spell, local_id)
        for outcome, words in rng.sample(NEEDS, rng.randint(1, 2)):
            self._add(
                "need",
                "ned",
                local_id,
                {
                    "needs_concerns_or_problems_free_text": words,
                    "care_act_outcome": outcome,
                    "eligibility": "eligible-needs-identified",
                    "date": self._day(spell),
                },
            )
        if rng.random() < 0.6:
            category, words = rng.choice(RISKS)
            day = self._day(spell)
            self._add(
                "risk",
                "rsk",
                local_id,
                {"start_date_of_risk": moment(day, 600), "risk_category": category, "free_text": words},
                version=2 if rng.random() < 0.1 else 1,
            )
        if rng.random() < 0.18:
            self._add(
                "incident",
                "inc",
                local_id,
                {
                    "description": rng.choice(INCIDENTS),
                    "date": self._day(spell, 180),
                    "location": "Bedroom" if spell.admitted else "At home",
                    "informed": "Family|GP" if rng.random() < 0.5 else "Family",
                },
            )
        if spell.admitted and support_reason(self.extract.seed, spell.person).endswith("cognition"):
            self._liberty(spell, local_id)
        self._rest(spell, local_id)

    def _plans(self, spell: Spell, local_id: str) -> None:
        rng, day = self.rng, self._day(spell)
        assessment = self._add(
            "assessment",
            "ass",
            local_id,
            {
                "assessment_summary": "Needs and wishes talked through at the start of care",
                "status": "completed",
                "start_date": spell.start,
                "date_completed": moment(spell.start, 15 * 60),
                "capacity_to_complete_assessment": "Yes" if rng.random() < 0.8 else "No",
                "consent_to_information_sharing": "Yes",
            },
        )
        self._add(
            "care_plan",
            "pln",
            local_id,
            {
                "status": "active" if spell.end is None or spell.end > self.as_at else "ended",
                "date_completed": moment(spell.start, 16 * 60),
                "date_this_plan_was_last_updated": moment(day, 11 * 60),
                "agreed_with_person_or_legitimate_representative": "Yes",
                "assessment": assessment,
            },
            version=2 if rng.random() < 0.2 else 1,
        )
        if rng.random() < 0.6:
            self._add(
                "review",
                "rev",
                local_id,
                {
                    "planned_review_date": day,
                    "start_date": day,
                    "completed_date": day if rng.random() < 0.8 else None,
                    "review_reason": "Planned",
                    "review_outcomes_achieved": pick(rng, (("Fully Met", 6.0), ("Partially Met", 4.0))),
                },
            )

    def _liberty(self, spell: Spell, local_id: str) -> None:
        rng = self.rng
        if rng.random() > 0.6:
            return
        applied = self._day(spell, 300)
        granted = applied + timedelta(days=rng.randint(14, 120))
        authorised = granted < self.as_at and rng.random() < 0.7
        self._add(
            "deprivation_of_liberty_safeguards",
            "dol",
            local_id,
            {
                "application_date": applied,
                "application_status": "Authorised" if authorised else "Requested",
                "start_date_of_authorisation": granted if authorised else None,
                "planned_or_actual_end_date_of_authorisation": granted + timedelta(days=364)
                if authorised
                else None,
                "care_provider": spell.location.location_id if spell.location else None,
            },
        )

    def _rest(self, spell: Spell, local_id: str) -> None:
        rng, day = self.rng, self._day(spell)
        if rng.random() < 0.15:
            values: dict[str, object] = {
                "what_is_most_important_to_me": "My family and my garden",
                "please_do_and_please_dont": "Please knock before you come in",
                "date": moment(day, 660),
            }
            self._add("about_me", "abm", local_id, values)
        if rng.random() < 0.2:
            name, dose = rng.choice(MEDICINES)
            values = {
                "medication_name_free_text": name,
                "dose_directions_description": dose,
                "course_status": "active",
            }
            self._add("medication", "med", local_id, values | {"start_date_time": moment(day, 540)})
        if rng.random() < 0.08:
            self._add(
                "allergies",
                "alg",
                local_id,
                {"causative_agent": "Penicillin", "comment": "Rash", "date": day},
            )
        if rng.random() < 0.2:
            values = {"problem_free_text": rng.choice(PROBLEMS), "onset_date": day - timedelta(days=900)}
            self._add("problem", "prb", local_id, values)
        if rng.random() < 0.2:
            refused = rng.random() < 0.15
            values = {"vaccine_product": "Influenza vaccine", "dose_sequence": "1", "date": day}
            self._add("vaccination", "vac", local_id, values | {"not_given_flag": "Yes" if refused else "No"})
        if rng.random() < 0.12:
            self._add("preference", "prf", local_id, {"free_text": "Tea without sugar", "date": day})
        if rng.random() < 0.08:
            values = {"status": "requested", "priority": "routine", "description": "Order new walking frame"}
            self._add("task", "tsk", local_id, values)
        if rng.random() < 0.08:
            values = {"document_title": "Hospital discharge letter", "document_mime_type": "application/pdf"}
            self._add("document", "doc", local_id, values | {"date": moment(day, 720)})
