"""What stands of the earlier index may be damaged, foreign or half put in place: what is kept of it then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.extracts import places
from orchestration.identity import index as index_module
from orchestration.identity.earlier_index import TOLD
from orchestration.identity.explain import explain_person
from tests.unit.identity.growing import (
    CLIENT,
    FILLER,
    LEOFRIC,
    MARGARETTA,
    OTHER_SECRET,
    SECRET,
    GrowingIndex,
)

JOINED = "u2 | 2 | p2 | | Margaretta | Quillfeather | 1940-02-13 | 2 | ZQ1 1AA | 1 Fen Road"
PARTED = LEOFRIC.replace("u2 | 1", "u2 | 3")


@pytest.fixture(scope="module")
def second_run(tmp_path_factory) -> Path:
    """A lake whose second run merged two persons; a third extract, not yet indexed, parts them again."""
    index = GrowingIndex(tmp_path_factory.mktemp("second"))
    index.provider("e1", MARGARETTA, LEOFRIC, FILLER)
    index.build()
    index.provider("e2", JOINED, day="2026-10-02")
    index.build()
    index.provider("e3", PARTED, day="2026-10-03")
    return index.lake


@pytest.fixture
def index(second_run, tmp_path) -> GrowingIndex:
    """A copy of the lake after the second run."""
    shutil.copytree(second_run, tmp_path / "lake")
    return GrowingIndex(tmp_path / "lake")


def given_up(index: GrowingIndex) -> set[str]:
    """The keys that were given up."""
    return {key for (key,) in index.ask("retired_key", "person_key")}


# --- damaged or foreign -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damaged", "told"),
    [
        ([TOLD], "has no carried.json that can be read"),
        (["state.parquet"], "state.parquet of the earlier index is missing or not as it was written"),
        (["link.parquet"], "link.parquet of the earlier index is missing or not as it was written"),
        (["retired_key.parquet"], "retired_key.parquet of the earlier index is missing or not as it was"),
        (["summary.json", TOLD], "has no carried.json that can be read"),
    ],
)
def test_with_a_damaged_file_everything_is_compared_and_every_key_stays(index, damaged, told):
    before, retired = index.people(), given_up(index)
    for name in damaged:
        (index.folder / name).write_bytes(b"not what was written")
    summary = index.build()
    assert summary.compared.startswith("everything: ") and told in summary.compared
    assert summary.records_compared == summary.records
    after = index.people()
    assert {k: v for k, v in after.items() if k != "fern_care:p2"} == {
        k: v for k, v in before.items() if k != "fern_care:p2"
    }
    assert after["fern_care:p2"] not in retired <= given_up(index)
    assert index.build().compared == "nothing has changed"


def test_a_damaged_index_is_made_again_from_the_same_records_with_the_same_bytes(tmp_path):
    index = GrowingIndex(tmp_path)
    index.provider("e1", MARGARETTA, LEOFRIC, FILLER)
    index.build()
    before = index.contents()
    (index.folder / "link.parquet").write_bytes(b"not what was written")
    assert "link.parquet of the earlier index is missing" in index.build().compared
    assert index.contents() == before


def test_where_no_links_can_be_read_it_is_said_that_no_key_could_be_kept(index):
    for name in ("link.parquet", "state.parquet"):
        (index.folder / name).unlink()
    summary = index.build()
    assert "its links cannot be read, so no key could be kept" in summary.compared
    assert summary.keys_kept == 0


def test_where_the_lists_of_given_up_keys_are_lost_it_is_said(index):
    for name in ("key_change.parquet", "retired_key.parquet"):
        (index.folder / name).write_bytes(b"not what was written")
    assert "so a key given up before may be given again" in index.build().compared


def test_an_index_from_before_any_state_was_kept_gives_its_keys(index):
    before = index.people()
    for name in (TOLD, "state.parquet", "touches.parquet", "key_change.parquet", "retired_key.parquet"):
        (index.folder / name).unlink()
    summary = index.build()
    assert summary.compared == "everything: the earlier index has no carried.json that can be read"
    assert {k: v for k, v in index.people().items() if k != "fern_care:p2"} == {
        k: v for k, v in before.items() if k != "fern_care:p2"
    }


def test_an_index_of_another_client_gives_nothing(index):
    told = json.loads((index.folder / TOLD).read_text())
    (index.folder / TOLD).write_text(json.dumps(told | {"client": "elmshire"}))
    summary = index.build()
    assert "another client's" in summary.compared
    assert summary.keys_kept == 0 and given_up(index) == set()


def test_with_other_rules_everything_is_compared_and_every_key_stays(index, monkeypatch):
    monkeypatch.setattr(index_module, "method_stamp", lambda synthetic: "other rules")
    before = index.people()
    summary = index.build()
    assert "the rules, the model, the lists or the options are not those" in summary.compared
    assert {k: v for k, v in index.people().items() if k != "fern_care:p2"} == {
        k: v for k, v in before.items() if k != "fern_care:p2"
    }


# --- another secret -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_told", [True, False])
def test_with_another_secret_no_key_goes_on_and_each_is_told_with_its_new_one(index, is_told):
    """Also where the earlier index does not say with which secret it was made."""
    before = index.people()
    if not is_told:
        (index.folder / TOLD).unlink()
    summary = index.build(OTHER_SECRET)
    after = index.people()
    assert "all keys are new" in summary.compared
    assert summary.keys_kept == 0 and summary.keys_retired == len(set(before.values()))
    assert not set(before.values()) & set(after.values())
    old, new = before["fern_care:p1"], after["fern_care:p1"]
    changes = index.ask("key_change", "change, date, old_key, new_key")
    assert ("new_secret", "2026-10-03", old, new) in changes
    assert "made anew, with another secret" in explain_person(CLIENT, index.lake, old)


def test_the_first_secret_again_does_not_bring_its_keys_back(index):
    before = index.people()
    index.build(OTHER_SECRET)
    index.build(SECRET)
    assert not set(before.values()) & set(index.people().values())
    assert index.build(SECRET).compared == "nothing has changed"


# --- crashes ------------------------------------------------------------------------------------------------


class Crash(Exception):
    """The machine stops here."""


@pytest.mark.parametrize("step", ["grow", "write_told", "replace_in_place"])
def test_after_a_crash_in_any_step_the_earlier_index_stands_and_a_rerun_finishes(index, monkeypatch, step):
    before = index.contents()

    def crash(*_, **__):
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(index_module, step, crash)
        with pytest.raises(Crash):
            index.build()
    assert index.contents() == before
    assert index.build().splits == 1


def test_after_a_crash_between_two_renames_the_earlier_index_is_put_back_with_its_keys(index, monkeypatch):
    """On file systems that cannot swap two folders in one step."""
    before, people = index.contents(), index.people()
    rename = Path.rename

    def crash_at_the_second(path: Path, target: Path) -> Path:
        if Path(target) == index.folder and path.name.startswith(".part-"):
            raise Crash
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(places, "_exchange", lambda one, other: False)
        patched.setattr(Path, "rename", crash_at_the_second)
        with pytest.raises(Crash):
            index.build()
        assert not index.folder.exists()
    places.put_back(index.folder)
    assert index.contents() == before
    assert index.build().splits == 1
    assert index.people()["fern_care:p1"] == people["fern_care:p1"]
    assert [path.name for path in index.folder.parent.iterdir()] == [CLIENT]


def test_the_files_tell_no_name_number_or_date_that_could_be_tried_out(index):
    """Of what is kept for the next run; the other files of the folder hold values and are restricted."""
    told = (index.folder / TOLD).read_text()
    for name in ("state", "touches", "key_change", "retired_key"):
        told += str(duckdb.sql(f"from '{index.folder}/{name}.parquet'").fetchall())
    values = ("9990000018", "1940", "quillfeather", "ashbottom", "zq1", "fen road", SECRET)
    assert [value for value in values if value in told.lower()] == []
