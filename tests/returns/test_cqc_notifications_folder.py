"""The CQC notifications folder agrees with itself, and nothing leaves the work list by itself."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.extracts.profile import load_profile, read_rows
from tests.returns.example_warehouse import RETURNS, built, dbt, prepare_example, query

FOLDER = RETURNS / "cqc_notifications"
EXAMPLE = FOLDER / "examples" / "day_of_the_list"
CELLS = read_rows(FOLDER / "cells.csv")
CODES = read_rows(FOLDER / "codes.csv")


def rows(sql: str) -> list[dict[str, Any]]:
    return query(built(EXAMPLE), sql)


def codes_of(code_set: str) -> list[str]:
    return [row["code"] for row in CODES if row["code_set"] == code_set]


def test_every_item_and_every_rule_is_explained_in_the_method() -> None:
    method = (FOLDER / "method.md").read_text(encoding="utf-8")
    names = {row["cell_id"]: (f"`{row['cell_id']}`", f"`{row['item_id']}`") for row in CELLS}
    assert [cell for cell, spoken in names.items() if not any(name in method for name in spoken)] == []
    assert [r["rule_id"] for r in read_rows(FOLDER / "rules.csv") if f"`{r['rule_id']}`" not in method] == []


def test_each_rule_has_a_planted_fault_and_rows_it_judged() -> None:
    planted = {row["rule_id"] for row in read_rows(EXAMPLE / "expected" / "failing_rows.csv")}
    rules = read_rows(FOLDER / "rules.csv")
    assert {rule["rule_id"] for rule in rules} == planted
    places = {
        row["table_name"]: row["table_schema"]
        for row in rows("select table_schema, table_name from information_schema.tables")
    }
    for rule in rules:
        judged = rows(f"select count(*) as judged from {places[rule['population']]}.{rule['population']}")
        assert judged[0]["judged"] > 0, rule["rule_id"]


def test_no_rule_can_stop_the_list() -> None:
    assert {rule["severity"] for rule in read_rows(FOLDER / "rules.csv")} <= {"warning", "information"}


def test_there_are_the_thirteen_age_ranges_of_the_form() -> None:
    assert len(codes_of("age_range")) == 13
    lower = [int(row["from_code"]) for row in CODES if row["code_set"] == "age_range"]
    assert lower == sorted(lower) and lower[0] == 0
    assert [int(re.findall(r"\d+", code)[0]) for code in codes_of("age_range")[1:]] == lower[1:]


@pytest.mark.parametrize(
    ("record", "age_range"),
    [("service:s-flo", "55-64"), ("service:s-ada", "85+"), ("incident:i-kit", "16-17")],
)
def test_an_age_range_is_of_the_day_of_the_event(record: str, age_range: str) -> None:
    found = rows(
        "select person.age_range from returns.cqc_notifications__form_person as person "
        f"join returns.cqc_notifications__listing using (event_code) where record_key like '%:{record}'"
    )
    assert [row["age_range"] for row in found] == [age_range]


def test_every_type_and_decision_has_its_code_in_the_extract_profile() -> None:
    lists = load_profile().code_lists
    assert codes_of("notification_type") == codes_of("regulation")
    assert set(codes_of("notification_type")) == set(lists["ours_notification_type"].codes)
    states = {row["state"] for row in rows("select distinct state from returns.cqc_notifications__listing")}
    assert states - {"open", "excluded"} <= set(lists["ours_notification_decision"].codes)


def test_every_set_of_codes_that_names_a_kind_has_its_words() -> None:
    sets = {
        row["code_set"] for row in CODES if re.match(r"(serious_injury|abuse)\.|absence", row["code_set"])
    }
    assert sets <= set(codes_of("kind"))


def test_every_event_found_is_open_or_somebody_said_why_not() -> None:
    closed = rows(
        "select listing.event_code from returns.cqc_notifications__listing as listing "
        "left join returns.cqc_notifications__decided as decided using (event_code) "
        "where listing.state not in ('open', 'excluded') and decided.event_code is null"
    )
    assert closed == []
    listed = {
        row["event_code"] for row in rows("select event_code from returns.ret_cqc_notifications__work_list")
    }
    decided = {
        row["event_code"] for row in rows("select event_code from returns.ret_cqc_notifications__decided")
    }
    found = rows("select event_code from returns.cqc_notifications__listing where state <> 'excluded'")
    assert listed | decided == {row["event_code"] for row in found}
    assert not listed & decided and listed and decided


def test_a_decision_stands_when_the_records_are_sent_again_without_it(tmp_path: Path) -> None:
    file = prepare_example(EXAMPLE, tmp_path)
    with duckdb.connect(str(file)) as connection:
        for name in (
            "service",
            "incident",
            "safeguarding_concern",
            "problem",
            "deprivation_of_liberty_safeguards",
        ):
            again = "version_number + 1 as version_number, _as_at + interval 1 day as _as_at"
            connection.execute(f"create table raw.kept as from raw.{name}")
            connection.execute(f"insert into raw.kept select * replace ({again}) from raw.kept")
            connection.execute(f"drop view raw.{name}")
            connection.execute(f"alter table raw.kept rename to {name}")
    dbt(file, "run", "--select", "+ret_cqc_notifications__decided")
    decided = "select event_code, decision from returns.ret_cqc_notifications__decided order by all"
    before = query(built(EXAMPLE), decided)
    assert before and query(file, decided) == before


def test_no_death_that_another_return_counts_is_missing() -> None:
    counted = rows("select person_key, location_id from aggregates.agg__death where was_supported")
    listed = rows(
        "select person_key, submitter_id from returns.cqc_notifications__listing "
        "where what = 'death' and state <> 'excluded'"
    )
    assert {tuple(row.values()) for row in counted} <= {tuple(row.values()) for row in listed}
    assert len(counted) >= 3


def test_forms_hold_codes_and_never_a_key_number_or_birth_date_of_a_person() -> None:
    told = rows("select * from returns.ret_cqc_notifications__form")
    people = {row["person_key"] for row in read_rows(EXAMPLE / "person.csv")}
    born = {row["birth_date"] for row in read_rows(EXAMPLE / "person.csv")}
    content = " ".join(str(row["content"]) for row in told)
    assert not people & set(re.findall(r"[a-z]+", content))
    assert not any(day in content for day in born)
    uids = [row["content"] for row in told if row["cell_id"] == "death.uid"]
    assert uids and all(re.fullmatch(r"[0-9A-F]{16}", uid) for uid in uids)


def test_a_person_has_one_code_here_and_another_elsewhere() -> None:
    pairs = rows(
        "select distinct person_key, person_code from returns.cqc_notifications__listing "
        "where person_key is not null"
    )
    assert len({p["person_key"] for p in pairs}) == len({p["person_code"] for p in pairs}) == len(pairs)
    elsewhere = rows(
        "select upper(substring(sha256('another_return:' || person_key), 1, 16)) as code "
        "from core.core__person"
    )
    assert not {row["code"] for row in elsewhere} & {p["person_code"] for p in pairs}


def form_content(record: str, cell_id: str) -> list[str]:
    return [
        row["content"]
        for row in rows(
            "select content from returns.cqc_notifications__form_field "
            f"where record_key like '%:{record}' and cell_id = '{cell_id}'"
        )
    ]


def test_a_form_says_what_records_say_of_the_day_and_no_more() -> None:
    assert form_content("incident:i-jo", "serious_injury.risk_prompts") == [
        "risks recorded and in force that day: 2, the newest from 2026-02-01; care plan of 2026-05-01"
    ]
    assert form_content("incident:i-jo", "serious_injury.kind") == ["fracture (which bones)"]
    assert form_content("service:s-ada", "death.began") == ["2024-03-01"]
    assert form_content("service:s-ada", "death.eol") == [
        "an advance statement or decision of 2026-06-01 is on record"
    ]
    assert form_content("service:s-dev", "death.eol") == [None]
    assert form_content("service:s-ada", "death.cause") == [None]
    outcome = form_content("deprivation_of_liberty_safeguards:l-gus", "dols_outcome.rest")[0]
    assert outcome.endswith("; applied on 2026-08-01; outcome granted; from 2026-10-01; to 2027-09-30")


def test_the_layout_hands_over_every_column_of_the_list() -> None:
    layout = tomllib.loads((FOLDER / "layout" / "layout.toml").read_text(encoding="utf-8"))
    for file in layout["file"]:
        columns = [
            row["column_name"]
            for row in rows(
                f"select column_name from information_schema.columns where table_name = '{file['model']}'"
            )
        ]
        assert {c["column"] for c in file["column"]} <= set(columns) - {"submitter_id"}
        assert file["restricted"] is True
