"""Loading keeps good rows, sets the others aside with the reason, and accounts for every row that came."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from orchestration.extracts import loading
from orchestration.extracts.landing import Landed, UnusableExtract, land
from orchestration.extracts.loading import RowsNotAccountedFor, load
from orchestration.extracts.profile import PROVENANCE, load_profile
from orchestration.extracts.receipts import DamagedReceipt, loaded_files, read_receipts
from orchestration.identity.person_records import loaded_files as files_that_name_people
from tests.unit.extracts.tiny_extract import (
    ALERT,
    FAMILY,
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

CLIENT = "northmere"


def landed(extract: TinyExtract, tmp_path: Path) -> Landed:
    return land(extract.write(tmp_path / "extract"), CLIENT, tmp_path / "lake")


def quarantine(there: Landed, lake: Path, class_name: str) -> pl.DataFrame:
    return pl.read_parquet(lake / "quarantine" / CLIENT / there.extract_id / f"{class_name}.parquet")


def bytes_below(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_a_loaded_row_has_its_types_and_its_origin(tmp_path: Path) -> None:
    there = landed(provider(), tmp_path)
    load(there, CLIENT, tmp_path / "lake")
    (path,) = loaded_files(CLIENT, tmp_path / "lake")["service"]
    row = pl.read_parquet(path).row(0, named=True)
    assert row["service_start_date"] == date(2026, 1, 5)
    assert row["service_end_date"] is None
    assert row["unit_cost"] == Decimal("812.5000")
    assert {name: row[name] for name in PROVENANCE} == {
        "_sender_id": "oakfield_care",
        "_extract_id": there.extract_id,
        "_as_at": datetime(2026, 10, 11, 23),
        "_source_file": "service.csv",
        "_source_row": 2,
        "_record_key": "oakfield_care:service:ser-1",
        "_overflow": None,
    }


@pytest.mark.parametrize(
    ("make", "class_name"), [(provider, "service"), (council, "cld_cost"), (trace, "trace_response")]
)
def test_columns_and_types_are_those_of_the_profile(make: object, class_name: str, tmp_path: Path) -> None:
    load(landed(make(), tmp_path), CLIENT, tmp_path / "lake")  # type: ignore[operator]
    (path,) = loaded_files(CLIENT, tmp_path / "lake")[class_name]
    schema = pl.read_parquet_schema(path)
    columns = load_profile().classes[class_name].columns
    assert list(schema) == [c.name for c in columns] + list(PROVENANCE)
    assert [schema[c.name] for c in columns] == [c.polars_type for c in columns]


def test_good_rows_load_and_bad_rows_are_set_aside_with_reason_and_next_step(tmp_path: Path) -> None:
    bad = second(SERVICE) | {"unit_cost": "lots", "version_number": "0"}
    there = landed(provider(service=[SERVICE, bad]), tmp_path)
    receipt = load(there, CLIENT, tmp_path / "lake")
    services = next(f for f in receipt.files if f.record_class == "service")
    assert (services.received, services.loaded, services.quarantined) == (2, 1, 1)
    assert services.quarantined_by_rule == {"bad_decimal": 1, "version_below_one": 1}
    aside = quarantine(there, tmp_path / "lake", "service")
    assert aside.select("_source_file", "_source_row", "_record_key", "rule_id", "field").rows() == [
        ("service.csv", 3, "oakfield_care:service:ser-2", "version_below_one", "version_number"),
        ("service.csv", 3, "oakfield_care:service:ser-2", "bad_decimal", "unit_cost"),
    ]
    assert all(aside["message"].str.len_chars() > 0) and all(aside["next_step"].str.len_chars() > 0)
    assert json.loads(aside["values"][0])["unit_cost"] == "lots"


def test_of_a_repeated_row_the_first_is_kept_and_of_a_contradiction_none(tmp_path: Path) -> None:
    other = second(ALERT)
    rows = [ALERT, other, ALERT, other | {"status": "closed"}, ALERT]
    there = landed(provider(alert=rows), tmp_path)
    load(there, CLIENT, tmp_path / "lake")
    (path,) = loaded_files(CLIENT, tmp_path / "lake")["alert"]
    assert pl.read_parquet(path)["_source_row"].to_list() == [2]
    assert quarantine(there, tmp_path / "lake", "alert").select("_source_row", "rule_id").rows() == [
        (3, "conflicting_version"),
        (4, "duplicate_row"),
        (5, "conflicting_version"),
        (6, "duplicate_row"),
    ]


def test_every_version_of_a_record_is_kept(tmp_path: Path) -> None:
    rows = [ALERT, ALERT | {"version_number": "2", "status": "closed"}]
    load(landed(provider(alert=rows), tmp_path), CLIENT, tmp_path / "lake")
    (path,) = loaded_files(CLIENT, tmp_path / "lake")["alert"]
    assert pl.read_parquet(path)["version_number"].to_list() == [1, 2]


def test_a_key_that_is_an_nhs_number_never_becomes_a_record_key(tmp_path: Path) -> None:
    there = landed(provider(alert=[ALERT | {"record_uid": NHS_NUMBER}]), tmp_path)
    load(there, CLIENT, tmp_path / "lake")
    assert quarantine(there, tmp_path / "lake", "alert")["_record_key"].to_list() == [
        "oakfield_care:alert:row 2"
    ]


def test_all_rows_of_a_file_without_a_required_column_are_set_aside(tmp_path: Path) -> None:
    rows = [{k: v for k, v in row.items() if k != "status"} for row in (ALERT, second(ALERT))]
    there = landed(provider(alert=rows), tmp_path)
    receipt = load(there, CLIENT, tmp_path / "lake")
    assert receipt.files[-1].quarantined_by_rule == {"required_column_missing": 2}
    (path,) = loaded_files(CLIENT, tmp_path / "lake")["alert"]
    assert pl.read_parquet(path).is_empty()


def test_the_receipt_can_be_read_back_and_shows_nobody(tmp_path: Path) -> None:
    rows = [REQUEST, second(REQUEST) | {"Client Type": "Carer", "NHS Number": "9999999999"}]
    receipt = load(landed(council(cld_request=rows), tmp_path), CLIENT, tmp_path / "lake")
    assert read_receipts(CLIENT, tmp_path / "lake") == [receipt]
    assert (receipt.sender_id, receipt.sender_kind, receipt.as_at) == (
        "northmere_council", "council", "2026-10-11T23:00:00Z",
    )  # fmt: skip
    assert receipt.files[0].warnings == {"code_release_1": 1, "nhs_number_repeated_digit": 1}
    text = next((tmp_path / "lake" / "loaded").rglob("receipt.json")).read_text()
    assert FAMILY not in text and NHS_NUMBER not in text


def test_loading_twice_does_the_work_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = landed(provider(), tmp_path)
    first = load(there, CLIENT, tmp_path / "lake")

    def never(*_: object) -> None:
        raise AssertionError("a finished load must not be done again")

    monkeypatch.setattr(loading, "_write_classes", never)
    assert load(there, CLIENT, tmp_path / "lake") == first


def test_a_load_under_other_standards_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = landed(provider(), tmp_path)
    load(there, CLIENT, tmp_path / "lake")
    monkeypatch.setattr(loading, "standards_hash", lambda _: "another")
    assert load(there, CLIENT, tmp_path / "lake").standards == "another"
    assert [r.standards for r in read_receipts(CLIENT, tmp_path / "lake")] == ["another"]


def test_a_load_without_a_receipt_is_not_finished_and_is_done_again(tmp_path: Path) -> None:
    there = landed(provider(), tmp_path)
    lake = tmp_path / "lake"
    load(there, CLIENT, lake)
    before = bytes_below(lake)
    (lake / "loaded" / CLIENT / there.extract_id / "receipt.json").unlink()
    assert read_receipts(CLIENT, lake) == [] and loaded_files(CLIENT, lake) == {}
    load(there, CLIENT, lake)
    assert bytes_below(lake) == before


def test_the_same_extract_gives_the_same_bytes(tmp_path: Path) -> None:
    extract = provider(service=[SERVICE, second(SERVICE) | {"unit_cost": "lots"}])
    for name in ("one", "two"):
        there = land(extract.write(tmp_path / name / "x"), CLIENT, tmp_path / name / "lake")
        load(there, CLIENT, tmp_path / name / "lake")
    assert bytes_below(tmp_path / "one" / "lake") == bytes_below(tmp_path / "two" / "lake")


def test_loaded_and_quarantined_files_are_private(tmp_path: Path) -> None:
    there = landed(provider(service=[SERVICE | {"unit_cost": "lots"}]), tmp_path)
    load(there, CLIENT, tmp_path / "lake")
    for area in ("loaded", "quarantine"):
        folder = tmp_path / "lake" / area / CLIENT / there.extract_id
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()} == {0o600}


def test_a_landed_copy_that_was_changed_is_not_loaded(tmp_path: Path) -> None:
    there = landed(provider(), tmp_path)
    path = there.path / "alert.csv"
    path.write_bytes(path.read_bytes().replace(b"active", b"closed"))
    with pytest.raises(UnusableExtract):
        load(there, CLIENT, tmp_path / "lake")
    assert not (tmp_path / "lake" / "loaded").exists()


@pytest.mark.parametrize("broken", ["a row is lost", "a row comes twice", "a quarantined row is lost"])
def test_a_load_that_does_not_add_up_fails_and_keeps_nothing(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = second(PERSON) | {"subject_of_care_id": "P2", "date_of_birth": "1.1.1940"}
    there = landed(provider(subject_of_care=[PERSON, bad]), tmp_path)
    name = "quarantined_rows" if "quarantined" in broken else "loaded_rows"
    right = getattr(loading, name)

    def wrong(*given: object) -> pl.DataFrame:
        rows = right(*given)
        return pl.concat([rows, rows]) if "twice" in broken else rows.head(rows.height - 1)

    monkeypatch.setattr(loading, name, wrong)
    with pytest.raises(RowsNotAccountedFor, match="must add up"):
        load(there, CLIENT, tmp_path / "lake")
    assert not (tmp_path / "lake" / "loaded").exists()
    assert read_receipts(CLIENT, tmp_path / "lake") == []


@pytest.mark.parametrize(
    "damage", ["cut short", "one byte changed", "gone", "receipt cut short", "count changed"]
)
def test_a_load_that_was_damaged_since_is_done_again(tmp_path: Path, damage: str) -> None:
    there, lake = landed(provider(), tmp_path), tmp_path / "lake"
    load(there, CLIENT, lake)
    before = bytes_below(lake)
    folder = lake / "loaded" / CLIENT / there.extract_id
    file, receipt = folder / "alert.parquet", folder / "receipt.json"
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    elif damage == "cut short":
        file.write_bytes(content[:-20])
    elif damage == "one byte changed":
        file.write_bytes(content[:40] + bytes([content[40] ^ 1]) + content[41:])
    elif damage == "receipt cut short":
        receipt.write_bytes(receipt.read_bytes()[:100])
        with pytest.raises(DamagedReceipt, match="`returns run` loads the extract anew"):
            read_receipts(CLIENT, lake)
    else:
        receipt.write_text(receipt.read_text().replace('"loaded": 1', '"loaded": 2'))
    load(there, CLIENT, lake)
    assert bytes_below(lake) == before


def test_what_a_killed_load_left_is_nobodys(tmp_path: Path) -> None:
    there, lake = landed(provider(), tmp_path), tmp_path / "lake"
    load(there, CLIENT, lake)
    area = lake / "loaded" / CLIENT
    shutil.copytree(area / there.extract_id, area / ".part-1-left")
    assert files_that_name_people(CLIENT, lake)["subject_of_care"] == [
        area / there.extract_id / "subject_of_care.parquet"
    ]
