"""Visits to people at home: the calls of a package, when somebody came, and how each call ended."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from orchestration.synthetic.chance import pick, stream
from orchestration.synthetic.provider_rows import ProviderExtract
from orchestration.synthetic.spells import Spell
from orchestration.synthetic.tables import moment

WEEK = 7
FOUR_WEEKS = 28
# As a call ended: made, called off, nobody knows, nobody came.
ENDINGS = (("finished", 91.0), ("cancelled", 4.0), ("unknown", 1.0), ("planned", 4.0))
Call = tuple[int, int]


def calls_a_day(spell: Spell) -> tuple[Call, ...]:
    """Return the calls planned on a day, each by its start and length in minutes."""
    calls = ((7 * 60 + 30, 45), (12 * 60, 30), (18 * 60, 30))
    return calls[: 1 if spell.hours < 8 else 2 if spell.hours < 15 else 3]


def visited_on(spell: Spell, day: date) -> bool:
    """Return whether the package ran on a day for somebody alive."""
    return spell.start <= day and not (spell.end and day >= spell.end) and spell.person.alive_on(day)


def visit_values(
    spell: Spell, service: str, day: date, call: Call, status: str, came: int, stayed: int
) -> dict[str, object]:
    """Return one visit: when it was planned and, where it was made, when somebody came and left."""
    start, length = call
    made = status == "finished"
    return {
        "status": status,
        "planned_start": moment(day, start),
        "planned_end": moment(day, start + length),
        "actual_start": moment(day, came) if made else None,
        "actual_end": moment(day, came + stayed) if made else None,
        "location_type": "A01",
        "contact_type": "Personal care",
        "service": service,
        "care_provider": spell.location.location_id if spell.location else None,
    }


class EarlierVisits:
    """Adds the three weeks before the last one, with calls missed and late; no draw moves another row."""

    def __init__(self, extract: ProviderExtract) -> None:
        self.extract = extract
        self.tables = extract.tables
        self.rng: Random = stream(extract.seed, "earlier_visits", extract.provider.number)

    def build(self) -> None:
        """Write the visits of every package at home from 28 to 8 days before the day."""
        for spell, local_id, service in self.extract.services:
            if spell.admitted or not spell.regulated or spell.suspended:
                continue
            for back in range(FOUR_WEEKS, WEEK, -1):
                day = self.extract.as_at - timedelta(days=back)
                if visited_on(spell, day) and self.rng.random() < 0.75:
                    self._day(spell, local_id, service, day)

    def _day(self, spell: Spell, local_id: str, service: str, day: date) -> None:
        rng, calls = self.rng, calls_a_day(spell)
        for call in calls[: rng.randint(1, len(calls))]:
            status = pick(rng, ENDINGS)
            late = rng.randint(31, 90) if rng.random() < 0.06 else max(-20, int(rng.gauss(4, 9)))
            stayed = rng.randint(6, 14) if rng.random() < 0.05 else max(15, call[1] + int(rng.gauss(-3, 8)))
            values = visit_values(spell, service, day, call, status, call[0] + late, stayed)
            uid = self.tables.uid("visit", "vis")
            self.tables.add("visit", uid, 1, {"subject_of_care": local_id} | values)
