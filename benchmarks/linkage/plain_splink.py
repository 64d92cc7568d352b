"""Plain Splink, set up as its documentation suggests: what anybody would get without stages and vetoes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

SEED = 7
THRESHOLD = 0.95


def link_plainly(
    records: pl.DataFrame, extras: Sequence[str], memory_limit: str, spill: Path
) -> pl.DataFrame:
    """Return record_id and person_key by Splink's own comparisons, EM training and connected components."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    filled = {c for c in records.columns if records[c].null_count() < records.height}
    comparisons: list[Any] = [
        made
        for column, made in (
            ("given_name", cl.NameComparison("given_name").configure(term_frequency_adjustments=True)),
            ("family_name", cl.NameComparison("family_name").configure(term_frequency_adjustments=True)),
            ("date_of_birth", cl.DateOfBirthComparison("date_of_birth", input_is_string=True)),
            ("gender", cl.ExactMatch("gender")),
            (
                "postcode",
                cl.LevenshteinAtThresholds("postcode", 2).configure(term_frequency_adjustments=True),
            ),
            ("address_line", cl.LevenshteinAtThresholds("address_line", 3)),
            ("nhs_number", cl.LevenshteinAtThresholds("nhs_number", 1)),
            ("other_identifier", cl.LevenshteinAtThresholds("other_identifier", [1, 2])),
            *((extra, cl.JaroWinklerAtThresholds(extra, [0.9, 0.75])) for extra in extras),
        )
        if column in filled
    ]
    rules = [
        rule
        for rule in (
            ("nhs_number",),
            ("other_identifier",),
            ("date_of_birth", "family_name"),
            ("date_of_birth", "given_name"),
            ("date_of_birth", "postcode"),
            ("given_name", "family_name", "postcode"),
            *((("given_name", "family_name"),) if extras else ()),
            *(((extra, "date_of_birth")) for extra in extras),
            *(((extra, "family_name")) for extra in extras),
        )
        if set(rule) <= filled
    ]
    with duckdb.connect(
        config={"memory_limit": memory_limit, "threads": 2, "temp_directory": str(spill)}
    ) as connection:
        connection.register("given", records.to_arrow())
        connection.execute("create table records as select * from given")
        api = DuckDBAPI(connection=connection)
        settings = SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="record_id",
            comparisons=comparisons,
            blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
            retain_matching_columns=False,
        )
        linker = Linker(api.register("records"), settings, log_level=None)
        linker.training.estimate_probability_two_random_records_match(
            [block_on(*r) for r in rules[:3]], recall=0.8
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6 + 1, seed=SEED)
        for rule in (("date_of_birth", "given_name"), ("family_name", "given_name")):
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
        predicted = linker.inference.predict(threshold_match_probability=THRESHOLD, warning_mode="never")
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, THRESHOLD)
        return connection.execute(
            f"select record_id, cluster_id::varchar as person_key from {clusters.physical_name}"
        ).pl()
