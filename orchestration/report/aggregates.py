"""The aggregates of the warehouse as tidy tables. SQL settles what they count; here they get words."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.engine import CONTENT, open_engine
from orchestration.quality.relations import quoted, relations
from orchestration.report.facts import warehouse_file
from orchestration.report.tidy import Dimension, Row, TidyTable

DIMENSIONS = {
    "age_band": "Age",
    "gender": "Gender",
    "ethnic_group": "Ethnic group",
    "need": "Primary support reason",
    "funding": "Who pays",
    "arrangement": "How support is arranged",
    "place": "Location",
    "hours_caring": "Hours caring a week",
}
VIEWS = {
    "providers": "people supported now, by the providers’ records",
    "council": "people supported now, by the council’s records",
    "carers": "carers the council knows",
}
# What the pages read of the warehouse, beside whose run it was and what it found.
MODELS = (
    *("agg__class_scorecard", "agg__demand_breakdown", "agg__demand_month", "agg__demand_request"),
    *("agg__field_count", "agg__package_band", "agg__package_location", "agg__sender_people"),
)


def read(lake: Path, client_id: str, model: str) -> list[dict[str, Any]]:
    """Return the rows of an aggregate as dictionaries, in the order of all their columns.

    Raises ValueError for one that is not among `MODELS`, by which it is told whether pages may stay.
    """
    if model not in MODELS:
        raise ValueError(f"{model} is not among the aggregates that pages read")
    with open_engine(warehouse_file(lake, client_id), read_only=True) as connection:
        cursor = connection.execute(f"select * from returns.{quoted(model)} order by all nulls first")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def contents_of_aggregates(lake: Path, client_id: str) -> list[tuple[Any, ...]]:
    """Return what tells whether any aggregate that the pages read holds anything else than before."""
    with open_engine(warehouse_file(lake, client_id), read_only=True) as connection:
        known = relations(connection)
        return [
            (
                model,
                known[model].columns,
                connection.execute(f"select {CONTENT} from {known[model].sql} as held").fetchone(),
            )
            for model in MODELS
        ]


def breakdowns(rows: list[dict[str, Any]]) -> dict[tuple[str, str], TidyTable]:
    """Return one table per view and dimension: people by a value of the dimension and by setting."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        keys = (row["dimension_value"], row["setting"])
        unit = "carers" if row["view_id"] == "carers" else "people"
        found.setdefault((row["view_id"], row["dimension"]), []).append(
            Row(keys, unit, Decimal(row["people"]))
        )
    return {
        (view, dimension): TidyTable(
            f"{view}_by_{dimension}",
            f"{DIMENSIONS[dimension]}: {VIEWS[view]}",
            (Dimension(dimension, DIMENSIONS[dimension]), Dimension("setting", "Setting")),
            tuple(numbers),
            scope=view,
        )
        for (view, dimension), numbers in sorted(found.items())
    }


def long_table(
    table_id: str,
    title: str,
    rows: list[dict[str, Any]],
    dimensions: dict[str, str],
    measures: dict[str, tuple[str, str]],
) -> TidyTable:
    """Return wide rows as a tidy table: the measures, given with their label and unit, become a dimension."""
    numbers = []
    for row in rows:
        keys = tuple(str(row[name]) for name in dimensions)
        for name, (label, unit) in measures.items():
            value = row[name]
            numbers.append(Row((*keys, label), unit, None if value is None else Decimal(value)))
    named = (*(Dimension(n, label) for n, label in dimensions.items()), Dimension("measure", "Measure"))
    return TidyTable(table_id, title, named, tuple(numbers), scope=table_id)


def counted_table(
    table_id: str, title: str, rows: list[dict[str, Any]], dimensions: dict[str, str], value: str, unit: str
) -> TidyTable:
    """Return rows with one number each as a tidy table."""
    numbers = tuple(
        Row(tuple(str(row[name]) for name in dimensions), unit, Decimal(row[value])) for row in rows
    )
    named = tuple(Dimension(n, label) for n, label in dimensions.items())
    return TidyTable(table_id, title, named, numbers, scope=table_id)
