"""The edge at which numbers leave: every table passes here, once, before it is drawn, listed or written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orchestration.report.tidy import TidyTable

NONE = "none"


class ReleaseError(ValueError):
    """A table may not be released as asked; nothing of it is written."""


@dataclass(frozen=True)
class Profile:
    """A way of disclosure control, and what a reader is told of it."""

    profile_id: str
    told: str


PROFILES = {
    NONE: Profile(
        NONE,
        "No disclosure control: small numbers are shown as they are. "
        "Keep these pages inside the organisation.",
    )
}


def profile_of(profile_id: str) -> Profile:
    """Return a profile by its name. Raises ReleaseError that names those there are."""
    if profile_id not in PROFILES:
        raise ReleaseError(
            f"there is no disclosure profile '{profile_id}'; there is: {', '.join(sorted(PROFILES))}."
        )
    return PROFILES[profile_id]


def release(table: TidyTable, profile: Profile) -> TidyTable:
    """Return a table as it may be read by others under a profile."""
    if table.released_by:
        raise ReleaseError(f"table {table.table_id} was released before; a second time would hide twice.")
    return replace(table, released_by=profile.profile_id)
