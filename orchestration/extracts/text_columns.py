"""What every format is turned into before it is judged: columns of text, still on disk."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

ROW, BAR = "_source_row", "_bar_in_list"


class TextColumns(NamedTuple):
    """The cells of a file as text in columns named by position, with the row number and the bar mark."""

    lazy: pl.LazyFrame
    headers: tuple[str, ...]
    rows: int
    batch_rows: int
