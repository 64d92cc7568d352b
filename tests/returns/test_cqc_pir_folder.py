"""The CQC PIR folder agrees with itself, and its people now are the people Capacity Tracker counts."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp

import pytest

from orchestration.extracts.profile import read_rows
from orchestration.returns.coverage import items_of_returns
from orchestration.returns.definitions import load_definition
from tests.returns.example_warehouse import RETURNS, built, dbt, example_folders, prepare_example, query

FOLDER = RETURNS / "cqc_pir"
CELLS = read_rows(FOLDER / "cells.csv")
SAME_DAY = [e for e in example_folders() if e.parents[1].name in {"cqc_pir", "capacity_tracker"}]


@pytest.mark.parametrize("example", SAME_DAY, ids=lambda e: e.name)
def test_people_now_are_as_many_as_capacity_tracker_counts_on_the_same_day(example: Path) -> None:
    file = prepare_example(example, Path(mkdtemp(prefix="agree-")))
    models = ["+ret_cqc_pir__figure", "+ret_capacity_tracker__figure"]
    with_both = "insert into raw.run_return select * replace ('{0}' as return_id) from raw.run_return limit 1"
    run_returns = {row["return_id"] for row in query(file, "select return_id from raw.run_return")}
    _execute(file, [with_both.format(r) for r in {"cqc_pir", "capacity_tracker"} - run_returns])
    dbt(file, "run", "--select", *models)
    found = query(
        file,
        "select pir.submitter_id, pir.value as pir, tracker.value as tracker "
        "from returns.ret_cqc_pir__figure as pir join returns.ret_capacity_tracker__figure as tracker "
        "on pir.submitter_id = tracker.submitter_id and tracker.value is not null "
        "where pir.cell_id = 'people_now' and tracker.cell_id in ('occupied', 'service_users')",
    )
    assert found
    assert [row for row in found if row["pir"] != row["tracker"]] == []


def _execute(file: Path, statements: list[str]) -> None:
    import duckdb

    with duckdb.connect(str(file)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_the_answer_sheet_is_in_the_order_of_the_form() -> None:
    file = built(FOLDER / "examples" / "ten_people")
    rows = query(
        file,
        "select cell_id from returns.ret_cqc_pir__answer_sheet where submitter_id = '1-922' "
        "order by position",
    )
    asked = [c["cell_id"] for c in CELLS if c["applies_to"] != "shared_lives"]
    assert [row["cell_id"] for row in rows] == asked


def test_a_shared_lives_scheme_is_asked_every_question_of_its_form_in_order(tmp_path: Path) -> None:
    file = prepare_example(FOLDER / "examples" / "ten_people", tmp_path)
    _execute(
        file,
        [
            "create table raw.kept as select * replace ('Shared Lives' as cld_service_component) "
            "from raw.service",
            "drop view raw.service",
            "alter table raw.kept rename to service",
        ],
    )
    dbt(file, "run", "--select", "+ret_cqc_pir__answer_sheet")
    found = query(
        file, "select submitter_id, form, cell_id from returns.ret_cqc_pir__answer_sheet order by 1, position"
    )
    forms = {row["submitter_id"]: row["form"] for row in found}
    assert forms == {"1-921": "residential", "1-922": "shared_lives"}
    assert [r["cell_id"] for r in found if r["submitter_id"] == "1-922"] == [c["cell_id"] for c in CELLS]


def test_the_document_for_machines_names_the_official_question_its_mark_and_its_sources() -> None:
    file = built(FOLDER / "examples" / "ten_people")
    listed = {i.item_id for i in items_of_returns() if i.return_id == "cqc_pir"}
    rows = query(file, "select form, question_id, mark from returns.ret_cqc_pir__answer_sheet")
    assert {row["question_id"] for row in rows} <= listed
    assert {row["mark"] for row in rows} <= {"READ", "BELIEF"}
    assert {row["form"] for row in rows} == {"residential", "community"}


def test_questions_in_words_have_evidence_and_no_words_of_ours() -> None:
    file = built(FOLDER / "examples" / "ten_people")
    rows = query(file, "select cell_id, record_key, records from returns.ret_cqc_pir__evidence")
    missed = [row for row in rows if row["cell_id"] == "1.2"]
    assert missed == [{"cell_id": "1.2", "record_key": "example_provider:visit:v-3", "records": 1}]
    texts = query(file, "select distinct value_text from returns.ret_cqc_pir__figure")
    assert texts == [{"value_text": None}]


def test_visits_that_do_not_reach_back_28_days_are_named(tmp_path: Path) -> None:
    file = prepare_example(FOLDER / "examples" / "ten_people", tmp_path)
    _execute(
        file,
        [
            "create table raw.kept as from raw.visit where record_uid <> 'v-5'",
            "drop view raw.visit",
            "alter table raw.kept rename to visit",
        ],
    )
    dbt(file, "run", "--select", "+chk_cqc_pir__visits_part_of_28_days")
    found = query(file, "select submitter_id, value_seen from returns.chk_cqc_pir__visits_part_of_28_days")
    assert found == [{"submitter_id": "1-922", "value_seen": "2026-10-08"}]


def test_late_visits_are_counted_once_somebody_says_from_how_many_minutes(tmp_path: Path) -> None:
    file = prepare_example(FOLDER / "examples" / "ten_people", tmp_path)
    starts = "case record_uid when 'v-1' then '08:06' when 'v-2' then '08:05' else '08:00' end"
    later = f"strftime(planned_start, '%Y-%m-%d ') || {starts}"
    _execute(
        file,
        [
            "update raw.return_code set from_code = '5' where code = 'late_visit_minutes'",
            f"create table raw.kept as select * replace (({later})::timestamp as actual_start) "
            "from raw.visit where status = 'finished'",
            "drop view raw.visit",
            "alter table raw.kept rename to visit",
        ],
    )
    dbt(file, "run", "--select", "+ret_cqc_pir__figure")
    figure = "select submitter_id, outcome, value from returns.ret_cqc_pir__figure where cell_id = 'late_28'"
    found = query(file, f"{figure} and outcome <> 'not_applicable'")
    assert found == [{"submitter_id": "1-922", "outcome": "filled", "value": Decimal("1")}]
    members = query(file, "select record_key from returns.mbr_cqc_pir__visit where cell_id = 'late_28'")
    assert members == [{"record_key": "example_provider:visit:v-1"}]


def test_every_cell_and_rule_is_explained_in_the_method() -> None:
    method = (FOLDER / "method.md").read_text(encoding="utf-8")
    named = [c["item_id"] for c in CELLS] + [r["rule_id"] for r in read_rows(FOLDER / "rules.csv")]
    assert [n for n in named if f"`{n}`" not in method] == []


def test_the_folder_is_whole_and_prints() -> None:
    definition = load_definition(FOLDER)
    assert [file.format for file in definition.layout] == ["html", "xlsx", "json", "csv"]
    sections = [cell.table for cell in definition.cells]
    assert sections == sorted(sections, key=sections.index)
    with (FOLDER / "examples" / "ten_people" / "expected" / "figures.csv").open(newline="") as handle:
        figures = list(csv.DictReader(handle))
    now = {f["submitter_id"]: Decimal(f["value"]) for f in figures if f["cell_id"] == "people_now"}
    assert now == {"1-921": 3, "1-922": 4}
