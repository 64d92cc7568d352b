"""What a provider records of vaccinations in a campaign, and of packages it handed back."""

from __future__ import annotations

from datetime import date, timedelta

from orchestration.synthetic.chance import days_between, pick, stream
from orchestration.synthetic.provider_rows import ProviderExtract
from orchestration.synthetic.spells import Spell

FLU = "1181000221105"
FLU_GIVEN = "822851000000102"
COVID = "1119349007^SARS-CoV-2 mRNA vaccine^SNOMED CT"
WINTER_BEGINS = (9, 1)
ORDINARY_ENDS = ("Moved to another service", "Needs met", "Moved away")


class CampaignRecords:
    """Adds coded vaccinations, and says of some packages that they were handed back."""

    def __init__(self, extract: ProviderExtract) -> None:
        self.tables = extract.tables
        self.services = extract.services
        self.as_at = extract.as_at
        self.in_home = extract.provider.setting == "care_home"
        self.keeps_covid = extract.provider.number % 4 == 0
        self.rng = stream(extract.seed, "campaigns", extract.provider.number)

    def build(self) -> None:
        """Write the vaccinations of residents, or the words in which packages of home care ended."""
        if self.in_home:
            seen: set[str] = set()
            for spell, local_id, _ in self.services:
                if spell.start < self.as_at and local_id not in seen:
                    seen.add(local_id)
                    self._vaccinations(spell, local_id)
        else:
            self._handed_back()

    def _winter(self) -> date:
        began = date(self.as_at.year, *WINTER_BEGINS)
        return began if began <= self.as_at else began.replace(year=began.year - 1)

    def _vaccinations(self, spell: Spell, local_id: str) -> None:
        rng = self.rng
        last = min(d for d in (self.as_at, spell.end, spell.person.died) if d)
        winter = self._winter()
        if rng.random() < 0.5:
            before = days_between(rng, winter - timedelta(days=330), winter - timedelta(days=1))
            self._dose(local_id, {"vaccine_product": FLU, "not_given_flag": "No"}, before)
        if last >= winter and rng.random() < 0.55:
            given = pick(rng, (("No", 8.0), ("Yes", 1.0), ("", 1.0)))
            named: dict[str, object] = {"vaccine_product": FLU, "not_given_flag": given}
            if rng.random() < 0.3:
                named = {"vaccine_procedure": FLU_GIVEN, "not_given_flag": given}
            self._dose(local_id, named, days_between(rng, winter, last))
        if self.keeps_covid and rng.random() < 0.6:
            values: dict[str, object] = {"vaccine_product": COVID, "not_given_flag": "No"}
            self._dose(local_id, values, days_between(rng, last - timedelta(days=28), last))

    def _dose(self, local_id: str, values: dict[str, object], day: date) -> None:
        uid = self.tables.uid("vaccination", "vac")
        self.tables.add("vaccination", uid, 1, {"subject_of_care": local_id, "date": day} | values)

    def _handed_back(self) -> None:
        """Some packages that ended in the last ten weeks went back to whoever commissioned them."""
        since = str(self.as_at - timedelta(days=70))
        for row in self.tables.newest("service"):
            ended = row.get("service_end_date", "")
            if since <= ended <= str(self.as_at) and row.get("end_reason") in ORDINARY_ENDS:
                said = pick(self.rng, (("Handed back", 5.0), ("returned to commissioner", 1.0), ("", 4.0)))
                if said:
                    row["end_reason"] = said
