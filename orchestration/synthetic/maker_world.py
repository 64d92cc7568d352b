"""The true world of one council's area, and what each sender has on file about it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from orchestration.synthetic.campaign_rows import CampaignRecords
from orchestration.synthetic.care import CarePlanner
from orchestration.synthetic.care_details import CareDetails
from orchestration.synthetic.chance import stream
from orchestration.synthetic.council_rows import CouncilExtract
from orchestration.synthetic.daily_rows import DailyRecords
from orchestration.synthetic.notification_rows import NotificationRecords
from orchestration.synthetic.people import Population
from orchestration.synthetic.person import Person
from orchestration.synthetic.places import Council, Provider
from orchestration.synthetic.provider_rows import ProviderExtract
from orchestration.synthetic.records import PersonRecord, add_troubles, new_record
from orchestration.synthetic.shared_lives import arrangements, scheme_records
from orchestration.synthetic.spells import Care
from orchestration.synthetic.tables import Row, Tables
from orchestration.synthetic.tracing import trace_answers
from orchestration.synthetic.visit_rows import EarlierVisits
from orchestration.synthetic.workforce_rows import WorkforceFiles


@dataclass(slots=True)
class World:
    """One council's area as it truly is, and what each sender has on file about it."""

    council: Council
    as_at: date
    people: list[Person]
    care: Care
    records: list[PersonRecord]
    provider_tables: dict[str, Tables]
    council_tables: Tables
    answers: list[Row]


def make_world(seed: int, council: Council, councils: int, people: int, as_at: date) -> World:
    """Return the true world of one council with the rows of every sender; nothing is written."""
    makes = Population(seed, council.number, councils, people, council.code, as_at)
    population = makes.fill()
    care = CarePlanner(seed, council, as_at).plan(population)
    known, known_carers = _known_to_council(seed, council, population, care)
    records = _council_records(seed, council, known)
    by_provider: dict[str, list[PersonRecord]] = {}
    for provider in council.providers:
        by_provider[provider.sender_id] = _provider_records(seed, provider, population, care)
    for provider_records in by_provider.values():
        records.extend(provider_records)
    add_troubles(seed, council.number, records, makes.spare_numbers)
    schemes = arrangements(seed, council, care, records, as_at)

    carers: dict[str, list[Person]] = defaultdict(list)
    for person in population:
        for cared in person.cares_for:
            carers[cared.key].append(person)
    tables: dict[str, Tables] = {}
    late: list[PersonRecord] = []
    for provider in council.providers:
        own = by_provider[provider.sender_id]
        extract = ProviderExtract(seed, council, provider, care, as_at)
        extract.scheme = schemes[provider.sender_id]
        tables[provider.sender_id] = extract.build(own)
        DailyRecords(extract).build()
        NotificationRecords(extract).build()
        EarlierVisits(extract).build()
        CareDetails(extract).build()
        already = sum(r.source_class == "subject_of_care" for r in own)
        late += scheme_records(provider, extract.scheme, already)
        extract.add_scheme([r for r in late if r.sender_id == provider.sender_id])
        WorkforceFiles(extract).build()
        CampaignRecords(extract).build()
    known_to_council = [r for r in records if r.source_class == "council"]
    council_extract = CouncilExtract(seed, council, care, as_at)
    council_tables = council_extract.build(known_to_council, known_carers, carers)
    in_use = council_extract.ids_in_use()
    records = [r for r in records if r.source_class != "council" or r.local_id in in_use] + late
    answers = trace_answers(seed, council.number, records, as_at)
    return World(council, as_at, population, care, records, tables, council_tables, answers)


def _known_to_council(
    seed: int, council: Council, people: list[Person], care: Care
) -> tuple[list[Person], dict[str, str]]:
    """Return the people the council has on file, and how it knows those who are carers."""
    rng = stream(seed, "known", council.number)
    with_service = {s.person.key for s in care.spells + care.council_spells if s.council_funded}
    paying = {s.person.key for s in care.spells}
    asked = {p.key for p in care.asked_only}
    known = {
        p.key
        for p in people
        if p.key in with_service or p.key in asked or (p.key in paying and rng.random() < 0.35)
    }
    carers: dict[str, str] = {}
    for p in people:
        if not any(c.key in known for c in p.cares_for):
            continue
        supported = p.key in with_service if p.group == "carer" else p.key in known and rng.random() < 0.2
        if supported:
            carers[p.key] = "Unpaid carer"
        elif p.died is None and rng.random() < 0.55:
            carers[p.key] = "Unpaid carer known by association"
    return [p for p in people if p.key in known or p.key in carers], carers


def _council_records(seed: int, council: Council, known: list[Person]) -> list[PersonRecord]:
    rng = stream(seed, "council_records", council.number)
    records = [
        new_record(council.sender_id, f"P{n:06d}", "council", p, p.home) for n, p in enumerate(known, start=1)
    ]
    services = [r for r in records if r.person.group not in ("carer", "young")]
    twice = rng.sample(services, min(len(services), max(1, len(services) // 100)))
    for n, r in enumerate(twice, start=len(records) + 1):
        records.append(new_record(council.sender_id, f"P{n:06d}", "council", r.person, r.person.home))
    return records


def _provider_records(seed: int, provider: Provider, people: list[Person], care: Care) -> list[PersonRecord]:
    rng = stream(seed, "provider_records", provider.number)
    records: list[PersonRecord] = []
    here: dict[str, int] = {}
    for spell in care.of_provider(provider):
        location = spell.location
        home = location.address if location and spell.admitted else spell.person.home
        wanted = 2 if spell.registered_twice else 1
        while here.get(spell.person.key, 0) < wanted:
            here[spell.person.key] = here.get(spell.person.key, 0) + 1
            local_id = f"{provider.initials}{len(records) + 1:05d}"
            records.append(new_record(provider.sender_id, local_id, "subject_of_care", spell.person, home))
    carers = 0
    for person in people:
        if any(cared.key in here for cared in person.cares_for) and rng.random() < 0.7:
            carers += 1
            record = new_record(
                provider.sender_id, f"unpaid_carer:crr-{carers:06d}", "unpaid_carer", person, person.home
            )
            record.number = record.number if rng.random() < 0.5 else ""
            record.born = record.born if rng.random() < 0.6 else None
            records.append(record)
    return records
