"""The person columns of a council's rows: the same on every row of one person, as the council knows them."""

from __future__ import annotations

from datetime import date

from orchestration.synthetic.chance import pick, stream
from orchestration.synthetic.person import Person
from orchestration.synthetic.provider_rows import support_reason
from orchestration.synthetic.records import PersonRecord

OWN_HOMES = (
    ("Owner occupier or shared ownership scheme", 45.0),
    ("Tenant: Local authority or other social housing provider", 30.0),
    ("Tenant: Private landlord", 8.0),
    ("Settled mainstream housing with family or friends", 10.0),
    ("Sheltered housing, extra care housing or other sheltered housing", 5.0),
    ("Unknown", 2.0),
)
WORK = (
    ("Not in paid employment: Not actively seeking work or retired", 80.0),
    ("Not in paid employment: Seeking work", 6.0),
    ("Not in paid employment: Voluntary work only", 4.0),
    ("Paid: Less than 16 hours a week", 6.0),
    ("Paid: 16 or more hours a week", 4.0),
)
# Columns that apply to service users only.
SERVICE_USER_ONLY = (
    "autism_spectrum_disorder_asd",
    "visual_impairment",
    "hearing_impairment",
    "dementia",
    "client_funding_status",
)


def person_columns(
    seed: int, r: PersonRecord, as_at: date, *, living: str, funding: str, cared_for: bool
) -> dict[str, object]:
    """Return the person columns of a council person's rows. `living` is nursing, residential or home."""
    p: Person = r.person
    rng = stream(seed, "council_person", p.key)
    reason = support_reason(seed, p)
    gender = {"1": "Male", "2": "Female"}.get(r.sex, "Unknown")
    home = {"nursing": "Registered nursing home", "residential": "Registered care home"}.get(living)
    columns: dict[str, object] = {
        "gp_practice_name": p.gp[1],
        "gp_practice_code": p.gp[0],
        "gender": gender,
        "ethnicity": p.ethnicity,
        "date_of_birth": r.born,
        "primary_support_reason": reason,
        "accommodation_status": home or pick(rng, OWN_HOMES),
        "employment_status": pick(rng, WORK) if p.age_on(as_at) < 65 or rng.random() < 0.4 else None,
        "has_unpaid_carer": "Yes" if cared_for else pick(rng, (("No", 8.0), ("Unknown", 2.0), ("", 1.0))),
        "autism_spectrum_disorder_asd": pick(rng, (("Yes", 1.0), ("No", 8.0), ("", 1.0))),
        "visual_impairment": pick(rng, (("No visual impairment", 7.0), ("Unknown", 1.0), ("", 2.0))),
        "hearing_impairment": pick(
            rng, (("No hearing impairment", 6.0), ("Hard of hearing", 2.0), ("", 2.0))
        ),
        "dementia": "Yes" if reason.endswith("cognition") else pick(rng, (("No", 8.0), ("", 2.0))),
        "client_funding_status": funding,
    }
    if rng.random() < 0.04:
        columns["gp_practice_name"] = columns["gp_practice_code"] = None
    if p.group == "carer":
        columns.update(dict.fromkeys(SERVICE_USER_ONLY))
    return columns


def identity_columns(r: PersonRecord) -> dict[str, object]:
    """Return the columns that say who a council row is about."""
    return {
        "nhs_number": r.number,
        "la_person_unique_identifier": r.local_id,
        "first_name": r.given,
        "last_name": r.family,
        "postcode": r.postcode,
        "date_of_death": r.person.died if r.says_died else None,
    }
