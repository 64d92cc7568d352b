"""The gate: which packs may go out, and in plain words why the others may not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orchestration.quality.concern import Concerning
from orchestration.quality.verdicts import ERROR, FAILED, Verdict

NOTHING_JUDGED = "gate.nothing_judged"
_WHO_MUST_ACT = {
    "contract": "the sender of the extract",
    "reconciliation": "whoever runs the pipeline",
    "dbt": "whoever records the data of the submitter",
    "great_expectations": "whoever maintains the return folder",
}


@dataclass(frozen=True)
class StopReason:
    """One verdict that stops a pack, with all a person needs to act on it."""

    rule_id: str
    outcome: str
    checked: int
    failing: int
    first_record_keys: tuple[str, ...]
    message: str
    who: str
    next_step: str

    @property
    def text(self) -> str:
        """The reason in one plain English paragraph."""
        if self.outcome == ERROR:
            counted = "could not be judged"
        else:
            counted = f"failed for {self.failing} of {self.checked} checked"
        keys = f" First: {', '.join(self.first_record_keys)}." if self.first_record_keys else ""
        step = f" Next step for {self.who}: {self.next_step}" if self.next_step else f" {self.who} must act."
        return f"Rule {self.rule_id} {counted}. {self.message}{keys}{step}"


@dataclass(frozen=True)
class Decision:
    """Whether the pack of one return and submitter may go out."""

    return_id: str
    submitter_id: str
    reasons: tuple[StopReason, ...]

    @property
    def is_open(self) -> bool:
        """True when nothing stands against the pack."""
        return not self.reasons


def decide(verdicts: Sequence[Verdict], owed: Iterable[tuple[str, str]]) -> list[Decision]:
    """Return a decision for each owed pack, given as (return_id, submitter_id), in that order.

    A `failed` or `error` verdict of the submitter, or of the whole return, stops the pack. So does a return
    about which no verdict stands at all: what nobody judged does not go out.
    """
    decisions = []
    told = Concerning(verdicts)
    for return_id, submitter_id in sorted(set(owed)):
        standing = told.submitter(return_id, submitter_id)
        reasons = [_reason(v) for v in standing if v.outcome in (FAILED, ERROR)]
        if not standing:
            reasons = [_NOTHING_JUDGED_REASON]
        decisions.append(Decision(return_id, submitter_id, tuple(reasons)))
    return decisions


def _reason(verdict: Verdict) -> StopReason:
    # A rule that could not be judged is nobody's data: its model has to be put right.
    who = (
        _WHO_MUST_ACT["great_expectations"]
        if verdict.outcome == ERROR and verdict.source == "dbt"
        else _WHO_MUST_ACT.get(verdict.source, "whoever runs the pipeline")
    )
    return StopReason(
        rule_id=verdict.rule_id,
        outcome=verdict.outcome,
        checked=verdict.checked,
        failing=verdict.failing,
        first_record_keys=verdict.first_keys,
        message=verdict.message,
        who=who,
        next_step=verdict.next_step,
    )


_NOTHING_JUDGED_REASON = StopReason(
    rule_id=NOTHING_JUDGED,
    outcome=ERROR,
    checked=0,
    failing=0,
    first_record_keys=(),
    message="No rule was judged for this return.",
    who="whoever runs the pipeline",
    next_step="Run the judge step again before the packs are written.",
)
