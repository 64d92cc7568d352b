"""How the stored model is trained: chance agreement from random pairs.

True agreement from records of one number.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import duckdb

from orchestration.identity.scoring import TERM_COLUMNS, create_term_tables

SEED = 20261012
RANDOM_PAIRS = 5e6
# What a level counts that no pair of the training records fell into; former names are rarely sent, so
# training
# records without any leave their level at these.
RAREST = 1e-6
UNSEEN = {"former name": (0.02, 0.006)}


def _level(sql: str, label: str, term: str | None = None, *, null: bool = False) -> dict[str, Any]:
    level: dict[str, Any] = {"sql_condition": sql, "label_for_charts": label}
    if null:
        level["is_null_level"] = True
    if term:
        level |= {"tf_adjustment_column": term, "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 0.00001}
    return level


def _close(column: str) -> str:
    return (
        f'(damerau_levenshtein("{column}_l", "{column}_r") <= 1 and length("{column}_l") > 2 '
        f'and length("{column}_r") > 2) or jaro_winkler_similarity("{column}_l", "{column}_r") >= 0.92'
    )


SWAPPED = (
    'jaro_winkler_similarity("given_l", "family_r") >= 0.9 '
    'and jaro_winkler_similarity("family_l", "given_r") >= 0.9 '
    'and length("family_l") > 1 and length("family_r") > 1'
)
BIRTHS = 'compare_births("birth_date_l", "birth_date_r")'

COMPARISONS: list[dict[str, Any]] = [
    {
        "output_column_name": "given",
        "comparison_description": "first name",
        "comparison_levels": [
            _level('"given_l" is null or "given_r" is null', "unknown", null=True),
            _level('"given_l" = "given_r"', "equal", "given"),
            _level('list_has_any("given_forms_l", "given_forms_r")', "forms of one name"),
            _level(SWAPPED, "names swapped"),
            _level(_close("given"), "one slip"),
            _level(
                '(length("given_l") = 1 or length("given_r") = 1) '
                'and left("given_l", 1) = left("given_r", 1)',
                "initial",
            ),
            _level('jaro_winkler_similarity("given_l", "given_r") >= 0.8', "close"),
            _level("ELSE", "different"),
        ],
    },
    {
        "output_column_name": "family",
        "comparison_description": "family name",
        "comparison_levels": [
            _level('"family_l" is null or "family_r" is null', "unknown", null=True),
            _level('"family_l" = "family_r"', "equal", "family"),
            _level('"family_l" = "former_family_r" or "former_family_l" = "family_r"', "former name"),
            _level(SWAPPED, "names swapped"),
            _level(_close("family"), "one slip"),
            _level('jaro_winkler_similarity("family_l", "family_r") >= 0.8', "close"),
            _level("ELSE", "different"),
        ],
    },
    {
        "output_column_name": "birth_date",
        "comparison_description": "birth date",
        "comparison_levels": [
            _level('"birth_date_l" is null or "birth_date_r" is null', "unknown", null=True),
            _level('"birth_date_l" = "birth_date_r"', "equal"),
            _level(f"{BIRTHS} = 'parts'", "two parts or day and month swapped"),
            _level(f"{BIRTHS} = 'same_year'", "same year, one a 1 January"),
            _level("ELSE", "different"),
        ],
    },
    {
        "output_column_name": "gender",
        "comparison_description": "gender",
        "comparison_levels": [
            _level('"gender_l" is null or "gender_r" is null', "unknown", null=True),
            _level('"gender_l" = "gender_r"', "equal"),
            _level("ELSE", "different"),
        ],
    },
    {
        "output_column_name": "place",
        "comparison_description": "home",
        "comparison_levels": [
            _level(
                '("postcode_l" is null or "postcode_r" is null) '
                'and ("address_l" is null or "address_r" is null)',
                "unknown",
                null=True,
            ),
            _level('"postcode_l" = "postcode_r" and "address_l" = "address_r"', "postcode and address equal"),
            _level('"address_l" = "address_r"', "address equal"),
            _level('"postcode_l" = "postcode_r"', "postcode equal", "postcode"),
            _level('damerau_levenshtein("postcode_l", "postcode_r") <= 1', "one slip in the postcode"),
            _level("ELSE", "different"),
        ],
    },
]


def blank_settings() -> dict[str, Any]:
    """Return the comparisons of the model before any training."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "sql_dialect": "duckdb",
        "linker_uid": "person_model",
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [],
        "comparisons": COMPARISONS,
    }


def _rounded(model: dict[str, Any]) -> dict[str, Any]:
    """Return the model with every probability rounded, and those no pair has shown set to the rarest."""
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            unseen = UNSEEN.get(level["label_for_charts"], (RAREST, RAREST))
            for name, default in zip(("m_probability", "u_probability"), unseen, strict=True):
                value = level.get(name)
                level[name] = max(float(f"{value:.6g}"), RAREST) if isinstance(value, float) else default
    return model


def train_model(connection: duckdb.DuckDBPyConnection, *, synthetic: bool) -> dict[str, Any]:
    """Return a Splink model trained on the person records in the connection.

    Chance agreement (u) comes from random pairs with a fixed seed; true agreement (m) from pairs of
    records that hold the same accepted NHS number. No labelled truth is used, so any client can retrain
    on its own records.
    """
    from splink import DuckDBAPI, Linker

    from orchestration.identity.linking import STAGES, prepare_stages, run_sql_files

    prepare_stages(connection, synthetic=synthetic)
    run_sql_files(connection, STAGES, start="10", before="45")
    create_term_tables(connection, blank_settings())
    connection.execute(
        """
        create or replace temp table training_record as
        select
            row_number() over (order by r.person_record_key) as unique_id,
            d.number, r.family, r.former_family, r.given, r.given_forms, r.middle, r.birth_date, r.gender,
            r.postcode, r.address
        from clean_record as r
        inner join number_decision as d on r.person_record_key = d.person_record_key
        """
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=connection)
    records = api.register("training_record")
    linker = Linker(records, blank_settings(), log_level=None, validate_settings=False)
    for column in TERM_COLUMNS:
        frequencies = api.register(f"term_{column}")
        linker.table_management.register_term_frequency_lookup(frequencies, column)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None
    )
    linker.training.estimate_m_from_label_column("number")
    return _rounded(linker.misc.save_model_to_json())


def write_model(model: dict[str, Any], path: Path) -> None:
    """Write a model as JSON with sorted keys, so that two trainings can be compared line by line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(model, indent=1, sort_keys=True) + "\n", encoding="utf-8")
