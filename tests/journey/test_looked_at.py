"""Every page is opened in a browser: nothing overflows, nobody is shut out, and it can be printed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pytest
from walking import CLIENT, Walk

pytestmark = [
    pytest.mark.xdist_group("journey"),
    pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "a browser is here"),
]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with browser.browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def pages(sample: Walk) -> list[Path]:
    found = sorted((sample.settings.lake / "site" / CLIENT).rglob("*.html"))
    assert len(found) > 20
    return found


def test_no_page_is_wider_than_a_phone_a_tablet_or_a_laptop(
    sample: Walk, driver: Any, tmp_path: Path
) -> None:
    kept = Path(os.environ.get("RETURNS_SCREENSHOTS") or tmp_path)
    kept.mkdir(parents=True, exist_ok=True)
    wide, asked = [], []
    for page in pages(sample):
        for width in browser.WIDTHS:
            browser.open_at(driver, page, width)
            driver.save_screenshot(str(kept / f"{page.parent.name}_{page.stem}_{width}.png"))
            asked += browser.asked_of_others(driver)
            if browser.overflows(driver, width):
                wide.append(f"{page.name} at {width}")
    assert wide == []
    assert asked == []


def test_axe_finds_nothing_serious_on_any_page(sample: Walk, driver: Any) -> None:
    found = {}
    for page in pages(sample):
        browser.open_at(driver, page, 1280)
        if faults := browser.faults_of_access(driver):
            found[page.name] = faults
    assert found == {}


def test_axe_would_find_a_picture_nobody_described(driver: Any, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text('<html lang="en"><title>t</title><img src="data:,"><p style="color:#eee">pale', "utf-8")
    browser.open_at(driver, page, 1280)
    assert [f.split(":")[0] for f in browser.faults_of_access(driver)] == ["color-contrast", "image-alt"]


def test_a_return_can_be_printed(sample: Walk, driver: Any) -> None:
    page = sample.settings.lake / "site" / CLIENT / "returns" / "cld" / "999.html"
    browser.open_at(driver, page, 1280)
    assert browser.printed(driver).startswith(b"%PDF")
