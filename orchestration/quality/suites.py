"""Suites of Great Expectations: read from their files and validated on small frames.

A suite is a JSON file. Each of its expectations says in `meta` which frame it reads, and carries its rule id,
severity, message and next step. A suite may read several frames; each is validated in one go. The context and
the places frames are handed in at are made once per process: for a small client they cost more than its data.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.quality.figure_frames import Frame
from orchestration.quality.verdicts import ERROR, FIRST_KEYS, Verdict, outcome_of

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.data_context import EphemeralDataContext

SOURCE = "great_expectations"


@dataclass(frozen=True)
class Suite:
    """One file of expectations, with what else it says of its frames."""

    name: str
    expectations: tuple[dict[str, Any], ...]
    meta: Mapping[str, Any]


@cache
def context_in_memory() -> EphemeralDataContext:
    """Return the context of this process: in memory, without project folder, telemetry and progress bars."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


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

    @cached_property
    def _judged(self) -> pd.DataFrame:
        """The rows the expectation is about."""
        data = self.frame.data
        if self.kwargs.get("row_condition"):
            data = data.query(self.kwargs["row_condition"])
        if self.type != "expect_column_values_to_not_be_null":
            data = data.dropna(subset=self._domain())
        return data

    def _checked(self, group: str | None) -> int:
        data = self._judged
        return len(data) if group is None else int((data[self.frame.group] == group).sum())

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

    batch = _batch_definition(context, name).get_batch({"dataframe": frame.data})
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


@cache
def _batch_definition(context: EphemeralDataContext, name: str) -> BatchDefinition[Any]:
    """The place where frames of one name are handed in; made once, for each costs a rewriting of all."""
    source = context.data_sources.add_or_update_pandas(name)
    return source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)


def _raised(info: Mapping[str, Any] | None) -> bool:
    """Great Expectations tells one exception flat and several by metric; either counts."""
    if not info:
        return False
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(part.get("raised_exception") for part in info.values())


class LastChecks:
    """The checks of frames that seldom change: the next client's reference lists are those of the last."""

    def __init__(self) -> None:
        self._suites: tuple[Suite, ...] = ()
        self._frames: Mapping[str, Frame] = {}
        self._checks: tuple[Check, ...] = ()

    def checks(
        self, context: EphemeralDataContext, suites: tuple[Suite, ...], frames: Mapping[str, Frame]
    ) -> tuple[Check, ...]:
        """Return the checks of the suites on the frames, made anew when a value of either is another."""
        same = self._frames.keys() == frames.keys() and all(
            frame.data.equals(self._frames[name].data) for name, frame in frames.items()
        )
        if not same or suites != self._suites:
            self._checks = tuple(c for suite in suites for c in validate(context, suite, frames))
            self._suites, self._frames = suites, frames
        return self._checks
