"""Two periods run one after another: what was before, what moved, and where the method changed."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from walking import CLIENT, Walk, read_rows

from orchestration.road import write_report
from orchestration.settings import Settings

HOME, RETURN, NOW, BEFORE = "1-900000003", "capacity_tracker", "2026-10", "2026-09"
CHANGED = {"occupied": "29", "care_employed": "3"}


@pytest.fixture(scope="module")
def two_periods(sample: Walk, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The lake of the sample with a pack of the month before, made by an older method, of other figures."""
    lake = tmp_path_factory.mktemp("periods") / "lake"
    lake.mkdir()
    for folder in sample.settings.lake.iterdir():
        if folder.name not in ("packs", "site"):
            (lake / folder.name).symlink_to(folder)
    shutil.copytree(sample.settings.lake / "packs", lake / "packs")
    place = lake / "packs" / CLIENT / HOME / RETURN
    shutil.copytree(place / NOW, place / BEFORE)
    pack = place / BEFORE / (place / BEFORE / "latest").read_text(encoding="utf-8").strip()
    rows = read_rows(pack / "figures.csv")
    for row in rows:
        row["period_label"] = BEFORE
        if row["cell_id"] in CHANGED:
            row["value"] = row["numerator"] = CHANGED[row["cell_id"]]
    with (pack / "figures.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    manifest["method"]["version"] = "2023-01"
    (pack / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return replace(sample.settings, lake=lake)


@pytest.fixture(scope="module")
def true_site(two_periods: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages with small numbers shown."""
    return Path(shutil.copytree(site_of(two_periods, "none"), tmp_path_factory.mktemp("true") / "site"))


def words_of(site: Path, page: str) -> str:
    text = re.sub(r"<svg.*?</svg>", "", (site / page).read_text(encoding="utf-8"), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def site_of(settings: Settings, profile: str) -> Path:
    return write_report(settings, settings.client(CLIENT), profile).index.parent


def true_now(sample: Walk, cell_id: str) -> int:
    rows = read_rows(sample.packs[RETURN, HOME].folder / "figures.csv")
    return next(int(row["value"]) for row in rows if row["cell_id"] == cell_id)


def test_a_return_shows_the_period_before_and_what_moved(sample: Walk, true_site: Path) -> None:
    page = words_of(true_site, f"returns/capacity-tracker/{HOME}.html")
    moved = true_now(sample, "occupied") - int(CHANGED["occupied"])
    assert moved > 0
    assert "The period before is September 2026." in page
    assert f"29 (+{moved})" in page


def test_a_measure_draws_both_periods_and_marks_where_the_method_changed(
    sample: Walk, true_site: Path
) -> None:
    page = "measures/capacity-tracker-people-supported-now.html"
    drawn = (true_site / page).read_text(encoding="utf-8")
    assert "stroke-dasharray" in drawn
    text = words_of(true_site, page)
    now = true_now(sample, "occupied")
    assert "Method 2023-01 until 2026-10, then" in text
    assert f"Oakfield Lodge Nursing Home: Occupied or used beds 29 {now}" in text
    # A submitter without the earlier period has no number there, which is not a zero.
    assert re.search(r"Oakfield House: Occupied or used beds \[x\] \d+", text)


def test_a_number_held_back_in_one_period_has_no_movement_in_the_other(
    sample: Walk, two_periods: Settings
) -> None:
    """Three care workers before and many now: the movement would tell the three."""
    site = site_of(two_periods, "suppress_under_5")
    page = words_of(site, f"returns/capacity-tracker/{HOME}.html")
    now = true_now(sample, "care_employed")
    assert now >= 5
    found = re.search(r"Directly employed care-providing staff .*? (?:(\d+|\[c\]) staff) (\S+ \S+)", page)
    assert found is not None
    assert found[2].startswith("[c]")
    assert f"{now - 3}" not in found[2]
