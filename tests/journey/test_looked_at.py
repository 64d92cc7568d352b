"""Every page is opened in a browser: nothing overflows, nobody is shut out, and it can be printed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import psutil
import pytest
from browser import Browser
from walking import CLIENT

from orchestration.settings import Settings

pytestmark = pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "a browser is here")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    started = Browser(tmp_path_factory.mktemp("browser"))
    yield started
    started.quit()


def pages(two_months: Settings) -> list[Path]:
    """Every page of two months, so that numbers of both and their lines are looked at."""
    found = sorted((two_months.lake / "site" / CLIENT).rglob("*.html"))
    assert len(found) > 20
    return found


def test_no_page_is_wider_than_a_phone_a_tablet_or_a_laptop(
    two_months: Settings, opened: Browser, tmp_path: Path
) -> None:
    kept = Path(os.environ.get("RETURNS_SCREENSHOTS") or tmp_path)
    kept.mkdir(parents=True, exist_ok=True)
    wide, asked = [], []
    for width in browser.WIDTHS:
        for page in pages(two_months):
            picture = kept / f"{page.parent.name}_{page.stem}_{width}.png"
            seen = opened.look(page, width, lambda driver, to=picture: browser.seen(driver, to))
            asked += seen.asked_of_others
            if seen.width > width:
                wide.append(f"{page.name} at {width}")
    assert wide == []
    assert asked == []


def test_a_page_that_is_too_wide_and_asks_of_others_is_seen(opened: Browser, tmp_path: Path) -> None:
    page = tmp_path / "wide.html"
    page.write_text('<img src="http://127.0.0.1:9/x.png" alt=""><p style="width:2000px">wide', "utf-8")
    seen = opened.look(page, 360, lambda driver: browser.seen(driver, tmp_path / "wide.png"))
    assert seen.width > 360
    assert seen.asked_of_others == ["http://127.0.0.1:9/x.png"]


def test_a_browser_that_dies_is_started_anew(opened: Browser, tmp_path: Path) -> None:
    from selenium.common.exceptions import WebDriverException

    page = tmp_path / "page.html"
    page.write_text('<html lang="en"><title>t</title><p>here', "utf-8")
    left: list[psutil.Process] = []

    def see(driver: Any) -> str:
        if not left:
            left.extend(psutil.Process(driver.service.process.pid).children(recursive=True))
            driver.service.process.kill()
            raise WebDriverException("gone")
        return str(driver.title)

    assert opened.look(page, 820, see) == "t"
    assert left
    assert psutil.wait_procs(left, timeout=10)[1] == [], "nothing of it is left behind"


def test_axe_finds_nothing_serious_on_any_page(two_months: Settings, opened: Browser) -> None:
    found = {}
    for page in pages(two_months):
        if faults := opened.look(page, 1280, browser.faults_of_access):
            found[page.name] = faults
    assert found == {}


def test_axe_would_find_a_picture_nobody_described(opened: Browser, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text('<html lang="en"><title>t</title><img src="data:,"><p style="color:#eee">pale', "utf-8")
    faults = opened.look(page, 1280, browser.faults_of_access)
    assert [f.split(":")[0] for f in faults] == ["color-contrast", "image-alt"]


ON_PAPER = (".strip", ".synthetic", ".foot", "main")
NOT_ON_PAPER = ("nav", ".nhsuk-skip-link", ".filter", "thead button", ".how > div", ".fold > summary")
KINDS = {
    "index.html": 3,
    "returns/capacity-tracker/1-900000003.html": 4,
    "returns/cld/999.html": 6,
    "measures/capacity-tracker-people-supported-now.html": 2,
    "people.html": 8,
    "quality.html": 4,
    "quality/northmere_council.html": 1,
}


@pytest.mark.parametrize(("path", "most_sheets"), KINDS.items())
def test_a_page_on_paper_is_whole_and_short_and_says_how_to_read_it(
    two_months: Settings, opened: Browser, path: str, most_sheets: int
) -> None:
    page = two_months.lake / "site" / CLIENT / path
    found = opened.look(page, 1280, lambda driver: browser.printed(driver, (*ON_PAPER, *NOT_ON_PAPER)))
    assert found.shown == set(ON_PAPER)
    assert found.cut_off == []
    assert found.heads_that_stand_once == []
    assert 1 <= found.sheets <= most_sheets


def test_a_page_that_paper_cuts_off_is_seen(opened: Browser, tmp_path: Path) -> None:
    page = tmp_path / "paper.html"
    page.write_text(
        '<html lang="en"><title>t</title><nav>Pages</nav><table style="width:900px">'
        "<thead><tr><th><button>Sender</button></th></tr></thead><tr><td>Oakfield</td></tr></table>",
        "utf-8",
    )
    found = opened.look(page, 1280, lambda driver: browser.printed(driver, ("nav", ".strip")))
    assert found.shown == {"nav"}
    assert found.cut_off[0] == "table "
    assert found.heads_that_stand_once == ["Sender"]
