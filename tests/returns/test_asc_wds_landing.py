"""A provider's bulk upload files on their way in: what is taken as it is, and what is told of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from orchestration.extracts.check import check
from orchestration.extracts.landing import UnusableExtract, land
from orchestration.extracts.loading import load
from orchestration.extracts.receipts import loaded_files
from tests.returns.test_asc_wds_validator import upload
from tests.unit.extracts.tiny_extract import HOME, TinyExtract, csv_bytes

CLIENT = "northmere"
FILE = "asc_wds_staff.csv"
# Optional columns are left out, as a provider does who has no use for them.
WORKER = {
    name: value
    for name, value in upload()["staff"][0].items()
    if name not in ("CHGUNIQUEWRKID", "TRANSFERSTAFFRECORD")
}
NAMING = ("Zoltan Quartermain", "QQ998877D", "29/02/1968", "ZY9 9ZZ")
NAMED = WORKER | dict(zip(("DISPLAYID", "NINUMBER", "DOB", "POSTCODE"), NAMING, strict=True))
GOOD = csv_bytes([WORKER])


def sent(content: bytes, rows: int = 1) -> TinyExtract:
    return TinyExtract({"care_provider": [HOME]}, raw={FILE: content}, counts={FILE: rows})


def loaded(content: bytes, tmp_path: Path) -> pl.DataFrame:
    landed = land(sent(content).write(tmp_path / "extract"), CLIENT, tmp_path / "lake")
    receipt = load(landed, CLIENT, tmp_path / "lake")
    assert receipt.quarantined == 0
    return pl.read_parquet(loaded_files(CLIENT, tmp_path / "lake")["asc_wds_staff"][0])


TAKEN = {
    "with CR LF": GOOD,
    "with LF": GOOD.replace(b"\r\n", b"\n"),
    "with a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "with a blank line at the end": GOOD + b"\r\n",
    "with every cell quoted": b"\r\n".join(
        b",".join(b'"' + cell + b'"' for cell in line.split(b",")) for line in GOOD.split(b"\r\n")[:2]
    ),
    "in another order": csv_bytes([dict(reversed(WORKER.items()))]),
    "with headers in small letters": csv_bytes([{k.lower(): v for k, v in WORKER.items()}]),
    "with blanks around values": csv_bytes([{k: f" {v} " if v else v for k, v in WORKER.items()}]),
}


@pytest.mark.parametrize("how", TAKEN)
def test_a_file_means_the_same_however_it_was_exported(how: str, tmp_path: Path) -> None:
    assert check(sent(TAKEN[how]).write(tmp_path / "x")).problems == []
    (row,) = loaded(TAKEN[how], tmp_path).to_dicts()
    assert {name: row[name.lower()] or "" for name in WORKER} == WORKER
    assert row["_source_row"] == 2


def test_a_leading_zero_a_date_and_a_formula_stay_the_text_they_were(tmp_path: Path) -> None:
    odd = {"UNIQUEWORKERID": "007", "DOB": "01/02/1980", "QUALACH01NOTES": "=1+1", "CONTHOURS": "37.50"}
    (row,) = loaded(csv_bytes([WORKER | odd]), tmp_path).to_dicts()
    assert {name: row[name.lower()] for name in odd} == odd


@dataclass(frozen=True)
class Told:
    """A file that is not as it should be, and what must be said of it."""

    content: bytes
    rule: str
    exit_code: int
    rows: int = 1
    row: int | None = None
    field: str = ""


def without(*names: str) -> bytes:
    return csv_bytes([{k: v for k, v in NAMED.items() if k not in names}])


WRONG = {
    "Latin-1 text": Told(
        csv_bytes([NAMED | {"MAINJRDESC": "Cafe"}]).replace(b"Cafe", b"Caf\xe9"), "not_utf8", 2, row=2
    ),
    "UTF-16 text": Told(csv_bytes([NAMED]).decode().encode("utf-16"), "not_utf8", 2, row=1),
    "semicolons between cells": Told(csv_bytes([NAMED]).replace(b",", b";"), "delimiter", 2, row=1),
    "a cell too many": Told(csv_bytes([NAMED]).rstrip() + b",more\r\n", "ragged_row", 2, row=2),
    "a quote that is never closed": Told(
        csv_bytes([NAMED]).replace(b"site,w-1", b'"site,w-1', 1), "open_quote", 2, row=2
    ),
    "a NUL character": Told(csv_bytes([NAMED]).replace(b"UPDATE", b"UPD\x00ATE"), "nul_byte", 2, row=2),
    "a cell of five megabytes": Told(
        csv_bytes([NAMED | {"QUALACH01NOTES": "x" * 5_000_000}]), "cell_too_large", 2, row=2
    ),
    "no bytes at all": Told(b"", "file_empty", 2, rows=0),
    "headers only": Told(csv_bytes([NAMED]).split(b"\r\n")[0] + b"\r\n", "no_rows", 0, rows=0),
    "a column twice": Told(
        csv_bytes([NAMED]).replace(b"STATUS", b"DisplayId", 1), "header_duplicate", 2, row=1,
        field="displayid",
    ),
    "a column left out": Told(without("DOB"), "official_column_missing", 0, field="dob"),
    "the id left out": Told(without("LOCALESTID"), "official_column_missing", 0, field="localestid"),
    "a column nobody asked for": Told(
        csv_bytes([NAMED | {"SHOESIZE": "7"}]), "unknown_column", 0, field="SHOESIZE"
    ),
    "a qualification beyond the twentieth": Told(
        csv_bytes([NAMED | {"QUALACH21": "20;2019"}]), "unknown_column", 0, field="QUALACH21"
    ),
    "an NHS number for a worker id": Told(
        csv_bytes([NAMED | {"UNIQUEWORKERID": "9990000182"}]), "key_like_nhs_number", 1, row=2,
        field="uniqueworkerid",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told_with_file_row_field_rule_and_what_to_do(what: str, tmp_path: Path) -> None:
    told = WRONG[what]
    judgement = check(sent(told.content, told.rows).write(tmp_path / "x"))
    assert judgement.exit_code == told.exit_code
    (group,) = judgement.problems
    problem = group.shown[0]
    assert (problem.rule_id, problem.file, problem.row, problem.field) == (
        told.rule, FILE, told.row, told.field,
    )  # fmt: skip
    assert problem.message and problem.next_step
    assert [word for word in (*NAMING, "9990000182") if word in judgement.text() + judgement.json()] == []


@pytest.mark.parametrize("what", [name for name, told in WRONG.items() if told.exit_code == 2])
def test_nothing_of_a_file_that_cannot_be_read_is_loaded(what: str, tmp_path: Path) -> None:
    told = WRONG[what]
    with pytest.raises(UnusableExtract):
        load(
            land(sent(told.content, told.rows).write(tmp_path / "x"), CLIENT, tmp_path / "lake"),
            CLIENT,
            tmp_path / "lake",
        )
    assert loaded_files(CLIENT, tmp_path / "lake").get("asc_wds_staff", []) == []
