"""Figures that were judged are not judged again, and nothing that a verdict hangs on is overlooked."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.quality import figures, judged_figures
from orchestration.quality.figures import EXPECTATIONS
from orchestration.quality.judged_figures import judge_figures, judged_figures_of
from orchestration.quality.verdicts import Judgement, judgement_of
from tests.unit.returns.warehouses import meals_warehouse

BELOW_ZERO = (
    "update returns.ret_meals__figure set value = -1 where cell_id = 'eaters' and submitter_id = 'L1'"
)


class Anew(Exception):
    """The suites were asked."""


def judged(folder: Path, *changes: str, suites: Path = EXPECTATIONS) -> Judgement:
    file = meals_warehouse(folder / "w.duckdb", changes)
    with duckdb.connect(str(file), read_only=True) as connection:
        return judgement_of([judge_figures(connection, judged_figures_of(file), suites)])


@pytest.fixture
def no_suites(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """From here on the suites may not be asked."""

    def asked(*_: object) -> None:
        raise Anew

    monkeypatch.setattr(figures, "judge_figures", asked)
    return monkeypatch


def test_the_same_figures_have_the_verdicts_they_had(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    first = judged(tmp_path, BELOW_ZERO)
    assert any(v.failing for v in first.verdicts) and first.failing_rows.height
    request.getfixturevalue("no_suites")
    again = judged(tmp_path, BELOW_ZERO)
    assert again.verdicts == first.verdicts
    assert again.failing_rows.equals(first.failing_rows)


@pytest.mark.parametrize(
    "change",
    [
        BELOW_ZERO,
        "update returns.ret_meals__figure set outcome = 'zero' where cell_id = 'menu'",
        "update raw.return_cell set unit = 'hours' where cell_id = 'eaters'",
        "update raw.return_code set label = 'other'",
        "insert into raw.code_list_code by name select 'x' as code",
        "update raw.run_parameters set as_at_date = as_at_date + 1",
        "update raw.run_return set submitted_by = 'council'",
        "delete from raw.client_submitter where submitter_id = 'L2'",
    ],
)
def test_whatever_a_verdict_hangs_on_is_judged_anew(
    tmp_path: Path, request: pytest.FixtureRequest, change: str
) -> None:
    judged(tmp_path)
    request.getfixturevalue("no_suites")
    with pytest.raises(Anew):
        judged(tmp_path, change)


def test_another_expectation_or_another_software_judges_anew(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shutil.copytree(EXPECTATIONS, tmp_path / "suites")
    judged(tmp_path, suites=tmp_path / "suites")
    patch = request.getfixturevalue("no_suites")
    judged(tmp_path, suites=tmp_path / "suites")
    with patch.context() as other, pytest.raises(Anew):
        other.setattr(judged_figures, "software_sha256", lambda: "another")
        judged(tmp_path, suites=tmp_path / "suites")
    suite = tmp_path / "suites" / "reference" / "cells.json"
    suite.write_text(
        suite.read_text(encoding="utf-8").replace('"severity": "error"', '"severity": "warning"')
    )
    with pytest.raises(Anew):
        judged(tmp_path, suites=tmp_path / "suites")


@pytest.mark.parametrize("spoilt", [b"", b"{}", b'{"source": 1', b"[]", b"\xff"])
def test_verdicts_that_cannot_be_read_are_made_anew(tmp_path: Path, spoilt: bytes) -> None:
    first = judged(tmp_path)
    kept = judged_figures_of(tmp_path / "w.duckdb")
    assert kept.stat().st_mode & 0o077 == 0
    kept.write_bytes(spoilt)
    assert judged(tmp_path).verdicts == first.verdicts


def test_what_could_not_be_judged_is_judged_again(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    gone = "drop table returns.ret_meals__figure"
    assert any(v.outcome == "error" for v in judged(tmp_path, gone).verdicts)
    request.getfixturevalue("no_suites")
    with pytest.raises(Anew):
        judged(tmp_path, gone)
