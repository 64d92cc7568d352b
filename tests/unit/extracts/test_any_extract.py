"""Whatever a sender hands over, checking never raises and no row is lost."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.extracts import limits
from orchestration.extracts.check import check
from orchestration.extracts.csv_scan import scan_csv
from orchestration.extracts.landing import land
from orchestration.extracts.loading import load
from orchestration.extracts.problems import Refused
from orchestration.extracts.receipts import loaded_files
from tests.unit.extracts.tiny_extract import ALERT, NHS_NUMBER, PERSON, TinyExtract, second

FEW = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=200)

CELLS = {
    "record_uid": ["a-1", "a-2", "a-3", "", " ", NHS_NUMBER],
    "version_number": ["1", "2", "0", "-1", "", "one", "9" * 30],
    "subject_of_care": ["P1", "P2", "P9", "", "a|b"],
    "alert_start_date": ["2026-05-01", "2026-05-01T09:30:00Z", "yesterday", "", "2026-02-30", "=cmd()"],
    "status": ["active", "", "x" * 5000, "é\u202e\t|", '"'],
    "mood": ["", "calm", '{"a":1}'],
}
ALERTS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}), max_size=12
)


@FEW
@given(rows=ALERTS)
def test_received_rows_are_loaded_or_quarantined(rows: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder) / "lake"
        people = [PERSON, second(PERSON, subject_of_care_id="P2")]
        extract = TinyExtract({"subject_of_care": people, "alert": [ALERT | {"mood": ""}, *rows]})
        judgement = check(extract.write(Path(folder) / "x"))
        receipt = load(land(Path(folder) / "x", "northmere", lake), "northmere", lake)
        alerts = receipt.files[-1]
        assert alerts.received == len(rows) + 1 == alerts.loaded + alerts.quarantined
        (path,) = loaded_files("northmere", lake)["alert"]
        kept = set(pl.read_parquet(path)["_source_row"].to_list())
        assert kept <= set(range(2, len(rows) + 3)) and len(kept) == alerts.loaded
        assert (judgement.files[-1].would_load, judgement.files[-1].would_quarantine) == (
            alerts.loaded,
            alerts.quarantined,
        )


@settings(FEW, max_examples=100)
@given(
    name=st.sampled_from(["alert.csv", "alert.ndjson", "alert.parquet"]),
    start=st.sampled_from(
        [b"", b"record_uid,version_number\n", b'{"record_uid":"a"}\n', b"PAR1", b"\xef\xbb\xbf"]
    ),
    content=st.one_of(st.binary(max_size=200), st.text('a1,"\n\r\\{}[]:|é\0', max_size=200).map(str.encode)),
)
def test_checking_never_raises_whatever_is_in_a_data_file(name: str, start: bytes, content: bytes) -> None:
    extract = TinyExtract({}, raw={name: start + content}, counts={name: 1})
    with tempfile.TemporaryDirectory() as folder:
        judgement = check(extract.write(Path(folder)))
        assert judgement.exit_code in (0, 1, 2)
        assert judgement.text() and json.loads(judgement.json())


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
PLACES = st.sampled_from(
    ["profile_version", "as_at", "sender", "files", "supplier_system", "mods_version", "new"]
)


@settings(FEW, max_examples=100)
@given(changes=st.dictionaries(PLACES, ANYTHING, max_size=3), file=ANYTHING)
def test_checking_never_raises_whatever_is_in_a_manifest(changes: dict[str, object], file: object) -> None:
    extract = TinyExtract({}, manifest=changes, files=[file])  # type: ignore[list-item]
    with tempfile.TemporaryDirectory() as folder:
        assert check(extract.write(Path(folder))).exit_code == 2


@settings(FEW, max_examples=60)
@given(place=st.integers(0, 5000), damage=st.binary(min_size=1, max_size=8))
def test_checking_never_raises_whatever_is_wrong_with_a_zip(place: int, damage: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = TinyExtract({"alert": [ALERT]}).write_zip(Path(folder) / "x.zip")
        content = bytearray(path.read_bytes())
        at = place % len(content)
        content[at : at + len(damage)] = damage
        path.write_bytes(content)
        assert check(path).exit_code in (0, 1, 2)


CELL = st.text(st.sampled_from('ab1 ,"\n\ré|'), max_size=6)


@MANY
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6), chunk=st.integers(1, 20)
)
def test_a_well_formed_file_means_the_same_to_the_scan_and_to_polars(
    rows: list[list[str]], chunk: int
) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["x", "y", "z"], *rows])
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", chunk)
        path = Path(folder) / "a.csv"
        path.write_bytes(out.getvalue().encode())
        assert scan_csv(path).rows == len(rows)
        read = pl.read_csv(path, infer_schema=False).fill_null("")
        assert [list(row) for row in read.rows()] == rows


@MANY
@given(text=st.text('ab,"\n\r', max_size=40))
def test_what_the_scan_lets_pass_polars_reads_as_the_same_rows(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(b"x,y\n" + text.encode())
        try:
            shape = scan_csv(path)
        except Refused:
            return
        read = pl.read_csv(path, infer_schema=False).head(shape.rows).fill_null("")
        plain = [row for row in csv.reader(io.StringIO("x,y\n" + text, newline=""), strict=True) if row][1:]
        assert [list(row) for row in read.rows()] == plain
