"""The counter of missed windows, for returns whose law counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.returns.confirmations import Confirmation
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.due import owed_by
from orchestration.warehouse.build import Submitter

MONTHS_COUNTED = 12
# Long enough for twelve closed windows, however they were rolled.
LOOK_BACK = timedelta(days=420)


@dataclass(frozen=True)
class MissedWindows:
    """How many of the newest twelve closed windows were missed: in all, and running up to the newest.

    `counted` is how many of them were counted: those before the submitter's first confirmation are not known.
    """

    return_id: str
    submitter_id: str
    counted: int
    running: int
    in_twelve: int
    most_running: int
    most_in_twelve: int

    @property
    def is_reached(self) -> bool:
        """True when the law's limit is reached."""
        return self.running >= self.most_running or self.in_twelve >= self.most_in_twelve

    @property
    def text(self) -> str:
        """The count in one plain sentence."""
        if not self.counted:
            return f"{self.return_id}: missed windows not known, for nothing was ever confirmed."
        reached = " The limit is reached." if self.is_reached else ""
        return (
            f"{self.return_id}: {self.in_twelve} missed of the last {self.counted} closed windows, "
            f"{self.running} of them running (limits: {self.most_running} running, {self.most_in_twelve} in "
            f"{MONTHS_COUNTED} months).{reached}"
        )


def missed_windows(
    definition: ReturnDefinition, submitter: Submitter, day: date, confirmations: Sequence[Confirmation]
) -> MissedWindows | None:
    """Return the count of missed windows on a day, or None for a return that counts none.

    A window counts as missed when nothing was handed in by its last day; what came later came too late.
    """
    limits = definition.missed_windows
    if limits is None:
        return None
    own = [
        c.handed_in_on
        for c in confirmations
        if (c.return_id, c.submitter_id) == (definition.return_id, submitter.submitter_id)
    ]
    windows = owed_by([definition], submitter, day - LOOK_BACK, day, confirmations)
    closed = [due for due in windows if due.closes and due.closes < day][-MONTHS_COUNTED:]
    # What was handed in before anybody confirmed anything is not known; unknown is not missed.
    counted = [due for due in closed if own and due.closes and due.closes >= min(own)]
    missed = [not (due.handed_in_on and due.closes and due.handed_in_on <= due.closes) for due in counted]
    running = next((n for n, was_missed in enumerate(reversed(missed)) if not was_missed), len(missed))
    return MissedWindows(
        return_id=definition.return_id,
        submitter_id=submitter.submitter_id,
        counted=len(counted),
        running=running,
        in_twelve=sum(missed),
        most_running=limits.running,
        most_in_twelve=limits.in_twelve_months,
    )
