"""The short plain summary at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.returns.packs import ALTERED, HELD, UNCHANGED, WRITTEN, PackResult
from orchestration.returns.sources import NOBODY, OTHER_INPUTS, RECORDS

_FILLED = {RECORDS: "from records", OTHER_INPUTS: "from other inputs", NOBODY: "by nobody"}
_SAID = {WRITTEN: "written", UNCHANGED: "unchanged", ALTERED: "left alone, changed by hand", HELD: "stopped"}

# What a screen has room for; a pack tells them all.
MOST_REASONS = 6


@dataclass(frozen=True)
class RunSummary:
    """What a run has to tell: counts, packs, and the command to type next."""

    client_name: str
    reporting_period: str
    as_at_date: date
    is_synthetic: bool
    extracts: int
    received: int
    loaded: int
    quarantined: int
    person_records: int
    people: int
    packs: Sequence[PackResult]
    next_command: str
    report: Path | None = None
    growth: str = ""


def run_summary(summary: RunSummary, base: Path) -> str:
    """Return the summary of a run as plain text; folders are told from a base folder where they lie in it."""
    return "\n".join(_lines(summary, base)) + "\n"


def _lines(summary: RunSummary, base: Path) -> Iterator[str]:
    synthetic = " (synthetic records)" if summary.is_synthetic else ""
    yield (
        f"{summary.client_name}, reporting period {summary.reporting_period}, "
        f"as at {summary.as_at_date}{synthetic}"
    )
    yield ""
    yield (
        f"Records: {_count(summary.received, 'row')} received in {_count(summary.extracts, 'extract')}; "
        f"{summary.loaded:,} loaded, {summary.quarantined:,} quarantined."
    )
    yield (
        f"People:  {_count(summary.people, 'person', 'people')} found behind "
        f"{_count(summary.person_records, 'person record')}."
    )
    if summary.growth:
        yield f"Index:   {summary.growth}."
    out = [pack for pack in summary.packs if pack.state != HELD]
    held = [pack for pack in summary.packs if pack.state == HELD]
    yield f"Packs:   {_states(summary.packs)}."
    for title, packs in _by_return(out):
        yield ""
        yield title
        for pack in packs:
            outcomes = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in pack.outcomes.items())
            yield f"  {pack.submitter_name} ({pack.submitter_id}): {outcomes}"
            yield from (f"    {line}" for line in [shares(pack.filled_from)] if line)
            yield f"    {_folder(pack.folder, base)} ({_SAID[pack.state]})"
            if pack.altered_files:
                yield f"    changed since it was written: {', '.join(pack.altered_files)}"
                yield "    to have it written anew, move that folder away and run again"
    yield from _not_fillable(out)
    yield from _stopped(held, base)
    yield ""
    if summary.report:
        yield f"Pages to read: {_folder(summary.report, base)}"
    yield f"Next: {summary.next_command}"


def shares(filled_from: Mapping[str, int]) -> str:
    """Return what share of the answers that apply was filled from where, or nothing where none applies."""
    asked = sum(filled_from.values())
    if not asked:
        return ""
    parts = ", ".join(f"{100 * filled_from[kind] / asked:.0f}% {said}" for kind, said in _FILLED.items())
    return f"of {_count(asked, 'answer')} asked: {parts}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _states(packs: Sequence[PackResult]) -> str:
    counted = [(_SAID[state], sum(p.state == state for p in packs)) for state in _SAID]
    return ", ".join(f"{number} {said}" for said, number in counted if number) or "none"


def _by_return(packs: Sequence[PackResult]) -> Iterator[tuple[str, list[PackResult]]]:
    titles = dict.fromkeys((pack.title, pack.period_label) for pack in packs)
    for title, period in titles:
        yield f"{title}, {period}", [p for p in packs if (p.title, p.period_label) == (title, period)]


def _folder(folder: Path, base: Path) -> str:
    return str(folder.relative_to(base) if folder.is_relative_to(base) else folder)


def _not_fillable(packs: Sequence[PackResult]) -> Iterator[str]:
    """The reasons of each return, most answers first; the same reason of several submitters is told once."""
    if not any(pack.not_fillable for pack in packs):
        return
    yield ""
    yield "Could not be filled"
    for title, own in _by_return([pack for pack in packs if pack.not_fillable]):
        yield f"  {title}"
        answers: dict[str, int] = {}
        submitters: dict[str, int] = {}
        for pack in own:
            for reason, number in pack.not_fillable:
                answers[reason] = answers.get(reason, 0) + number
                submitters[reason] = submitters.get(reason, 0) + 1
        ranked = sorted(answers, key=lambda r: (-answers[r], r))
        for reason in ranked[:MOST_REASONS]:
            places = f" in {_count(submitters[reason], 'pack')}" if len(own) > 1 else ""
            yield f"    {_count(answers[reason], 'answer')}{places}: {reason}"
        if rest := ranked[MOST_REASONS:]:
            left = _count(sum(answers[reason] for reason in rest), "answer")
            yield f"    {left} for {_count(len(rest), 'other reason')}: figures.csv of each pack lists them"


def _stopped(packs: Sequence[PackResult], base: Path) -> Iterator[str]:
    if not packs:
        return
    yield ""
    yield "Stopped: these packs were not written"
    for pack in packs:
        yield f"  {pack.title}, {pack.submitter_name} ({pack.submitter_id})"
        for reason in pack.stopped_for:
            yield f"    - {reason}"
        yield f"    told in {_folder(pack.folder, base)}"
