"""Whose records a submitter may see: nothing a pack holds names a record of another organisation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import duckdb
import polars as pl

HIDDEN = "(a record of another organisation)"
SENDERS = "core.core__submitter_sender"
_TEXT_TYPES = ("VARCHAR", "JSON")


@dataclass(frozen=True)
class OwnRecords:
    """The senders whose record keys one submitter must not see: all that do not send for it.

    Trace answers are about everybody's people: a trace answer is the business of whose record it answers.
    """

    others: frozenset[str] = frozenset()

    @cached_property
    def _pattern(self) -> str:
        # A record key is `<sender>:<class>:<uid>`; sender ids are small letters, digits and underscores.
        return f"(?:^|[^a-z0-9_])(?:{'|'.join(sorted(self.others))}):" if self.others else ""

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(self._pattern)

    def names_another(self, text: str | None) -> bool:
        """Return whether a text names a record of another organisation."""
        return bool(self.others and text and self._expression.search(text))

    def shown(self, text: str | None) -> str | None:
        """Return a text as the submitter may see it: as it is, or that something was left out."""
        return HIDDEN if self.names_another(text) else text

    def shown_sql(self, expression: str, type_: str = "VARCHAR") -> str:
        """Return SQL for an expression as the submitter may see it; only text can name a record."""
        if not self.others or type_ not in _TEXT_TYPES:
            return expression
        return (
            f"case when regexp_matches({expression}::varchar, '{self._pattern}') then '{HIDDEN}' "
            f"else {expression}::varchar end"
        )

    def failing_rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return failing rows without those that another organisation sent, or that are about its records."""
        if not self.others:
            return rows
        theirs = pl.col("record_key").str.contains(self._pattern) | pl.col("value_seen").is_in(
            sorted(self.others)
        )
        return rows.filter(~theirs.fill_null(False)).with_columns(
            pl.when(pl.col(name).str.contains(self._pattern))
            .then(pl.lit(HIDDEN))
            .otherwise(pl.col(name))
            .alias(name)
            for name in ("value_seen", "evidence")
        )


def own_records(connection: duckdb.DuckDBPyConnection, submitter_id: str) -> OwnRecords:
    """Return what a submitter may see of the records of a built warehouse."""
    others = connection.execute(
        "select distinct sender_id from raw.extract_receipt where sender_kind <> 'trace' "
        f"and sender_id not in (select sender_id from {SENDERS} where submitter_id = ?)",
        [submitter_id],
    ).fetchall()
    return OwnRecords(frozenset(sender for (sender,) in others))
