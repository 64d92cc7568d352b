"""Every column of the bulk upload has its answer, its source and its evidence mark."""

from __future__ import annotations

import csv
import io

from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.extracts.profile import read_rows
from tests.returns.asc_wds_validator import MAY_FOLLOW_THE_WORKER_ID, STAFF, TRAINING, WORKPLACE
from tests.returns.test_asc_wds_rules import FOLDER, RULES

MARKS = {"READ", "INFER", "BELIEF", "OURS"}


def test_coverage_holds_every_column_of_the_three_files_by_its_id() -> None:
    told = CliRunner().invoke(app, ["coverage", "--return", "asc_wds", "--format", "csv"])
    assert told.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(told.output)))
    pages = {"workplace": WORKPLACE, "staff": [*STAFF, *MAY_FOLLOW_THE_WORKER_ID], "training": TRAINING}
    assert sorted(r["cell_id"] for r in rows) == sorted(
        f"{p}.{c}" for p, names in pages.items() for c in names
    )
    assert [r["cell_id"] for r in rows if r["evidence"] not in MARKS or not r["needed"]] == []


def test_what_people_s_records_answer_is_filled_from_records() -> None:
    told = CliRunner().invoke(app, ["coverage", "--return", "asc_wds", "--format", "csv"])
    rows = {r["cell_id"]: r["filled_from"] for r in csv.DictReader(io.StringIO(told.output))}
    derived = ("ALLSERVICES", "CAPACITY", "UTILISATION", "SERVICEUSERS", "LOCATIONID", "PROVNUM", "ESTNAME")
    assert {rows[f"workplace.{name}"] for name in derived} == {"records"}
    assert {by for cell, by in rows.items() if not cell.startswith("workplace.")} == {"other_inputs"}


def test_every_definition_of_the_folder_has_an_evidence_mark() -> None:
    for name in ("cells", "codes", "rules"):
        rows = read_rows(FOLDER / f"{name}.csv")
        assert [row for row in rows if row["evidence"] not in MARKS] == []


def test_codes_nobody_could_put_into_words_say_so() -> None:
    method = (FOLDER / "method.md").read_text(encoding="utf-8")
    wordless = {
        row["code_set"] for row in read_rows(FOLDER / "codes.csv") if "wording was not found" in row["label"]
    }
    assert wordless
    assert [name for name in sorted(wordless) if f"`{name}`" not in method] == []


def test_a_message_says_the_official_code_and_the_next_step_what_to_do_in_this_case() -> None:
    for name, rule in RULES.items():
        assert rule["official_code"] in rule["message"], name
        assert len(rule["next_step"]) > 20, name
    steps = [rule["next_step"] for rule in RULES.values()]
    assert len(set(steps)) > 150
