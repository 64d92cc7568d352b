"""A figure is explained from its pack alone; a run ends with a short plain summary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from orchestration.quality.gate import decide
from orchestration.quality.verdicts import judge
from orchestration.returns import explain
from orchestration.returns.definitions import load_definition
from orchestration.returns.explain import (
    ExplainError,
    explain_cell,
    explain_cell_data,
    explain_cells,
    pack_folder,
)
from orchestration.returns.methods import method_sections, names_of, rule_in_words
from orchestration.returns.packs import PackResult, owed_packs, write_packs
from orchestration.returns.summary import RunSummary, run_summary
from tests.unit.returns.folders import meals_folder
from tests.unit.returns.warehouses import meals_warehouse

STOPS_OAK = (
    "insert into returns.chk_meals__eaterless values ('meals.hot_within_all', 'L2', 's:m:9', 'm', 'x', 'y')"
)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> list[PackResult]:
    root = tmp_path_factory.mktemp("packs")
    file = meals_warehouse(root / "w.duckdb", [STOPS_OAK])
    judgement = judge(file, with_figures=False)
    meals = load_definition(meals_folder(root))
    return write_packs(
        file,
        {"meals": meals},
        judgement,
        decide(judgement.verdicts, owed_packs(file)),
        "north",
        root / "lake",
    )


@pytest.fixture(scope="module")
def pack(packs: list[PackResult]) -> Path:
    return packs[0].folder


def test_a_figure_is_told_with_rule_roles_people_and_who_was_left_out(pack: Path) -> None:
    assert explain_cell(pack, "eaters") == (
        "eaters: People who ate\n"
        "Meals served, Elm House (L1), period 2026-10\n"
        f"Figures as at 2026-10-11; method 2026; pack {pack.name}\n"
        "\n"
        "Answer: 2 people (filled)\n"
        "\n"
        "Rule (eaters)\n"
        "  A person counts once, however often they ate.\n"
        "  Read from: Service.Service start date\n"
        "  Evidence that it is asked: READ\n"
        "\n"
        "Who stands in it\n"
        "  numerator: 2 rows, 2 people\n"
        "  excluded: 1 row, 1 person\n"
        "\n"
        "People and records\n"
        "  numerator  aaaa  s:meal:1 (3 May)\n"
        "  numerator  bbbb  s:meal:2 (4 May)\n"
        "\n"
        "Left out\n"
        "  left_early: 1 row, 1 person\n"
        "    cccc  s:meal:3\n"
    )


def test_a_ratio_shows_its_two_counts(pack: Path) -> None:
    assert "Answer: 0.5 people (filled)\n  1 of 2\n" in explain_cell(pack, "eaters.hot")


def test_a_cell_that_could_not_be_filled_says_why(pack: Path) -> None:
    told = explain_cell(pack, "hours")
    assert "Answer: none (not fillable)\n  Why: missing: Cook's hours\n" in told
    assert "People and records" not in told


def test_the_same_is_given_as_data(pack: Path) -> None:
    data = explain_cell_data(pack, "eaters")
    assert data["roles"] == [
        {"role": "numerator", "rows": 2, "people": 2},
        {"role": "excluded", "rows": 1, "people": 1},
    ]
    assert data["excluded"][0]["records"] == [{"person_key": "cccc", "record_key": "s:meal:3"}]
    assert [c["cell_id"] for c in explain_cells(pack)] == ["eaters", "eaters.hot", "menu", "hours"]


def test_long_lists_are_cut_and_counted(pack: Path) -> None:
    told = explain_cell(pack, "eaters", most_people=1)
    assert "s:meal:2" not in told
    assert "and 1 more in membership.csv" in told


@pytest.mark.parametrize("name", ["latest", ""])
def test_a_pack_is_found_by_its_period_folder_or_latest(pack: Path, name: str) -> None:
    assert pack_folder(pack.parent / name) == pack


def test_a_folder_that_is_no_pack_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExplainError, match="is not a pack"):
        explain_cells(tmp_path)


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [
        ("eater", "eaters, eaters.hot"),
        ("hot", "eaters.hot"),
        ("hourz", "hours"),
        ("Name of the menus", "menu"),
    ],
)
def test_an_unknown_cell_gets_near_names(pack: Path, asked: str, suggested: str) -> None:
    with pytest.raises(ExplainError, match=f"Did you mean {suggested}"):
        explain_cell(pack, asked)


def test_a_membership_too_large_for_the_pack_is_named(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**row, "measure": "dish"} for row in explain._figures(pack)]
    monkeypatch.setattr(explain, "_figures", lambda _: rows)
    told = explain_cell(pack, "menu")
    assert "mbr_meals__dish is too large for it and is kept as a view of the warehouse" in told


METHOD = """\
# Title

## Beds (`max_capacity`)

Newest record.

```sql
# no heading
```

## empty
## people
Once. `visits` are something else.

## Staff

As `care` is: see below.

| item | answer | mark |
|---|---|---|
| `nurses`, `care` | directly employed | READ |

`rows.*` count rows,
whatever their kind.

Another paragraph.
"""


@pytest.mark.parametrize(
    ("name", "heading", "words"),
    [
        ("max_capacity", "Beds (`max_capacity`)", "Newest record.\n\n```sql\n# no heading\n```"),
        ("people", "people", "Once. `visits` are something else."),
        ("care", "Staff", "directly employed; READ"),
        ("nurses", "Staff", "directly employed; READ"),
        ("rows.*", "Staff", "`rows.*` count rows,\nwhatever their kind."),
    ],
)
def test_the_words_for_a_name_are_found_in_headings_tables_and_paragraphs(
    name: str, heading: str, words: str
) -> None:
    assert rule_in_words(method_sections(METHOD), ["unheard_of", name]) == (heading, words)


def test_a_method_that_says_nothing_of_a_name_is_not_made_to_speak() -> None:
    assert rule_in_words(method_sections(METHOD), ["empty", "car", "directly"]) is None


def test_a_cell_is_spoken_of_by_itself_its_groups_its_item_and_its_measure() -> None:
    assert names_of("people.support.nursing", "support", "people") == [
        "people.support.nursing",
        "people.support.*",
        "people.*",
        "support",
        "people",
    ]
    assert names_of("menu", "menu", "") == ["menu", "menu"]


def test_the_summary_tells_the_run_in_plain_words(packs: list[PackResult]) -> None:
    base = packs[0].folder.parents[6]
    summary = RunSummary(
        client_name="North",
        reporting_period="2026-10",
        as_at_date=date(2026, 10, 11),
        is_synthetic=True,
        extracts=2,
        received=1234,
        loaded=1233,
        quarantined=1,
        person_records=5,
        people=3,
        packs=packs,
        next_command="returns explain cell PACK eaters",
        growth="compared anew 1 of 5 records (what changed); keys: 3 kept",
    )
    elm, oak = packs
    assert run_summary(summary, base) == (
        "North, reporting period 2026-10, as at 2026-10-11 (synthetic records)\n"
        "\n"
        "Records: 1,234 rows received in 2 extracts; 1,233 loaded, 1 quarantined.\n"
        "People:  3 people found behind 5 person records.\n"
        "Index:   compared anew 1 of 5 records (what changed); keys: 3 kept.\n"
        "Packs:   1 written, 1 stopped.\n"
        "\n"
        "Meals served, 2026-10\n"
        "  Elm House (L1): 3 filled, 1 not fillable\n"
        "    of 4 answers asked: 25% from records, 50% from other inputs, 25% by nobody\n"
        f"    lake/packs/north/L1/meals/2026-10/{elm.version} (written)\n"
        "\n"
        "Could not be filled\n"
        "  Meals served, 2026-10\n"
        "    1 answer: missing: Cook's hours\n"
        "\n"
        "Stopped: these packs were not written\n"
        "  Meals served, Oak House (L2)\n"
        f"    - {oak.stopped_for[0]}\n"
        "    told in lake/packs/north/L2/meals/2026-10\n"
        "\n"
        "Next: returns explain cell PACK eaters\n"
    )
    twice = run_summary(replace(summary, packs=[elm, replace(elm, submitter_id="L3")]), base)
    assert "    2 answers in 2 packs: missing: Cook's hours\n" in twice
    many = replace(elm, not_fillable=[(f"missing: {item}", 1) for item in "abcdefgh"])
    told = run_summary(replace(summary, packs=[many]), base)
    assert "    1 answer: missing: f\n    2 answers for 2 other reasons: figures.csv of each pack" in told
    assert "missing: g" not in told
