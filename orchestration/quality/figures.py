"""Verdicts of Great Expectations on finished figures and reference lists.

`expectations/figures/every_return.json` holds for every return, `<return>.json` beside it for one. An
expectation takes some 15 ms, however small the frame: so what holds for every return is validated on the
figures of all of them in one go, and reference lists that are those of the last client not again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from orchestration.quality import figure_frames
from orchestration.quality.figure_frames import Frame
from orchestration.quality.relations import relations
from orchestration.quality.suites import (
    SOURCE,
    Check,
    LastChecks,
    Suite,
    context_in_memory,
    suites_in,
    validate,
)
from orchestration.quality.verdicts import ERROR, Verdict, failing_frame

if TYPE_CHECKING:
    from great_expectations.data_context import EphemeralDataContext

EXPECTATIONS = Path(__file__).resolve().parents[2] / "expectations"
EVERY_RETURN = "every_return"
_REFERENCE_LISTS = LastChecks()


def judge_figures(
    connection: duckdb.DuckDBPyConnection, expectations: Path = EXPECTATIONS
) -> tuple[list[Verdict], pl.DataFrame]:
    """Return what the suites find in the figures of every return of the run and in the reference lists."""
    context = context_in_memory()
    known = relations(connection)
    verdicts: list[Verdict] = []
    rows: list[tuple[str | None, ...]] = []
    return_ids = [
        r for (r,) in connection.execute("select return_id from raw.run_return order by 1").fetchall()
    ]
    frames: dict[str, dict[str, Frame]] = {}
    found: list[tuple[str, Check]] = []
    for return_id in return_ids:
        figure = known.get(f"ret_{return_id}__figure")
        if figure is None:
            verdicts.append(_no_figures(return_id))
            continue
        own = list(suites_in(expectations / "figures", (return_id,)))
        sums = {name: parts for suite in own for name, parts in suite.meta.get("sums", {}).items()}
        frames[return_id] = figure_frames.of_return(connection, return_id, figure, sums)
        found += [(return_id, c) for suite in own for c in validate(context, suite, frames[return_id])]
    for suite in suites_in(expectations / "figures", (EVERY_RETURN,)):
        found += _validate_every_return(context, suite, frames)
    for return_id, check in found:
        for group in check.groups():
            # A figure of no submitter is the whole return's fault.
            verdicts.append(check.verdict(return_id, group or None, group))
            rows.extend(check.failing_rows(return_id, group or None, group))
    reference = figure_frames.of_reference_lists(connection)
    suites = tuple(suites_in(expectations / "reference"))
    for check in _REFERENCE_LISTS.checks(context, suites, reference):
        for return_id in return_ids:
            # A list all returns share has no return of its own: every return is told what is wrong in it.
            named = return_id if check.frame.group else None
            verdicts.append(check.verdict(return_id, None, named))
            rows.extend(check.failing_rows(return_id, None, named))
    return verdicts, failing_frame(rows)


def _validate_every_return(
    context: EphemeralDataContext, suite: Suite, frames: Mapping[str, Mapping[str, Frame]]
) -> Iterator[tuple[str, Check]]:
    """Yield each return with its part of every expectation, validated on the figures of all in one go.

    What cannot be told apart that way, for it broke or named no rows, is validated on each return alone.
    """
    together = figure_frames.of_every_return(frames)
    for check in validate(context, suite, together) if together else ():
        name = check.meta["frame"]
        if check.broke or not (check.success or check.unexpected):
            expectation = {"type": check.type, "kwargs": check.kwargs, "meta": check.meta}
            alone = replace(suite, expectations=(expectation,))
            for return_id in frames:
                yield from ((return_id, part) for part in validate(context, alone, frames[return_id]))
            continue
        for return_id in frames:
            own = tuple(u for u in check.unexpected if u["return_id"] == return_id)
            yield return_id, replace(check, frame=frames[return_id][name], success=not own, unexpected=own)


def _no_figures(return_id: str) -> Verdict:
    return Verdict(
        rule_id="figures.table_is_there",
        return_id=return_id,
        submitter_id=None,
        source=SOURCE,
        severity="error",
        checked=0,
        failing=0,
        outcome=ERROR,
        message=f"The return's figures, ret_{return_id}__figure, are not in the warehouse.",
        next_step="Build the models of the return folder again.",
    )
