"""Why a return is blocked or needs a look, and who is to put the records right."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.quality.verdicts import ERROR, Verdict
from orchestration.report import words
from orchestration.report.disclosure_profiles import DisclosureError
from orchestration.report.facts import OwedReturn, RunFacts
from orchestration.report.quality_tables import FAULTS, FINDINGS
from orchestration.report.release import Released
from orchestration.report.tables import made_of, rows_text
from orchestration.report.tidy import CONFIDENTIAL, Row

_WHO = {
    "contract": "the sender of the records",
    "reconciliation": "whoever runs the pipeline",
    "great_expectations": "whoever maintains the definition of the return",
}
MOST_FILES = 2
SEVERITIES = {"error": "Stops the return", "warning": "Check", "information": "For information"}


@dataclass(frozen=True)
class Ask:
    """Something that is wrong with a return, and whom to ask to put it right."""

    rule_id: str
    message: str
    severity: str
    counted: str
    next_step: str
    who: tuple[str, ...]


def what_stops(facts: RunFacts, owed: OwedReturn, released: Released) -> list[Ask]:
    """Return what stops a return, each with those who can put it right."""
    stopping = {reason.rule_id for reason in owed.decision.reasons}
    found = [
        _ask(facts, owed, v, released)
        for v in owed.verdicts
        if v.rule_id in stopping and v.outcome in ("failed", ERROR)
    ]
    judged = {ask.rule_id for ask in found}
    for reason in owed.decision.reasons:
        if reason.rule_id not in judged:
            found.append(
                Ask(
                    reason.rule_id,
                    reason.message,
                    "error",
                    "nothing was judged",
                    reason.next_step,
                    (reason.who,),
                )
            )
    return found


def what_to_check(facts: RunFacts, owed: OwedReturn, released: Released) -> list[Ask]:
    """Return what was found about a return that does not stop it, warnings before information.

    The order is that of the released counts: a place in a row would tell of a count held back.
    """
    found = [v for v in owed.verdicts if v.failing and v.severity != "error"]
    sizes = {v.rule_id: _finding(v, released).numerator or 0 for v in found}
    found.sort(key=lambda v: (v.severity == "information", -sizes[v.rule_id], v.rule_id))
    return [_ask(facts, owed, v, released) for v in found]


def _finding(verdict: Verdict, released: Released) -> Row:
    keys = (verdict.return_id, verdict.submitter_id or "", verdict.rule_id)
    found = released.row(FINDINGS, keys)
    if found is None:
        raise DisclosureError(f"what rule {verdict.rule_id} found was not gathered")
    return found


def _ask(facts: RunFacts, owed: OwedReturn, verdict: Verdict, released: Released) -> Ask:
    if verdict.outcome == ERROR:
        counted = "could not be judged"
    elif not verdict.failing:
        counted = "nothing was found"
    else:
        made = made_of(_finding(verdict, released))
        counted = f"{made} of those checked" if made == CONFIDENTIAL else f"{made} checked"
    return Ask(
        rule_id=verdict.rule_id,
        message=verdict.message,
        severity=verdict.severity,
        counted=counted,
        next_step=verdict.next_step,
        who=_who(facts, owed, verdict, released),
    )


def _who(facts: RunFacts, owed: OwedReturn, verdict: Verdict, released: Released) -> tuple[str, ...]:
    """Those who sent the rows that break the rule; else those whose records the submitter stands on."""
    if verdict.outcome == ERROR:
        return (_WHO["great_expectations"],)
    if verdict.source in ("reconciliation", "great_expectations"):
        return (_WHO[verdict.source],)
    by_sender: dict[str, list[str]] = {}
    for fault in owed.faults:
        if fault.rule_id == verdict.rule_id and fault.submitter_id == (verdict.submitter_id or ""):
            keys = (fault.return_id, fault.submitter_id, fault.rule_id, fault.sender_id, fault.record_class)
            rows = f"{rows_text(released.row(FAULTS, keys))} in {words.sentence(fault.record_class)}"
            if files := facts.files.get((fault.sender_id, fault.record_class)):
                rows += f" ({', '.join(files[-MOST_FILES:])})"
            by_sender.setdefault(fault.sender_id, []).append(rows)
    if by_sender:
        return tuple(f"{facts.name_of(sender)}: {', '.join(rows)}" for sender, rows in by_sender.items())
    if owed.senders and verdict.submitter_id:
        return tuple(facts.name_of(sender) for sender in owed.senders)
    return (
        (_WHO["contract"],)
        if verdict.source == "contract"
        else (f"whoever records the data of {owed.submitter_name}",)
    )
