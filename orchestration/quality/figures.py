"""Verdicts of Great Expectations on finished figures and reference lists.

A suite is a JSON file under `expectations/`. Each of its expectations says in `meta` which frame it reads,
and carries its rule id, severity, message and next step. A suite may read several frames; each is validated
once. `expectations/figures/every_return.json` holds for every return, `<return>.json` beside it for one.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from orchestration.quality import figure_frames
from orchestration.quality.figure_frames import Frame
from orchestration.quality.relations import relations
from orchestration.quality.verdicts import ERROR, FIRST_KEYS, Verdict, failing_frame, outcome_of

if TYPE_CHECKING:
    from great_expectations.data_context import EphemeralDataContext

EXPECTATIONS = Path(__file__).resolve().parents[2] / "expectations"
EVERY_RETURN = "every_return"
SOURCE = "great_expectations"


@dataclass(frozen=True)
class Suite:
    """One file of expectations, with what else it says of its frames."""

    name: str
    expectations: tuple[dict[str, Any], ...]
    meta: Mapping[str, Any]


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
    for return_id in return_ids:
        figure = known.get(f"ret_{return_id}__figure")
        if figure is None:
            verdicts.append(_no_figures(return_id))
            continue
        for suite in suites_in(expectations / "figures", (EVERY_RETURN, return_id)):
            frames = figure_frames.of_return(connection, return_id, figure, suite.meta.get("sums", {}))
            for check in validate(context, suite, frames):
                for group in check.groups():
                    # A figure of no submitter is the whole return's fault.
                    verdicts.append(check.verdict(return_id, group or None, group))
                    rows.extend(check.failing_rows(return_id, group or None, group))
    reference = figure_frames.of_reference_lists(connection)
    for suite in suites_in(expectations / "reference"):
        for check in validate(context, suite, reference):
            for return_id in return_ids:
                # A list all returns share has no return of its own: every return is told what is wrong in it.
                own = return_id if check.frame.group else None
                verdicts.append(check.verdict(return_id, None, own))
                rows.extend(check.failing_rows(return_id, None, own))
    return verdicts, failing_frame(rows)


def context_in_memory() -> EphemeralDataContext:
    """Return a context in memory, without project folder, telemetry and progress bars (seconds to import)."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


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


def suites_in(folder: Path, names: Sequence[str] | None = None) -> Iterator[Suite]:
    """Return the suites of a folder, by file name, all of them or those named."""
    for path in sorted(folder.glob("*.json")):
        if names is None or path.stem in names:
            form = json.loads(path.read_text(encoding="utf-8"))
            yield Suite(
                name=form["name"],
                expectations=tuple(form["expectations"]),
                meta=form.get("meta", {}),
            )


@dataclass(frozen=True)
class Check:
    """One expectation after it was validated on one frame."""

    frame: Frame
    type: str
    kwargs: Mapping[str, Any]
    meta: Mapping[str, str]
    broke: bool
    success: bool
    unexpected: tuple[Mapping[str, Any], ...]

    def groups(self) -> list[str]:
        """Return the values verdicts are split by."""
        return sorted(self.frame.data[self.frame.group].dropna().unique()) if self.frame.group else []

    def _unexpected_in(self, group: str | None) -> list[Mapping[str, Any]]:
        by = self.frame.group
        return [u for u in self.unexpected if by is None or group is None or u[by] == group]

    def _domain(self) -> list[str]:
        named = [self.kwargs.get(name) for name in ("column", "column_A", "column_B")]
        return [c for c in named if c] + list(self.kwargs.get("column_list", []))

    def _checked(self, group: str | None) -> int:
        data = self.frame.data
        if self.kwargs.get("row_condition"):
            data = data.query(self.kwargs["row_condition"])
        if group is not None:
            data = data[data[self.frame.group] == group]
        if self.type != "expect_column_values_to_not_be_null":
            data = data.dropna(subset=self._domain())
        return len(data)

    def verdict(self, return_id: str, submitter_id: str | None, group: str | None) -> Verdict:
        """The verdict for one group of rows; an expectation that could not run is an error, never passed."""
        unexpected = self._unexpected_in(group)
        # An expectation on the frame as a whole names no rows.
        failing = len(unexpected) if self.unexpected or self.success else 1
        checked = 0 if self.broke else max(self._checked(group), failing)
        return Verdict(
            rule_id=self.meta["rule_id"],
            return_id=return_id,
            submitter_id=submitter_id,
            source=SOURCE,
            severity=self.meta["severity"],
            checked=checked,
            failing=0 if self.broke else failing,
            outcome=ERROR if self.broke else outcome_of(self.meta["severity"], checked, failing),
            message=self.meta["message"],
            next_step=self.meta["next_step"],
            first_keys=tuple(sorted({self.frame.key_of(u) for u in unexpected})[:FIRST_KEYS]),
        )

    def failing_rows(
        self, return_id: str, submitter_id: str | None, group: str | None
    ) -> Iterator[tuple[str | None, ...]]:
        """The rows behind the verdict, in the columns of the failing rows of every other check."""
        for found in self._unexpected_in(group):
            domain = self._domain()
            seen = ", ".join(_text(found.get(c)) for c in domain)
            yield (
                return_id,
                self.meta["rule_id"],
                submitter_id,
                self.frame.key_of(found),
                ", ".join(domain),
                seen,
                self.meta["message"],
            )


def _text(value: object) -> str:
    if isinstance(value, float):
        return "blank" if value != value else f"{value:.4f}".rstrip("0").rstrip(".")
    return "blank" if value is None else str(value)


def validate(context: EphemeralDataContext, suite: Suite, frames: Mapping[str, Frame]) -> Iterator[Check]:
    """Return every expectation of a suite after it was validated, each frame in one go.

    Raises ValueError when an expectation reads a frame that is not given.
    """
    for name in dict.fromkeys(e["meta"]["frame"] for e in suite.expectations):
        chosen = [e for e in suite.expectations if e["meta"]["frame"] == name]
        if name not in frames:
            raise ValueError(f"suite {suite.name} reads frame {name}; there are {', '.join(sorted(frames))}")
        yield from _validate_frame(context, f"{suite.name}.{name}", chosen, frames[name])


def _validate_frame(
    context: EphemeralDataContext, name: str, expectations: Sequence[dict[str, Any]], frame: Frame
) -> Iterator[Check]:
    from great_expectations import ExpectationSuite

    source = context.data_sources.add_or_update_pandas(name)
    batch = (
        source.add_dataframe_asset(name)
        .add_batch_definition_whole_dataframe(name)
        .get_batch({"dataframe": frame.data})
    )
    numbered = [{**e, "meta": {**e["meta"], "number": i}} for i, e in enumerate(expectations)]
    result = batch.validate(
        ExpectationSuite(name=name, expectations=numbered),
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": list(frame.index),
            "return_unexpected_index_query": False,
        },
    )
    by_number = {
        (r.expectation_config.meta or {}).get("number"): r for r in result.results if r.expectation_config
    }
    for number, expectation in enumerate(expectations):
        found = by_number.get(number)
        yield Check(
            frame=frame,
            type=expectation["type"],
            kwargs=expectation["kwargs"],
            meta=expectation["meta"],
            broke=found is None or _raised(found.exception_info),
            success=found is not None and bool(found.success),
            unexpected=tuple(found.result.get("unexpected_index_list") or []) if found else (),
        )


def _raised(info: Mapping[str, Any] | None) -> bool:
    """Great Expectations tells one exception flat and several by metric; either counts."""
    if not info:
        return False
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(part.get("raised_exception") for part in info.values())
