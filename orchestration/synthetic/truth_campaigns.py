"""The true Capacity Tracker answers on vaccinations and on packages handed back, as the words define them."""

from __future__ import annotations

from orchestration.synthetic.tables import Row
from orchestration.synthetic.truth_capacity import Figure, LocationTruth

FLU_CODES = ("1181000221105", "822851000000102", "86198006")
COVID_CODES = (
    *("1119349007", "1119305005", "29061000087103"),
    *("1324681000000101", "1324691000000104", "1362591000000103"),
)
CAMPAIGNS = (
    ("residents_flu", FLU_CODES, "2025-09-01", "2026-03-31"),
    ("residents_flu", FLU_CODES, "2026-09-01", "2027-03-31"),
    ("residents_covid", COVID_CODES, "2025-10-01", "2026-01-31"),
    ("residents_covid", COVID_CODES, "2026-04-13", "2026-06-30"),
    ("residents_covid", COVID_CODES, "2026-10-01", "2027-01-31"),
)
HANDED_BACK = ("handed back", "returned to commissioner")


class CampaignTruth(LocationTruth):
    """Counts what one provider's records say of vaccinations, and of packages handed back."""

    def vaccinated(self, location: str, residents: set[str]) -> tuple[list[Figure], dict[str, set[str]]]:
        """Return how many residents of a home are vaccinated in each open campaign, and who they are."""
        served = {row["subject_of_care"] for row in self._of("service", "care_provider", location)}
        people: dict[str, set[str]] = {}
        for cell, codes, began, ended in CAMPAIGNS:
            doses = [row for row in self.tables.newest("vaccination") if _against(row, codes)]
            # A home that has none of a kind on file, for nobody it ever served, keeps none: it cannot say.
            if began <= self.day <= ended and served & {row["subject_of_care"] for row in doses}:
                people[cell] = residents & {
                    self._who(row)
                    for row in doses
                    if row.get("not_given_flag") != "Yes" and began <= row["date"] <= self.day
                }
        return [(cell, len(keys)) for cell, keys in people.items()], people

    def handed_back(self, location: str) -> tuple[set[str], set[str]] | None:
        """Return whose package was handed back in the month and whose ran; None where nobody can say."""
        first = f"{self.month}-01"
        packages: dict[str, list[Row]] = {}
        for row in self._of("service", "care_provider", location):
            end = row.get("service_end_date", "9999")
            if row.get("regulated_care") != "No" and row["service_start_date"] <= self.day and end >= first:
                packages.setdefault(self._who(row), []).append(row)
        for key in list(packages):
            person = self.knowledge.by_key[key]
            if self.knowledge.death_known(person) and person.died and str(person.died) < first:
                del packages[key]
        over = {k: rows for k, rows in packages.items() if not any(self._goes_on(r) for r in rows)}
        words = {k: {r.get("end_reason", "").strip().lower() for r in rows} for k, rows in over.items()}
        if not packages or (over and not any(said - {""} for said in words.values())):
            return None
        return {k for k, said in words.items() if said & set(HANDED_BACK)}, set(packages)

    def _goes_on(self, row: Row) -> bool:
        return row.get("service_end_date", "9999") > self.day


def _against(row: Row, codes: tuple[str, ...]) -> bool:
    return any(code in row.get(c, "") for c in ("vaccine_product", "vaccine_procedure") for code in codes)
