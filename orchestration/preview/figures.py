"""The measures DHSC will compute, before it does: now, last quarter, a year ago, and what moved them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from orchestration.conformance.building import build_official
from orchestration.conformance.findings import READ, council_warnings
from orchestration.conformance.kit import quarter_before
from orchestration.engine import open_engine
from orchestration.preview.movement import (
    CHANGE_COLUMNS,
    MOVEMENT_COLUMNS,
    UNCHANGED,
    find_data_changes,
    find_movement,
)
from orchestration.returns.calendar import twelve_months_to
from orchestration.returns.published import PublishedFigure, newest_for, read_published
from orchestration.returns.tables import write_csv
from orchestration.warehouse.cld_store import OfficialRun, StoreInputs

NOW, LAST_QUARTER, YEAR_AGO = "now", "last_quarter", "a_year_ago"
WHEN = (NOW, LAST_QUARTER, YEAR_AGO)
PREVIEW_COLUMNS = (
    *("return_id", "measure", "item_id", "council", "council_name", "breakdown"),
    *(f"{what}_{when}" for when in WHEN for what in ("numerator", "denominator", "outcome")),
    *("published_outcome", "published_period_end", "published_source", "published_on"),
    *("entered", "left", "changed", "moved_by_period_alone"),
)
_RETURNS = ("ascof", "waiting_times")
# Waiting times stand by quarter: the newest that ends in the year, the one before and the one a year before.
_ASKED = """
    create or replace temp table asked as
    select 'ascof' as return_id, unnest($names) as period_id, unnest($names) as period
    union all
    select 'waiting_times', period_id,
        case position when 1 then $names[1] when 2 then $names[2] when 5 then $names[3] end
    from (
        select distinct period_id, dense_rank() over (order by period_id desc) as position
        from returns.waiting_times__cell where period_id <= $period_end
    )
    where position in (1, 2, 5)
"""
_CELLS = """
    create or replace temp table own_cell as
    select c.return_id, c.measure, c.item_id, c.council, c.council_name, c.breakdown, c.cell_id, c.numerator,
        c.denominator, c.outcome::decimal(18, 4) as outcome, asked.period as period_id
    from (from returns.ascof__cell union all by name from returns.waiting_times__cell) as c
    join asked using (return_id, period_id)
    where list_contains($councils, c.council) and not ($without_hospital and c.item_id like '2d%')
"""
_MEMBERS = """
    create or replace temp view own_member as
    select cell_id, person_key, role, reason, evidence from returns.ascof__cell_member
    union all
    select cell_id, person_key, role, reason, evidence from returns.waiting_times__cell_member
"""
_COUNTS = """
    create or replace temp table counted as
    select item_id, breakdown, council, count(*) filter (movement = 'entered') as entered,
        count(*) filter (movement = 'left') as "left", count(*) filter (movement = 'changed') as changed,
        count(*) filter (cause = $unchanged) as moved_by_period_alone
    from moved left join cause using (person_key)
    group by all
"""


@dataclass
class Preview:
    """What a preview found: one row per measure and group, the files written, and what to know first."""

    rows: list[dict[str, object]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def three_periods(period_end: date) -> list[tuple[str, date, date]]:
    """Return the rolling year that ends on a day, the one a quarter earlier and the one a year earlier."""
    quarters = [twelve_months_to(period_end)]
    for _ in range(4):
        quarters.append(quarter_before(*quarters[-1]))
    return [(NOW, *quarters[0]), (LAST_QUARTER, *quarters[1]), (YEAR_AGO, *quarters[4])]


def preview_run(method_id: str, period_end: date, as_at: date) -> OfficialRun:
    """Return the official computation behind a preview, with hospital measures one quarter behind."""
    periods = three_periods(period_end)
    _, start, end = periods[0]
    return OfficialRun(
        method_id=method_id,
        history_start=date(start.year - 3, start.month, 1),
        period_start=start,
        period_end=end,
        as_at=as_at,
        periods=periods,
        hospital_periods=[(name, *quarter_before(first, last)) for name, first, last in periods],
        population_year=str(start.year),
    )


def preview(
    run: OfficialRun, inputs: StoreInputs, councils: Sequence[str], out: Path, published: Path
) -> Preview:
    """Write preview.csv, movement.csv and data_changes.csv for some councils, and return what they say.

    The last two name people by official and by local id; their owner alone can read them.
    """
    figures = read_published(published)
    out.mkdir(parents=True, exist_ok=True)
    select = ["+path:returns/ascof", "+path:returns/waiting_times", *(f"+{model}" for model in READ)]
    with tempfile.TemporaryDirectory(prefix=".previewing-", dir=out) as folder:
        file, prepared = build_official(Path(folder), run, inputs, select)
        warnings = [*prepared.warnings, *prepared.missing.values()]
        with open_engine(file) as connection:
            warnings += council_warnings(connection)
            _find(connection, run, councils, without_hospital="hospital" in prepared.missing)
            rows = _rows(connection, figures)
            made = Path(folder) / "made"
            made.mkdir()
            files = _write(made, rows, connection)
            for name in files:
                (made / name).replace(out / name)
    return Preview(rows, files, warnings)


def _find(
    connection: duckdb.DuckDBPyConnection,
    run: OfficialRun,
    councils: Sequence[str],
    *,
    without_hospital: bool,
) -> None:
    """Leave the cells asked for, who moved between now and last quarter, and what the data say otherwise."""
    connection.execute(_ASKED, {"names": list(WHEN), "period_end": run.period_end.isoformat()})
    connection.execute(_CELLS, {"councils": list(councils), "without_hospital": without_hospital})
    connection.execute(_MEMBERS)
    find_movement(connection, "own_cell", "own_member", NOW, LAST_QUARTER)
    find_data_changes(connection, councils)
    connection.execute(_COUNTS, {"unchanged": UNCHANGED})


def _rows(connection: duckdb.DuckDBPyConnection, figures: list[PublishedFigure]) -> list[dict[str, object]]:
    values = ", ".join(
        f"max({what}) filter (period_id = '{when}') as {what}_{when}"
        for when in WHEN
        for what in ("numerator", "denominator", "outcome")
    )
    keys = "return_id, measure, item_id, council, council_name, breakdown"
    found = connection.execute(
        f"""
        select {keys}, {values}, coalesce(any_value(entered), 0) as entered,
            coalesce(any_value("left"), 0) as "left", coalesce(any_value(changed), 0) as changed,
            coalesce(any_value(moved_by_period_alone), 0) as moved_by_period_alone
        from own_cell left join counted using (item_id, breakdown, council)
        group by {keys} order by {keys}
        """
    ).pl()
    return [row | _beside(row, figures) for row in found.iter_rows(named=True)]


def _beside(row: dict[str, object], figures: list[PublishedFigure]) -> dict[str, object]:
    own = newest_for(figures, str(row["item_id"]), str(row["breakdown"]), str(row["council"]))
    return {
        "published_outcome": own.outcome if own else None,
        "published_period_end": own.period_end if own else None,
        "published_source": own.source if own else None,
        "published_on": own.published_on if own else None,
    }


def _write(folder: Path, rows: list[dict[str, object]], connection: duckdb.DuckDBPyConnection) -> list[str]:
    write_csv(folder / "preview.csv", PREVIEW_COLUMNS, ([row[c] for c in PREVIEW_COLUMNS] for row in rows))
    connection.execute(
        "create or replace temp view told as select moved.*, local_person_id,"
        " coalesce(cause, 'no event in the last two submissions') as cause"
        " from moved left join cause using (person_key)"
    )
    for name, columns, source in (
        ("movement.csv", MOVEMENT_COLUMNS, "told"),
        ("data_changes.csv", CHANGE_COLUMNS, "data_change"),
    ):
        quoted = ", ".join(f'"{c}"' for c in columns)
        people = connection.execute(f"select {quoted} from {source} order by all").fetchall()
        write_csv(folder / name, columns, people, restricted=True)
    return ["preview.csv", "movement.csv", "data_changes.csv"]
