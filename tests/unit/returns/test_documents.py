"""Documents for machines: what each question stands on, sections told once, and no number rounded."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.returns.definitions import load_definitions
from orchestration.returns.documents import about_return, write_document
from orchestration.warehouse.build import ReturnPeriod, RunParameters, Submitter
from tests.unit.returns.warehouses import AS_AT

HEADERS = ("section", "question_id", "answer")


def written(
    tmp_path: Path, rows: list[tuple[Any, ...]], sections: int, about: dict[str, Any]
) -> dict[str, Any]:
    path = tmp_path / "answers.json"
    path.unlink(missing_ok=True)
    assert write_document(path, HEADERS, rows, sections=sections, about=about) == len(rows)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_a_section_is_told_once_for_its_rows(tmp_path: Path) -> None:
    rows = [("People", "q1", "3"), ("People", "q2", None), ("Staff", "q3", "£4")]
    document = written(tmp_path, rows, 1, {})
    assert document == {
        "sections": [
            {
                "section": "People",
                "rows": [{"question_id": "q1", "answer": "3"}, {"question_id": "q2", "answer": None}],
            },
            {"section": "Staff", "rows": [{"question_id": "q3", "answer": "£4"}]},
        ]
    }


def test_whole_numbers_are_numbers_and_others_keep_every_digit_as_text(tmp_path: Path) -> None:
    rows = [("", "", Decimal("12.0000")), ("", "", Decimal("0.1250")), ("", "", AS_AT)]
    found = written(tmp_path, rows, 0, {})["rows"]
    assert [row["answer"] for row in found] == [12, "0.125", "2026-10-11"]
    assert written(tmp_path, [], 0, {}) == {"rows": []}


def test_a_document_says_where_each_official_question_was_read() -> None:
    definition = load_definitions()["cqc_pir"]
    period = ReturnPeriod(
        "cqc_pir",
        "PIR",
        "location",
        "2026",
        AS_AT,
        AS_AT,
        window_opens=None,
        window_closes=None,
        method_version="1",
    )
    about = about_return(
        definition,
        RunParameters("north", "2026-10", AS_AT, True),
        period,
        Submitter("L1", "location", "L1", "Elm House"),
    )
    asked = {question["question_id"]: question for question in about["official_questions"]}
    assert {cell.item_id for cell in definition.cells} == set(asked)
    assert (asked["people_now"]["evidence"], asked["people_now"]["sources"]) == ("READ", ["S5"])
    assert asked["visits_28"]["section"].startswith("community services")
    named = {source for question in asked.values() for source in question["sources"]}
    assert named <= set(about["sources"])
    assert about["is_synthetic"] is True
