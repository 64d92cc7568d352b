"""Scores of pairs by Splink: what its stored model makes of the candidates the stages put side by side."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import duckdb

MODEL = Path(__file__).parent / "model" / "person_model.json"
# Column, and how it is made of the column of a person record.
TERM_COLUMNS = {"family": "family_name", "given": "given_name", "postcode": "postcode"}
# A small file is a few people out of many: two records of it are one person no more often, and two people of
# one name no rarer, than in a file this long.
LEAST_POPULATION = 100_000
# A file of few records says little about how rare a name is. Each count is mixed with what the model's
# training
# records say of any name, as if that had been seen in so many records.
PRIOR_RECORDS = 200
# And how common a birth year is that few records tell of.
BIRTH_YEARS = 90


def read_model(path: Path = MODEL) -> dict[str, Any]:
    """Return a stored Splink model as the dictionary Splink reads."""
    model: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return model


def chance_of_equal(model: dict[str, Any], column: str) -> float:
    """Return how often two different people agree in a column by chance, as the model was trained."""
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level.get("tf_adjustment_column") == column:
                return float(level.get("u_probability", 0.0))
    return 0.0


def create_term_tables(
    connection: duckdb.DuckDBPyConnection, model: dict[str, Any], population: str = "person_record"
) -> None:
    """Create one table of term frequencies per column, and one of birth dates, from all of the population."""
    connection.execute(
        f"set variable population = (select greatest(count(*), {LEAST_POPULATION}) from {population})"
    )
    connection.execute(
        f"""
        create or replace temp table term_birth as
        with counted as (
            select
                year(date_of_birth) as birth_year,
                birth_is_weak(date_of_birth) as is_weak,
                count(*) as records
            from {population}
            where date_of_birth is not null
            group by all
        )
        select
            birth_year,
            is_weak,
            -- Of the days of a year each is as common as the next, but for 1 January.
            (records - 1 + {PRIOR_RECORDS} / {BIRTH_YEARS} * if(is_weak, 1 / 365, 1))
            / (sum(records) over () - 1 + {PRIOR_RECORDS}) / if(is_weak, 1, 364) as others
        from counted
        """
    )
    for column, written in TERM_COLUMNS.items():
        connection.execute(
            f"""
            create or replace temp table term_{column} as
            -- Written out before it is cleaned: a filter on the clean value would clean every record.
            with distinct_value as materialized (
                select {written}, count(*) as records
                from {population}
                group by {written}
            ),
            counted as materialized (
                select clean_{column}({written}) as {column}, sum(records)::bigint as records
                from distinct_value
                group by all
            )
            select
                {column},
                records,
                (records + {PRIOR_RECORDS} * $1) / (sum(records) over () + {PRIOR_RECORDS}) as tf_{column},
                -- The same of the other records: what one of them says of itself is no chance.
                (records - 1 + {PRIOR_RECORDS} * $1) / (sum(records) over () - 1 + {PRIOR_RECORDS}) as others
            from counted
            where {column} is not null
            """,
            [chance_of_equal(model, column)],
        )


def score_pairs(
    connection: duckdb.DuckDBPyConnection, model: dict[str, Any], population: int, least_weight: float
) -> None:
    """Create scored_pair (left_id, right_id, weight) from comparable and candidate_pair.

    The chance that two records are one person follows from how many people there may be, so that one model
    serves every size.
    """
    # Splink takes two seconds to import; a build with nothing left to place does without.
    from splink import DuckDBAPI, Linker

    settings = model | {"probability_two_random_records_match": 1 / population}
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register("comparable"), settings, log_level=None, validate_settings=False)
    for column in TERM_COLUMNS:
        frequencies = api.register(f"term_{column}")
        linker.table_management.register_term_frequency_lookup(frequencies, column)
    pairs = api.register("candidate_pair")
    linker.table_management.register_blocked_pairs_for_predict(pairs)
    predicted = linker.inference.predict(threshold_match_weight=least_weight, warning_mode="never")
    connection.execute(
        "create or replace temp table scored_pair as select unique_id_l as left_id, unique_id_r as right_id, "
        f"match_weight as weight from {predicted.physical_name}"
    )
    predicted.drop_table_from_database_and_remove_from_cache()


def score_candidates(connection: duckdb.DuckDBPyConnection, least_weight: float) -> None:
    """Create scored_pair for the candidates of an index that has come as far as them.

    Empty when there are none.
    """
    row = connection.execute("select count(*), getvariable('population') from candidate_pair").fetchone()
    if row and row[0]:
        score_pairs(connection, read_model(), row[1], least_weight)
    else:
        connection.execute(
            "create or replace temp table scored_pair (left_id bigint, right_id bigint, weight double)"
        )
