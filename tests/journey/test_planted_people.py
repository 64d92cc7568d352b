"""The whole road over people whose every name, address and contact carries a mark: where does it come out?"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from planting import MARK, Planted, plant_sample
from walking import CLIENT, Walk, walk

from tests.unit.identity.planted import text_of

# What senders sent, who is who, and the warehouse, whose tables are looked at one by one below.
RESTRICTED = ("landing", "loaded", "identity", "warehouse")
# The return that hands people over by law: its file and the table the file is written from.
HANDED_OVER, HANDED_OVER_TABLE = "client_level_data.csv", "ret_cld__file"


@pytest.fixture(scope="module")
def planted_walk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Planted, Walk]:
    """The road walked over the marked copy of the sample."""
    folder = tmp_path_factory.mktemp("planted")
    planted = plant_sample(folder / "extracts")
    return planted, walk(folder / "lake", folder / "extracts")


def files_that_tell(planted: Planted, folder: Path) -> set[str]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix() for p in files if planted.found_in(text_of(p))}


def test_the_marked_people_went_the_whole_road(planted_walk):
    planted, walked = planted_walk
    assert walked.result.success and len(walked.packs) > 20
    assert len(planted.numbers) > 300 and len(planted.postcodes) > 200 and len(planted.births) > 300
    identity = walked.settings.lake / "identity" / CLIENT
    assert MARK in text_of(identity / "person_record.parquet")
    assert {"person.parquet", "person_record.parquet"} <= files_that_tell(planted, identity)


def test_no_file_outside_the_restricted_folders_names_anybody_but_the_return_that_must(planted_walk):
    planted, walked = planted_walk
    lake = walked.settings.lake
    found = {
        f"{area.name}/{name}"
        for area in lake.iterdir()
        if area.is_dir() and area.name not in RESTRICTED
        for name in files_that_tell(planted, area)
    }
    assert {Path(name).name for name in found} == {HANDED_OVER}
    assert [p for p in lake.iterdir() if p.is_file() and planted.found_in(text_of(p))] == []


def test_no_table_after_staging_names_anybody_but_the_one_behind_that_return(planted_walk):
    planted, walked = planted_walk
    warehouse = walked.settings.lake / "warehouse" / f"{CLIENT}.duckdb"
    found = set()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema not in ('raw', 'staging') order by all"
        ).fetchall()
        assert len(tables) > 100
        for schema, table in tables:
            held = connection.execute(f'select * from {schema}."{table}"')
            columns = [described[0] for described in held.description]
            for column, values in zip(columns, zip(*held.fetchall(), strict=True), strict=False):
                told = "\n".join(str(value) for value in values if value is not None)
                # Age needs the birth date: it goes as far as core.
                if planted.found_in(told, births=not (schema == "core" and "birth" in column)):
                    found.add(f"{table}.{column}")
    assert {name.split(".")[0] for name in found} == {HANDED_OVER_TABLE}


def test_nothing_the_run_said_and_no_event_of_dagster_names_anybody(planted_walk):
    planted, walked = planted_walk
    events = "\n".join(str(event) for event in walked.result.all_events)
    assert len(events) > 10_000
    assert planted.found_in("\n".join(walked.told)) == set()
    assert planted.found_in(events) == set()
