"""Tables to take away are described so that a program can read them without asking."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package
from made import contents, state
from pyarrow import parquet

from orchestration.report.data_package import PACKAGE, PackageFacts, write_package
from orchestration.report.data_tables import DAY, NUMBER, Column, DataTable
from orchestration.report.downloads import downloads, write_downloads
from orchestration.report.return_pages import ReturnState
from orchestration.returns.published import COLUMNS, PublishedFigure, read_published

FACTS = PackageFacts("made", "Made", "Made for a test.", ("Oakfield",), "Nobody's.", "index.html")
TABLE = DataTable(
    "ages",
    "People by age",
    "",
    (
        *(Column("age", "Age"), Column("people", "People", NUMBER), Column("mark", "Mark")),
        Column("seen_on", "Seen on", DAY),
    ),
    (
        ("under 65", Decimal("12.50"), "", "2026-10-12"),
        ("=65", None, "[c]", None),
    ),
    ("age",),
)
BEDS = [
    ("beds.used", "Occupied beds", "beds", "12", ""),
    ("beds.left", "Share of beds left", "share", "0.25", "3/12"),
]


def described(folder: Path) -> Any:
    return Package(str(folder / PACKAGE))


def test_a_table_is_written_as_csv_and_parquet_with_the_same_rows(tmp_path: Path) -> None:
    write_package(tmp_path, [TABLE], FACTS)
    with (tmp_path / "ages.csv").open(encoding="utf-8", newline="") as handle:
        assert list(csv.reader(handle)) == [
            ["age", "people", "mark", "seen_on"],
            ["under 65", "12.50", "", "2026-10-12"],
            ["'=65", "", "[c]", ""],
        ]
    read = parquet.read_table(tmp_path / "ages.parquet")
    assert read.to_pylist() == [
        {"age": "under 65", "people": Decimal("12.5000"), "mark": None, "seen_on": date(2026, 10, 12)},
        {"age": "=65", "people": None, "mark": "[c]", "seen_on": None},
    ]
    assert str(read.schema.field("people").type) == "decimal128(18, 4)"


def test_the_description_is_a_data_package_and_the_tables_keep_to_it(tmp_path: Path) -> None:
    write_package(tmp_path, [TABLE], FACTS)
    report = described(tmp_path).validate()
    assert report.valid, report.flatten(["message"])
    said = json.loads((tmp_path / PACKAGE).read_text(encoding="utf-8"))
    (resource,) = said["resources"]
    assert resource["schema"]["primaryKey"] == ["age"]
    assert resource["schema"]["missingValues"] == [""]
    assert [f["type"] for f in resource["schema"]["fields"]] == ["string", "number", "string", "date"]
    assert resource["alternatives"][0]["path"] == "ages.parquet"
    assert said["sources"] == [{"title": "Oakfield"}]
    assert said["licenses"] == [{"path": "index.html", "title": "Nobody's."}]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("under 65,1,,2026-10-12", "primary-key"),
        ("over 65,many,,2026-10-12", "type-error"),
        ("over 65,,[secret],2026-10-12", "constraint-error"),
        ("over 65,1,,soon", "type-error"),
    ],
)
def test_a_table_that_breaks_its_description_would_be_found(tmp_path: Path, line: str, fault: str) -> None:
    write_package(tmp_path, [TABLE], FACTS)
    with (tmp_path / "ages.csv").open("a", encoding="utf-8", newline="") as handle:
        handle.write(line + "\r\n")
    found = described(tmp_path).validate().flatten(["type"])
    assert [fault] in found


def written(folder: Path, own: ReturnState, published: list[PublishedFigure]) -> Path:
    write_downloads(folder, downloads(contents(own), published))
    return folder / "tables"


def test_everything_a_site_gives_away_keeps_to_its_description(tmp_path: Path) -> None:
    folder = written(tmp_path, state({"2026-09": BEDS, "2026-10": BEDS}), [])
    package = described(folder)
    assert [r.name for r in package.resources] == ["capacity_tracker_figures", "measures", "taken_in"]
    assert package.validate().valid
    assert all((folder / f"{r.name}.parquet").is_file() for r in package.resources)


def test_a_published_figure_stands_beside_ours_with_its_source_and_date(tmp_path: Path) -> None:
    file = tmp_path / "made_up_for_this_test.csv"
    figure = "capacity_tracker.beds.used,Total,1-900000001,2025-10-01,2025-10-31,11,made up,2026-01-09,READ"
    file.write_text(f"{','.join(COLUMNS)}\n{figure}\n", encoding="utf-8")
    folder = written(tmp_path, state({"2026-10": BEDS}), read_published(file))
    with (folder / "measures.csv").open(encoding="utf-8", newline="") as handle:
        rows = {row["cell_id"]: row for row in csv.DictReader(handle)}
    own = rows["beds.used"]
    assert (own["value"], own["published_value"], own["published_source"]) == ("12", "11", "made up")
    assert (own["published_period_end"], own["published_on"]) == ("2025-10-31", "2026-01-09")
    assert rows["beds.left"]["published_value"] == ""
    assert rows["beds.left"]["interval_low"] == "0.0889"
