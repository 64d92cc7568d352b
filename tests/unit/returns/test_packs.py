"""Packs: whole or not at all, the same bytes for the same inputs, stopped ones told and later released."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from orchestration.quality.gate import decide
from orchestration.quality.verdicts import judge
from orchestration.returns import made_packs, pack_sources, packs
from orchestration.returns.definitions import ReturnDefinition, load_definition
from orchestration.returns.layouts import LayoutError
from orchestration.returns.packs import PackError, PackResult, owed_packs, write_packs
from tests.unit.returns import folders
from tests.unit.returns.folders import meals_folder
from tests.unit.returns.warehouses import meals_warehouse

FAULT = (
    "insert into returns.chk_meals__eaterless values "
    "('meals.hot_within_all', 'L1', 's:meal:1', 'meal', 'x', 'y')"
)
OTHER_EXTRACT = "update raw.extract_receipt set extract_id = '00000000000000aa' where sender_id = 'oak'"
ITS_ROWS = (
    "update raw.service set _extract_id = '00000000000000aa' where record_uid in ('0', '1') and rowid > 3"
)
MENU_VIEW = "create view returns.mbr_meals__dish as from returns.mbr_meals__eaters where false"


@pytest.fixture(scope="module")
def meals(tmp_path_factory: pytest.TempPathFactory) -> ReturnDefinition:
    return load_definition(meals_folder(tmp_path_factory.mktemp("returns")))


@pytest.fixture
def run(tmp_path: Path, meals: ReturnDefinition) -> Callable[..., list[PackResult]]:
    def packed(
        *changes: str, lake: str = "lake", definition: ReturnDefinition = meals, client: str = "north"
    ) -> list[PackResult]:
        file = meals_warehouse(tmp_path / "w.duckdb", changes)
        judgement = judge(file, with_figures=False)
        decisions = decide(judgement.verdicts, owed_packs(file))
        return write_packs(file, {"meals": definition}, judgement, decisions, client, tmp_path / lake)

    return packed


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def states(results: Sequence[PackResult]) -> dict[str, str]:
    return {result.submitter_id: result.state for result in results}


def test_a_pack_holds_its_files_at_its_place(tmp_path: Path, run: Callable[..., list[PackResult]]) -> None:
    elm, oak = run()
    assert elm.folder == tmp_path / "lake/packs/north/L1/meals/2026-10" / (elm.version or "")
    assert sorted(p.name for p in elm.folder.iterdir()) == [
        "answers.xlsx",
        "data_quality.csv",
        "failing_rows.csv",
        "figures.csv",
        "manifest.json",
        "meals.csv",
        "membership.csv",
    ]
    assert (elm.folder.parent / "latest").read_text() == f"{elm.version}\n"
    assert oak.folder.parent.parent.parent.name == "L2"
    assert (elm.outcomes, oak.outcomes) == (
        {"filled": 3, "not_fillable": 1},
        {"not_applicable": 1, "not_fillable": 1, "zero": 2},
    )
    assert elm.not_fillable == (("missing: Cook's hours", 1),)


def test_person_level_files_are_their_owners_alone(run: Callable[..., list[PackResult]]) -> None:
    folder = run()[0].folder
    private = {p.name for p in folder.iterdir() if stat.S_IMODE(p.stat().st_mode) == 0o600}
    assert private == {"meals.csv", "membership.csv", "failing_rows.csv"}


def test_the_layout_is_filled_in_order_with_formulas_made_harmless(
    run: Callable[..., list[PackResult]],
) -> None:
    elm, oak = run()
    assert (elm.folder / "meals.csv").read_bytes() == (
        b'Location,Dish,Portions\r\nL1,"Soup, ""thick""",2.00\r\nL1,,\r\nL1,\'-2+3,-1.50\r\n'
    )
    assert table(oak.folder / "meals.csv") == [{"Location": "L2", "Dish": "'=1+1", "Portions": "1.00"}]


def test_the_answer_sheet_shows_what_applies_with_answers_and_reasons(
    run: Callable[..., list[PackResult]],
) -> None:
    elm, oak = run()
    page = openpyxl.load_workbook(elm.folder / "answers.xlsx").active
    rows = [[c.value for c in row] for row in page.iter_rows()]
    assert rows[0][0] == "Meals served"
    assert ["SYNTHETIC: made-up records, not for submission", None, None, None] in rows
    assert rows[-5:] == [
        ["Question", "Answer", "Outcome", "Why"],
        ["People who ate", 2, "filled", None],
        ["People who ate a hot meal", 0.5, "filled", None],
        ["Name of the menu", '=HYPERLINK("x")', "filled", None],
        ["Hours cooked", None, "not fillable", "missing: Cook's hours"],
    ]
    assert page.cell(row=len(rows) - 1, column=2).data_type == "s"
    page = openpyxl.load_workbook(oak.folder / "answers.xlsx").active
    told = [row[0].value for row in page.iter_rows()]
    assert "Name of the menu" not in told
    assert "1 item(s) that do not apply here are left out; figures.csv lists them" in told


def test_figures_come_in_the_order_of_the_cells_without_added_zeros(
    run: Callable[..., list[PackResult]],
) -> None:
    rows = table(run()[0].folder / "figures.csv")
    assert [(r["cell_id"], r["numerator"], r["value"], r["outcome"]) for r in rows] == [
        ("eaters", "2", "2", "filled"),
        ("eaters.hot", "1", "0.5", "filled"),
        ("menu", "", "", "filled"),
        ("hours", "", "", "not_fillable"),
    ]
    assert rows[2]["value_text"] == '\'=HYPERLINK("x")'


def test_membership_says_who_and_why_with_the_attributes(run: Callable[..., list[PackResult]]) -> None:
    elm, oak = run()
    rows = table(elm.folder / "membership.csv")
    assert [(r["cell_id"], r["role"], r["reason"], r["record_key"]) for r in rows] == [
        ("eaters", "excluded", "left_early", "s:meal:3"),
        ("eaters", "numerator", "", "s:meal:1"),
        ("eaters", "numerator", "", "s:meal:2"),
        ("eaters.hot", "numerator", "", "s:meal:1"),
    ]
    assert json.loads(rows[1]["attributes"]) == {"meal": "hot"}
    assert table(oak.folder / "membership.csv") == []


def test_a_pack_tells_only_of_its_own_submitter(run: Callable[..., list[PackResult]]) -> None:
    warning = "insert into returns.chk_meals__menu values ('meals.menu_named', '{}', '{}', 'm', 'x', 'y')"
    elm, oak = run(warning.format("L1", "s:menu:1"), warning.format("L2", "s:menu:2"))
    for own, record, other in ((elm, "s:menu:1", "L2"), (oak, "s:menu:2", "L1")):
        rows = [r for r in table(own.folder / "failing_rows.csv") if r["rule_id"] == "meals.menu_named"]
        assert [r["record_key"] for r in rows] == [record]
        assert other not in {r["submitter_id"] for r in table(own.folder / "data_quality.csv")}


def test_the_manifest_counts_hash_and_name_what_is_in_the_pack(run: Callable[..., list[PackResult]]) -> None:
    result = run()[0]
    manifest = json.loads((result.folder / "manifest.json").read_text())
    assert manifest["version"] == result.version and len(manifest["version"]) == 12
    assert [i.get("received") for i in manifest["inputs"]] == [5, None]
    assert manifest["run"] == {
        "client_id": "north",
        "reporting_period": "2026-10",
        "as_at_date": "2026-10-11",
        "is_synthetic": True,
    }
    assert manifest["counts"]["membership"] == {"eaters": {"excluded": 1, "numerator": 3}}
    assert manifest["counts"]["people"] == 2
    assert manifest["counts"]["answers_filled_from"] == {"records": 1, "other_inputs": 2, "nobody": 1}
    assert manifest["submitter"] == {
        "submitter_id": "L1",
        "kind": "location",
        "code": "L1",
        "name": "Elm House",
    }
    assert manifest["membership"]["views_not_in_the_pack"] == ["mbr_meals__dish"]
    for file in manifest["files"]:
        assert packs.file_sha256(result.folder / file["name"]) == file["sha256"]


def turned_about(table: str) -> list[str]:
    return [
        f"create table returns.turned as from returns.{table} order by all desc",
        f"drop table returns.{table}",
        f"alter table returns.turned rename to {table}",
    ]


def test_two_runs_give_the_same_bytes_wherever_and_however_the_rows_lie(
    tmp_path: Path, run: Callable[..., list[PackResult]]
) -> None:
    run(lake="one")
    tables = ("mbr_meals__eaters", "ret_meals__figure", "ret_meals__file")
    other_order = [change for table in tables for change in turned_about(table)]
    run("drop view returns.mbr_meals__dish", *other_order, MENU_VIEW, lake="two")
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert not any(str(tmp_path).encode() in data for data in content(tmp_path / "one").values())


def test_a_second_run_leaves_the_same_pack_alone(run: Callable[..., list[PackResult]]) -> None:
    first = run()[0]
    before = (first.folder / "manifest.json").stat().st_mtime_ns
    second = run()[0]
    assert (second.state, second.version) == ("unchanged", first.version)
    assert (first.folder / "manifest.json").stat().st_mtime_ns == before


def test_a_pack_made_of_the_same_is_not_built_again(
    run: Callable[..., list[PackResult]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run()
    monkeypatch.setattr(packs, "fill_layout", lambda *_: pytest.fail("was built again"))
    second = run(OTHER_EXTRACT, ITS_ROWS)
    assert second == [replace(pack, state="unchanged") for pack in first]


@pytest.mark.parametrize(
    "change",
    [
        "update returns.ret_meals__figure set value = 3 where value = 2",
        "update returns.ret_meals__figure set reason = 'nobody counts' where cell_id = 'hours'",
        "update returns.ret_meals__file set dish = 'pie' where record_key = '2'",
        "update returns.mbr_meals__eaters set evidence = '5 May' where event_key = 'e1'",
        "insert into returns.mbr_meals__eaters from returns.mbr_meals__eaters limit 1",
        "alter table returns.mbr_meals__eaters add column course varchar",
        "update raw.client_submitter set name = 'Elm Lodge' where submitter_id = 'L1'",
        "update raw.run_return set window_closes = date '2026-11-30'",
        "update raw.run_parameters set as_at_date = as_at_date + 1",
        "update raw.return_rule set message = 'Nobody ate.'",
        "insert into core.core__submitter_sender values ('L1', 'oak', false)",
        FAULT.replace("hot_within_all", "menu_named").replace("eaterless", "menu"),
    ],
)
def test_whatever_a_pack_says_is_looked_at_before_it_is_left_as_it_is(
    run: Callable[..., list[PackResult]], monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """So is whose records it may name, and what was found about them."""
    run()
    built: list[str] = []
    fill = packs.fill_layout

    def noted(*given: Any) -> Any:
        built.append(given[3].submitter.submitter_id)
        return fill(*given)

    monkeypatch.setattr(packs, "fill_layout", noted)
    run(change)
    assert "L1" in built


def test_a_pack_is_built_again_by_another_definition_or_another_software(
    run: Callable[..., list[PackResult]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(packs, "fill_layout", lambda *_: (_ for _ in ()).throw(LookupError("built")))
    other = load_definition(
        meals_folder(tmp_path / "other", layout=folders.LAYOUT.replace('"meals.csv"', '"dishes.csv"'))
    )
    with pytest.raises(LookupError, match="built"):
        run(definition=other)
    monkeypatch.setattr(pack_sources, "software_sha256", lambda: "another")
    with pytest.raises(LookupError, match="built"):
        run()


def test_other_figures_make_another_version_and_keep_the_old(run: Callable[..., list[PackResult]]) -> None:
    first = run()[0]
    second = run("update returns.ret_meals__figure set value = 3 where value = 2")[0]
    assert second.version != first.version
    assert first.folder.is_dir()
    assert (first.folder.parent / "latest").read_text() == f"{second.version}\n"


def test_the_same_pack_from_other_extracts_keeps_its_version_and_is_not_rewritten(
    run: Callable[..., list[PackResult]],
) -> None:
    first = run()[0]
    before = content(first.folder)
    second = run(OTHER_EXTRACT, ITS_ROWS)[0]
    assert (second.state, second.version) == ("unchanged", first.version)
    assert content(first.folder) == before
    made = json.loads((first.folder.parent / "made_from.json").read_text())
    assert "00000000000000aa" in made["extracts"]
    assert (made["reporting_period"], made["as_at_date"]) == ("2026-10", "2026-10-11")
    third = run(OTHER_EXTRACT, ITS_ROWS, "update returns.ret_meals__figure set value = 3 where value = 2")[0]
    assert third.state == "written" and third.version != first.version
    assert content(first.folder) == before


def test_a_kept_pack_somebody_typed_into_is_told_too(run: Callable[..., list[PackResult]]) -> None:
    first = run()[0]
    (first.folder / "figures.csv").write_text("mine")
    second = run(OTHER_EXTRACT, ITS_ROWS)[0]
    assert (second.state, second.altered_files) == ("altered", ("figures.csv",))


def test_a_pack_whose_manifest_was_spoilt_is_left_alone_and_told(
    run: Callable[..., list[PackResult]],
) -> None:
    first = run()[0]
    (first.folder / "manifest.json").write_text("{")
    second = run()[0]
    assert (second.state, second.altered_files) == ("altered", ("manifest.json",))


def test_a_pack_somebody_typed_into_is_left_alone_and_told(run: Callable[..., list[PackResult]]) -> None:
    first = run()[0]
    (first.folder / "figures.csv").write_text("mine")
    second = run()[0]
    assert (second.state, second.altered_files) == ("altered", ("figures.csv",))
    assert (first.folder / "figures.csv").read_text() == "mine"


def test_a_stopped_pack_is_not_written_and_says_why(run: Callable[..., list[PackResult]]) -> None:
    elm, oak = run(FAULT)
    assert states([elm, oak]) == {"L1": "stopped", "L2": "written"}
    assert sorted(p.name for p in elm.folder.iterdir()) == ["made_from.json", "stopped.json"]
    told = json.loads((elm.folder / "stopped.json").read_text())
    assert told["reasons"][0]["rule_id"] == "meals.hot_within_all"
    assert told["reasons"][0]["first_record_keys"] == ["s:meal:1"]
    assert elm.stopped_for == (told["reasons"][0]["text"],)


def test_a_stopped_pack_is_released_once_the_fault_is_gone(run: Callable[..., list[PackResult]]) -> None:
    place = run(FAULT)[0].folder
    released = run()[0]
    assert released.state == "written"
    assert sorted(p.name for p in place.iterdir()) == sorted(
        [released.version or "", "latest", "made_from.json"]
    )


def test_a_pack_that_went_out_stays_when_a_later_one_is_stopped(run: Callable[..., list[PackResult]]) -> None:
    first = run()[0]
    before = content(first.folder)
    assert run(FAULT)[0].state == "stopped"
    assert content(first.folder) == before
    assert (first.folder.parent / "latest").read_text() == f"{first.version}\n"
    assert (first.folder.parent / "stopped.json").is_file()


@pytest.mark.parametrize("step", ["write_figures", "write_quality", "write_membership"])
def test_a_crash_half_way_leaves_the_old_state(
    run: Callable[..., list[PackResult]], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    place = run()[0].folder.parent
    before = content(place)

    def crash(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="disk full"):
        patch.setattr(packs.pack_files, step, crash)
        run("update returns.ret_meals__figure set value = 3 where value = 2")
    assert content(place) == before


def test_what_a_killed_run_left_behind_is_cleared(run: Callable[..., list[PackResult]]) -> None:
    place = run()[0].folder.parent
    before = content(place)
    (place / ".building").mkdir()
    (place / ".building" / "figures.csv").write_text("half")
    run()
    assert content(place) == before


def test_a_layout_of_unknown_columns_is_refused_with_their_names(
    tmp_path: Path, run: Callable[..., list[PackResult]]
) -> None:
    layout = folders.LAYOUT.replace('column = "dish"', 'column = "course"')
    wrong = load_definition(meals_folder(tmp_path / "wrong", layout=layout))
    with pytest.raises(LayoutError, match="ret_meals__file has no column course"):
        run(definition=wrong)


def test_packs_of_one_client_are_never_written_as_anothers(run: Callable[..., list[PackResult]]) -> None:
    with pytest.raises(PackError, match="of client north"):
        run(client="south")


def test_a_submitter_that_would_leave_the_folder_is_refused(run: Callable[..., list[PackResult]]) -> None:
    with pytest.raises(PackError, match="cannot be the name of a folder"):
        run("update raw.client_submitter set submitter_id = '../L1' where submitter_id = 'L1'")


@pytest.mark.parametrize("pointer", [b"", b"0123", b"\xff\x00", b"../../elsewhere\n"])
def test_a_pointer_that_leads_nowhere_is_not_taken_for_no_pack(tmp_path: Path, pointer: bytes) -> None:
    (tmp_path / "latest").write_bytes(pointer)
    with pytest.raises(made_packs.DamagedPack, match=r"latest cannot be read: .* run again for its period"):
        made_packs.latest_pack(tmp_path)


def test_a_manifest_that_was_cut_short_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"version": "012', encoding="utf-8")
    with pytest.raises(made_packs.DamagedPack, match=f"move the folder {tmp_path} away and run again"):
        made_packs.read_pack_manifest(tmp_path)
