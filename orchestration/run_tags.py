"""The tags by which a run says who asked for it, and for which part of a window."""

from __future__ import annotations

from collections.abc import Mapping

ASKED_BY, EXTRACTS, SENDERS = "returns/asked_by", "returns/extracts", "returns/senders"
ARRIVAL, SCHEDULE = "arrival", "schedule"
RETURN, KIND, CLOSES = "returns/return", "returns/kind", "returns/window_closes"
# Before the window opens; while it is open; on its last day.
LEAD_TIME, REMINDER, FINAL = "lead_time", "reminder", "final"
_WORDS = {
    LEAD_TIME: "ahead of the window: time to put right what stops a pack",
    REMINDER: "reminder: the window is open and not every pack is handed in",
    FINAL: "final run: the window closes today",
}


def asked_for(tags: Mapping[str, str]) -> str:
    """Return in plain words why a run was made."""
    if tags.get(ASKED_BY) == ARRIVAL:
        return f"arrival of extracts: {tags.get(EXTRACTS, '')}"
    if tags.get(ASKED_BY) == SCHEDULE:
        closes = f" (closes {tags[CLOSES]})" if CLOSES in tags else ""
        return _WORDS[tags[KIND]] + closes
    return "asked for by a person"


def is_urgent(tags: Mapping[str, str]) -> bool:
    """Return whether a run is the last one before a window closes."""
    return tags.get(KIND) == FINAL
