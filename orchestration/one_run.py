"""One walk along the road: whose data, for which period, as at which day, and which warehouse is its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from orchestration.as_at import as_at_of, newest_as_at
from orchestration.extracts.offered import Extract, Place, extracts_in
from orchestration.returns.definitions import ReturnDefinition, load_definitions
from orchestration.settings import Client, Settings
from orchestration.warehouse.build import run_of


class RoadError(RuntimeError):
    """A step cannot be done with what the lake holds; the message says what to do."""


@dataclass(frozen=True)
class Run:
    """One walk along the road: whose data, for which period, as at which day, taken in from where.

    `offered` names the extracts where somebody has already looked which of a folder are the client's. `only`
    names the returns of a run that is about these alone: it builds what they need in a warehouse of its own
    and leaves the client's warehouse and pages as they are.
    """

    settings: Settings
    client: Client
    period: str
    extracts: Place
    as_at: date | None = None
    offered: tuple[Extract, ...] | None = None
    only: tuple[str, ...] = ()

    @property
    def offered_extracts(self) -> Sequence[Extract]:
        """The extracts to look at: those named, or all in the folder."""
        return extracts_in(self.extracts) if self.offered is None else self.offered

    @property
    def day(self) -> date:
        """The day the figures stand for: the one named, else the one the extracts and the calendar tell."""
        return self.as_at or as_at_of(
            self.settings, self.client, self.period, self.returns, self.offered_extracts
        )

    @property
    def current_period(self) -> str | None:
        """The reporting period that the client's warehouse and pages are of; None before the first run."""
        current = run_of(self._current_file)
        return current.reporting_period if current else None

    @property
    def is_of_the_past(self) -> bool:
        """True where the client's warehouse and pages are of a newer period: then they stay as they are."""
        return (self.current_period or self.period) > self.period

    @property
    def warehouse_file(self) -> Path:
        """The warehouse of the client; in the folder beside it that of some returns or an earlier period."""
        beside = self._current_file.with_suffix("")
        if self.only:
            return beside / f"{'+'.join(sorted(self.only))}.duckdb"
        return beside / "earlier_period.duckdb" if self.is_of_the_past else self._current_file

    @property
    def built_file(self) -> Path:
        """The warehouse of the run, once it is built. RoadError: what lies there is of another run."""
        file = self.warehouse_file
        built = run_of(file)
        wanted = self.period, self.as_at or (built.as_at_date if built else None)
        if built is None or (built.reporting_period, built.as_at_date) != wanted:
            there = f"of {built.reporting_period} as at {built.as_at_date}" if built else "of no run"
            raise RoadError(
                f"the warehouse {file} is {there}, not of {self.period}"
                + (f" as at {self.as_at}" if self.as_at else "")
                + ": build it first."
            )
        return file

    @property
    def _current_file(self) -> Path:
        return self.settings.lake / "warehouse" / f"{self.client.client_id}.duckdb"

    @property
    def returns(self) -> Mapping[str, ReturnDefinition]:
        """The returns to fill, by id: those asked for, else those that the client's submitters owe.

        A client without submitters owes nothing: its figures are computed and judged for every return.
        """
        definitions = load_definitions()
        unknown = sorted(set(self.only) - set(definitions))
        if unknown:
            raise RoadError(f"there is no return {', '.join(unknown)}; there are {', '.join(definitions)}.")
        kinds = {submitter.kind for submitter in self.client.submitters}
        wanted = self.only or [r for r, d in definitions.items() if d.submitted_by in kinds] or definitions
        return {r: d for r, d in definitions.items() if r in wanted}


def run_for(
    settings: Settings,
    client: Client,
    period: str | None,
    as_at: date | None,
    offered: Sequence[Extract],
) -> Run:
    """Return a whole run of what is offered with its period and day settled, where nobody named them."""
    month = period or f"{as_at or newest_as_at(settings, client, offered):%Y-%m}"
    run = Run(settings, client, month, settings.place_of(client), as_at, tuple(offered))
    return replace(run, as_at=run.day)
