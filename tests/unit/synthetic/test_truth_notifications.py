"""The true work list holds the words of the definitions on hand-made rows."""

from __future__ import annotations

from datetime import date

import pytest

from orchestration.synthetic.maker_world import World
from orchestration.synthetic.person import Address, Person
from orchestration.synthetic.places import make_councils
from orchestration.synthetic.records import new_record
from orchestration.synthetic.spells import Care
from orchestration.synthetic.tables import Tables
from orchestration.synthetic.truth_knowledge import Knowledge
from orchestration.synthetic.truth_notifications import NotificationTruth

AS_AT = date(2026, 10, 12)
HOME = Address("1 Mill Lane", "", "Northmere", "ZY1 1AA", "990000000001")


class Home:
    """One care home with one person, A, whose records a test adds to."""

    def __init__(self, died: date | None = None) -> None:
        self.council = make_councils(1, 1, 1)[0]
        self.sender = self.council.providers[0].sender_id
        self.place = self.council.providers[0].locations[0].location_id
        self.person = Person(
            *("p1", "2", date(1940, 5, 5), "Edith", "Brown", "", "", HOME, "9990000018"),
            *(("Z00001", "Surgery"), ""),
            died=died,
        )
        self.tables = Tables()
        self.tables.add(
            "care_provider", "loc-1", 1, {"cqc_location_id": self.place, "care_setting": "care_home"}
        )

    def add(self, record_class: str, uid: str, version: int = 1, **values: object) -> None:
        self.tables.add(record_class, uid, version, {"subject_of_care": "A"} | values)

    def stay(self, start: str, end: str | None = None) -> None:
        values = {"service_start_date": start, "service_end_date": end, "care_provider": self.place}
        self.add("service", "svc-1", **values)

    def figures(self) -> dict[str, int]:
        record = new_record(self.sender, "A", "subject_of_care", self.person, HOME)
        record.says_died = self.person.died is not None
        world = World(
            *(self.council, AS_AT, [self.person], Care(), [record], {self.sender: self.tables}, Tables(), [])
        )
        figures, _, _ = NotificationTruth(world, Knowledge(world)).location(self.place)
        return dict(figures)


@pytest.mark.parametrize(
    ("ended", "listed"), [(None, 1), ("2026-10-01", 1), ("2026-09-01", 1), ("2026-08-31", 0)]
)
def test_a_death_is_listed_up_to_thirty_days_after_care_ended(ended: str | None, listed: int) -> None:
    home = Home(died=date(2026, 10, 1))
    home.stay("2025-01-01", ended)
    assert home.figures()["type.death"] == listed


@pytest.mark.parametrize(("decided", "open_events"), [("2026-10-12", 0), ("2026-10-13", 1)])
def test_a_decision_counts_from_the_day_it_is_taken(decided: str, open_events: int) -> None:
    home = Home(died=date(2026, 10, 1))
    home.stay("2025-01-01")
    home.add("notification_decision", "n-1", notification_type="death", decision="sent", decided_on=decided)
    figures = home.figures()
    assert (figures["list.open"], figures["list.found"]) == (open_events, 1)


def test_an_incident_stays_a_candidate_when_a_later_version_drops_its_code() -> None:
    home = Home()
    home.stay("2025-01-01")
    home.add("incident", "i-1", date="2026-10-01", coded_value="125605004", informed="Police")
    home.add("incident", "i-1", version=2, date="2026-10-01", informed="Police")
    figures = home.figures()
    assert (figures["type.serious_injury"], figures["type.police"]) == (1, 0)


def test_a_concern_denied_in_every_version_is_no_event() -> None:
    home = Home()
    home.stay("2025-01-01")
    raised = {"safeguarding_concerns_date": "2026-10-01T09:00:00Z"}
    home.add("safeguarding_concern", "c-1", safeguarding_indicator="No", **raised)
    home.add("safeguarding_concern", "c-2", safeguarding_indicator="Yes", **raised)
    home.add("safeguarding_concern", "c-2", version=2, safeguarding_indicator="No", **raised)
    assert home.figures()["type.abuse"] == 1
