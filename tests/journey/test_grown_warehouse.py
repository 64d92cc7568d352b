"""A warehouse built on the one before it holds, in every table, what one built from nothing holds."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from correcting import forgotten_member_of_staff
from walking import CLIENT, PERIOD, Walk

from orchestration import road
from orchestration.engine import CONTENT, open_engine
from orchestration.extracts.offered import extracts_in
from orchestration.settings import Settings
from orchestration.warehouse import earlier_build
from orchestration.warehouse.plan import current_plan


@pytest.fixture
def settings(sample: Walk, tmp_path: Path) -> Settings:
    """The lake of the sample, and its extracts, free to be changed."""
    shutil.copytree(sample.settings.lake, tmp_path / "lake", ignore=shutil.ignore_patterns("site", "packs"))
    extracts = Path(shutil.copytree(sample.settings.extracts, tmp_path / "extracts"))
    return replace(sample.settings, lake=tmp_path / "lake", extracts=extracts)


def tables(file: Path) -> dict[str, object]:
    """What every relation of a warehouse holds, by its name."""
    with open_engine(file, read_only=True) as connection:
        names = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_schema <> 'raw' "
            "order by all"
        ).fetchall()
        return {
            f"{schema}.{name}": connection.execute(
                f'select {CONTENT} from "{schema}"."{name}" as held'
            ).fetchone()
            for schema, name in names
        }


def test_a_correction_makes_what_a_build_from_nothing_makes(settings: Settings) -> None:
    forgotten_member_of_staff(settings.extracts / "oakfield_care", "1-900000003", "2026-09-01")
    run = road.run_for(settings, settings.client(CLIENT), PERIOD, None, extracts_in(settings.extracts))
    before = tables(run.warehouse_file)
    road.land_extracts(run)
    road.load_landed(run)
    road.link_people(run)
    road.build_warehouse(run)
    grown = tables(run.warehouse_file)
    earlier_build.record_of(run.warehouse_file).unlink()
    road.build_warehouse(run)
    anew = tables(run.warehouse_file)
    assert grown == anew
    changed = {name for name in anew if anew[name] != before[name]}
    assert "core.core__staff_member" in changed
    assert len(changed) < len(anew) / 2


def test_a_first_run_says_nothing_of_an_earlier_one(sample: Walk) -> None:
    (line,) = [told for told in sample.told if told.startswith("Warehouse: ")]
    assert line == f"Warehouse: {len(current_plan())} models and tests"
