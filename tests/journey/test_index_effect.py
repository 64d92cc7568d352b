"""What the person index does to each figure is counted, on the same models."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from typer.testing import CliRunner
from walking import CLIENT, Walk

from orchestration.cli import app
from orchestration.index_effect import NoRunYet, effect_of_index


def test_every_figure_stands_beside_what_it_would_be_without_the_index(sample: Walk) -> None:
    effects = effect_of_index(sample.settings, sample.settings.client(CLIENT))
    figures = {
        ("capacity_tracker", submitter, cell): value
        for submitter, cell, value in sample.query(
            "select submitter_id, cell_id, value from returns.ret_capacity_tracker__figure"
        )
    }
    held = {(e.return_id, e.submitter_id, e.cell_id): e for e in effects}
    assert {key: held[key].with_index for key in figures} == figures
    # Nobody the index joined is lost without it: each record of a person then counts for itself.
    occupied = [e for e in effects if e.cell_id == "occupied" and e.with_index is not None]
    assert all(e.without_index is not None and e.without_index >= e.with_index for e in occupied)
    recorded_twice = dict(
        sample.query(
            "select location_id, sum(open_records) - count(*) from aggregates.agg__person_supported_now"
            " where is_supported and care_setting = 'care_home' group by all"
        )
    )
    for e in occupied:
        assert e.difference is not None and -e.difference >= recorded_twice[e.submitter_id]
    assert any(recorded_twice.values())


def test_the_command_shows_the_figures_that_differ_and_writes_all(sample: Walk, tmp_path: Path) -> None:
    out = tmp_path / "effect.csv"
    asked = ["index-effect", "--client", CLIENT, "--lake", str(sample.settings.lake), "--out", str(out)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "figures differ with the person index" in done.output
    total = sample.query("select count(*) from returns.ret_cld__figure")[0][0]
    assert sum(line.startswith("cld,") for line in out.read_text(encoding="utf-8").splitlines()) == total


def test_without_a_run_there_is_nothing_to_compare(sample: Walk, tmp_path: Path) -> None:
    settings = dataclasses.replace(sample.settings, lake=tmp_path)
    with pytest.raises(NoRunYet, match="First: returns run --client northmere"):
        effect_of_index(settings, settings.client(CLIENT))
