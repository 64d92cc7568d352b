"""A model made by sender is made anew for the senders who sent something else, and for nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from orchestration.warehouse import earlier_build
from orchestration.warehouse.build import building
from orchestration.warehouse.earlier_build import restricted
from orchestration.warehouse.plan import Step, run_plan

# Extracts by the sender they are of, and the dishes in each.
Extracts = Mapping[tuple[str, str], tuple[str, ...]]
TWO_HOMES: Extracts = {("elm", "e1"): ("soup", "pie"), ("oak", "o1"): ("stew",)}
# What is drawn by lot shows which rows were made anew.
DISHES = Step(
    unique_id="dishes",
    kind="table",
    schema="core",
    name="dishes",
    sql='select _sender_id as sender_id, count(*) as dishes, random() as lot from raw."meal" as m\n'
    "where exists (select 1 from raw.season) group by _sender_id",
    only_warns=False,
    raw_tables=frozenset({"meal", "season"}),
    by_sender=True,
)


def build(
    folder: Path, extracts: Extracts, step: Step = DISHES, season: str = "autumn", no_receipt: str = ""
) -> dict[str, float]:
    """Build a warehouse of meals and return the lot of each sender; dishes must be counted right."""
    target = folder / "northshire.duckdb"
    with building(target) as file:
        with duckdb.connect(str(file)) as connection:
            files = []
            for (sender, extract), dishes in extracts.items():
                file_of = folder / "loaded" / extract / "meal.parquet"
                file_of.parent.mkdir(parents=True, exist_ok=True)
                files.append(file_of)
                if not file_of.exists():
                    connection.execute(
                        "copy (select $sender as _sender_id, unnest($dishes) as dish) to '"
                        + str(file_of)
                        + "'",
                        {"sender": sender, "dishes": list(dishes)},
                    )
            connection.execute("create schema raw")
            connection.execute(
                f"create view raw.meal as select * from read_parquet({[f'{f}' for f in files]})"
            )
            connection.execute(f"create table raw.season as select '{season}' as season")
            connection.execute("create table raw.extract_receipt (extract_id varchar, sender_id varchar)")
            connection.executemany(
                "insert into raw.extract_receipt values (?, ?)",
                [(e, sender) for sender, e in extracts if e != no_receipt],
            )
            earlier_build.note_inputs(connection, file, {"meal": files})
        list(run_plan((step,), file, "1GB", 1))
    earlier_build.seal(target)
    with duckdb.connect(str(target), read_only=True) as connection:
        rows = connection.execute("select sender_id, dishes, lot from core.dishes").fetchall()
    sent: dict[str, int] = {}
    for (sender, _), dishes in extracts.items():
        sent[sender] = sent.get(sender, 0) + len(dishes)
    assert {sender: counted for sender, counted, _ in rows} == sent
    return {sender: lot for sender, _, lot in rows}


def made_anew(before: Mapping[str, float], now: Mapping[str, float]) -> set[str]:
    return {sender for sender, lot in now.items() if before.get(sender) != lot}


@pytest.mark.parametrize(
    ("extracts", "anew"),
    [
        pytest.param({**TWO_HOMES, ("oak", "o2"): ("tea",)}, {"oak"}, id="one more extract"),
        pytest.param({("elm", "e1"): ("soup", "pie"), ("oak", "o2"): ("tea",)}, {"oak"}, id="another"),
        pytest.param({**TWO_HOMES, ("ash", "a1"): ("tea",)}, {"ash"}, id="a new sender"),
        pytest.param({("elm", "e1"): ("soup", "pie")}, set(), id="a sender whose extract was taken back"),
    ],
)
def test_only_the_senders_with_other_files_are_made_anew(
    tmp_path: Path, extracts: Extracts, anew: set[str]
) -> None:
    before = build(tmp_path, TWO_HOMES)
    assert made_anew(before, build(tmp_path, extracts)) == anew


def test_where_anything_else_it_reads_is_another_all_of_it_is_made(tmp_path: Path) -> None:
    before = build(tmp_path, TWO_HOMES)
    more = {**TWO_HOMES, ("oak", "o2"): ("tea",)}
    assert made_anew(before, build(tmp_path, more, season="winter")) == {"elm", "oak"}


def test_another_statement_is_made_for_all(tmp_path: Path) -> None:
    before = build(tmp_path, TWO_HOMES)
    other = replace(DISHES, sql=f"{DISHES.sql} having count(*) > 0")
    assert made_anew(before, build(tmp_path, TWO_HOMES, other)) == {"elm", "oak"}


def test_a_model_that_is_not_marked_is_made_whole(tmp_path: Path) -> None:
    plain = replace(DISHES, by_sender=False)
    before = build(tmp_path, TWO_HOMES, plain)
    more = {**TWO_HOMES, ("oak", "o2"): ("tea",)}
    assert made_anew(before, build(tmp_path, more, plain)) == {"elm", "oak"}


def test_senders_with_quotes_in_their_names_stay_text(tmp_path: Path) -> None:
    before = build(tmp_path, TWO_HOMES)
    assert made_anew(before, build(tmp_path, {**TWO_HOMES, ("o'ak", "q1"): ("tea",)})) == {"o'ak"}


@pytest.mark.parametrize(
    "written", ["raw.visit", 'raw."visit"', '"raw"."visit"', '"any_client"."raw"."visit"']
)
def test_however_a_table_is_written_its_rows_are_restricted(written: str) -> None:
    sql = f"select * from {written} as own join raw.visit_plan using (id)"
    held = """(select * from "raw"."visit" where _sender_id in ('elm'))"""
    assert (
        restricted(sql, ["visit"], "'elm'") == f"select * from {held} as own join raw.visit_plan using (id)"
    )


def test_where_a_file_is_of_nobody_knows_whom_all_is_made(tmp_path: Path) -> None:
    unknown = {**TWO_HOMES, ("oak", "o2"): ("tea",)}
    before = build(tmp_path, unknown, no_receipt="o2")
    assert made_anew(before, build(tmp_path, {**unknown, ("elm", "e2"): ("tea",)}, no_receipt="o2")) == {
        "elm",
        "oak",
    }
