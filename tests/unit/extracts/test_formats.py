"""The same rows mean the same in a folder or zip, as CSV, NDJSON or Parquet, under any accepted header."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from orchestration.extracts import limits
from orchestration.extracts.check import check
from orchestration.extracts.landing import land
from orchestration.extracts.loading import load
from orchestration.extracts.problems import ProblemLog
from orchestration.extracts.profile import load_profile
from orchestration.extracts.readers import open_table
from orchestration.extracts.receipts import loaded_files
from tests.unit.extracts.tiny_extract import (
    ALERT,
    SERVICE,
    TinyExtract,
    csv_bytes,
    ndjson_bytes,
    parquet_bytes,
    provider,
    second,
)

CLIENT = "northmere"


def with_file(name: str, content: bytes, rows: int) -> TinyExtract:
    return TinyExtract({}, raw={name: content}, counts={name: rows})


def loaded(extract: TinyExtract, class_name: str, tmp_path: Path) -> pl.DataFrame:
    landed = land(extract.write(tmp_path / "extract"), CLIENT, tmp_path / "lake")
    receipt = load(landed, CLIENT, tmp_path / "lake")
    assert receipt.quarantined == 0
    return pl.read_parquet(loaded_files(CLIENT, tmp_path / "lake")[class_name][0])


def test_a_zip_is_judged_like_the_folder_it_was_made_of(tmp_path: Path) -> None:
    extract = provider(service=[SERVICE | {"unit_cost": "lots"}])
    assert check(extract.write(tmp_path / "x")).json() == check(extract.write_zip(tmp_path / "x.zip")).json()


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\n\n\n", "\r\n\r\n", ""])
def test_a_byte_order_mark_and_any_line_end_are_accepted(ending: str, tmp_path: Path) -> None:
    header, row = csv_bytes([ALERT]).decode().split("\r\n")[:2]
    lines = (header + (ending[:2].strip(" ") or "\n").replace("\n\n", "\n") + row + ending).encode()
    alerts = loaded(with_file("alert.csv", b"\xef\xbb\xbf" + lines, 1), "alert", tmp_path)
    assert alerts.select("record_uid", "_source_row").rows() == [("alt-1", 2)]


def test_quoted_cells_keep_their_commas_quotes_and_line_breaks(tmp_path: Path) -> None:
    rows = [ALERT | {"free_text": 'Say "hello",\r\nthen wait'}, second(ALERT)]
    alerts = loaded(TinyExtract({"alert": rows}), "alert", tmp_path)
    assert alerts["free_text"].to_list() == ['Say "hello",\r\nthen wait', None]
    assert alerts["_source_row"].to_list() == [2, 3]


def test_scip_aliases_and_element_names_are_accepted_as_headers(tmp_path: Path) -> None:
    row = {"Record UID": "alt-1", "VERSION NUMBER": "1", "Subject of care": "P1", "startDate": "2026-05-01",
           "Status": "active"}  # fmt: skip
    alerts = loaded(TinyExtract({"alert": [row]}), "alert", tmp_path)
    assert alerts["alert_start_date"].to_list() == [datetime(2026, 5, 1)]


def test_unknown_columns_are_kept_aside_as_json(tmp_path: Path) -> None:
    rows = [
        ALERT | {"Mood": 'calm "today"', "_source_row": "9"},
        second(ALERT) | {"Mood": "", "_source_row": ""},
    ]
    alerts = loaded(TinyExtract({"alert": rows}), "alert", tmp_path)
    assert alerts["_overflow"].to_list() == ['{"Mood":"calm \\"today\\"","_source_row":"9"}', None]
    assert alerts["_source_row"].to_list() == [2, 3]


def test_ndjson_keeps_numbers_as_written_and_parts_lists_with_bars(tmp_path: Path) -> None:
    rows = [
        SERVICE | {"version_number": 2, "unit_cost": 12.50, "regulated_care": True, "comment": None},
        second(SERVICE) | {"unit_cost": 7, "nested": {"a": [1]}, "tags": ["a", "b"]},
    ]
    services = loaded(with_file("service.ndjson", ndjson_bytes(rows) + b"\n", 2), "service", tmp_path)
    assert services.select(
        "_source_row", "version_number", "unit_cost", "regulated_care", "_overflow"
    ).rows() == [
        (1, 2, Decimal("12.5000"), "Yes", None),
        (2, 1, Decimal("7.0000"), "Yes", '{"nested":"{\\"a\\":[\\"1\\"]}","tags":"a|b"}'),
    ]


def test_parquet_types_become_the_types_of_the_profile(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "record_uid": ["s-1", "s-2"],
            "version_number": [1.0, 2.0],
            "subject_of_care": pl.Series(["P1", "P2"], dtype=pl.Categorical),
            "service_start_date": [datetime(2026, 1, 5), None],
            "service_end_date": [date(2026, 2, 1), None],
            "unit_cost": pl.Series([Decimal("812.500000"), None], dtype=pl.Decimal(38, 6)),
            "planned_units_per_week": [2.5, float("nan")],
            "regulated_care": [True, False],
            "service_description": ["Residential care", "x"],
            "comment": [time(9, 30), None],
            "tags": [["a", "b"], []],
            "detail": [{"a": 1}, None],
        }
    )
    services = loaded(with_file("service.parquet", parquet_bytes(frame), 2), "service", tmp_path)
    assert services.drop("_extract_id").row(0, named=True).items() >= {
        "version_number": 1,
        "service_start_date": date(2026, 1, 5),
        "service_end_date": date(2026, 2, 1),
        "unit_cost": Decimal("812.5000"),
        "planned_units_per_week": Decimal("2.5000"),
        "regulated_care": "Yes",
        "comment": "09:30:00",
        "_source_row": 1,
        "_overflow": '{"tags":"a|b","detail":"{\\"a\\":1}"}',
    }.items()  # fmt: skip
    assert services.row(1, named=True)["regulated_care"] == "No"
    assert services.row(1, named=True)["planned_units_per_week"] is None


def test_times_are_kept_in_utc(tmp_path: Path) -> None:
    starts = {
        "2026-05-01T09:30:00+01:00": datetime(2026, 5, 1, 8, 30),
        "2026-05-01T09:30Z": datetime(2026, 5, 1, 9, 30),
        "2026-05-01T09:30:00.25": datetime(2026, 5, 1, 9, 30, 0, 250_000),
        "2026-05-01 23:30:00-0130": datetime(2026, 5, 2, 1, 0),
        "2026-05-01": datetime(2026, 5, 1),
    }
    rows = [ALERT | {"record_uid": f"a-{i}", "alert_start_date": text} for i, text in enumerate(starts)]
    assert loaded(TinyExtract({"alert": rows}), "alert", tmp_path)["alert_start_date"].to_list() == list(
        starts.values()
    )
    zoned = pl.DataFrame([ALERT | {"alert_start_date": datetime(2026, 5, 1, 9, 30, tzinfo=UTC)}])
    extract = with_file("alert.parquet", parquet_bytes(zoned), 1)
    alerts = loaded(extract, "alert", tmp_path / "zoned")
    assert alerts["alert_start_date"].to_list() == [datetime(2026, 5, 1, 9, 30)]


@pytest.mark.parametrize(
    ("column", "rule_id"),
    [
        (pl.Series("blob", [b"\x00\xff"]), "column_type"),
        (pl.Series("blob", [[b"\x00"]]), "column_type"),
        (pl.Series("text", ["a\0b"]), "nul_byte"),
        (pl.Series("text", ["x" * (limits.CELL_BYTES + 1)]), "cell_too_large"),
        (pl.Series("Record UID", ["x"]), "header_duplicate"),
    ],
)
def test_parquet_columns_that_cannot_be_text_are_refused(
    column: pl.Series, rule_id: str, tmp_path: Path
) -> None:
    frame = pl.DataFrame([ALERT]).with_columns(column)
    judgement = check(with_file("alert.parquet", parquet_bytes(frame), 1).write(tmp_path))
    assert [g.rule.rule_id for g in judgement.problems] == [rule_id]


def test_a_parquet_file_too_large_for_memory_is_refused_by_its_footer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PARQUET_GROUP_CELLS", 4)
    judgement = check(with_file("alert.parquet", parquet_bytes(pl.DataFrame([ALERT])), 1).write(tmp_path))
    assert [g.rule.rule_id for g in judgement.problems] == ["file_too_large"]


def test_a_parquet_file_cut_in_its_pages_is_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame([ALERT | {"record_uid": f"a-{i}", "free_text": f"{i * i}"} for i in range(200)])
    content = bytearray(parquet_bytes(frame))
    content[40:400] = b"\xff" * 360
    judgement = check(with_file("alert.parquet", bytes(content), 200).write(tmp_path))
    assert [g.rule.rule_id for g in judgement.problems] == ["file_broken"]


def test_a_file_name_is_never_a_pattern(tmp_path: Path) -> None:
    extract = provider()
    extract.raw["[a-z]*.csv"] = csv_bytes([ALERT])
    extract.counts["[a-z]*.csv"] = 1
    extract.rows.pop("alert")
    contents = extract.contents()
    text = contents["manifest.json"].replace(b'"class": "[a-z]*"', b'"class": "alert"')
    extract.manifest_bytes = text
    assert loaded(extract, "alert", tmp_path)["_source_file"].to_list() == ["[a-z]*.csv"]


def test_codes_take_the_capitals_of_their_list_when_loaded(tmp_path: Path) -> None:
    services = loaded(provider(service=[SERVICE | {"regulated_care": "YES"}]), "service", tmp_path)
    assert services["regulated_care"].to_list() == ["Yes"]


def test_rows_are_cut_into_the_same_batches_however_they_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BATCH_ROWS", 7)
    rows = [ALERT | {"record_uid": f"a-{i}"} for i in range(25)]
    csv_rows = loaded(TinyExtract({"alert": rows}), "alert", tmp_path / "csv")
    lines = with_file("alert.ndjson", ndjson_bytes(rows), 25)
    json_rows = loaded(lines, "alert", tmp_path / "ndjson")
    assert (
        csv_rows["record_uid"].to_list()
        == json_rows["record_uid"].to_list()
        == [r["record_uid"] for r in rows]
    )
    assert csv_rows["_source_row"].to_list() == list(range(2, 27))


@pytest.mark.parametrize("ending", ["csv", "ndjson", "parquet"])
def test_fewer_rows_make_a_batch_where_rows_are_very_long(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "READ_CHUNK", 1000)
    monkeypatch.setattr(limits, "DENSITY_STRETCH", 3000)
    monkeypatch.setattr(limits, "BATCH_BYTES", 5000)
    rows = [ALERT | {"record_uid": f"a-{i}", "free_text": "x" * 1000 * (i > 10)} for i in range(20)]
    content = {
        "csv": csv_bytes(rows),
        "ndjson": ndjson_bytes(rows),
        "parquet": parquet_bytes(pl.DataFrame(rows)),
    }
    path = tmp_path / f"alert.{ending}"
    path.write_bytes(content[ending])
    alert = load_profile().classes["alert"]
    table = open_table(path, path.name, ending, alert, tmp_path, ProblemLog())
    heights = [batch.height for batch in table.batches()]
    assert sum(heights) == 20 and max(heights) in (4, 5)
