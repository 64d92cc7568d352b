"""A provider's extract: its people, services, stays, beds and staff."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from orchestration.synthetic.chance import pick, stream
from orchestration.synthetic.location_rows import LocationRecords
from orchestration.synthetic.person import Person
from orchestration.synthetic.places import Council, Provider
from orchestration.synthetic.records import PersonRecord, traced_before
from orchestration.synthetic.spells import CLD_SERVICE, DESCRIPTIONS, Care, Spell
from orchestration.synthetic.tables import Tables, money

ETHNIC_CODES = {
    "White: English, Welsh, Scottish, Northern Irish or British": "A",
    "White: Irish": "B",
    "White: Gypsy or Irish Traveller": "C",
    "White: Any other White background": "C",
    "Mixed or multiple ethnic groups: White and Black Caribbean": "D",
    "Asian or Asian British: Indian": "H",
    "Asian or Asian British: Pakistani": "J",
    "Asian or Asian British: Bangladeshi": "K",
    "Black, Black British, Caribbean or African: Caribbean": "M",
    "Black, Black British, Caribbean or African: African": "N",
    "No data: Refused": "Z",
    "No data: Undeclared or not known": "99",
}
SUPPORT_REASONS = {
    "older": (
        ("Physical support: Personal care support", 50.0),
        ("Support with memory and cognition", 30.0),
        ("Physical support: Access and mobility only", 14.0),
        ("Sensory support: Support for visual impairment", 6.0),
    ),
    "physical": (
        ("Physical support: Personal care support", 7.0),
        ("Physical support: Access and mobility only", 3.0),
    ),
    "learning": (("Learning disability support", 1.0),),
    "mental": (("Mental health support", 9.0), ("Social support: Substance misuse support", 1.0)),
    "young": (("Learning disability support", 1.0),),
    "carer": (("Social support: Support to unpaid carer", 1.0),),
}
FUNDING_STATUS = {
    "local_authority": "Fully social care funded",
    "joint": "Joint client and social care funded",
    "self_funded": "Fully client funded",
}


def support_reason(seed: int, person: Person) -> str:
    """Return the main reason for support, the same wherever it is asked."""
    return pick(stream(seed, "reason", person.key), SUPPORT_REASONS[person.group])


class ProviderExtract:
    """Builds the tables of one provider."""

    def __init__(self, seed: int, council: Council, provider: Provider, care: Care, as_at: date) -> None:
        self.seed = seed
        self.rng = stream(seed, "provider_rows", provider.number)
        self.council = council
        self.provider = provider
        self.as_at = as_at
        self.spells = care.of_provider(provider)
        self.scheme: list[Spell] = []
        self.tables = Tables()
        # The local id under which each spell is recorded, and the uid of its service row.
        self.services: list[tuple[Spell, str, str]] = []

    def build(self, records: list[PersonRecord]) -> Tables:
        """Return the tables, given this provider's person records after life has spoilt them."""
        people = [r for r in records if r.source_class == "subject_of_care"]
        self._locations()
        for record in people:
            self._person(record)
        ids: dict[str, list[str]] = defaultdict(list)
        for record in people:
            ids[record.person.key].append(record.local_id)
        for spell in self.spells:
            for local_id in ids[spell.person.key] if spell.registered_twice else ids[spell.person.key][:1]:
                uid = self._service(spell, local_id)
                self.services.append((spell, local_id, uid))
        for i, (spell, local_id, uid) in enumerate(self.services):
            again = i > 0 and self.services[i - 1][0] is spell
            if spell.admitted and not again:
                self._stay(spell, local_id, uid)
        for record in records:
            if record.source_class == "unpaid_carer":
                self._carer(record, ids)
        everyone = self.spells + self.scheme
        LocationRecords(self.tables, self.provider, everyone, self.as_at, self.rng).add()
        return self.tables

    def add_scheme(self, records: list[PersonRecord]) -> None:
        """Add the people of a Shared Lives scheme, in the order of its arrangements."""
        self.rng = stream(self.seed, "scheme_rows", self.provider.number)
        for record, spell in zip(records, self.scheme, strict=True):
            self._person(record)
            self._service(spell, record.local_id)

    def _locations(self) -> None:
        for location in self.provider.locations:
            uid = self.tables.uid("care_provider", "loc")
            self.tables.add(
                "care_provider",
                uid,
                1,
                {
                    "cqc_location_id": location.location_id,
                    "cqc_location_name": location.name,
                    "cqc_provider_id": self.provider.provider_id,
                    "care_setting": location.setting,
                    "provider_kind": "residential"
                    if location.setting == "care_home"
                    else "community_social_care",
                    "address_line_1": location.address.line_1,
                    "address_line_2": location.address.line_2,
                    "address_line_3": location.address.town,
                    "postcode": location.address.postcode,
                    "registered_beds": location.beds if location.setting == "care_home" else None,
                    "registration_date": date(self.as_at.year - 9, 4, 1),
                    "active": "Yes",
                },
            )

    def _person(self, r: PersonRecord) -> None:
        p, rng = r.person, self.rng
        in_home = self.provider.setting == "care_home"
        values: dict[str, object] = {
            "subject_of_care_id": r.local_id,
            "nhs_number": r.number,
            "nhs_number_status_indicator": r.status,
            "nhs_number_traced_date": traced_before(self.as_at) if r.status == "01" else None,
            "person_first_name": r.given,
            "person_family_name": r.family,
            "person_preferred_name": p.short if p.short and rng.random() < 0.3 else None,
            "title": "Mr" if p.sex == "1" else "Mrs" if p.partner or p.former_family else "Ms",
            "date_of_birth": r.born,
            "gender_identity": p.sex if rng.random() < 0.96 else "X",
            "ethnicity": ETHNIC_CODES[p.ethnicity],
            "sexual_orientation": pick(rng, (("1", 60.0), ("9", 30.0), ("Z", 8.0), ("2", 2.0))),
            "sex": r.sex,
            "religion": pick(
                rng, (("C", 60.0), ("L", 22.0), ("N", 12.0), ("G", 3.0), ("D", 2.0), ("I", 1.0))
            ),
            "first_language": "en" if p.ethnicity.startswith(("White: E", "White: I", "No data")) else None,
            "interpreter_required": "No" if rng.random() < 0.97 else "Yes",
            "deceased_date": p.died if r.says_died else None,
            "is_deceased": "Yes" if r.says_died else "No",
            "address_line_1": r.home.line_1,
            "address_line_2": r.home.line_2,
            "address_line_3": r.home.town,
            "postcode": r.postcode,
            "address_type": "Care home" if in_home else "Home",
            "uprn": r.home.uprn if rng.random() < 0.5 else None,
            "telephone_number": p.phone if rng.random() < 0.5 and not in_home else None,
            "gp_practice_identifier": p.gp[0],
            "local_authority": self.council.code,
        }
        uid = self.tables.uid("subject_of_care", "soc")
        if p.former_family and r.family == p.family and rng.random() < 0.4:
            self.tables.add("subject_of_care", uid, 1, values | {"person_family_name": p.former_family})
            self.tables.add(
                "subject_of_care", uid, 2, values | {"person_former_family_name": p.former_family}
            )
        elif r.says_died:
            self.tables.add("subject_of_care", uid, 1, values | {"deceased_date": None, "is_deceased": "No"})
            self.tables.add("subject_of_care", uid, 2, values)
        else:
            self.tables.add("subject_of_care", uid, 1, values)

    def _service(self, s: Spell, local_id: str) -> str:
        rng, end = self.rng, s.recorded_end
        service_type, component = CLD_SERVICE.get(s.kind, ("", ""))
        status = "planned" if s.start > self.as_at else "finished" if end and end <= self.as_at else "active"
        weekly = s.weekly_pence > 0
        values: dict[str, object] = {
            "subject_of_care": local_id,
            "service_start_date": s.start,
            "service_end_date": end,
            "care_funding_source": s.funding if s.funding != "not_known" or rng.random() < 0.5 else None,
            "service_type": "Care home" if s.admitted else "Home care",
            "service_description": DESCRIPTIONS[s.kind],
            "service_schedule": None if s.admitted else f"{s.hours} hours a week" if s.hours else None,
            "primary_support_reason": support_reason(self.seed, s.person),
            "cld_service_type": service_type,
            "cld_service_component": component,
            "delivery_mechanism": "CASSR managed personal budget" if s.council_funded else None,
            "client_funding_status": FUNDING_STATUS.get(s.funding),
            "unit_cost": money(s.weekly_pence if weekly else s.hourly_pence)
            if weekly or s.hourly_pence
            else None,
            "cost_frequency": "weekly" if weekly else "hourly" if s.hourly_pence else None,
            "planned_units_per_week": s.hours or None,
            "care_provider": s.location.location_id if s.location else None,
            "status": "onhold" if s.suspended else status,
            "regulated_care": "Yes" if s.regulated else "No",
            "end_reason": None
            if end is None or s.planned
            else "Died"
            if s.person.died == end
            else rng.choice(("Moved to another service", "Needs met", "Moved away")),
        }
        uid = self.tables.uid("service", "svc")
        if end and rng.random() < 0.6:
            before = {"service_end_date": None, "status": "active", "end_reason": None}
            self.tables.add("service", uid, 1, values | before)
            self.tables.add("service", uid, 2, values)
        else:
            self.tables.add("service", uid, 1, values)
        return uid

    def _stay(self, s: Spell, local_id: str, service_uid: str) -> None:
        rng = self.rng
        location = s.location.location_id if s.location else ""
        stay = "respite" if s.kind == "respite" else "permanent"
        came_in: list[tuple[date, str]] = []
        for came in s.admitted:
            if came > self.as_at:
                continue
            again = bool(came_in)
            uid = self.tables.uid("admission_details", "adm")
            came_in.append((came, uid))
            self.tables.add(
                "admission_details",
                uid,
                1,
                {
                    "subject_of_care": local_id,
                    "date_of_admission": f"{came.isoformat()}T14:{rng.randint(10, 50)}:00Z",
                    "admitted_to": location,
                    "source_of_admission": "51"
                    if again
                    else pick(rng, (("19", 6.0), ("51", 3.0), ("85", 1.0))),
                    "admission_method": "13",
                    "reason_for_admission": "Return from hospital"
                    if again
                    else "Cannot be looked after at home",
                    "legal_status_on_admission": "01",
                    "planned_length_of_stay": stay,
                    "service": service_uid,
                },
            )
        for left, method, destination in s.discharged:
            self.tables.add(
                "discharge_details",
                self.tables.uid("discharge_details", "dis"),
                1,
                {
                    "subject_of_care": local_id,
                    "date_of_discharge": f"{left.isoformat()}T11:{rng.randint(10, 50)}:00Z",
                    "discharge_location": location,
                    "discharge_method": method,
                    "discharge_destination": destination,
                    "legal_status_on_discharge": "01",
                    "admission": next((uid for came, uid in reversed(came_in) if came <= left), None),
                },
            )

    def _carer(self, r: PersonRecord, ids: dict[str, list[str]]) -> None:
        carer = r.person
        cared = next(p for p in carer.cares_for if p.key in ids)
        relation = "SPS" if carer.partner is cared else "CHILD" if cared.group == "older" else "PRN"
        self.tables.add(
            "unpaid_carer",
            r.local_id.rsplit(":", 1)[-1],
            1,
            {
                "person_cared_for": ids[cared.key][0],
                "name": f"{r.given} {r.family}",
                "relationship": relation,
                "relationship_type": {"SPS": "Partner", "CHILD": "Son or daughter", "PRN": "Parent"}[
                    relation
                ],
                "nhs_number": r.number,
                "household_member": "Yes" if relation != "CHILD" else self.rng.choice(("Yes", "No")),
                "contact_details": carer.phone if self.rng.random() < 0.6 else None,
                "hours_caring_per_week": str(self.rng.choice((10, 20, 35, 50, 100))),
                "date_of_birth": r.born,
            },
        )
