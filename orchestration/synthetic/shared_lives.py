"""A Shared Lives scheme: people who live in a carer's household, recorded after all else was made."""

from __future__ import annotations

from datetime import date, timedelta

from orchestration.synthetic.chance import days_between, stream
from orchestration.synthetic.places import Council, Provider
from orchestration.synthetic.records import PersonRecord, new_record
from orchestration.synthetic.spells import Care, Spell

MOST = 7


def arrangements(
    seed: int, council: Council, care: Care, records: list[PersonRecord], as_at: date
) -> dict[str, list[Spell]]:
    """Return the arrangements of each provider's scheme, by sender.

    Only people whom the council alone knows, by one record without trouble, and whose arrangement somebody
    else pays: so no row of the council, no trace answer and no other record changes for a scheme.
    """
    found: dict[str, list[Spell]] = {}
    alone: dict[str, list[PersonRecord]] = {}
    for record in records:
        alone.setdefault(record.person.key, []).append(record)
    with_package = {spell.person.key for spell in care.spells}
    free = [
        own[0].person
        for own in alone.values()
        if len(own) == 1
        and own[0].source_class == "council"
        and own[0].plain
        and own[0].answer == "00"
        and own[0].person.group in ("learning", "mental")
        and own[0].person.died is None
        and own[0].person.key not in with_package
    ]
    for provider in council.providers:
        scheme = next((place for place in provider.locations if place.shared_lives), None)
        rng = stream(seed, "shared_lives", provider.number)
        people = rng.sample(free, min(MOST, len(free))) if scheme else []
        free = [person for person in free if person not in people]
        found[provider.sender_id] = [
            Spell(
                person=person,
                kind="shared_lives",
                start=days_between(rng, as_at - timedelta(days=900), as_at - timedelta(days=20)),
                end=as_at - timedelta(days=rng.randint(1, 15)) if n == MOST - 1 else None,
                funding=rng.choice(("nhs", "self_funded", "not_known")),
                provider=provider,
                location=scheme,
                weekly_pence=rng.randrange(38_000, 61_000, 500),
            )
            for n, person in enumerate(people)
        ]
    return found


def scheme_records(provider: Provider, spells: list[Spell], already: int) -> list[PersonRecord]:
    """Return the scheme's own records of its people, none of them traced, numbered after those there are."""
    return [
        _untraced(
            new_record(
                provider.sender_id,
                f"{provider.initials}{already + n:05d}",
                "subject_of_care",
                spell.person,
                spell.person.home,
            )
        )
        for n, spell in enumerate(spells, start=1)
    ]


def _untraced(record: PersonRecord) -> PersonRecord:
    record.answer = ""
    return record
