"""`returns link train`: a model trained on the caller's own records, shown beside the stored one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.extracts.places import staging_folder
from orchestration.identity.column_map import read_column_map
from orchestration.identity.connection import private_connection
from orchestration.identity.link_input import (
    LinkInputError,
    create_link_tables,
    read_records,
    read_trace,
)
from orchestration.identity.linking import STAGES, load_standards, run_sql_files
from orchestration.identity.scoring import read_model
from orchestration.identity.training import train_model, write_model


def train_on_records(
    records: Path,
    out: Path,
    *,
    trace: Path | None = None,
    columns: str | None = None,
    synthetic: bool = False,
    threads: int = 2,
    memory_limit: str = "4GB",
) -> dict[str, Any]:
    """Train the model on a table of person records with numbers, write it to `out` as JSON and return it."""
    mapping = read_column_map(columns)
    with (
        staging_folder(out.parent) as folder,
        private_connection(folder, threads, memory_limit) as connection,
    ):
        table, _ = read_records(records, mapping, folder)
        load_standards(connection)
        run_sql_files(connection, STAGES, before="10")
        create_link_tables(connection, table, records.name)
        read_trace(connection, trace, folder)
        model = train_model(connection, synthetic=synthetic)
        shared = connection.execute(
            "select count(*) from (select number from training_record group by number having count(*) > 1)"
        ).fetchone()
        if not shared or not shared[0]:
            raise LinkInputError(
                f"{records.name}: no two records hold the same accepted number, so there is nothing to learn "
                "true agreement from. Train on records of several senders."
            )
    write_model(model, out)
    return model


def _weights(model: dict[str, Any]) -> dict[tuple[str, str], tuple[float, float]]:
    return {
        (comparison["output_column_name"], level["label_for_charts"]): (
            level["m_probability"],
            level["u_probability"],
        )
        for comparison in model["comparisons"]
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    }


def audit_lines(model: dict[str, Any], stored: dict[str, Any] | None = None) -> Iterator[str]:
    """Yield one line per level: true and chance agreement, weight in bits, and the stored model's weight."""
    before = _weights(stored or read_model())
    yield f"{'column':12}{'agreement':38}{'true':>10}{'chance':>12}{'bits':>8}{'stored':>8}"
    for (column, label), (true, chance) in _weights(model).items():
        old = before.get((column, label))
        old_bits = f"{math.log2(old[0] / old[1]):8.1f}" if old else f"{'':8}"
        yield f"{column:12}{label:38}{true:10.5f}{chance:12.7f}{math.log2(true / chance):8.1f}{old_bits}"
