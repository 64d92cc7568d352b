"""The gate: verdicts in, decisions with reasons out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestration.quality.gate import decide
from orchestration.quality.verdicts import Verdict

PASSED = Verdict(
    rule_id="meals.named",
    return_id="meals",
    submitter_id="L1",
    source="dbt",
    severity="error",
    checked=40,
    failing=0,
    outcome="passed",
    message="A meal has no name.",
    next_step="Name the meal and send the extract again.",
)
FAILED = replace(PASSED, failing=3, outcome="failed", first_keys=("elm:meal:1", "elm:meal:2", "elm:meal:3"))
OWED = [("meals", "L1"), ("meals", "L2")]


@pytest.mark.parametrize(
    ("outcome", "goes_out"),
    [
        ("passed", True),
        ("passed_with_rows", True),
        ("not_applicable", True),
        ("failed", False),
        ("error", False),
    ],
)
def test_only_failed_and_error_stop_a_pack(outcome: str, goes_out: bool) -> None:
    (decision,) = decide([replace(PASSED, outcome=outcome)], OWED[:1])
    assert decision.is_open is goes_out


def test_a_failure_of_one_submitter_leaves_the_other_alone() -> None:
    decisions = decide([FAILED, replace(PASSED, submitter_id="L2")], OWED)
    assert [(d.submitter_id, d.is_open) for d in decisions] == [("L1", False), ("L2", True)]


def test_a_failure_of_the_whole_return_stops_every_submitter() -> None:
    decisions = decide([replace(FAILED, submitter_id=None)], OWED)
    assert [d.is_open for d in decisions] == [False, False]


def test_a_failure_of_another_return_stops_nothing() -> None:
    (decision,) = decide([PASSED, replace(FAILED, return_id="teas")], OWED[:1])
    assert decision.is_open


def test_a_return_nobody_judged_does_not_go_out() -> None:
    (decision,) = decide([], OWED[:1])
    assert [r.rule_id for r in decision.reasons] == ["gate.nothing_judged"]


def test_the_reason_names_rule_count_first_records_who_and_next_step() -> None:
    (decision,) = decide([FAILED], OWED[:1])
    assert decision.reasons[0].text == (
        "Rule meals.named failed for 3 of 40 checked. A meal has no name. "
        "First: elm:meal:1, elm:meal:2, elm:meal:3. "
        "Next step for whoever records the data of the submitter: Name the meal and send the extract again."
    )


def test_a_rule_that_could_not_be_judged_is_for_the_maintainer() -> None:
    (decision,) = decide([replace(PASSED, outcome="error", checked=0)], OWED[:1])
    assert decision.reasons[0].text.startswith("Rule meals.named could not be judged.")
    assert decision.reasons[0].who == "whoever maintains the return folder"
