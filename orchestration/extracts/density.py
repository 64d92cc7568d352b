"""Learns from a file's bytes how many of its rows may be held in memory at once."""

from __future__ import annotations

from orchestration.extracts import limits


class Density:
    """Bytes per row in the densest stretch of a file: one long row counts little, a run of them fully."""

    def __init__(self) -> None:
        self._densest = 0.0
        self._bytes = 0
        self._rows = 0

    def add(self, size: int, rows: int) -> None:
        """Note that the next so many bytes held so many rows."""
        self._bytes += size
        self._rows += rows
        if self._bytes >= limits.DENSITY_STRETCH:
            self._densest = max(self._densest, self._bytes / max(self._rows, 1))
            self._bytes = self._rows = 0

    def batch_rows(self) -> int:
        """Return how many rows make a batch: the usual number, or fewer where rows are very long."""
        if not self._densest:
            return limits.BATCH_ROWS
        return max(1, min(limits.BATCH_ROWS, int(limits.BATCH_BYTES / self._densest)))
