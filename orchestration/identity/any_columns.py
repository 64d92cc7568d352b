"""Scores for tables of any shape.

A Splink model made of the columns there are and trained on the records themselves.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import duckdb

from orchestration.identity.scoring import read_model
from orchestration.identity.training import COMPARISONS, RAREST, SEED

# What most values of a column must look like to be compared as a postcode.
MOST_POSTCODES = 0.5
MOST_IN_BLOCK = 60
RANDOM_PAIRS = 6e5
# The share of true pairs that agree in two columns at once, for the first guess at how many true pairs
# there are.
FOUND_BY_RULES = 0.7
# Fewer records than this teach nothing about true agreement; what is usual counts instead.
LEAST_TO_TRAIN = 500
USUAL = {
    "equal": 0.8,
    "equal, a 1 January": 0.1,
    "one slip": 0.08,
    "two slips": 0.03,
    "very close": 0.05,
    "close": 0.03,
    "same year": 0.02,
    "different": 0.04,
}
RAREST_TRUE = 0.001


def uses_other_columns(connection: duckdb.DuckDBPyConnection, extras: Sequence[str]) -> tuple[str, ...]:
    """Return the columns the stored model does not know: extra ones, other identifiers.

    Postcodes of elsewhere.
    """
    names = [f'"{name}"' for name in extras] + ["other_identifier"]
    counts = connection.execute(
        "select "
        + ", ".join(f"count({name})" for name in names)
        + ", count(postcode), count(clean_postcode(postcode)) from given_record"
    ).fetchone()
    assert counts is not None
    used = [name.strip('"') for name, count in zip(names, counts, strict=False) if count]
    written, readable = counts[-2:]
    if written and readable < MOST_POSTCODES * written:
        used.append("postcode")
    return tuple(used)


def _level(sql: str, label: str, term: str | None = None, *, null: bool = False) -> dict[str, Any]:
    level: dict[str, Any] = {"sql_condition": sql, "label_for_charts": label}
    if null:
        level["is_null_level"] = True
    if term:
        level |= {"tf_adjustment_column": term, "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 0.0001}
    return level


def _text_comparison(column: str) -> dict[str, Any]:
    left, right = f'"{column}_l"', f'"{column}_r"'
    return {
        "output_column_name": column,
        "comparison_levels": [
            _level(f"{left} is null or {right} is null", "unknown", null=True),
            _level(f"{left} = {right}", "equal", column),
            _level(f"damerau_levenshtein({left}, {right}) <= 1", "one slip"),
            _level(f"jaro_winkler_similarity({left}, {right}) >= 0.9", "very close"),
            _level(f"jaro_winkler_similarity({left}, {right}) >= 0.75", "close"),
            _level("ELSE", "different"),
        ],
    }


BORN = {
    "output_column_name": "born",
    "comparison_levels": [
        _level('"born_l" is null or "born_r" is null', "unknown", null=True),
        _level('"born_l" = "born_r" and right("born_l", 4) = \'0101\'', "equal, a 1 January"),
        _level('"born_l" = "born_r"', "equal"),
        _level('damerau_levenshtein("born_l", "born_r") <= 1', "one slip"),
        _level('damerau_levenshtein("born_l", "born_r") <= 2', "two slips"),
        _level('left("born_l", 4) = left("born_r", 4)', "same year"),
        _level("ELSE", "different"),
    ],
}


def _create_comparable(connection: duckdb.DuckDBPyConnection, others: Sequence[str]) -> list[str]:
    """Create comparable from every record, and return the names under which other columns stand in it."""
    names = [f"x_{place}" for place in range(len(others))]
    cells = "".join(
        f", nullif(regexp_replace(lower(g.\"{column}\"), '[^\\p{{L}}0-9]+', ' ', 'g'), '') as {name}"
        for name, column in zip(names, others, strict=True)
    )
    connection.execute(
        f"""
        create or replace temp table comparable as
        select
            row_number() over (order by r.person_record_key) as unique_id,
            if(coalesce(d.number, x.number) is null, r.person_record_key, null) as person_record_key,
            coalesce(d.number, x.number) as number,
            r.family, r.former_family, r.given, r.given_forms, r.middle, r.birth_date, r.gender,
            r.postcode, r.address,
            nullif(regexp_replace(
                coalesce(r.birth_date::varchar, g.date_of_birth), '[^0-9]', '', 'g'
            ), '') as born
            {cells}
        from clean_record as r
        inner join number_decision as d on r.person_record_key = d.person_record_key
        left join exact_link as x on r.person_record_key = x.person_record_key
        inner join given_record as g on r.person_record_key = g.record_id
        """
    )
    return names


def _create_candidates(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    """Create candidate_pair: records that agree in two columns, or in one whole rare value."""
    rules = [(column,) for column in columns] + list(itertools.combinations(columns, 2))
    blocks = " union all ".join(
        f"select unique_id, number, hash({place}, {', '.join(rule)}) as block from comparable "
        f"where {' and '.join(f'{column} is not null' for column in rule)}"
        for place, rule in enumerate(rules)
    )
    connection.execute(
        f"""
        create or replace temp table candidate_pair as
        with block as ({blocks}),
        sought as (select block from block group by block having count(*) between 2 and {MOST_IN_BLOCK}),
        chosen as (select b.* from block as b inner join sought as s on b.block = s.block)
        select '0' as match_key, a.unique_id as join_key_l, b.unique_id as join_key_r
        from chosen as a
        inner join chosen as b
            on a.block = b.block and a.unique_id < b.unique_id and (a.number is null or b.number is null)
        group by all
        """
    )


def _filled(model: dict[str, Any]) -> dict[str, Any]:
    """Return the model with what training left open set to what is usual, and nothing ever impossible."""
    stored = {
        (c["output_column_name"], level["label_for_charts"]): level
        for c in read_model()["comparisons"]
        for level in c["comparison_levels"]
    }
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            label = level["label_for_charts"]
            known = stored.get((comparison["output_column_name"], label), {})
            usual = {
                "m_probability": known.get("m_probability", USUAL.get(label, RAREST_TRUE)),
                "u_probability": known.get("u_probability", RAREST_TRUE),
            }
            for name, least in (("m_probability", RAREST_TRUE), ("u_probability", RAREST)):
                value = level.get(name)
                level[name] = max(value if isinstance(value, float) else usual[name], least)
    return model


def score_other_columns(
    connection: duckdb.DuckDBPyConnection, others: Sequence[str], least_weight: float
) -> None:
    """Create comparable and scored_pair by a model trained on these records.

    Over the columns that hold anything.
    """
    from splink import DuckDBAPI, Linker, block_on
    from splink.internals.exceptions import EMTrainingException, SplinkException

    names = _create_comparable(connection, others)
    texts = [*names]
    counted = connection.execute(
        "select count(*), count(given), count(family), count(born), count(gender), count(postcode), "
        "count(address) from comparable"
    ).fetchone()
    assert counted is not None
    records = counted[0]
    given, family, born, gender, postcode, address = (n > 0 for n in counted[1:])
    comparisons = [
        c for c, used in zip(COMPARISONS, (given, family, False, gender, False), strict=True) if used
    ]
    comparisons += [BORN] if born else []
    texts += ["postcode"] if postcode else []
    texts += ["address"] if address else []
    comparisons += [_text_comparison(column) for column in texts]
    blocking = [c for c, used in (("given", given), ("family", family), ("born", born)) if used] + texts
    _create_candidates(connection, blocking)
    settings = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "sql_dialect": "duckdb",
        "linker_uid": "any_columns",
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [],
        "comparisons": comparisons,
    }
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register("comparable"), settings, log_level=None, validate_settings=False)
    pairs: list[tuple[str, ...]] = [*itertools.combinations(blocking[:4], 2)]
    pairs = pairs or [(column,) for column in blocking]
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in pairs], recall=FOUND_BY_RULES
    )
    linker.training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1
    )
    # Disjoint pairs of columns: what one session takes for granted another estimates.
    width = 2 if len(blocking) > 3 else 1
    for start in range(0, min(len(blocking), 3 * width), width):
        if records < LEAST_TO_TRAIN:
            break
        # A session that finds too few pairs, or a level that no pair falls into, teaches nothing
        # and harms nothing.
        with suppress(ValueError, ArithmeticError, SplinkException, EMTrainingException):
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*blocking[start : start + width])
            )
    model = _filled(linker.misc.save_model_to_json())
    trained_api = DuckDBAPI(connection=connection)
    scorer = Linker(trained_api.register("comparable"), model, log_level=None, validate_settings=False)
    scorer.table_management.register_blocked_pairs_for_predict(trained_api.register("candidate_pair"))
    predicted = scorer.inference.predict(threshold_match_weight=least_weight, warning_mode="never")
    connection.execute(
        "create or replace temp table scored_pair as select unique_id_l as left_id, unique_id_r as right_id, "
        f"match_weight as weight from {predicted.physical_name}"
    )
    predicted.drop_table_from_database_and_remove_from_cache()
