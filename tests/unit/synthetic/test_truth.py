"""The truth agrees with itself, and the words of the definitions hold on hand-made rows."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from orchestration.synthetic.care import CarePlanner
from orchestration.synthetic.council_life import Period, reporting_period
from orchestration.synthetic.maker import synthesise
from orchestration.synthetic.maker_world import World, make_world
from orchestration.synthetic.person import Address, Person
from orchestration.synthetic.places import make_councils
from orchestration.synthetic.records import new_record
from orchestration.synthetic.spells import Care
from orchestration.synthetic.tables import Tables
from orchestration.synthetic.truth_capacity import LocationTruth
from orchestration.synthetic.truth_cld import CouncilTruth
from orchestration.synthetic.truth_knowledge import Knowledge
from tests.unit.synthetic.conftest import all_rows, contents, read_csv

AS_AT = date(2026, 10, 12)
SAMPLE = Path(__file__).resolve().parents[3] / "data" / "samples" / "clean"
HOME = Address("1 Mill Lane", "", "Northmere", "ZY1 1AA", "990000000001")


@pytest.fixture(scope="module")
def sample_world() -> World:
    council = make_councils(3, 1, 4)[0]
    return make_world(3, council, 1, 150, AS_AT)


def test_the_sample_has_every_form_of_the_information_return_and_four_weeks_of_visits(
    sample_world: World,
) -> None:
    tables = [t for t in sample_world.provider_tables.values() if t.newest("visit")]
    visits = [row for t in tables for row in t.newest("visit")]
    assert {row["status"] for row in visits} == {"finished", "cancelled", "unknown", "planned"}
    assert (AS_AT - date.fromisoformat(min(row["planned_start"] for row in visits)[:10])).days == 28
    late = [row for row in visits if row.get("actual_start", "")[:16] > row["planned_end"][:16]]
    missed = [row for row in visits if row["status"] == "planned" and "actual_start" not in row]
    assert late and missed
    components = {row.get("cld_service_component") for t in tables for row in t.newest("service")}
    assert {"Shared Lives", "Home support or domiciliary care"} <= components


def test_a_scheme_moves_no_row_of_the_council_and_no_trace_answer() -> None:
    council = make_councils(3, 1, 4)[0]
    scheme = next(p for p in council.providers if any(place.shared_lives for place in p.locations))
    with_scheme = make_world(3, council, 1, 150, AS_AT)
    scheme.locations = [place for place in scheme.locations if not place.shared_lives]
    without = make_world(3, council, 1, 150, AS_AT)
    assert len(with_scheme.records) > len(without.records)
    assert with_scheme.council_tables.classes == without.council_tables.classes
    assert with_scheme.answers == without.answers


def test_figures_that_count_people_have_as_many_members(made: Path) -> None:
    members: dict[tuple[str, str], int] = {}
    for row in read_csv(made / "truth" / "membership.csv"):
        key = (row["submitter_id"], row["cell_id"])
        members[key] = members.get(key, 0) + 1
    counted = {"occupied", "vacant_reserved", "service_users", "users_nhs_la", "users_self"}
    checked = 0
    for row in read_csv(made / "truth" / "figures.csv"):
        if row["cell_id"] in counted or row["cell_id"].startswith("people."):
            assert members.get((row["submitter_id"], row["cell_id"]), 0) == int(row["value"])
            checked += 1
    assert checked >= 15


def test_figures_add_up(made: Path) -> None:
    figures = {(r["submitter_id"], r["cell_id"]): r for r in read_csv(made / "truth" / "figures.csv")}
    rows = {c: int(r["value"]) for (_, c), r in figures.items() if c.startswith("rows.")}
    assert rows.pop("rows.total") == sum(rows.values())
    assert all(int(r["numerator"]) <= int(r["denominator"]) for r in figures.values() if r["numerator"])
    for (place, cell), row in figures.items():
        if cell == "max_capacity" and (place, "vacant_accepting") in figures:
            used = [
                int(figures[place, c]["value"]) for c in ("occupied", "vacant_reserved", "vacant_accepting")
            ]
            assert sum(used) <= int(row["value"])


def test_every_submitter_has_its_figures_and_every_person_record_its_person() -> None:
    clients = tomllib.loads((SAMPLE / "clients.toml").read_text())["client"]
    submitters = {s["code"] for c in clients for s in c["submitter"]}
    assert {r["submitter_id"] for r in read_csv(SAMPLE / "truth" / "figures.csv")} == submitters
    who = {r["person_record_key"]: r["person"] for r in read_csv(SAMPLE / "truth" / "who_is_who.csv")}
    keys = set()
    for sender, record_class, rows in all_rows(SAMPLE):
        for row in rows:
            if record_class == "subject_of_care":
                keys.add(f"{sender}:{row['subject_of_care_id']}")
            elif record_class == "unpaid_carer":
                keys.add(f"{sender}:unpaid_carer:{row['record_uid']}")
            elif record_class == "trace_response":
                assert row["UNIQUE_REFERENCE"] in who
            elif "LA Person Unique Identifier" in row:
                keys.add(f"{sender}:{row['LA Person Unique Identifier']}")
    assert keys == who.keys()
    assert len(set(who.values())) < len(who)


def test_planted_faults_leave_the_truth_and_every_other_row_alone(made: Path, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty"
    synthesise(faulty, seed=3, people=150, providers=4, councils=1, faults=True)
    clean_truth, truth = contents(made / "truth"), contents(faulty / "truth")
    listed = read_csv(faulty / "truth" / "faults.csv")
    assert {k: v for k, v in truth.items() if k != "faults.csv"} == {
        k: v for k, v in clean_truth.items() if k != "faults.csv"
    }
    before = {(s, c): rows for s, c, rows in all_rows(made)}
    added = 0
    for sender, record_class, rows in all_rows(faulty):
        kept = before[sender, record_class]
        assert rows[: len(kept)] == kept
        added += len(rows) - len(kept)
    assert added == len(listed) > 25
    assert len({r["rule_id"] for r in listed}) >= 12


def test_twins_partners_namesakes_deaths_and_the_young_are_there(sample_world: World) -> None:
    people = sample_world.people
    twin = next(p for p in people if p.twin)
    assert twin.twin and (twin.born, twin.home) == (twin.twin.born, twin.twin.home)
    assert twin.given != twin.twin.given
    partner = next(p for p in people if p.partner)
    assert partner.partner and partner.partner.home == partner.home
    carers = [(p, c) for p in people for c in p.cares_for]
    assert any((p.given, p.family) == (c.given, c.family) for p, c in carers)
    assert any(p.group != "carer" for p, _ in carers)
    assert any(p.died for p in people)
    assert any(p.age_on(AS_AT) == 17 for p in people)
    answers = {r.answer for r in sample_world.records}
    assert answers >= {"00", "", "90", "91", "92", "96", "97", "98", "15"}


def test_the_period_is_the_twelve_months_that_end_with_the_last_quarter_end() -> None:
    assert reporting_period(AS_AT) == Period(date(2025, 10, 1), date(2026, 9, 30))
    assert reporting_period(date(2026, 1, 1)) == Period(date(2025, 1, 1), date(2025, 12, 31))


def _person(key: str, born: date = date(1940, 5, 5), died: date | None = None) -> Person:
    return Person(
        key, "2", born, "Edith", "Brown", "", "", HOME, "9990000018", ("Z00001", "Surgery"), "", died=died
    )


def _world(people: dict[str, Person], council_ids: dict[str, Person] | None = None) -> World:
    """One care home that knows people by the given local ids, and a council that knows them by its own."""
    council = make_councils(1, 1, 1)[0]
    home = council.providers[0]
    records = [new_record(home.sender_id, i, "subject_of_care", p, HOME) for i, p in people.items()]
    records += [new_record(council.sender_id, i, "council", p, HOME) for i, p in (council_ids or {}).items()]
    tables, everyone = Tables(), [*people.values(), *(council_ids or {}).values()]
    place = home.locations[0].location_id
    site = {"cqc_location_id": place, "registered_beds": 20}
    tables.add("care_provider", "loc-1", 1, site)
    return World(council, AS_AT, everyone, Care(), records, {home.sender_id: tables}, Tables(), [])


def _stays(world: World, *stays: tuple[str, str, str | None]) -> None:
    home = world.council.providers[0]
    tables = world.provider_tables[home.sender_id]
    for local_id, start, end in stays:
        values: dict[str, object] = {"subject_of_care": local_id, "service_start_date": start}
        values |= {"service_end_date": end, "care_provider": home.locations[0].location_id}
        tables.add("service", tables.uid("service", "svc"), 1, values)


def _answers(world: World) -> dict[str, int]:
    home = world.council.providers[0]
    figures, _ = LocationTruth(world, home, Knowledge(world)).care_home(home.locations[0].location_id)
    return dict(figures)


def test_two_records_of_one_person_count_once() -> None:
    one, other = _person("p1"), _person("p2")
    world = _world({"A": one, "B": one, "C": other})
    _stays(world, ("A", "2026-01-05", None), ("B", "2026-02-01", None), ("C", "2026-03-01", None))
    assert _answers(world) == {"occupied": 2, "vacant_reserved": 0, "max_capacity": 20}


def test_a_stay_that_ends_on_the_day_is_over_and_a_planned_end_after_it_is_not() -> None:
    world = _world({"A": _person("p1"), "B": _person("p2")})
    _stays(world, ("A", "2026-01-05", "2026-10-12"), ("B", "2026-01-05", "2026-10-13"))
    assert _answers(world)["occupied"] == 1


def test_somebody_who_died_is_not_supported_though_the_service_was_left_open() -> None:
    world = _world({"A": _person("p1", died=date(2026, 9, 1))})
    _stays(world, ("A", "2026-01-05", None))
    assert _answers(world)["occupied"] == 0


@pytest.mark.parametrize(("back", "occupied"), [(None, 0), ("2026-09-20T10:00:00Z", 1)])
def test_somebody_discharged_is_supported_again_only_after_a_later_admission(
    back: str | None, occupied: int
) -> None:
    world = _world({"A": _person("p1")})
    _stays(world, ("A", "2026-01-05", None))
    home = world.council.providers[0]
    tables, place = world.provider_tables[home.sender_id], home.locations[0].location_id
    left: dict[str, object] = {"subject_of_care": "A", "date_of_discharge": "2026-09-10T11:00:00Z"}
    tables.add("discharge_details", "dis-1", 1, left | {"discharge_location": place})
    if back:
        came: dict[str, object] = {"subject_of_care": "A", "date_of_admission": back, "admitted_to": place}
        tables.add("admission_details", "adm-2", 1, came)
    assert _answers(world)["occupied"] == occupied


def test_a_stay_agreed_for_later_is_a_reserved_bed_unless_the_person_is_there_already() -> None:
    world = _world({"A": _person("p1"), "B": _person("p2")})
    _stays(world, ("A", "2026-11-01", None), ("B", "2026-01-01", None), ("B", "2026-11-01", None))
    assert _answers(world)["vacant_reserved"] == 1


def _request(world: World, uid: str, **values: object) -> None:
    row: dict[str, object] = {
        "la_code": "999",
        "la_person_unique_identifier": "P1",
        "client_type": "Service user",
        "event_type": "Request",
        "event_start_date": "2026-03-01",
        "event_end_date": "2026-03-05",
        "event_status": "completed",
        "request_route_of_access": "Prison",
    }
    world.council_tables.add("cld_request", uid, 1, row | values)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"la_code": "001", "event_status": "cancelled"}, "another_council"),
        ({"event_status": "cancelled", "event_end_date": None}, "cancelled"),
        ({"event_end_date": None}, "not_completed"),
        ({"event_status": "open"}, "not_completed"),
        ({"event_end_date": "2025-09-30"}, "outside_period"),
        ({"la_person_unique_identifier": "P2"}, "under_18"),
        ({}, "duplicate"),
        ({"request_route_of_access": "Self-Funder"}, None),
        ({"la_person_unique_identifier": "P3"}, "duplicate"),
    ],
)
def test_the_first_reason_that_holds_excludes_a_row(values: dict[str, object], reason: str | None) -> None:
    adult, young = _person("p1"), _person("p2", born=date(2009, 6, 1))
    world = _world({}, {"P1": adult, "P2": young, "P3": adult})
    _request(world, "req-1")
    _request(world, "req-2", **values)
    truth = CouncilTruth(world, Knowledge(world))
    assert truth.reasons.get("northmere_council:cld_request:req-2") == reason


def test_a_person_with_two_council_ids_is_one_person_in_the_file() -> None:
    adult = _person("p1")
    world = _world({}, {"P1": adult, "P3": adult})
    _request(world, "req-1")
    _request(world, "req-2", la_person_unique_identifier="P3", event_end_date="2026-03-09")
    truth = CouncilTruth(world, Knowledge(world))
    assert truth.counts()["rows.total"] == 2
    assert truth.people()["people.total"] == {"p1"}


def test_care_of_one_council_never_uses_a_provider_of_another() -> None:
    first, second = make_councils(2, 2, 6)
    world = make_world(2, second, 2, 60, AS_AT)
    used = {s.provider.sender_id for s in world.care.spells if s.provider}
    assert used <= {p.sender_id for p in second.providers}
    assert CarePlanner(2, first, AS_AT).plan([]).spells == []
