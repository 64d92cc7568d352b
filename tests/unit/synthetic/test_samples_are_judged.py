"""The judge of extracts finds no error in the clean sample, and every planted fault in the faulty ones."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from orchestration.extracts.check import check
from tests.unit.synthetic.conftest import extracts, read_csv

SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"
LISTED = {
    k: list(rows) for k, rows in groupby(read_csv(SAMPLES / "faulty" / "faults.csv"), lambda r: r["extract"])
}


def test_every_extract_of_the_clean_sample_passes() -> None:
    verdicts = {folder.name: check(folder).exit_code for folder, _ in extracts(SAMPLES / "clean")}
    assert len(verdicts) == 6
    assert set(verdicts.values()) == {0}


def test_every_folder_of_the_faulty_sample_is_listed() -> None:
    assert {p.name for p in (SAMPLES / "faulty").iterdir() if p.is_dir()} == set(LISTED)
    assert len({r["rule_id"] for rows in LISTED.values() for r in rows}) >= 25


@pytest.mark.parametrize("name", sorted(LISTED))
def test_each_planted_fault_is_named_with_its_row(name: str) -> None:
    judged = check(SAMPLES / "faulty" / name)
    named = {(g.rule.rule_id, p.row) for g in judged.problems for p in g.shown}
    for fault in LISTED[name]:
        assert str(judged.exit_code) == fault["exit_code"]
        assert fault["rule_id"] in {rule for rule, _ in named}
        if fault["row"]:
            assert (fault["rule_id"], int(fault["row"])) in named
