"""Pages stay while all that they are drawn from is the same, and nothing they show is overlooked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from walking import CLIENT, Walk, files_below

from orchestration.report import site as drawing
from orchestration.report.aggregates import MODELS
from orchestration.report.earlier_site import source_of_site
from orchestration.report.facts import read_facts
from orchestration.returns.definitions import load_definitions
from orchestration.returns.published import PUBLISHED_FIGURES
from orchestration.road import write_report
from orchestration.settings import Settings


class DrawnAnew(Exception):
    """The pages are being drawn."""


@pytest.fixture(scope="module")
def standing(sample: Walk, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A lake of the sample whose pages stand."""
    lake = tmp_path_factory.mktemp("standing") / "lake"
    shutil.copytree(sample.settings.lake, lake)
    settings = replace(sample.settings, lake=lake)
    write_report(settings, settings.client(CLIENT))
    shutil.copytree(index(lake).parent, lake.parent / "site")
    shutil.copyfile(record(lake), lake.parent / "record")
    return settings


@pytest.fixture
def drawn(standing: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same lake with its pages as they were drawn; from here on drawing them is told."""
    lake = standing.lake
    shutil.rmtree(index(lake).parent, ignore_errors=True)
    shutil.copytree(lake.parent / "site", index(lake).parent)
    shutil.copyfile(lake.parent / "record", record(lake))

    def tell(*_: object) -> int:
        raise DrawnAnew

    monkeypatch.setattr(drawing, "_draw", tell)
    return standing


def index(lake: Path) -> Path:
    return lake / "site" / CLIENT / "index.html"


def record(lake: Path) -> Path:
    return lake / "warehouse" / f"{CLIENT}.site.json"


def test_pages_drawn_from_the_same_stay(drawn: Settings) -> None:
    before = files_below(index(drawn.lake).parent)
    found = write_report(drawn, drawn.client(CLIENT))
    assert files_below(index(drawn.lake).parent) == before
    assert found.pages == sum(file.suffix == ".html" for file in index(drawn.lake).parent.rglob("*"))
    assert found.index == index(drawn.lake)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda lake: index(lake).write_text("Somebody else's"), id="a page was changed"),
        pytest.param(lambda lake: index(lake).unlink(), id="a page is gone"),
        pytest.param(lambda lake: (index(lake).parent / "more.html").touch(), id="there is a page more"),
        pytest.param(lambda lake: shutil.rmtree(index(lake).parent), id="all pages are gone"),
        pytest.param(lambda lake: record(lake).unlink(), id="nobody knows what they were drawn from"),
        pytest.param(lambda lake: record(lake).write_text("{"), id="what they were drawn from is spoilt"),
    ],
)
def test_pages_that_are_not_as_they_were_drawn_are_drawn_anew(
    drawn: Settings, change: Callable[[Path], object]
) -> None:
    change(drawn.lake)
    with pytest.raises(DrawnAnew):
        write_report(drawn, drawn.client(CLIENT))


def test_another_profile_of_small_numbers_is_another_site(drawn: Settings) -> None:
    with pytest.raises(DrawnAnew):
        write_report(drawn, drawn.client(CLIENT), "sac")


def test_whatever_the_pages_show_is_among_what_they_are_drawn_from(sample: Walk, tmp_path: Path) -> None:
    lake, warehouse = tmp_path / "lake", f"warehouse/{CLIENT}.duckdb"
    shutil.copytree(sample.settings.lake, lake)
    supplied = tmp_path / "published.csv"
    shutil.copyfile(PUBLISHED_FIGURES, supplied)
    name = sample.settings.client(CLIENT).name

    def source() -> str:
        facts = read_facts(lake, CLIENT, name, load_definitions())
        return source_of_site(lake, facts, "none", supplied)

    def in_warehouse(sql: str) -> Callable[[], object]:
        def changed() -> None:
            with duckdb.connect(str(lake / warehouse)) as connection:
                assert connection.execute(sql).fetchone() != (0,), sql

        return changed

    figures = next((lake / "packs" / CLIENT).rglob("figures.csv"))
    summary = lake / "identity" / CLIENT / "summary.json"
    told = json.loads(summary.read_text("utf-8"))
    changes: list[Callable[[], object]] = [
        *(in_warehouse(f"delete from returns.{model}") for model in MODELS),
        in_warehouse("update quality.verdict set failing = failing + 1"),
        in_warehouse("update raw.run_return set window_closes = window_closes + interval 1 day"),
        in_warehouse("update raw.client_submitter set name = name || '.'"),
        in_warehouse("update raw.run_parameters set as_at_date = as_at_date + interval 1 day"),
        in_warehouse("update raw.extract_receipt set loaded = loaded - 1"),
        lambda: figures.write_bytes(figures.read_bytes() + b"\n"),
        lambda: summary.write_text(json.dumps({**told, "people": told["people"] + 1}), "utf-8"),
        lambda: supplied.write_text(supplied.read_text("utf-8") + "\n", "utf-8"),
    ]
    assert source() == source()
    seen = {source()}
    for number, change in enumerate(changes, start=1):
        change()
        found = source()
        assert found not in seen, f"change {number} was overlooked"
        seen.add(found)


def test_an_aggregate_that_is_not_told_of_cannot_be_read(sample: Walk) -> None:
    from orchestration.report.aggregates import read

    with pytest.raises(ValueError, match="agg__demand_person_now is not among"):
        read(sample.settings.lake, CLIENT, "agg__demand_person_now")
