"""Our figures equal the official ones, cell by cell, for both methods."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.conformance.conform import build, official_run
from orchestration.warehouse.cld_store import StoreInputs
from tests.conformance.run_kit import EXPECTED, KIT, compare_kit

# The denominator of 2B and 2C is a population; 2D part 2 counts reablement over discharges.
COUNTED_OTHERWISE = """
    with counted as (
        select cell_id,
            count(distinct (person_key, event_key)) filter (role = 'numerator') as numerator,
            count(distinct (person_key, event_key)) filter (role <> 'excluded') as everybody,
            count(distinct event_key) filter (role = 'denominator') as discharges
        from read_parquet($2) group by cell_id
    )
    select f.cell_id, f.numerator, f.denominator, c.numerator, c.everybody
    from read_csv($1) f left join counted c using (cell_id)
    where coalesce(f.numerator::bigint, 0) <> coalesce(c.numerator, 0)
        or (f.item_id not in ('2b', '2c') and coalesce(f.denominator, 0)
            <> coalesce(case f.item_id when '2d_part2' then c.discharges else c.everybody end, 0))
"""


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    return compare_kit(tmp_path_factory.mktemp("conform"))


@pytest.mark.parametrize("section", sorted(EXPECTED))
def test_every_cell_equals_the_official_figure(compared, section: str) -> None:
    wrong = {t.name: (t.different, t.note) for t in compared[section] if t.different}
    assert not wrong
    assert sum(t.cells for t in compared[section]) > 900_000


def test_every_official_table_of_the_kit_is_compared(compared) -> None:
    for section, folder in EXPECTED.items():
        assert {t.name for t in compared[section]} == {Path(p).stem for p in folder.iterdir()}


@pytest.mark.parametrize("return_id", ["ascof", "waiting_times"])
def test_the_people_of_every_cell_of_the_kit_count_to_its_figures(tmp_path: Path, return_id: str) -> None:
    run = official_run("dhsc-2026-09", "2024-01-01", "2025-04-01", "2026-03-31", "2026-05-05")
    kit = StoreInputs(
        KIT / "cld_raw.parquet", KIT / "lookups", KIT / "sus.parquet", KIT / "ons_deaths.parquet"
    )
    outcome = build(return_id, run, kit, tmp_path)
    judged = duckdb.execute(
        "select distinct rule_id, outcome from read_csv(?)", [f"{tmp_path}/data_quality.csv"]
    )
    by_rule = dict(judged.fetchall())
    assert {r for r, o in by_rule.items() if o in ("failed", "error")} == set()
    # Two files of the kit are halved on purpose; whoever reads the figures is told.
    assert any("movement" in line for line in outcome.findings)
    wrong = duckdb.execute(COUNTED_OTHERWISE, [f"{tmp_path}/figures.csv", f"{tmp_path}/membership.parquet"])
    assert wrong.fetchall() == []
