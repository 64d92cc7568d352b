"""What rules and receipts find in a built warehouse: the five outcomes, each from a planted fault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.quality.verdicts import (
    Judgement,
    NotJudged,
    Verdict,
    judge,
    outcome_of,
    read_judgement,
    read_verdicts,
    store_judgement,
)
from tests.unit.returns.warehouses import ELM, meals_warehouse

HOT = "meals.hot_within_all"
MENU = "meals.menu_named"


def judged(tmp_path: Path, *changes: str) -> Judgement:
    return judge(meals_warehouse(tmp_path / "w.duckdb", changes), with_figures=False)


def of_rule(judgement: Judgement, rule_id: str) -> dict[str | None, Verdict]:
    return {v.submitter_id: v for v in judgement.verdicts if v.rule_id == rule_id}


def failing(rule_id: str, submitter: str, record: str, model: str = "eaterless") -> str:
    row = f"('{rule_id}', {submitter}, '{record}', 'meal', 'x', 'y')"
    return f"insert into returns.chk_meals__{model} values {row}"


def rule_set(rule_id: str, change: str) -> str:
    return f"update raw.return_rule set {change} where rule_id = '{rule_id}'"


@pytest.mark.parametrize(
    ("severity", "checked", "failing_rows", "outcome"),
    [
        ("error", 10, 0, "passed"),
        ("error", 10, 1, "failed"),
        ("warning", 10, 1, "passed_with_rows"),
        ("information", 10, 1, "passed_with_rows"),
        ("error", 0, 0, "not_applicable"),
        ("error", 0, 1, "failed"),
    ],
)
def test_severity_and_counts_make_the_outcome(
    severity: str, checked: int, failing_rows: int, outcome: str
) -> None:
    assert outcome_of(severity, checked, failing_rows) == outcome


def test_a_rule_without_failing_rows_passes_where_there_was_something_to_judge(tmp_path: Path) -> None:
    found = of_rule(judged(tmp_path), HOT)
    assert {s: (v.outcome, v.checked, v.failing) for s, v in found.items()} == {
        "L1": ("passed", 4, 0),
        "L2": ("not_applicable", 0, 0),
    }


def test_failing_rows_fail_an_error_and_are_kept(tmp_path: Path) -> None:
    judgement = judged(tmp_path, failing(HOT, "'L1'", "s:meal:1"), failing(HOT, "'L1'", "s:meal:2"))
    found = of_rule(judgement, HOT)
    assert (found["L1"].outcome, found["L1"].failing) == ("failed", 2)
    assert found["L1"].first_keys == ("s:meal:1", "s:meal:2")
    assert found["L2"].outcome == "not_applicable"
    kept = judgement.failing_rows.filter(judgement.failing_rows["rule_id"] == HOT)
    assert kept["record_key"].to_list() == ["s:meal:1", "s:meal:2"]


def test_failing_rows_of_a_warning_pass_with_rows(tmp_path: Path) -> None:
    found = of_rule(judged(tmp_path, failing(MENU, "'L1'", "s:menu:1", "menu")), MENU)
    assert (found["L1"].outcome, found["L1"].failing) == ("passed_with_rows", 1)


def test_a_record_that_fails_in_two_fields_counts_once(tmp_path: Path) -> None:
    judgement = judged(tmp_path, *[failing(HOT, "'L1'", "s:meal:1")] * 2)
    assert of_rule(judgement, HOT)["L1"].failing == 1


def test_a_failing_row_of_no_submitter_stands_for_the_whole_return(tmp_path: Path) -> None:
    found = of_rule(judged(tmp_path, failing(HOT, "null", "s:meal:9")), HOT)
    assert (found[None].outcome, found[None].checked, found[None].failing) == ("failed", 4, 1)
    assert found["L1"].outcome == "passed"


def test_a_failing_row_of_an_unknown_organisation_is_told(tmp_path: Path) -> None:
    assert of_rule(judged(tmp_path, failing(HOT, "'L9'", "s:meal:9")), HOT)["L9"].outcome == "failed"


def test_a_rule_of_the_whole_return_has_one_verdict(tmp_path: Path) -> None:
    change = rule_set(HOT, "scope = 'return'")
    found = of_rule(judged(tmp_path, failing(HOT, "'L1'", "s:meal:1"), change), HOT)
    assert {s: (v.outcome, v.checked, v.failing) for s, v in found.items()} == {None: ("failed", 4, 1)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["drop table returns.chk_meals__eaterless"], "chk_meals__eaterless is not in the warehouse"),
        (["alter table returns.chk_meals__eaterless drop column record_key"], "no column record_key"),
        (
            [
                "drop view returns.mbr_meals__dish",
                "drop table returns.mbr_meals__eaters",
                "create view returns.mbr_meals__eaters as "
                "select cast(dish as integer) as submitter_id from returns.ret_meals__file",
            ],
            "mbr_meals__eaters breaks with",
        ),
    ],
)
def test_a_rule_that_cannot_be_judged_is_an_error_never_passed(
    tmp_path: Path, changes: list[str], said: str
) -> None:
    found = of_rule(judged(tmp_path, *changes), HOT)
    assert {v.outcome for v in found.values()} == {"error"}
    assert said in found[None].message


def test_an_error_never_quotes_the_value_that_broke_it(tmp_path: Path) -> None:
    judgement = judged(
        tmp_path,
        "drop table returns.chk_meals__eaterless",
        "create view returns.chk_meals__eaterless as select 'meals.hot_within_all' as rule_id, "
        "submitter_id, record_key, dish::integer as field, '' as value_seen, '' as evidence "
        "from returns.ret_meals__file",
    )
    message = of_rule(judgement, HOT)[None].message
    assert "breaks with ConversionException" in message
    assert "Soup" not in message and "-2+3" not in message


def test_failing_rows_of_a_rule_nobody_wrote_down_are_an_error(tmp_path: Path) -> None:
    judgement = judged(tmp_path, failing("meals.mistyped", "'L1'", "s:meal:1"))
    assert of_rule(judgement, "meals.mistyped")[None].outcome == "error"


def test_a_check_model_nobody_names_is_an_error_once_it_has_rows(tmp_path: Path) -> None:
    forgotten = f"delete from raw.return_rule where rule_id = '{MENU}'"
    quiet = judged(tmp_path / "quiet", forgotten)
    loud = judged(tmp_path / "loud", forgotten, failing(MENU, "'L1'", "s:menu:1", "menu"))
    assert of_rule(quiet, MENU) == {}
    assert of_rule(loud, MENU)[None].outcome == "error"


def test_a_rule_out_of_force_is_not_judged(tmp_path: Path) -> None:
    ended = rule_set(HOT, "valid_to = '2026-10-10'")
    judgement = judged(tmp_path, failing(HOT, "'L1'", "s:meal:1"), ended)
    assert of_rule(judgement, HOT) == {}
    assert of_rule(judgement, MENU)["L1"].outcome == "passed"


def test_receipts_that_add_up_pass_and_quarantined_rows_are_told(tmp_path: Path) -> None:
    judgement = judged(tmp_path)
    reconciled = of_rule(judgement, "contract.received_is_loaded_plus_quarantined")[None]
    assert (reconciled.source, reconciled.outcome, reconciled.checked) == ("reconciliation", "passed", 2)
    quarantined = of_rule(judgement, "contract.rows_quarantined")[None]
    assert (quarantined.outcome, quarantined.checked, quarantined.failing) == ("passed_with_rows", 7, 1)


def test_a_row_lost_between_receipt_and_loading_fails(tmp_path: Path) -> None:
    judgement = judged(tmp_path, "update raw.extract_receipt set quarantined = 0")
    lost = of_rule(judgement, "contract.received_is_loaded_plus_quarantined")[None]
    assert (lost.outcome, lost.failing, lost.first_keys) == (
        "failed",
        1,
        (f"elm:{ELM}:service.csv",),
    )


@pytest.mark.parametrize(
    "change",
    [
        "delete from raw.service where record_uid = '0'",
        "insert into raw.service values ('7', 'aaaaaaaaaaaaaaaa')",
    ],
)
def test_rows_missing_from_the_warehouse_or_of_no_receipt_fail(tmp_path: Path, change: str) -> None:
    found = of_rule(judged(tmp_path, change), "contract.loaded_rows_reach_the_warehouse")[None]
    assert found.outcome == "failed"


def test_loaded_rows_that_cannot_be_counted_are_an_error(tmp_path: Path) -> None:
    found = of_rule(judged(tmp_path, "drop table raw.service"), "contract.loaded_rows_reach_the_warehouse")
    assert found[None].outcome == "error"


def test_the_judgement_is_stored_whole_and_can_be_stored_again(tmp_path: Path) -> None:
    file = meals_warehouse(tmp_path / "w.duckdb", [failing(HOT, "'L1'", "s:meal:1")])
    judgement = judge(file, with_figures=False)
    for _ in range(2):
        store_judgement(file, judgement)
    with duckdb.connect(str(file), read_only=True) as connection:
        stored = connection.execute("select * from quality.verdict").pl()
        rows = connection.execute(
            "select rule_id, record_key from quality.failing_row order by all"
        ).fetchall()
    assert stored.drop("first_keys").equals(judgement.verdict_table)
    assert (HOT, "s:meal:1") in rows
    again = read_judgement(file)
    assert again.verdicts == judgement.verdicts
    assert again.failing_rows.equals(judgement.failing_rows)


def test_of_one_return_all_verdicts_are_read_and_its_failing_rows_alone(tmp_path: Path) -> None:
    file = meals_warehouse(tmp_path / "w.duckdb", [failing(HOT, "'L1'", "s:meal:1")])
    judgement = judge(file, with_figures=False)
    others = judgement.failing_rows.with_columns(return_id=pl.lit("another"))
    store_judgement(file, replace(judgement, failing_rows=pl.concat([judgement.failing_rows, others])))
    assert read_verdicts(file) == judgement.verdicts
    assert read_judgement(file, "meals").failing_rows.equals(judgement.failing_rows)
    assert read_judgement(file).failing_rows.height == 2 * judgement.failing_rows.height > 0


def test_a_warehouse_that_was_not_judged_decides_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotJudged, match="not judged"):
        read_judgement(meals_warehouse(tmp_path / "w.duckdb"))


def test_the_same_warehouse_is_judged_the_same_twice(tmp_path: Path) -> None:
    changes = [failing(HOT, "'L1'", f"s:meal:{n}") for n in (3, 1, 2)]
    one, two = judged(tmp_path / "one", *changes), judged(tmp_path / "two", *reversed(changes))
    assert one.verdicts == two.verdicts
    assert one.failing_rows.equals(two.failing_rows)
