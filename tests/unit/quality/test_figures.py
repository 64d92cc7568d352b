"""Every expectation under expectations/ passes on sound figures and catches the fault it is there for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.quality import figure_frames
from orchestration.quality.figures import EXPECTATIONS, judge_figures
from orchestration.quality.suites import suites_in
from orchestration.quality.verdicts import Judgement, judgement_of
from orchestration.returns.definitions import return_folders
from tests.unit.returns.warehouses import meals_warehouse

# One cell per fault: the rule that must catch it, the cell's unit, and the figure of L1 as
# numerator, denominator, value, value_text, outcome, reason. L2 gives a sound zero everywhere.
FIGURE_FAULTS = {
    "c01": ("figures.outcome_present", "people", "1, null, 1, null, null, null"),
    "c02": ("figures.outcome_known", "people", "1, null, 1, null, 'guessed', null"),
    "c03": ("figures.reason_when_not_fillable", "people", "null, null, null, null, 'not_fillable', '  '"),
    "c04": ("figures.answer_when_filled", "people", "1, null, null, null, 'filled', null"),
    "c05": ("figures.no_answer_when_empty", "people", "null, null, 3, null, 'not_applicable', 'r'"),
    "c06": ("figures.zero_is_zero", "people", "1, null, 1, null, 'zero', null"),
    "c07": ("figures.value_not_negative", "people", "1, null, -1, null, 'filled', null"),
    "c08": ("figures.numerator_not_negative", "people", "-1, null, 1, null, 'filled', null"),
    "c09": ("figures.denominator_not_negative", "people", "null, -1, 1, null, 'filled', null"),
    "c10": ("figures.numerator_within_denominator", "people", "3, 2, 1, null, 'filled', null"),
    "c11": ("figures.percent_at_most_100", "percent", "null, null, 101, null, 'filled', null"),
    "c12": ("figures.share_at_most_1", "share", "null, null, 1.5, null, 'filled', null"),
}
ADDITIVITY_FAULTS = {
    "capacity_tracker.funded_within_service_users": {"service_users": 5, "users_nhs_la": 3, "users_self": 3},
    "capacity_tracker.absent_within_employed": {
        "staff.cqccareworkersemployed": 2,
        "staff.cqccareworkersabsent": 3,
    },
    "capacity_tracker.flu_within_residents": {"occupied": 2, "residents_flu": 3},
    "capacity_tracker.covid_within_residents": {"occupied": 2, "residents_covid": 3},
    "asc_wds.workers_named_before_described": {"staff.UNIQUEWORKERID": 0.5, "staff.MAINJOBROLE": 0.75},
    "asc_wds.trainings_of_workers": {"training.UNIQUEWORKERID": 0.5, "training.CATEGORY": 0.75},
    "asc_wds.workers_have_a_workplace": {"staff.LOCALESTID": 0.5},
    "asc_wds.trainings_have_a_workplace": {"training.LOCALESTID": 0.5},
    "cqc_notifications.nothing_lost": {"list.found": 4, "list.sent": 1, "list.not_notifiable": 1},
    "cqc_notifications.types_add_up": {"list.open": 1, "type.death": 2},
    "cqc_pir.payers_add_up": {"people_now": 3, "commissioners.local_authority": 2},
    "cqc_pir.settings_within_people": {"people_now": 1, "by_setting.domiciliary": 2},
    "cqc_pir.ages_within_people": {"people_now": 1, "age_bands.18_to_64": 2},
    "cqc_pir.authorised_within_people": {"people_now": 1, "dols_now.in_force": 2},
    "cqc_pir.dementia_within_people": {"people_now": 1, "dependencies.dementia": 2},
    "cqc_pir.short_within_visits": {"visits_28": 1, "short_visits": 2},
    "cld.rows_add_up": {"rows.total": 7, "rows.request": 4, "rows.carer_known_by_association": 3},
    "cld.people_within_rows": {"rows.total": 1, "people.total": 2},
    "cld.service_user_within_people": {"people.total": 1, "people.service_user": 2},
    "cld.unpaid_carer_within_people": {"people.total": 1, "people.unpaid_carer": 2},
    "cld.nursing_within_people": {"people.total": 1, "people.long_term_support.nursing": 2},
    "cld.residential_within_people": {"people.total": 1, "people.long_term_support.residential": 2},
    "cld.community_within_people": {"people.total": 1, "people.long_term_support.community": 2},
    "cld.prison_within_people": {"people.total": 1, "people.long_term_support.prison": 2},
    "cld.support_within_service_rows": {"rows.service": 1, "people.long_term_support.community": 2},
}
NAMED_IN_SUITES = {
    "cqc_pir": [
        "people_now",
        *(f"commissioners.{by}" for by in ("local_authority", "nhs", "joint", "self_funded", "other")),
        "commissioners.not_known",
        *(f"by_setting.{kind}" for kind in ("domiciliary", "supported_living", "extra_care")),
        *("age_bands.18_to_64", "age_bands.65_and_over", "dols_now.in_force", "dependencies.dementia"),
        *("visits_28", "short_visits"),
    ],
    "cqc_notifications": [
        *(f"type.{kind}" for kind in ("death", "detained_death_or_absence", "serious_injury")),
        *(f"type.{kind}" for kind in ("dols_outcome", "abuse", "police")),
        *(f"list.{state}" for state in ("found", "open", "sent", "not_notifiable")),
    ],
    "asc_wds": [
        *(f"staff.{column}" for column in ("LOCALESTID", "UNIQUEWORKERID", "MAINJOBROLE")),
        *(f"training.{column}" for column in ("LOCALESTID", "UNIQUEWORKERID", "CATEGORY")),
    ],
    "capacity_tracker": list(dict.fromkeys(c for f in list(ADDITIVITY_FAULTS.values())[:4] for c in f)),
    "cld": [
        "rows.total",
        *(f"rows.{kind}" for kind in ("request", "assessment", "service", "review")),
        "rows.carer_known_by_association",
        "people.total",
        "people.service_user",
        "people.unpaid_carer",
        *(f"people.long_term_support.{kind}" for kind in ("nursing", "residential", "community", "prison")),
    ],
}
LIST_FAULTS = {
    "reference.cells.unique": "insert into raw.return_cell from raw.return_cell where cell_id = 'menu'",
    "reference.cells.label_present": "update raw.return_cell set label = null where cell_id = 'hours'",
    "reference.cells.evidence_known": "update raw.return_cell set evidence = 'GUESS' where cell_id = 'hours'",
    "reference.codes.unique": "insert into raw.return_code from raw.return_code",
    "reference.codes.evidence_known": "update raw.return_code set evidence = 'GUESS'",
    "reference.code_lists.unique": "insert into raw.code_list_code values ('dish', '1', 'Stew', 'READ')",
    "reference.code_lists.label_present": "insert into raw.code_list_code values ('dish', '2', null, 'READ')",
}
HOLIDAY_FAULTS = {
    "reference.bank_holidays.unique": "2025-12-25",
    "reference.bank_holidays.iso_date": "25 December 2026",
    "reference.bank_holidays.on_weekdays": "2026-10-10",
    "reference.bank_holidays.whole_years": "2033-01-03",
    "reference.bank_holidays.evidence_known": "2028-12-25",
}


def cell(return_id: str, cell_id: str, unit: str) -> str:
    return (
        "insert into raw.return_cell (return_id, cell_id, label, unit, evidence) "
        f"values ('{return_id}', '{cell_id}', 'A cell', '{unit}', 'READ')"
    )


def figure(return_id: str, submitter_id: str, cell_id: str, rest: str) -> str:
    table = f"returns.ret_{return_id}__figure"
    return f"insert into {table} values ('{return_id}', '{submitter_id}', '{cell_id}', {rest})"


def figures_with_faults() -> Iterator[str]:
    for cell_id, (_, unit, faulty) in FIGURE_FAULTS.items():
        yield cell("meals", cell_id, unit)
        yield figure("meals", "L1", cell_id, faulty)
        yield figure("meals", "L2", cell_id, "0, 1, 0, null, 'zero', null")
    yield figure("meals", "L1", "eaters", "2, null, 2, null, 'filled', null")
    yield figure("meals", "L2", "dessert", "2, null, 2, null, 'filled', null")
    yield figure("meals", "a home of somebody else", "dessert", "2, null, 2, null, 'filled', null")
    yield "delete from returns.ret_meals__figure where submitter_id = 'L2' and cell_id = 'hours'"


def sums_with_faults() -> Iterator[str]:
    """One organisation per fault, named after the rule that must catch it, and a sound one in each return.

    Nobody owes anything, so all of them are judged.
    """
    yield "delete from raw.client_submitter"
    for return_id in NAMED_IN_SUITES:
        faults = {rule: f for rule, f in ADDITIVITY_FAULTS.items() if rule.startswith(return_id + ".")}
        sound = dict.fromkeys((c for fault in faults.values() for c in fault), 1)
        sound |= {
            total: n
            for total, n in (("service_users", 2), ("rows.total", 3), ("list.found", 3))
            if total in sound
        }
        yield (
            f"insert into raw.run_return from (select * replace ('{return_id}' as return_id) "
            "from raw.run_return where return_id = 'meals')"
        )
        yield f"create table returns.ret_{return_id}__figure as from returns.ret_meals__figure limit 0"
        for cell_id in NAMED_IN_SUITES[return_id]:
            yield cell(return_id, cell_id, "people")
        for name, fault in {"sound": {}, **faults}.items():
            for cell_id, value in {**sound, **fault}.items():
                yield figure(return_id, name, cell_id, f"{value}, null, {value}, null, 'filled', null")


def judged(folder: Path, *changes: str) -> Judgement:
    folder.mkdir()
    with duckdb.connect(str(meals_warehouse(folder / "w.duckdb", changes)), read_only=True) as connection:
        return judgement_of([judge_figures(connection)])


def outcomes(judgement: Judgement) -> dict[tuple[str, str | None], str]:
    return {(v.rule_id, v.submitter_id): v.outcome for v in judgement.verdicts}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    return judged(tmp_path_factory.mktemp("sound") / "w")


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    return judged(tmp_path_factory.mktemp("faulty") / "w", *figures_with_faults())


@pytest.fixture(scope="module")
def faulty_sums(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    return judged(tmp_path_factory.mktemp("sums") / "w", *sums_with_faults())


@pytest.fixture(scope="module")
def faulty_lists(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    folder = tmp_path_factory.mktemp("lists")
    holidays = figure_frames.BANK_HOLIDAYS.read_text(encoding="utf-8").splitlines()
    extra = [f"{day},Made up,no,READ,made up" for day in HOLIDAY_FAULTS.values()]
    extra[-1] = extra[-1].replace("READ", "GUESS").replace("2028-12-25", "2028-12-29")
    (folder / "holidays.csv").write_text("\n".join([*holidays, *extra]) + "\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figure_frames, "BANK_HOLIDAYS", folder / "holidays.csv")
        return judged(folder / "w", *LIST_FAULTS.values())


def test_sound_figures_pass_everything_that_can_be_judged(sound: Judgement) -> None:
    assert set(outcomes(sound).values()) == {"passed", "not_applicable"}
    assert sound.failing_rows.is_empty()
    assert outcomes(sound)[("figures.every_cell_answered_once", "L2")] == "passed"


def test_a_percentage_nobody_asked_for_is_not_applicable(sound: Judgement) -> None:
    assert outcomes(sound)[("figures.percent_at_most_100", "L1")] == "not_applicable"


@pytest.mark.parametrize("cell_id", FIGURE_FAULTS)
def test_each_expectation_on_figures_catches_its_fault(faulty: Judgement, cell_id: str) -> None:
    rule_id = FIGURE_FAULTS[cell_id][0]
    assert outcomes(faulty)[(rule_id, "L1")] == "failed"
    assert outcomes(faulty)[(rule_id, "L2")] in ("passed", "not_applicable")
    keys = faulty.failing_rows.filter(faulty.failing_rows["rule_id"] == rule_id)["record_key"]
    assert keys.to_list() == [f"L1:{cell_id}"]


def test_cells_without_an_answer_or_with_two_are_caught(faulty: Judgement) -> None:
    rule = faulty.failing_rows["rule_id"] == "figures.every_cell_answered_once"
    rows = faulty.failing_rows.filter(rule).select("record_key", "value_seen").rows()
    assert rows == [("L1:eaters", "2"), ("L2:hours", "0")]


def test_figures_of_no_cell_are_caught(faulty: Judgement) -> None:
    found = {v.submitter_id: v for v in faulty.verdicts if v.rule_id == "figures.only_cells_of_the_return"}
    assert found["L1"].outcome == "passed"
    assert (found["L2"].outcome, found["L2"].first_keys) == ("failed", ("L2:dessert",))


def test_figures_of_an_organisation_that_owes_nothing_are_not_judged(faulty: Judgement) -> None:
    assert {v.submitter_id for v in faulty.verdicts} <= {"L1", "L2", None}


@pytest.mark.parametrize("rule_id", ADDITIVITY_FAULTS)
def test_each_expectation_on_sums_catches_its_fault(faulty_sums: Judgement, rule_id: str) -> None:
    found = outcomes(faulty_sums)
    assert found[(rule_id, rule_id)] == "failed"
    assert found[(rule_id, "sound")] == "passed"


@pytest.mark.parametrize("rule_id", [*LIST_FAULTS, *HOLIDAY_FAULTS])
def test_each_expectation_on_reference_lists_catches_its_fault(faulty_lists: Judgement, rule_id: str) -> None:
    found = next(v for v in faulty_lists.verdicts if v.rule_id == rule_id)
    assert found.failing > 0 and found.outcome in ("failed", "passed_with_rows")
    assert found.submitter_id is None


def test_no_expectation_is_without_a_fault_that_it_must_catch() -> None:
    proved = {rule for rule, _, _ in FIGURE_FAULTS.values()}
    proved |= {*ADDITIVITY_FAULTS, *LIST_FAULTS, *HOLIDAY_FAULTS}
    proved |= {"figures.every_cell_answered_once", "figures.only_cells_of_the_return"}
    written = {
        expectation["meta"]["rule_id"]
        for path in EXPECTATIONS.rglob("*.json")
        if path.parent.name != "council_figures"
        for expectation in json.loads(path.read_text(encoding="utf-8"))["expectations"]
    }
    assert written == proved


def test_each_return_has_a_suite_of_its_own_with_an_expectation_in_it() -> None:
    suites = {suite.name: suite for suite in suites_in(EXPECTATIONS / "figures")}
    without = [
        r
        for r in return_folders()
        if not suites.get(f"figures.{r}") or not suites[f"figures.{r}"].expectations
    ]
    assert without == []


def test_missing_figures_and_expectations_that_break_are_errors(tmp_path: Path) -> None:
    suites = tmp_path / "suites" / "figures"
    suites.mkdir(parents=True)
    form = json.loads((EXPECTATIONS / "figures" / "capacity_tracker.json").read_text(encoding="utf-8"))
    (suites / "meals.json").write_text(json.dumps(form), encoding="utf-8")
    extra = "insert into raw.run_return from (select * replace ('teas' as return_id) from raw.run_return)"
    with duckdb.connect(str(meals_warehouse(tmp_path / "w.duckdb", [extra])), read_only=True) as connection:
        found = outcomes(judgement_of([judge_figures(connection, tmp_path / "suites")]))
    assert found[("figures.table_is_there", None)] == "error"
    assert found[("capacity_tracker.funded_within_service_users", "L1")] == "error"


TEAS = (
    "insert into raw.run_return from (select * replace ('teas' as return_id) from raw.run_return)",
    "insert into raw.return_cell from (select * replace ('teas' as return_id) from raw.return_cell)",
    "create table returns.ret_teas__figure as "
    "from (select * replace ('teas' as return_id) from returns.ret_meals__figure)",
)


def test_a_fault_in_the_figures_of_one_return_is_no_other_returns_fault(tmp_path: Path) -> None:
    wrong = "update returns.ret_teas__figure set outcome = 'guessed' where submitter_id = 'L2'"
    found = judged(tmp_path / "w", *TEAS, wrong)
    said = {
        (v.return_id, v.submitter_id): (v.outcome, v.failing, v.checked)
        for v in found.verdicts
        if v.rule_id == "figures.outcome_known"
    }
    assert said == {
        ("meals", "L1"): ("passed", 0, 4),
        ("meals", "L2"): ("passed", 0, 4),
        ("teas", "L1"): ("passed", 0, 4),
        ("teas", "L2"): ("failed", 4, 4),
    }
    rows = found.failing_rows.filter(found.failing_rows["rule_id"] == "figures.outcome_known")
    assert set(rows.select("return_id", "submitter_id").rows()) == {("teas", "L2")}


def test_an_expectation_that_names_no_rows_is_told_of_the_return_it_fails_for(tmp_path: Path) -> None:
    suites = tmp_path / "suites" / "figures"
    suites.mkdir(parents=True)
    rule = {"rule_id": "few", "severity": "error", "message": "Too many.", "next_step": "Fewer."}
    few = {"type": "expect_table_row_count_to_be_between", "kwargs": {"max_value": 8}}
    form = {"name": "few", "expectations": [{**few, "meta": {"frame": "figure", **rule}}]}
    (suites / "every_return.json").write_text(json.dumps(form), encoding="utf-8")
    one_more = figure("teas", "L2", "menu", "null, null, null, 'x', 'filled', null")
    with duckdb.connect(str(meals_warehouse(tmp_path / "w.duckdb", [*TEAS, one_more]))) as connection:
        found = judgement_of([judge_figures(connection, tmp_path / "suites")])
    assert {(v.return_id, v.outcome) for v in found.verdicts} == {("meals", "passed"), ("teas", "failed")}


def test_a_reference_list_that_changed_is_judged_again(tmp_path: Path) -> None:
    blank = "update raw.return_cell set label = null where cell_id = 'hours'"
    said = [
        outcomes(judged(tmp_path / name, *changes))[("reference.cells.label_present", None)]
        for name, changes in {"sound": (), "blank": (blank,), "again": ()}.items()
    ]
    assert said == ["passed", "failed", "passed"]
