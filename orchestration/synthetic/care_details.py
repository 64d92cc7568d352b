"""What a provider codes of its people: conditions, decisions about future care, notice given."""

from __future__ import annotations

from datetime import timedelta

from orchestration.synthetic.chance import days_between, pick, stream
from orchestration.synthetic.provider_rows import ProviderExtract
from orchestration.synthetic.spells import Spell

# Conditions as sending systems write them: the code alone, after its system, before its term.
CONDITIONS = (
    ("52448006", 6.0),
    ("http://snomed.info/sct|429998004", 2.0),
    ("128188000^Cerebral palsy^SNOMED CT", 2.0),
    ("49049000", 3.0),
    ("35489007", 3.0),
    ("15188001", 3.0),
    ("72366004", 1.0),
    ("66214007", 1.0),
    ("408856003", 2.0),
    # Codes of no band.
    ("38341003", 4.0),
)
NOT_FOR_RESUSCITATION = "450476008"
NOTICES = ("Notice: needs changed", "Notice: other")


class CareDetails:
    """Adds coded problems, decisions about future care and notices; none of its draws moves another row."""

    def __init__(self, extract: ProviderExtract) -> None:
        self.extract = extract
        self.tables = extract.tables
        self.as_at = extract.as_at
        self.rng = stream(extract.seed, "care_details", extract.provider.number)

    def build(self) -> None:
        """Write what is known of each person who has or had a service here."""
        seen: set[str] = set()
        for spell, local_id, _ in self.extract.services:
            if spell.start > self.as_at or local_id in seen:
                continue
            seen.add(local_id)
            if self.rng.random() < 0.22:
                self._condition(spell, local_id)
            if self.rng.random() < 0.12:
                self._decision("cardio_pulmonary_resuscitation_decision", "cpr", spell, local_id)
            if self.rng.random() < 0.03:
                self._decision("advance_decision_to_refuse_treatment", "adr", spell, local_id)
        self._notices()

    def _add(self, record_class: str, prefix: str, local_id: str, values: dict[str, object]) -> None:
        uid = self.tables.uid(record_class, prefix)
        self.tables.add(record_class, uid, 1, {"subject_of_care": local_id} | values)

    def _condition(self, spell: Spell, local_id: str) -> None:
        rng = self.rng
        onset = days_between(rng, self.as_at - timedelta(days=2500), self.as_at - timedelta(days=200))
        over = onset + timedelta(days=rng.randint(30, 190)) if rng.random() < 0.1 else None
        values: dict[str, object] = {
            "problem_coded_value": pick(rng, CONDITIONS),
            "onset_date": onset if rng.random() < 0.9 else None,
            "end_date": over,
        }
        self._add("problem", "prb", local_id, values)

    def _decision(self, record_class: str, prefix: str, spell: Spell, local_id: str) -> None:
        element = "cpr_decision_coded_value" if record_class.startswith("cardio") else "adrt_free_text"
        said = NOT_FOR_RESUSCITATION if element.endswith("coded_value") else "Kept with the care plan"
        day = days_between(self.rng, spell.start, self.as_at + timedelta(days=2))
        self._add(record_class, prefix, local_id, {"date": day, element: said})

    def _notices(self) -> None:
        """The newest version of a few services that ended in the year says that the provider gave notice."""
        year_ago = str(self.as_at - timedelta(days=365))
        for row in self.tables.newest("service"):
            end = row.get("service_end_date", "")
            if not year_ago < end <= str(self.as_at) or row.get("end_reason") in (None, "Died"):
                continue
            if self.rng.random() < 0.4:
                kept = {k: v for k, v in row.items() if k not in ("record_uid", "version_number")}
                values: dict[str, object] = {**kept, "end_reason": self.rng.choice(NOTICES)}
                self.tables.add("service", row["record_uid"], int(row["version_number"]) + 1, values)
