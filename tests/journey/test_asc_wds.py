"""The ASC-WDS files of the sample are those of the truth, and its counts those of the other returns."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from walking import Walk, read_rows

from orchestration.settings import SAMPLE

RETURN = "asc_wds"
LOCATIONS = ("1-900000002", "1-900000003", "1-900000005", "1-900000007", "1-900000010")
Figures = dict[str, dict[str, str]]


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def figures(sample: Walk, return_id: str, location: str) -> Figures:
    return {r["cell_id"]: r for r in read_rows(sample.packs[return_id, location].folder / "figures.csv")}


@pytest.mark.parametrize("location", LOCATIONS)
def test_every_workplace_column_is_written_as_the_truth_has_it(sample: Walk, location: str) -> None:
    rows = read_rows(SAMPLE / "truth" / "asc_wds_workplaces.csv")
    truth = {r["column"]: r["text"] for r in rows if r["submitter_id"] == location}
    header, *written = table(sample.packs[RETURN, location].folder / "asc_wds_workplace.csv")
    assert len(written) == 1
    found = dict(zip(header, written[0], strict=True))
    assert {name: found[name] for name in truth if found[name] != truth[name]} == {}
    assert len(truth) == len(header) == 44


@pytest.mark.parametrize("location", LOCATIONS)
@pytest.mark.parametrize("page", ["staff", "training"])
def test_workers_and_trainings_come_out_as_they_went_in(sample: Walk, location: str, page: str) -> None:
    header, *written = table(sample.packs[RETURN, location].folder / f"asc_wds_{page}.csv")
    workplace = figures(sample, RETURN, location)["workplace.LOCALESTID"]["value_text"]
    sent = []
    for file in sorted(SAMPLE.glob(f"*/asc_wds_{page}.csv")):
        for row in read_rows(file):
            if row["LOCALESTID"] == workplace:
                assert [name for name, value in row.items() if value and name not in header] == []
                sent.append([row.get(name, "") for name in header])
    assert written == sent
    assert bool(sent) is (location != "1-900000010")


@pytest.mark.parametrize("location", LOCATIONS)
def test_the_people_counted_are_the_people_of_the_truth(sample: Walk, location: str) -> None:
    person_of = {r["person_record_key"]: r["person"] for r in read_rows(SAMPLE / "truth" / "who_is_who.csv")}
    records = sample.query("select person_key, person_record_key from raw.person_link")
    who = {key: person_of[record] for key, record in records}
    for cell in ("workplace.UTILISATION", "workplace.SERVICEUSERS"):
        true = {
            r["person"]
            for r in read_rows(SAMPLE / "truth" / "membership.csv")
            if (r["return_id"], r["submitter_id"], r["cell_id"]) == (RETURN, location, cell)
        }
        counted = {
            who[r["person_key"]]
            for r in read_rows(sample.packs[RETURN, location].folder / "membership.csv")
            if r["cell_id"] == cell and r["role"] == "numerator"
        }
        assert counted == true
        assert true


@pytest.mark.parametrize("location", LOCATIONS)
def test_people_now_are_one_count_in_every_return_that_asks(sample: Walk, location: str) -> None:
    upload, pir = figures(sample, RETURN, location), figures(sample, "cqc_pir", location)
    tracker = figures(sample, "capacity_tracker", location)
    members = read_rows(sample.packs[RETURN, location].folder / "membership.csv")
    supported = {r["person_key"] for r in members if r["role"] == "numerator"}
    home = tracker["occupied"]["outcome"] != "not_applicable"
    counted = tracker["occupied" if home else "service_users"]["value"]
    assert Decimal(pir["people_now"]["value"]) == Decimal(counted)
    # ASC-WDS asks of everybody who uses a service; the other two of regulated care alone.
    asked_elsewhere = sample.query(
        f"select count(*) from aggregates.agg__person_supported_now "
        f"where location_id = '{location}' and is_supported and not is_counted"
    )[0][0]
    assert len(supported) == Decimal(counted) + asked_elsewhere
    if home:
        assert asked_elsewhere == 0
        services = dict(
            zip(
                upload["workplace.ALLSERVICES"]["value_text"].split(";"),
                upload["workplace.UTILISATION"]["value_text"].split(";"),
                strict=True,
            )
        )
        assert sum(int(services[code]) for code in ("1", "2") if code in services) == Decimal(counted)


@pytest.mark.parametrize("location", LOCATIONS[:3])
def test_beds_are_one_count_in_every_return_that_asks(sample: Walk, location: str) -> None:
    upload, tracker = figures(sample, RETURN, location), figures(sample, "capacity_tracker", location)
    beds = Decimal(tracker["max_capacity"]["value"])
    pairs = zip(
        upload["workplace.ALLSERVICES"]["value_text"].split(";"),
        upload["workplace.CAPACITY"]["value_text"].split(";"),
        strict=True,
    )
    assert sum(int(places) for code, places in pairs if code in ("1", "2") and places) == beds
