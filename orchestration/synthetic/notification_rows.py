"""What a provider records of events that CQC must hear of, and of what somebody decided about them."""

from __future__ import annotations

from datetime import date, timedelta

from orchestration.synthetic.chance import days_between, pick, stream
from orchestration.synthetic.provider_rows import ProviderExtract
from orchestration.synthetic.spells import Spell
from orchestration.synthetic.tables import Row, moment

# What a coded incident is called in the sample: a fracture, a fall, an assault, a code of the sender's own.
INCIDENT_CODES = (
    ("125605004", 3.0),
    ("5913000^Fracture of neck of femur^SNOMED CT", 2.0),
    ("217082002", 4.0),
    ("90774003", 1.5),
    ("local-17", 1.0),
)
SORES = ("421927004", "420597008")


class NotificationRecords:
    """Adds coded incidents, concerns, injuries, sections and decisions to a provider's tables."""

    def __init__(self, extract: ProviderExtract) -> None:
        self.extract = extract
        self.tables = extract.tables
        self.as_at = extract.as_at
        self.sender = extract.provider.sender_id
        self.rng = stream(extract.seed, "notifications", extract.provider.number)

    def build(self) -> None:
        """Write the events of each person, then the decisions about some of what is on file."""
        seen: set[str] = set()
        for spell, local_id, _ in self.extract.services:
            if spell.start < self.as_at and local_id not in seen:
                seen.add(local_id)
                self._events(spell, local_id)
        for spell, local_id, _ in self.extract.services:
            died = spell.person.died
            if (
                died
                and died < self.as_at - timedelta(days=25)
                and local_id in seen
                and self.rng.random() < 0.8
            ):
                seen.discard(local_id)
                values: dict[str, object] = {"subject_of_care": local_id, "notification_type": "death"}
                self._decide(values, "sent", died + timedelta(days=1))
        self._outcomes()
        self._concerns_decided()

    def _day(self, spell: Spell) -> date:
        last = min(d for d in (self.as_at - timedelta(days=1), spell.end, spell.person.died) if d)
        return days_between(self.rng, min(last, max(spell.start, self.as_at - timedelta(days=120))), last)

    def _add(self, record_class: str, prefix: str, local_id: str, *versions: dict[str, object]) -> str:
        uid = self.tables.uid(record_class, prefix)
        for number, values in enumerate(versions, start=1):
            self.tables.add(record_class, uid, number, {"subject_of_care": local_id} | values)
        return uid

    def _events(self, spell: Spell, local_id: str) -> None:
        rng, day = self.rng, self._day(spell)
        if rng.random() < 0.12:
            informed = pick(rng, (("Family", 6.0), ("Family|Police", 2.0), ("GP", 2.0)))
            values: dict[str, object] = {
                "date": day,
                "informed": informed,
                "description": "Told in the notes",
            }
            coded = values | {"coded_value": pick(rng, INCIDENT_CODES)}
            self._add("incident", "inc", local_id, *((coded, values) if rng.random() < 0.1 else (coded,)))
        if rng.random() < 0.03:
            values = {"date": day, "informed": "Police", "description": "Told in the notes"}
            self._add("incident", "inc", local_id, values)
        if rng.random() < 0.04:
            raised: dict[str, object] = {"safeguarding_indicator": "Yes"}
            raised |= {"safeguarding_concerns_date": moment(day, 9 * 60)}
            taken_back = raised | {"safeguarding_indicator": "No"}
            versions = (raised, taken_back) if rng.random() < 0.2 else (raised,)
            self._add("safeguarding_concern", "sgc", local_id, *versions)
        if rng.random() < 0.04:
            before = rng.random() < 0.3
            onset = spell.start - timedelta(days=40) if before else day
            self._add(
                "problem", "prb", local_id, {"problem_coded_value": rng.choice(SORES), "onset_date": onset}
            )
        if rng.random() < 0.015:
            section: dict[str, object] = {
                "section_start_date": day - timedelta(days=10),
                "legal_status_coded_value": "03",
            }
            self._add("mental_health_act", "mha", local_id, section)
        if rng.random() < 0.04:
            self._add("advance_statement", "avs", local_id, {"date": day - timedelta(days=5)})

    def _outcomes(self) -> None:
        """Some applications are refused or taken back; most authorisations of some age were reported."""
        for row in list(self.tables.newest("deprivation_of_liberty_safeguards")):
            if row["application_status"] == "Requested" and self.rng.random() < 0.25:
                version = int(row["version_number"]) + 1
                changed: Row = row | {"application_status": self.rng.choice(("Withdrawn", "Not authorised"))}
                kept = {k: v for k, v in changed.items() if k not in ("record_uid", "version_number")}
                values: dict[str, object] = dict(kept)
                self.tables.add("deprivation_of_liberty_safeguards", row["record_uid"], version, values)
            elif "start_date_of_authorisation" in row and self.rng.random() < 0.7:
                began = date.fromisoformat(row["start_date_of_authorisation"])
                record = f"deprivation_of_liberty_safeguards:{row['record_uid']}"
                values = {"notification_type": "dols_outcome", "event_record": record, "outcome": "granted"}
                self._decide(values, "sent", began + timedelta(days=2))

    def _concerns_decided(self) -> None:
        for row in self.tables.newest("safeguarding_concern"):
            if self.rng.random() < 0.4:
                record = f"{self.sender}:safeguarding_concern:{row['record_uid']}"
                decision = pick(self.rng, (("not_notifiable", 2.0), ("sent", 2.0), ("withdrawn", 1.0)))
                values: dict[str, object] = {"notification_type": "abuse", "event_record": record}
                self._decide(values, decision, self.as_at - timedelta(days=self.rng.randint(-3, 3)))

    def _decide(self, values: dict[str, object], decision: str, day: date) -> None:
        uid = self.tables.uid("notification_decision", "ntd")
        reference = f"ENQ-{uid[-5:]}" if decision == "sent" else None
        self.tables.add(
            "notification_decision",
            uid,
            1,
            values | {"decision": decision, "decided_on": day, "cqc_reference": reference},
        )
