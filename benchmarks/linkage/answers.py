"""Trace answers about made records, in the MPS response layout, that err as a real service does."""

from __future__ import annotations

import numpy as np
import polars as pl

from orchestration.extracts.profile import STANDARDS, read_rows

ANSWER_RATES = {
    "unknown_to_pds": 0.03,
    "sensitive": 0.003,
    "invalid": 0.0005,
    "not_traced": 0.002,
    "wrong": 0.01,
    "several": 0.04,
}
AS_AT = "20260930"
NONE_FOUND, SEVERAL_FOUND = "0000000000", "9999999999"
COLUMNS = [row["column"] for row in read_rows(STANDARDS / "pds" / "trace_response_columns.csv")]


def _parts_equal(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    """Return whether two dates agree in two of their three parts, or have day and month swapped."""
    year, month, day = (getattr(a.dt, p)() == getattr(b.dt, p)() for p in ("year", "month", "day"))
    swapped = year & (a.dt.month() == b.dt.day()) & (a.dt.day() == b.dt.month())
    return (year.cast(int) + month.cast(int) + day.cast(int) >= 2) | swapped


def answer_records(people: pl.DataFrame, records: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return one answer per record: cross-check by number, else one exact match.

    Else the best by likeness.
    """
    known = people.filter(~pl.col("is_unknown"))
    holders = pl.concat(
        [
            known.select(
                pl.col("number").alias("asked"),
                pl.col("person").alias("holder"),
                pl.lit(False).alias("is_old"),
            ),
            known.select(
                pl.col("old_number").alias("asked"),
                pl.col("person").alias("holder"),
                pl.lit(True).alias("is_old"),
            ),
        ]
    )
    details = people.select(
        "person",
        *(pl.col(c).alias(f"pds_{c}") for c in ("number", "family", "given", "born", "gender", "postcode")),
    )
    exact = known.group_by("family", "given", "gender", "born").agg(
        pl.len().alias("alike"), pl.col("person").min().alias("only")
    )
    relatives = people.select("person", "relative", "is_unknown")
    draws = pl.DataFrame(
        {f"draw_{k}": rng.random(records.height) for k in ("err", "confidence", "invalid", "not_traced")}
    )
    asked = (
        records.select(
            "record_id", "person", "given_name", "family_name", "date_of_birth", "gender", asked="nhs_number"
        )
        .hstack(draws)
        .join(holders, on="asked", how="left", maintain_order="left")
        .join(details.rename({"person": "holder"}), on="holder", how="left", maintain_order="left")
        .with_columns(
            checked=(
                (pl.col("date_of_birth") == pl.col("pds_born"))
                | (
                    _parts_equal(pl.col("date_of_birth"), pl.col("pds_born"))
                    & (
                        (pl.col("given_name") == pl.col("pds_given"))
                        | (pl.col("family_name") == pl.col("pds_family"))
                    )
                )
            ).fill_null(False)
        )
        .select(pl.exclude("^pds_.*$"))
        .join(
            exact,
            left_on=["family_name", "given_name", "gender", "date_of_birth"],
            right_on=["family", "given", "gender", "born"],
            how="left",
            maintain_order="left",
        )
        .join(relatives, on="person", how="left", maintain_order="left")
    )
    by_likeness = (
        pl.when(pl.col("is_unknown"))
        .then(None)
        .when((pl.col("draw_err") < ANSWER_RATES["wrong"]) & (pl.col("relative") >= 0))
        .then(pl.col("relative"))
        .otherwise(pl.col("person"))
    )
    found = asked.with_columns(
        step=pl.when("checked")
        .then(1)
        .when(pl.col("alike") == 1)
        .then(3)
        .when(~pl.col("is_unknown"))
        .then(4)
        .otherwise(0),
    ).with_columns(
        match=pl.when(pl.col("step") == 1)
        .then("holder")
        .when(pl.col("step") == 3)
        .then("only")
        .otherwise(by_likeness),
    )
    found = found.join(
        details.rename({"person": "match"}), on="match", how="left", maintain_order="left"
    ).join(
        people.select(pl.col("person").alias("match"), "is_sensitive"),
        on="match",
        how="left",
        maintain_order="left",
    )
    code = (
        pl.when(pl.col("draw_not_traced") < ANSWER_RATES["not_traced"])
        .then(pl.lit("15"))
        .when(pl.col("match").is_null())
        .then(pl.lit("98"))
        .when(pl.col("draw_invalid") < ANSWER_RATES["invalid"])
        .then(pl.lit("91"))
        .when((pl.col("step") == 4) & (pl.col("draw_err") > 1 - ANSWER_RATES["several"]))
        .then(pl.when(pl.col("alike") > 1).then(pl.lit("96")).otherwise(pl.lit("97")))
        .when((pl.col("step") == 1) & pl.col("is_old"))
        .then(pl.lit("90"))
        .when("is_sensitive")
        .then(pl.lit("92"))
        .otherwise(pl.lit("00"))
    )
    found = found.with_columns(code=code)
    is_match = pl.col("code").is_in(["00", "90", "92"])
    confidence = (
        pl.when(pl.col("step").is_in([1, 3])).then(100.0).otherwise(80 + 19 * pl.col("draw_confidence"))
    )
    written = {
        "UNIQUE_REFERENCE": pl.col("record_id"),
        "REQ_NHS_NUMBER": pl.col("asked"),
        "FAMILY_NAME": pl.when(is_match).then("pds_family"),
        "GIVEN_NAME": pl.when(is_match).then("pds_given"),
        "GENDER": pl.when(is_match).then(
            pl.col("pds_gender").replace_strict({"male": "1", "female": "2"}, default=None)
        ),
        "DATE_OF_BIRTH": pl.when(is_match).then(pl.col("pds_born").dt.strftime("%Y%m%d")),
        "POSTCODE": pl.when(is_match & (pl.col("code") != "92")).then("pds_postcode"),
        "AS_AT_DATE": pl.lit(AS_AT),
        "SENSITIVTY_FLAG": pl.when(pl.col("code") == "92").then(pl.lit("S")),
        "ERROR_SUCCESS_CODE": pl.col("code"),
        "MATCHED_NHS_NO": pl.when(is_match)
        .then("pds_number")
        .when(pl.col("code").is_in(["96", "97"]))
        .then(pl.lit(SEVERAL_FOUND))
        .when(pl.col("code") != "15")
        .then(pl.lit(NONE_FOUND)),
        "MATCHED_ALGORITHM_INDICATOR": pl.when(pl.col("code") == "15")
        .then(0)
        .otherwise("step")
        .cast(pl.String),
        "MATCHED_CONFIDENCE_PERCENTAGE": pl.when(is_match)
        .then(confidence)
        .otherwise(0.0)
        .round(2)
        .cast(pl.String),
    }
    return found.select(written.get(c, pl.lit(None, dtype=pl.String)).alias(c) for c in COLUMNS)
