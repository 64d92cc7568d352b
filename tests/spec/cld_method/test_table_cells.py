"""Every cell of every official table opens to the people it counts, and what 2D leaves out has a reason."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.conformance.explaining import explain_figure, explain_figure_data
from orchestration.conformance.figure_files import write_figure_files
from orchestration.conformance.table_cells import explain_table_cell_data
from orchestration.conformance.table_members import table_rules, write_members
from orchestration.conformance.tables import official_tables, write_table
from orchestration.returns.explain import ExplainError
from tests.spec.cld_method.official_store import SEPTEMBER, build_ascof, build_waiting_times, event, service
from tests.spec.cld_method.test_ascof_2d import care, reablement, spell
from tests.spec.cld_method.test_figure_files import ASKED, RUN, STAY, WAITS

ST_MAX = {"Service_Type": "Short term support: ST-Max", "Event_Outcome": "NFA: Support ended as planned"}
ROWS = [
    service(1, "a", "2025-06-01", Der_NHS_Number_Pseudo="N", **STAY),
    service(1, "b", "2025-06-01", Der_NHS_Number_Pseudo="N", **{**STAY, "Service_Component": "Nursing"}),
    service(1, "home", "2025-06-01", Accommodation_Status="Tenant: Private landlord", Gender="Male"),
    service(1, "paid", "2025-06-01", Delivery_Mechanism="Direct payment", Gender="Female"),
    service(1, "child", "2025-06-01", Der_Birth_Year=2012),
    service(1, "short", "2025-06-01", "2025-07-01", **ST_MAX),
    service(1, "again", "2025-06-01", "2025-07-01", Der_Birth_Year=1990, **ST_MAX),
    service(1, "again", "2025-09-01", "2025-10-01", Der_Birth_Year=1990, **ST_MAX),
    service(2, "p", "2025-06-01", Primary_Support_Reason="Learning disability support", Der_Birth_Year=1980),
    service(
        2,
        "carer",
        "2025-06-01",
        Client_Type="Unpaid carer",
        Service_Type="Unpaid carer support: Direct to unpaid carer",
        Service_Component="Unpaid carer respite",
        Delivery_Mechanism="CASSR managed personal budget",
    ),
    reablement("plain"),
    reablement("died"),
    reablement("back"),
    reablement("alone"),
    care("resident", "Residential care", "2025-01-01"),
]
SPELLS = [
    spell("plain"),
    spell("died"),
    spell("back"),
    spell("back", "2025-07-05", "2025-07-01"),
    spell("resident"),
    spell("young", Year_of_Birth_SUS=1980),
    spell("elective", Admission_Method="31"),
]
DEATHS = [("died", "2025-07-01", "2025-07-05")]
AGED = {"Der_Age_Event_Start_Date": 75}
MORE_WAITS = [
    event(
        "Assessment", 1, "quick", "2025-07-12", "2025-07-13", Assessment_Type="Long term assessment", **ASKED
    ),
    service(1, "other", "2025-07-20", **AGED),
]


def written(connection, return_id: str, folder: Path) -> Path:
    tables = [t for t in official_tables(SEPTEMBER, ["latest", "previous"]) if t.return_id == return_id]
    for table in tables:
        write_table(connection, table, folder)
    write_figure_files(connection, return_id, RUN, [], folder)
    write_members(connection, {t.name.removesuffix(f"_{t.period_id}") for t in tables}, folder)
    return folder


@pytest.fixture(scope="module")
def ascof(tmp_path_factory: pytest.TempPathFactory) -> Path:
    connection = build_ascof(SEPTEMBER, ROWS, hospital=SPELLS, deaths=DEATHS).connection
    return written(connection, "ascof", tmp_path_factory.mktemp("ascof"))


@pytest.fixture(scope="module")
def waits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    connection = build_waiting_times(SEPTEMBER, WAITS + MORE_WAITS).connection
    return written(connection, "waiting_times", tmp_path_factory.mktemp("waits"))


TABLES = [t for t in official_tables(SEPTEMBER, ["latest"]) if t.return_id in ("ascof", "waiting_times")]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_cell_of_every_table_opens_to_as_many_as_it_says(table, ascof: Path, waits: Path) -> None:
    folder = ascof if table.return_id == "ascof" else waits
    path = folder / table.file_name
    frame = pl.read_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.read_parquet(path)
    base = table.name.removesuffix("_latest")
    assert frame.height
    rule = table_rules()[base]
    counts = [c for c in frame.columns if c in rule.cells or c in rule.elsewhere]
    for number, row in enumerate(frame.to_dicts(), start=2 if path.suffix == ".csv" else 1):
        # Of the many rows of nobody in 2D a tenth will do.
        if number % 10 and counts and not any(int(row[c] or 0) for c in counts):
            continue
        for column in [*counts, *rule.population]:
            if column in rule.population:
                data = explain_table_cell_data(folder, f"{table.name}:{number}:{column}")
                assert [r["population"] for r in data["population"]] == [str(row[column])]
            else:
                data = explain_table_cell_data(folder, f"{table.name}:{number}:{column}")
                assert data["counted"] == int(row[column] or 0), (number, column)
        if not counts:
            assert explain_table_cell_data(folder, f"{table.name}:{number}")["people"], number


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_no_column_of_counts_is_without_a_rule_that_opens_it(table) -> None:
    rule = table_rules()[table.name.removesuffix("_latest")]
    explained = {*rule.cells, *rule.elsewhere, *rule.population, *rule.match}
    named = {"Reporting_Period", "LA_Name", "Measure", "Description", "Outcome", "Outcome_Percent"}
    named |= {"Median_Waiting_Time", "Statistical_Reporting_Period_End"}
    # The rows of these tables are episodes, people and requests, each opened as a whole.
    if rule.cells:
        flags = {"Included_In_Denom", "Included_In_Num", "Incl_In_Unable_To_Classify"}
        assert {c for c, _ in table.columns} - explained <= named | flags


def test_some_tables_of_the_walk_count_somebody(ascof: Path, waits: Path) -> None:
    assert explain_table_cell_data(ascof, "ascof_2d_venn_latest:2")["row"]["Area"]
    england = pl.read_csv(ascof / "ascof_2d_venn_latest.csv").with_row_index(offset=2)
    (line,) = england.filter(Area="England", Client_Type="Total")["index"]
    data = explain_table_cell_data(ascof, f"ascof_2d_venn_latest:{line}:Death_Only")
    assert [(p["person_key"], p["reason"]) for p in data["people"]] == [("died", "died")]
    data = explain_table_cell_data(waits, "waiting_times_diag_part1:2:all_service_count")
    assert sorted(p["person_key"] for p in data["people"]) == ["1_other", "1_quick"]


def test_what_2d_leaves_out_has_a_reason(ascof: Path) -> None:
    def reasons(cell: str) -> dict[str, list[str]]:
        found = explain_figure_data(ascof, cell)["excluded"]
        return {g["reason"]: [p["person_key"] for p in g["people_and_events"]] for g in found}

    assert reasons("2d_part1.total.901.latest") == {"no_discharge_near_the_start": ["alone"]}
    assert reasons("2d_part2.total.901.latest") == {
        "admission_method": ["elective"],
        "lives_in_care_home_or_prison": ["resident"],
        "too_young": ["young"],
    }


def test_a_population_opens_to_the_row_of_its_lookup(ascof: Path) -> None:
    told = explain_figure(ascof, "2c.65_and_above.1.latest")
    assert (
        "100000 people of 65 and above: REF_ONS_Mid_Year_Estimates_All_Pubs, the row with code E1,"
        " geography Local Authority, gender Total, year 2025, pub_flag ASCOF" in told
    )
    assert told.count("REF_ONS") == 1


def test_the_command_opens_a_cell_of_a_table(ascof: Path) -> None:
    shown = CliRunner().invoke(app, ["explain", "cell", str(ascof), "ascof_2e_unknown_latest.csv:2:Count"])
    assert shown.exit_code == 0
    assert "Who stands in it: " in shown.output


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("ascof_2x_latest:2", "has no table ascof_2x_latest"),
        ("ascof_2a_latest:1", "has the lines 2 to"),
        ("ascof_2a_latest:2:Rate", "has no column Rate; it has Reporting_Period"),
    ],
)
def test_a_cell_that_is_not_there_names_those_that_are(ascof: Path, cell: str, words: str) -> None:
    with pytest.raises(ExplainError, match=words):
        explain_figure(ascof, cell)


def test_the_people_behind_tables_are_their_owners_alone(ascof: Path) -> None:
    assert (ascof / "members").stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in (ascof / "members").iterdir()} == {0o600}
