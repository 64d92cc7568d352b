"""Disclosure profiles: what may be shown of small numbers, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from orchestration.extracts.profile import STANDARDS

FOLDER = STANDARDS / "disclosure"
# The safe choice, for councils and for everyone who publishes; a client's settings may choose another.
DEFAULT = "suppress_under_5"


class DisclosureError(ValueError):
    """A profile is unusable, or tables cannot be protected as asked; nothing is released."""


@dataclass(frozen=True)
class DisclosureProfile:
    """One rule for small numbers, and what a reader is told of it.

    Counts from 1 (or, where zeros are not shown, from 0) up to one less than `threshold` are sensitive. With
    `round_to` counts are rounded, else sensitive ones are held back. `protection` is the least room left
    between the smallest and the largest value a number held back may have.
    """

    id: str
    title: str
    told: str
    evidence: str
    source: str
    threshold: int = 0
    zeros_shown: bool = True
    protection: int = 0
    round_to: int = 0
    below_threshold_as_zero: bool = False
    share_decimals: int = 1

    @property
    def hides_nothing(self) -> bool:
        """True where every number is released as it is."""
        return self.threshold == 0

    def is_sensitive(self, count: float) -> bool:
        """Return whether a count must not be known exactly."""
        return (0 if not self.zeros_shown else 0.5) <= count < self.threshold


def read_profile(path: Path) -> DisclosureProfile:
    """Return one profile. Raises DisclosureError that says what is wrong with the file."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        profile = DisclosureProfile(**content)
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        known = ", ".join(f.name for f in fields(DisclosureProfile))
        raise DisclosureError(f"{path.name}: {error}; a profile has {known}") from None
    if profile.id != path.stem:
        raise DisclosureError(f"{path.name}: id is {profile.id!r}; it must be the name of the file")
    numbers = (profile.threshold, profile.protection, profile.round_to, profile.share_decimals)
    if any(type(n) is not int or n < 0 for n in numbers):
        raise DisclosureError(f"{path.name}: threshold, protection and the like must be whole numbers")
    if profile.threshold and not profile.round_to and profile.protection < 2:
        raise DisclosureError(f"{path.name}: counts that are held back need a protection of at least 2")
    if profile.round_to and not profile.threshold:
        raise DisclosureError(f"{path.name}: rounding needs the threshold under which a count is sensitive")
    if profile.round_to and profile.zeros_shown:
        raise DisclosureError(f"{path.name}: a rounded table cannot show which zeros are true")
    return profile


@cache
def load_profiles(folder: Path = FOLDER) -> dict[str, DisclosureProfile]:
    """Return every profile by its id. Raises DisclosureError for a file that is none."""
    return {path.stem: read_profile(path) for path in sorted(folder.glob("*.toml"))}
