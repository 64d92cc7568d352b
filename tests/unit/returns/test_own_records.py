"""A submitter never sees another sender's record keys, and silence is never told as nothing to say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from orchestration.quality.gate import decide
from orchestration.quality.verdicts import judge
from orchestration.returns.definitions import ReturnDefinition, load_definition
from orchestration.returns.own_records import HIDDEN, OwnRecords
from orchestration.returns.packs import PackResult, owed_packs, write_packs
from tests.unit.returns.folders import meals_folder
from tests.unit.returns.test_packs import table
from tests.unit.returns.warehouses import meals_warehouse

# Elm's location is L1 and Oak's is L2. Each fault stands in a row that no submitter is named for.
FAULTS = [
    f"insert into returns.chk_meals__menu values ('meals.menu_named', null, '{sender}:menu:1', 'm', 'x', 'y')"
    for sender in ("elm", "oak")
]
MEMBER = (
    "insert into returns.mbr_meals__eaters values ('meals', 'L1', 'eaters', 'eaters', 'dddd', "
    "'oak:meal:8', 'oak:meal:8', 'numerator', null, 'seen in oak:meal:8', 1, 'as oak:meal:8')"
)
DISH = "insert into returns.ret_meals__file values ('L1', '9', 'of oak:meal:8', 1)"
REASON = "update returns.ret_meals__figure set reason = 'see oak:meal:8' where cell_id = 'hours'"


@pytest.fixture(scope="module")
def meals(tmp_path_factory: pytest.TempPathFactory) -> ReturnDefinition:
    return load_definition(meals_folder(tmp_path_factory.mktemp("returns")))


def packs_of(tmp_path: Path, meals: ReturnDefinition, changes: Sequence[str]) -> dict[str, PackResult]:
    file = meals_warehouse(tmp_path / "w.duckdb", changes)
    judgement = judge(file, with_figures=False)
    decisions = decide(judgement.verdicts, owed_packs(file))
    packs = write_packs(file, {"meals": meals}, judgement, decisions, "north", tmp_path / "lake")
    return {pack.submitter_id: pack for pack in packs}


def naming(pack: PackResult, sender: str) -> list[str]:
    files = sorted(p for p in pack.folder.rglob("*") if p.is_file())
    return [p.name for p in files if f"{sender}:" in p.read_bytes().decode("utf-8", "replace")]


def test_a_failing_row_of_no_submitter_goes_only_to_who_sent_it(
    tmp_path: Path, meals: ReturnDefinition
) -> None:
    packs = packs_of(tmp_path, meals, FAULTS)
    for submitter, own in (("L1", "elm"), ("L2", "oak")):
        rows = table(packs[submitter].folder / "failing_rows.csv")
        assert [r["record_key"] for r in rows if r["rule_id"] == "meals.menu_named"] == [f"{own}:menu:1"]
        verdicts = table(packs[submitter].folder / "data_quality.csv")
        assert [
            v["failing"] for v in verdicts if v["rule_id"] == "meals.menu_named" and v["failing"] != "0"
        ] == ["2"]


def test_no_file_of_a_pack_names_a_record_of_another_sender(tmp_path: Path, meals: ReturnDefinition) -> None:
    packs = packs_of(tmp_path, meals, [*FAULTS, MEMBER, DISH, REASON])
    assert naming(packs["L1"], "oak") == []
    assert naming(packs["L2"], "elm") == []
    assert naming(packs["L1"], "elm") == ["failing_rows.csv"]


def test_who_is_counted_by_a_record_of_another_sender_is_still_counted(
    tmp_path: Path, meals: ReturnDefinition
) -> None:
    folder = packs_of(tmp_path, meals, [MEMBER, DISH])["L1"].folder
    row = next(r for r in table(folder / "membership.csv") if r["person_key"] == "dddd")
    assert {row[name] for name in ("record_key", "event_key", "evidence", "attributes")} == {HIDDEN}
    assert HIDDEN in {r["Dish"] for r in table(folder / "meals.csv")}


def test_rows_set_aside_are_told_to_their_sender_alone(tmp_path: Path, meals: ReturnDefinition) -> None:
    packs = packs_of(tmp_path, meals, [])
    aside = {
        submitter: [
            r for r in table(pack.folder / "failing_rows.csv") if r["rule_id"] == "contract.rows_quarantined"
        ]
        for submitter, pack in packs.items()
    }
    assert (len(aside["L1"]), len(aside["L2"])) == (1, 0)


def test_what_stopped_a_pack_names_no_record_of_another_sender(
    tmp_path: Path, meals: ReturnDefinition
) -> None:
    faults = [fault.replace("chk_meals__menu", "chk_meals__eaterless") for fault in FAULTS]
    faults = [fault.replace("meals.menu_named", "meals.hot_within_all") for fault in faults]
    packs = packs_of(tmp_path, meals, faults)
    keys = {
        submitter: json.loads((pack.folder / "stopped.json").read_text())["reasons"][0]["first_record_keys"]
        for submitter, pack in packs.items()
    }
    assert keys == {"L1": ["elm:menu:1"], "L2": ["oak:menu:1"]}
    assert naming(packs["L1"], "oak") == []


def test_the_manifest_tells_an_extract_of_another_sender_by_its_hash_alone(
    tmp_path: Path, meals: ReturnDefinition
) -> None:
    manifest = json.loads((packs_of(tmp_path, meals, [])["L2"].folder / "manifest.json").read_text())
    assert [(len(i["extract_id"]), i.get("sender_id")) for i in manifest["inputs"]] == [
        (16, None),
        (16, "oak"),
    ]


@pytest.mark.parametrize(
    ("text", "is_theirs"),
    [
        ("oak:meal:1", True),
        ("elm:meal:1", False),
        ("seen in oak:meal:1", True),
        ("traces:trace_response:oak:7", True),
        ("traces:trace_response:elm:7", False),
        ("big_oak:meal:1", False),
        ("an oak: a tree", True),
        ("oak", False),
        (None, False),
    ],
)
def test_a_record_of_another_sender_is_known_by_its_key(text: str | None, is_theirs: bool) -> None:
    assert OwnRecords(frozenset({"oak", "ash"})).names_another(text) is is_theirs


def test_a_submitter_nothing_was_received_from_has_no_pack_and_is_told_so(
    tmp_path: Path, meals: ReturnDefinition
) -> None:
    silent = "insert into raw.client_submitter values ('L3', 'location', 'L3', 'Yew House')"
    packs = packs_of(tmp_path, meals, [silent])
    assert {submitter: pack.state for submitter, pack in packs.items()} == {
        "L1": "written",
        "L2": "written",
        "L3": "stopped",
    }
    assert "Nothing was received from this location, so nothing can be said." in packs["L3"].stopped_for[0]


def test_a_staff_file_alone_says_nothing_of_the_people_of_a_location(
    tmp_path: Path, meals: ReturnDefinition
) -> None:
    files_only = "update core.core__submitter_sender set speaks_for_it = false where submitter_id = 'L2'"
    assert packs_of(tmp_path, meals, [files_only])["L2"].state == "stopped"
    unsaid = "drop table core.core__submitter_sender"
    changed = meals_warehouse(tmp_path / "unsaid.duckdb", [unsaid])
    decisions = decide(judge(changed, with_figures=False).verdicts, owed_packs(changed))
    assert {d.is_open for d in decisions} == {False}
