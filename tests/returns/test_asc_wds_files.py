"""The files of the bulk upload as they are written: official headers in their order, for their owner."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.quality.relations import relations
from orchestration.returns.definitions import load_definition
from orchestration.returns.layouts import Filling, fill_layout
from orchestration.warehouse.build import ReturnPeriod, RunParameters, Submitter
from tests.returns.example_warehouse import RETURNS, built

FOLDER = RETURNS / "asc_wds"
DAY = date(2026, 10, 11)
ALDER = "1-900000901"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alder")
    filling = Filling(
        run=RunParameters(client_id="example", reporting_period="2026-10", as_at_date=DAY, is_synthetic=True),
        period=ReturnPeriod(
            return_id="asc_wds",
            title="ASC-WDS",
            submitted_by="location",
            period_label="2026-10-11",
            period_start=DAY,
            period_end=DAY,
            window_opens=None,
            window_closes=None,
            method_version="2026-08",
        ),
        submitter=Submitter(submitter_id=ALDER, kind="location", code=ALDER, name="Alder House"),
    )
    with duckdb.connect(str(built(FOLDER / "examples" / "two_workplaces")), read_only=True) as connection:
        fill_layout(connection, relations(connection), load_definition(FOLDER), filling, folder)
    return folder


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def test_the_workplace_file_has_the_44_official_columns_and_the_merged_lists(written: Path) -> None:
    header, row = table(written / "asc_wds_workplace.csv")
    assert len(header) == 44
    assert header[:5] == ["LOCALESTID", "STATUS", "ESTNAME", "ADDRESS1", "ADDRESS2"]
    assert header[-2:] == ["TRAVELTIME", "TTDIFFRATE"]
    found = dict(zip(header, row, strict=True))
    assert (found["ALLSERVICES"], found["CAPACITY"], found["UTILISATION"]) == ("2;6", "20;15", "3;9")


def test_optional_columns_are_written_when_somebody_filled_them(written: Path) -> None:
    header, *rows = table(written / "asc_wds_staff.csv")
    assert len(rows) == 3
    assert header[:3] == ["LOCALESTID", "UNIQUEWORKERID", "STATUS"]
    assert header[-4:] == ["QUALACH03", "QUALACH03NOTES", "QUALACH04", "QUALACH04NOTES"]


def test_a_training_comes_out_as_it_went_in(written: Path) -> None:
    header, row = table(written / "asc_wds_training.csv")
    assert len(header) == 12
    assert dict(zip(header, row, strict=True))["EXPIRYDATE"] == "30/01/2027"


def test_the_files_are_for_their_owner_alone(written: Path) -> None:
    assert [p.name for p in written.iterdir() if p.stat().st_mode & 0o077] == []
