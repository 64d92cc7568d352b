"""Every expectation on the official figures passes on sound figures and catches the fault it is there for."""

from __future__ import annotations

import json
from collections.abc import Callable

import polars as pl
import pytest

from orchestration.quality.council_figures import judge_council_figures, summary_of
from orchestration.quality.figures import EXPECTATIONS
from orchestration.quality.verdicts import Judgement

UNITS = {
    "ascof": {"2a": "percent", "2b": "per 100,000 people", "2d_part1": "percent", "2e_65": "percent"},
    "waiting_times": {"first_response": "days", "first_service": "days"},
}
COLUMNS = ("council", "item_id", "period_id", "breakdown", "numerator", "denominator", "outcome")
ASCOF = [
    ("901", "2a", "previous", "18 to 64", 30, 60, 50.0),
    ("901", "2a", "previous", "65 and above", 20, 40, 50.0),
    ("901", "2a", "previous", "Total", 50, 100, 50.0),
    ("901", "2a", "latest", "18 to 64", 30, 60, 50.0),
    ("901", "2a", "latest", "65 and above", 20, 40, 50.0),
    ("901", "2a", "latest", "Total", 51, 102, 50.0),
    ("901", "2b", "latest", "18 to 64", 5, 50000, 10.0),
    ("901", "2d_part1", "latest", "65-74", 8, 10, 80.0),
    ("901", "2d_part1", "latest", "75-84", 8, 10, 80.0),
    ("901", "2d_part1", "latest", "85+", 8, 10, 80.0),
    ("901", "2d_part1", "latest", "Total", 24, 30, 80.0),
    ("902", "2a", "latest", "Total", 0, 0, 0.0),
    ("902", "2a", "previous", "Total", 0, 0, 0.0),
    ("902", "2b", "latest", "18 to 64", 0, 50000, 0.0),
    ("902", "2d_part1", "latest", "Total", 0, 0, 0.0),
]
WAITS = [
    ("901", "first_response", "2025-10-01", "25 to 64", None, 40, 20.0),
    ("901", "first_response", "2026-01-01", "25 to 64", None, 40, 25.0),
    ("902", "first_response", "2026-01-01", "25 to 64", None, 1, 0.0),
]
Rows = list[tuple[object, ...]]


def judged(return_id: str, rows: Rows, councils: list[str] | None = None) -> Judgement:
    figures = pl.DataFrame(
        rows,
        schema=dict(zip(COLUMNS, [pl.String] * 4 + [pl.Int64] * 2 + [pl.Float64], strict=True)),
        orient="row",
    ).with_columns(
        pl.concat_str(["item_id", "breakdown", "council", "period_id"], separator=".").alias("cell_id")
    )
    return judge_council_figures(figures, return_id, councils or ["901", "902"], UNITS[return_id])


def found_in(judgement: Judgement) -> set[tuple[str, str | None]]:
    return {(v.rule_id, v.submitter_id) for v in judgement.verdicts if v.failing or v.outcome == "error"}


def with_cell(rows: Rows, key: tuple[object, ...], **values: object) -> Rows:
    changed = [
        tuple(values.get(name, old) for name, old in zip(COLUMNS, row, strict=True))
        if row[:4] == key
        else row
        for row in rows
    ]
    assert changed != rows
    return changed


LATEST = ("901", "2a", "latest", "Total")
TOTAL_2D = ("901", "2d_part1", "latest", "Total")
FAULTS: dict[str, tuple[str, Callable[[], Rows]]] = {
    "ascof.every_council_present": ("ascof", lambda: [r for r in ASCOF if r[:2] != ("901", "2b")]),
    "ascof.denominator_not_negative": ("ascof", lambda: with_cell(ASCOF, LATEST, denominator=-1)),
    "ascof.numerator_not_negative": ("ascof", lambda: with_cell(ASCOF, LATEST, numerator=-1)),
    "ascof.outcome_not_negative": ("ascof", lambda: with_cell(ASCOF, LATEST, outcome=-1.0)),
    "ascof.numerator_within_denominator": ("ascof", lambda: with_cell(ASCOF, LATEST, numerator=103)),
    "ascof.percent_at_most_100": ("ascof", lambda: with_cell(ASCOF, LATEST, outcome=100.1)),
    "ascof.outcome_is_the_ratio": ("ascof", lambda: with_cell(ASCOF, LATEST, outcome=50.2)),
    "ascof.numerators_within_total": ("ascof", lambda: with_cell(ASCOF, LATEST, numerator=49)),
    "ascof.denominators_within_total": ("ascof", lambda: with_cell(ASCOF, LATEST, denominator=99)),
    "ascof.groups_add_up": ("ascof", lambda: with_cell(ASCOF, TOTAL_2D, denominator=31)),
    "ascof.movement_of_outcome": ("ascof", lambda: with_cell(ASCOF, LATEST, numerator=70, outcome=68.6)),
    "ascof.movement_of_group": ("ascof", lambda: with_cell(ASCOF, LATEST, denominator=125)),
    "waiting_times.every_council_present": ("waiting_times", lambda: [*WAITS[1:2], *WAITS[2:]]),
    "waiting_times.denominator_not_negative": (
        "waiting_times",
        lambda: with_cell(WAITS, WAITS[1][:4], denominator=-1),
    ),
    "waiting_times.outcome_not_negative": (
        "waiting_times",
        lambda: with_cell(WAITS, WAITS[1][:4], outcome=-1.0),
    ),
    "waiting_times.somebody_waited": ("waiting_times", lambda: with_cell(WAITS, WAITS[1][:4], denominator=0)),
    "waiting_times.median_present": ("waiting_times", lambda: with_cell(WAITS, WAITS[1][:4], outcome=None)),
    "waiting_times.median_plausible": (
        "waiting_times",
        lambda: with_cell(WAITS, WAITS[1][:4], outcome=731.0),
    ),
    "waiting_times.movement_of_median": (
        "waiting_times",
        lambda: with_cell(WAITS, WAITS[1][:4], outcome=81.0),
    ),
}


@pytest.mark.parametrize(("return_id", "rows"), [("ascof", ASCOF), ("waiting_times", WAITS)])
def test_sound_figures_pass_and_every_expectation_judged_something(return_id: str, rows: Rows) -> None:
    judgement = judged(return_id, rows)
    assert found_in(judgement) == set()
    assert {v.outcome for v in judgement.verdicts} <= {"passed", "not_applicable"}
    judged_something = {v.rule_id for v in judgement.verdicts if v.outcome == "passed"}
    assert judged_something == {v.rule_id for v in judgement.verdicts}


@pytest.mark.parametrize("rule_id", FAULTS)
def test_each_expectation_catches_its_fault_in_its_council_alone(rule_id: str) -> None:
    return_id, rows = FAULTS[rule_id]
    councils = ["901", "902", "903"] if rule_id == "waiting_times.every_council_present" else None
    judgement = judged(return_id, rows(), councils)
    council = "903" if councils else "901"
    assert (rule_id, council) in found_in(judgement)
    assert {c for _, c in found_in(judgement)} == {council}
    assert any(rule_id in line and council in line for line in summary_of(judgement))


def test_no_expectation_is_without_a_fault_that_it_must_catch() -> None:
    written = {
        expectation["meta"]["rule_id"]
        for path in (EXPECTATIONS / "council_figures").glob("*.json")
        for expectation in json.loads(path.read_text(encoding="utf-8"))["expectations"]
    }
    assert written == set(FAULTS)


def test_a_movement_of_a_small_group_says_nothing() -> None:
    rows = [
        ("901", "2a", "previous", "Total", 1, 29, 3.4),
        ("901", "2a", "latest", "Total", 29, 29, 100.0),
    ]
    assert found_in(judged("ascof", rows, ["901"])) == set()
