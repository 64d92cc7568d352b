"""Two periods run one after another: what was before, what moved, and where the method changed."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from site_attack import SiteAttack
from site_reading import read_pages
from walking import BEFORE, CLIENT, Walk, read_rows

from orchestration.report.release import profile_of
from orchestration.road import write_report
from orchestration.settings import Settings

HOME, RETURN, NOW = "1-900000003", "capacity_tracker", "2026-10"
SHARES = {"share", "share_of_lines", "percent"}
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


@pytest.fixture(scope="module")
def true_months(two_months: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of two months that were really filled, with small numbers shown."""
    shown = Path(shutil.copytree(site_of(two_months, "none"), tmp_path_factory.mktemp("months") / "site"))
    write_report(two_months, two_months.client(CLIENT))
    return shown


def figures_of(settings: Settings, submitter: str, return_id: str) -> list[dict[str, dict[str, str]]]:
    """The figures of every period of a return by cell, the oldest period first."""
    found = []
    for period in sorted((settings.lake / "packs" / CLIENT / submitter / return_id).iterdir()):
        if (period / "latest").is_file():
            version = (period / "latest").read_text(encoding="utf-8").strip()
            found.append({row["cell_id"]: row for row in read_rows(period / version / "figures.csv")})
    return found


def shown_number(said: str) -> Decimal | None:
    """The number a cell of a page begins with, of a share as a share; None where there is none."""
    found = re.match(r"(-?[\d,]+(?:\.\d+)?)(%?)", said)
    if found is None:
        return None
    return Decimal(found[1].replace(",", "")) / (100 if found[2] else 1)


def about(row: dict[str, str] | None) -> Decimal | None:
    """The number of a figure as exactly as a page shows it: a share in tenths of a per cent."""
    if row is None or not row["value"]:
        return None
    number = Decimal(row["value"]) / (100 if row["unit"] == "percent" else 1)
    return number.quantize(Decimal("0.001"), ROUND_HALF_UP) if row["unit"] in SHARES else number


def test_every_value_of_both_months_and_what_moved_are_those_of_the_packs(
    two_months: Settings, true_months: Path
) -> None:
    compared, moved, other = 0, 0, []
    for path, page in read_pages(true_months).items():
        if not (of := re.fullmatch(r"returns/(.+)/([^/]+)\.html", path)) or of[2] == "index":
            continue
        periods = figures_of(two_months, of[2], of[1].replace("-", "_"))
        if len(periods) < 2:
            continue
        before, now = periods[-2:]
        by_anchor = {re.sub(r"[^a-z0-9]+", "-", cell.lower()).strip("-"): cell for cell in now}
        for table in (t for t in page.tables if t.label.startswith("Figures: ")):
            for _, anchor, named in table.lines():
                cell = by_anchor[anchor]
                earlier = next(said for column, said in named.items() if "2026" in column)
                was, is_now = (about(p.get(cell)) for p in (before, now))
                if was is None or is_now is None or now[cell]["value_text"]:
                    continue
                found = shown_number(named["Value"]), shown_number(earlier)
                change = re.search(r"\((\S+?)(?: points?)?\)", earlier)
                compared += 1
                moved += change is not None
                step = is_now - was
                by_points = step * 100 if now[cell]["unit"] in SHARES else step
                told = Decimal(change[1].replace("−", "-").replace(",", "")) if change else Decimal(0)
                if found != (is_now, was) or told != by_points:
                    other.append(f"{path} {cell}")
    assert other == []
    assert compared > 150
    assert moved > 15


def test_no_small_number_of_either_month_can_be_worked_out_from_the_pages_of_both(
    two_months: Settings, true_months: Path
) -> None:
    site = two_months.lake / "site" / CLIENT
    attack = SiteAttack(site, true_months, profile_of("suppress_under_5"))
    before = {name for name in attack.small() if name[3] == "September 2026"}
    assert len(before) > 10
    assert attack.recovered(5) == []


def test_the_trend_of_two_months_draws_a_line_and_no_line_across_a_number_held_back(
    two_months: Settings, true_months: Path
) -> None:
    page = "measures/capacity-tracker-people-supported-now.html"
    drawn = (true_months / page).read_text(encoding="utf-8")
    before, now = figures_of(two_months, HOME, RETURN)
    assert f"Occupied or used beds {before['occupied']['value']} {now['occupied']['value']}" in words_of(
        true_months, page
    )
    assert "September 2026" in drawn
    assert lines_drawn(drawn) == 6
    site = two_months.lake / "site" / CLIENT
    told = (site / page).read_text(encoding="utf-8")
    assert "Not drawn, for no number of theirs is known or told: Fernside Shared Lives." in told
    assert lines_drawn(told) < lines_drawn(drawn)


def lines_drawn(page: str) -> int:
    """How many lines of the wide chart join two points."""
    chart = page[page.index("chart__wide") : page.index("chart__narrow")]
    return len(re.findall(r'<path d="[^"]*L[^"]*" stroke="[^"]*" stroke-width="2.5"', chart))


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
    assert "Beside each value stands that of September 2026" in page
    assert f"29 (+{moved})" in page


def test_a_measure_draws_both_periods_and_marks_where_the_method_changed(
    sample: Walk, true_site: Path
) -> None:
    page = "measures/capacity-tracker-people-supported-now.html"
    drawn = (true_site / page).read_text(encoding="utf-8")
    assert "stroke-dasharray" in drawn
    text = words_of(true_site, page)
    now = true_now(sample, "occupied")
    assert "Method 2023-01 before October 2026, 2024-" in text
    assert f"Oakfield Lodge Nursing Home: Occupied or used beds 29 {now}" in text
    # A submitter without the earlier period has no number there, which is not a zero.
    assert re.search(r"Oakfield House: Occupied or used beds \[x\] \d+", text)


def test_a_number_held_back_in_one_period_has_no_movement_in_the_other(
    sample: Walk, two_periods: Settings
) -> None:
    """Three care workers before and many now: the movement would tell the three."""
    site = site_of(two_periods, "suppress_under_5")
    now = true_now(sample, "care_employed")
    assert now >= 5
    page = read_pages(site)[f"returns/capacity-tracker/{HOME}.html"]
    (row,) = [named for t in page.tables for _, anchor, named in t.lines() if anchor == "care-employed"]
    assert row["Value"].startswith(str(now)) or row["Value"] == "[c]"
    assert row["September 2026"] == "[c]"
