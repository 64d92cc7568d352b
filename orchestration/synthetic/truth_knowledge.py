"""Who is who in a made world, and what of it the records let anybody know."""

from __future__ import annotations

from collections import defaultdict

from orchestration.synthetic.maker_world import World
from orchestration.synthetic.person import Person
from orchestration.synthetic.records import PersonRecord

TRACED = ("00", "90", "92")


class Knowledge:
    """The true person behind every record, with what the records together say of them."""

    def __init__(self, world: World) -> None:
        self.by_key = {p.key: p for p in world.people}
        self.person_of: dict[str, Person] = {r.key: r.person for r in world.records}
        self.records: dict[str, list[PersonRecord]] = defaultdict(list)
        for r in world.records:
            self.records[r.person.key].append(r)

    def person(self, sender_id: str, local_id: str) -> Person:
        """Return the true person behind a sender's person id."""
        return self.person_of[f"{sender_id}:{local_id}"]

    def death_known(self, person: Person) -> bool:
        """Return True where a record or the tracing service says that the person died."""
        return person.died is not None and any(
            r.says_died or r.answer in TRACED for r in self.records[person.key]
        )

    def number_known(self, person: Person) -> bool:
        """Return True where some record of the person gives an NHS number that holds."""
        return any(r.number_known for r in self.records[person.key])
