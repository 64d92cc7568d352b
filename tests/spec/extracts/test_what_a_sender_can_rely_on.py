"""What a sender can rely on when handing over an extract, one promise per test."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from orchestration.extracts.check import check
from orchestration.extracts.landing import UnusableExtract, land
from orchestration.extracts.loading import load
from orchestration.extracts.receipts import loaded_files
from tests.unit.extracts.tiny_extract import (
    ALERT,
    HOME,
    PERSON,
    REQUEST,
    SERVICE,
    TinyExtract,
    council,
    provider,
    second,
)


def exit_code(extract: TinyExtract, tmp_path: Path) -> int:
    return check(extract.write(tmp_path / "extract")).exit_code


def test_a_clean_extract_ends_with_0(tmp_path: Path) -> None:
    assert exit_code(provider(), tmp_path) == 0


def test_a_failed_nhs_check_digit_is_only_a_warning(tmp_path: Path) -> None:
    assert exit_code(provider(subject_of_care=[PERSON | {"nhs_number": "9990000183"},
                     second(PERSON, subject_of_care_id="P2")]), tmp_path) == 0  # fmt: skip


def test_an_error_in_a_row_ends_with_1_and_costs_only_that_row(tmp_path: Path) -> None:
    extract = provider(alert=[ALERT, second(ALERT) | {"status": ""}])
    assert exit_code(extract, tmp_path) == 1
    receipt = load(land(tmp_path / "extract", "northmere", tmp_path / "lake"), "northmere", tmp_path / "lake")
    assert (receipt.received, receipt.loaded, receipt.quarantined) == (7, 6, 1)


def test_a_file_that_cannot_be_read_ends_with_2_and_nothing_is_half_loaded(tmp_path: Path) -> None:
    extract = provider()
    extract.rows.pop("alert")
    extract.raw["alert.csv"], extract.counts["alert.csv"] = b'record_uid,status\na-1,"active\n', 1
    assert exit_code(extract, tmp_path) == 2
    with pytest.raises(UnusableExtract):
        land(tmp_path / "extract", "northmere", tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    rows = [ALERT | {"free_text": "two\nlines"}, second(ALERT) | {"status": ""}]
    (group,) = check(provider(alert=rows).write(tmp_path)).problems
    assert [p.row for p in group.shown] == [3]


def test_a_code_that_an_incomplete_official_list_lacks_is_not_judged(tmp_path: Path) -> None:
    judgement = check(council(cld_request=[REQUEST | {"Has Unpaid Carer": "Perhaps"}]).write(tmp_path))
    assert (judgement.exit_code, judgement.files[0].not_judged) == (0, {"has_unpaid_carer": 1})


def test_a_release_1_label_is_accepted_as_sent(tmp_path: Path) -> None:
    extract = council(cld_request=[REQUEST | {"Client Type": "Carer"}])
    land_and_load(extract, tmp_path)
    (path,) = loaded_files("northmere", tmp_path / "lake")["cld_request"]
    assert pl.read_parquet(path)["client_type"].to_list() == ["Carer"]


def test_a_person_may_be_named_before_their_own_record_is_sent(tmp_path: Path) -> None:
    extract = TinyExtract({"care_provider": [HOME], "service": [SERVICE]})
    assert exit_code(extract, tmp_path) == 0


def test_a_person_missing_from_the_people_that_are_sent_is_an_error(tmp_path: Path) -> None:
    assert exit_code(provider(service=[SERVICE | {"subject_of_care": "P9"}]), tmp_path) == 1


def test_sending_the_same_extract_twice_changes_nothing(tmp_path: Path) -> None:
    first = land_and_load(provider(), tmp_path)
    assert land_and_load(provider(), tmp_path) == first


def land_and_load(extract: TinyExtract, tmp_path: Path) -> object:
    landed = land(extract.write(tmp_path / "extract"), "northmere", tmp_path / "lake")
    return load(landed, "northmere", tmp_path / "lake")
