"""How good groups are: pairs right, wrong and missed, by fault kind."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import polars as pl

FAULTS = (
    "number_missing",
    "number_mistyped",
    "number_of_someone_else",
    "number_replaced",
    "name_changed",
    "is_twin",
)


@dataclass(frozen=True)
class Quality:
    """Pairwise quality of one grouping against the truth."""

    pairs: int
    found: int
    right: int
    twins_joined: int

    @property
    def precision(self) -> float:
        """Return the share of joined pairs that are one person."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Return the share of one person's pairs that were joined."""
        return self.right / self.pairs if self.pairs else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def as_row(self) -> dict[str, float | int]:
        """Return counts and rates as one row of the table."""
        rates = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return asdict(self) | {name: round(rate, 6) for name, rate in rates.items()}


def measure(links: pl.DataFrame, truth: pl.DataFrame) -> Quality:
    """Return the pairwise quality of links (record_id, person_key) against truth (record_id, person)."""
    with duckdb.connect() as connection:
        connection.register("links", links.to_arrow())
        connection.register("truth", truth.to_arrow())
        twins = "bool_or(is_twin)" if "is_twin" in truth.columns else "false"
        row = connection.execute(
            f"""
            with joined as (select t.*, l.person_key from truth as t inner join links as l using (record_id)),
            cell as (select person, person_key, count(*) as n, {twins} as is_twin from joined group by all),
            pairs as (select sum(n * (n - 1) / 2) as p from (select sum(n) as n from cell group by person)),
            found as (
                select sum(n * (n - 1) / 2) as p from (select sum(n) as n from cell group by person_key)
            ),
            twins as (
                select count(*) as n from (
                    select person_key from cell where is_twin group by person_key having count(*) > 1
                )
            )
            select (select p from pairs), (select p from found), sum(n * (n - 1) / 2), (select n from twins)
            from cell
            """
        ).fetchone()
    assert row is not None
    return Quality(*(int(n or 0) for n in row))


def missed_by_fault(links: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """Return per fault kind how many pairs of one person have a record with it, and how many were joined."""
    with duckdb.connect() as connection:
        connection.register("links", links.to_arrow())
        connection.register("truth", truth.to_arrow())
        kinds = [f for f in FAULTS if f in truth.columns]
        shown = ", ".join(f"a.{k} or b.{k} as {k}" for k in kinds)
        rows = " union all ".join(
            f"select '{k}' as fault, count(*) as pairs, count(*) filter (where is_found) as found "
            f"from pair where {k}"
            for k in kinds
        )
        return connection.execute(
            f"""
            with joined as (select t.*, l.person_key from truth as t inner join links as l using (record_id)),
            pair as (
                select {shown}, a.person_key = b.person_key as is_found
                from joined as a inner join joined as b on a.person = b.person and a.record_id < b.record_id
            )
            select *, round(found / pairs, 6) as recall from ({rows}) order by fault
            """
        ).pl()


def two_numbers(links: pl.DataFrame, records: Path, truth: pl.DataFrame, trace: Path | None) -> int | None:
    """Return how many groups hold two trusted NHS numbers; None where records carry none.

    Trusted is a number that a trace verified. Without a trace: a well-formed number of the person's own.
    """
    if "nhs_number" not in pl.read_parquet_schema(records):
        return None
    frame = pl.read_parquet(records).select("record_id", number="nhs_number").drop_nulls()
    if trace is not None:
        # With answers, the numbers a trace verified: code 00 by cross-check, the number asked about.
        verified = pl.read_parquet(trace).filter(
            (pl.col("ERROR_SUCCESS_CODE") == "00")
            & (pl.col("MATCHED_ALGORITHM_INDICATOR") == "1")
            & (pl.col("MATCHED_NHS_NO") == pl.col("REQ_NHS_NUMBER"))
        )
        frame = frame.join(verified, left_on="record_id", right_on="UNIQUE_REFERENCE", how="semi")
    else:
        digits = [pl.col("number").str.slice(i, 1).cast(pl.Int64, strict=False) for i in range(10)]
        weighed = sum((digit * (10 - i) for i, digit in enumerate(digits[:9])), start=pl.lit(0))
        frame = frame.filter((11 - weighed % 11) % 11 == digits[9])
    if "number_of_someone_else" in truth.columns:
        own = truth.filter(~(pl.col("number_of_someone_else") | pl.col("number_mistyped")))
        frame = frame.join(own, on="record_id", how="semi")
    held = frame.join(links, on="record_id").group_by("person_key").agg(pl.col("number").n_unique())
    return held.filter(pl.col("number") > 1).height
