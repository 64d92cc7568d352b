"""Every kind of fault a sender can plant is named by its rule, ends with its exit code, and shows nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.extracts.check import Judgement, check
from orchestration.extracts.problems import load_rules
from tests.unit.extracts.planted_faults import FAULTS, Fault, alerts
from tests.unit.extracts.tiny_extract import (
    ALERT,
    COUNCIL_SERVICE,
    FAMILY,
    HOME,
    NAME,
    NHS_NUMBER,
    PERSON,
    REQUEST,
    SERVICE,
    TinyExtract,
    council,
    provider,
    second,
    trace,
)


def assert_shows_nobody(text: str) -> None:
    assert "Traceback" not in text
    assert NAME not in text and FAMILY not in text
    assert NHS_NUMBER not in re.sub("[ -]", "", text)


def named(judgement: Judgement, fault: Fault) -> bool:
    return any(
        g.rule.rule_id == fault.rule_id
        and g.file == fault.file
        and (not fault.field or g.field == fault.field)
        and (fault.row is None or any(p.row == fault.row for p in g.shown))
        for g in judgement.problems
    )


@pytest.mark.parametrize("make", [provider, council, trace])
def test_the_extracts_that_faults_are_planted_in_are_clean(
    make: Callable[[], TinyExtract], tmp_path: Path
) -> None:
    judgement = check(make().write(tmp_path))
    assert (judgement.exit_code, judgement.problems) == (0, [])


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_named_and_shows_nobody(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fault = FAULTS[name]
    judgement = check(fault.extract.write(tmp_path / "extract"))
    assert named(judgement, fault), judgement.text()
    assert judgement.exit_code == fault.exit_code
    printed = capfd.readouterr()
    for text in (judgement.text(), judgement.json(), printed.out, printed.err):
        assert_shows_nobody(text)
    assert json.loads(judgement.json())["exit_code"] == fault.exit_code
    assert load_rules()[fault.rule_id].next_step.split("{")[0] in judgement.text()


def test_several_faults_are_all_named_at_once(tmp_path: Path) -> None:
    extract = provider(
        subject_of_care=[PERSON, second(PERSON) | {"subject_of_care_id": "P2", "date_of_birth": "1.1.1940"}],
        care_provider=[HOME | {"care_setting": "castle"}],
        service=[SERVICE | {"unit_cost": "lots", "version_number": "0"}],
    )
    found = {g.rule.rule_id for g in check(extract.write(tmp_path)).problems}
    assert found == {"bad_date", "code_not_in_list", "bad_decimal", "version_below_one"}


def test_of_many_rows_twenty_are_shown_and_all_are_counted(tmp_path: Path) -> None:
    rows = [ALERT | {"record_uid": f"a-{i}", "version_number": "x"} for i in range(50)]
    (group,) = check(alerts(rows).write(tmp_path)).problems
    assert (group.total, len(group.shown), group.shown[0].row) == (50, 20, 2)


def test_codes_of_an_incomplete_list_are_counted_but_never_a_problem(tmp_path: Path) -> None:
    rows = [REQUEST | {"Dementia": "Never heard of"}, COUNCIL_SERVICE]
    judgement = check(council(cld_request=[rows[0]]).write(tmp_path))
    assert judgement.problems == []
    assert judgement.files[0].not_judged == {"dementia": 1}
