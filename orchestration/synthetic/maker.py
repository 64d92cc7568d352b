"""Making whole sets of extracts: the people, their care, what each sender knows, the files, and the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.synthetic.care import Care, CarePlanner
from orchestration.synthetic.chance import stream
from orchestration.synthetic.clients import write_clients
from orchestration.synthetic.council_rows import CouncilExtract
from orchestration.synthetic.daily_rows import DailyRecords
from orchestration.synthetic.labels import dress
from orchestration.synthetic.people import Person, Population
from orchestration.synthetic.places import Council, Provider, make_councils
from orchestration.synthetic.provider_rows import ProviderExtract
from orchestration.synthetic.records import PersonRecord, add_troubles, new_record
from orchestration.synthetic.tables import Row, Tables
from orchestration.synthetic.tracing import trace_answers
from orchestration.synthetic.writing import write_extract

AS_AT = date(2026, 10, 12)
Progress = Callable[[str], None]


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
    population = Population(seed, council.number, councils, people, council.code, as_at).fill()
    care = CarePlanner(seed, council, as_at).plan(population)
    known, known_carers = _known_to_council(seed, council, population, care)
    records = _council_records(seed, council, known)
    by_provider: dict[str, list[PersonRecord]] = {}
    for provider in council.providers:
        by_provider[provider.sender_id] = _provider_records(seed, provider, population, care)
    for provider_records in by_provider.values():
        records.extend(provider_records)
    add_troubles(seed, council.number, records)

    carers: dict[str, list[Person]] = defaultdict(list)
    for person in population:
        for cared in person.cares_for:
            carers[cared.key].append(person)
    tables: dict[str, Tables] = {}
    for provider in council.providers:
        extract = ProviderExtract(seed, council, provider, care, as_at)
        tables[provider.sender_id] = extract.build(by_provider[provider.sender_id])
        DailyRecords(extract).build()
    own = [r for r in records if r.source_class == "council"]
    council_tables = CouncilExtract(seed, council, care, as_at).build(own, known_carers, carers)
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
        if p.key in with_service and p.group == "carer":
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


def synthesise(
    out: Path,
    seed: int,
    people: int,
    providers: int,
    councils: int,
    as_at: date = AS_AT,
    faults: bool = False,
    on_progress: Progress | None = None,
) -> None:
    """Write extracts, clients.toml and the truth into an empty folder; the same seed gives the same bytes."""
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty: name a new folder")
    if people < 1 or providers < 1 or councils < 1:
        raise ValueError("people, providers and councils must each be at least 1")
    out.mkdir(parents=True, exist_ok=True)
    made = make_councils(seed, councils, providers)
    traced: set[str] = set()
    for council in made:
        size = people // councils + (council.number < people % councils)
        if on_progress:
            on_progress(f"{council.name}: {size} people, {len(council.providers)} providers")
        world = make_world(seed, council, councils, size, as_at)
        write_world(out, seed, world)
        traced |= {council.trace_sender} if world.answers else set()
    write_clients(out / "clients.toml", made, traced)


def write_world(out: Path, seed: int, world: World) -> None:
    """Write the extracts of one council's area."""
    council, as_at = world.council, world.as_at
    for provider in council.providers:
        sender = {
            "id": provider.sender_id,
            "name": provider.name,
            "kind": "provider",
            "ods_code": provider.ods_code,
            "cqc_provider_id": provider.provider_id,
        }
        tables = world.provider_tables[provider.sender_id].classes
        write_extract(out / provider.sender_id, sender, provider.system, tables, as_at, provider.file_format)
    rng = stream(seed, "labels", council.number)
    older = str(as_at.replace(year=as_at.year - 1))
    dressed = {c: dress(c, rows, rng, older) for c, rows in world.council_tables.classes.items()}
    council_sender = {
        "id": council.sender_id, "name": f"{council.name} Council", "kind": "council", "la_code": council.code,
    }  # fmt: skip
    write_extract(out / council.sender_id, council_sender, ("CareCase", "11.2"), dressed, as_at)
    if world.answers:
        trace = {"id": council.trace_sender, "name": "Batch tracing", "kind": "trace"}
        tables = {"trace_response": world.answers}
        write_extract(out / council.trace_sender, trace, ("Batch tracing", "1"), tables, as_at)
