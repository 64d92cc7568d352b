"""The figures written beside the official tables open to the people in them, from the folder alone."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.conformance.explaining import explain_figure, explain_figure_data
from orchestration.conformance.figure_files import write_figure_files
from orchestration.returns.explain import ExplainError
from orchestration.warehouse.cld_store import OfficialRun
from tests.spec.cld_method.official_store import SEPTEMBER, build_ascof, build_waiting_times, event, service

STAY = {
    "Service_Type": "Long term support: Residential care",
    "Service_Component": "Long term residential care",
    "Accommodation_Status": "Tenant: Private landlord",
}
ROWS = [
    service(1, "a", "2025-06-01", Der_NHS_Number_Pseudo="N", **STAY),
    service(1, "b", "2025-06-01", Der_NHS_Number_Pseudo="N", **{**STAY, "Service_Component": "Nursing"}),
    service(1, "home", "2025-06-01", Accommodation_Status="Tenant: Private landlord", Gender="Male"),
    service(1, "child", "2025-06-01", Der_Birth_Year=2012),
    service(2, "p", "2025-06-01"),
]
AGED = {"Der_Age_Event_Start_Date": 75}
ASKED = {**AGED, "Event_Outcome": "Progress to support planning or services"}
WAITS = [
    event("Request", 1, "quick", "2025-07-10", "2025-07-10", **ASKED),
    service(1, "quick", "2025-07-20", **AGED),
    event("Request", 1, "waiting", "2025-07-10", "2025-07-10", **ASKED),
]
RUN = OfficialRun(
    SEPTEMBER, date(2024, 4, 1), date(2025, 4, 1), date(2026, 3, 31), date(2026, 5, 5), periods=()
)
NO_HOSPITAL = [
    f"ascof_2d_{part}_{period}" for part in ("part1", "part2") for period in ("latest", "previous")
]


@pytest.fixture(scope="module")
def ascof(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ascof")
    write_figure_files(build_ascof(SEPTEMBER, ROWS).connection, "ascof", RUN, NO_HOSPITAL, folder)
    return folder


@pytest.fixture(scope="module")
def waits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("waits")
    write_figure_files(build_waiting_times(SEPTEMBER, WAITS).connection, "waiting_times", RUN, [], folder)
    return folder


def figures(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as handle:
        return {row["cell_id"]: row for row in csv.DictReader(handle)}


def test_a_figure_stands_on_one_line_with_its_numerator_denominator_and_outcome(ascof: Path) -> None:
    row = figures(ascof)["2c.65_and_above.1.latest"]
    assert (row["measure"], row["council"], row["breakdown"]) == ("ASCOF 2C", "1", "65 and above")
    assert (row["numerator"], row["denominator"], row["outcome"]) == ("1", "100000", "1")


def test_the_people_of_every_cell_count_to_its_figures(ascof: Path) -> None:
    for cell_id, row in figures(ascof).items():
        rows = {role["role"]: role["rows"] for role in explain_figure_data(ascof, cell_id)["roles"]}
        assert rows["numerator"] == int(row["numerator"]), cell_id
        if row["item_id"] not in ("2b", "2c"):
            assert rows["numerator"] + rows["denominator"] == int(row["denominator"]), cell_id


def test_figures_whose_official_table_is_skipped_are_left_out_with_their_people(ascof: Path) -> None:
    assert not [cell_id for cell_id in figures(ascof) if cell_id.startswith("2d_")]
    measures = pl.read_parquet(ascof / "membership.parquet")["measure"].unique().to_list()
    assert "ASCOF 2C" in measures
    assert not [m for m in measures if m.startswith("ASCOF 2D")]


def test_a_cell_tells_the_rule_the_people_the_excluded_and_the_corrected_figure(ascof: Path) -> None:
    told = explain_figure(ascof, "2e_18_64.total.1.latest")
    assert "settled accommodation, or presumed at home" in told
    assert "Left out: under_18, 1 row, 1 person" in told
    told = explain_figure(ascof, "2e_65.total.1.latest")
    assert "numerator  1_home  1:2026-03-31  record 3" in told
    assert "Without the known error settled_needs_local_id_2e" in told


def test_who_has_no_answer_yet_is_left_out_of_every_cell_with_the_reason(waits: Path) -> None:
    assert figures(waits)["first_service.65_and_above.1.2025-07-01"]["outcome"] == "10"
    data = explain_figure_data(waits, "first_service.65_and_above.1.2025-07-01")
    assert [p["person_key"] for p in data["people"]] == ["1_quick"]
    assert [(g["reason"], g["people"]) for g in data["excluded"]] == [("no_service_yet", 1)]
    assert data["excluded"][0]["people_and_events"][0]["evidence"] == "requested 2025-07-10"


def test_a_cell_that_is_not_there_names_those_that_are(ascof: Path) -> None:
    with pytest.raises(ExplainError, match=r"no cell 2c\. Did you mean 2c\.65_and_above\.1\.latest"):
        explain_figure(ascof, "2c")


def test_the_command_tells_packs_and_figures_apart(ascof: Path, tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["explain", "cell", str(ascof), "2c.65_and_above.1.latest"])
    assert shown.exit_code == 0
    assert "the population of the council" in shown.output
    (tmp_path / "manifest.json").write_text(json.dumps({"version": "a pack"}), encoding="utf-8")
    assert CliRunner().invoke(app, ["explain", "cell", str(tmp_path), "x"]).exception is not None


def test_the_membership_is_its_owners_alone_and_the_same_bytes_each_time(ascof: Path, tmp_path: Path) -> None:
    assert (ascof / "membership.parquet").stat().st_mode & 0o777 == 0o600
    connection = build_ascof(SEPTEMBER, ROWS).connection
    for name in write_figure_files(connection, "ascof", RUN, NO_HOSPITAL, tmp_path):
        assert (tmp_path / name).read_bytes() == (ascof / name).read_bytes()
