"""A browser without a window, and what it sees of a page that lies on disk."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)
WIDTHS = (360, 820, 1280)
AXE = Path(__file__).parent / "third_party" / "axe.min.js"


def missing() -> str:
    """Why pages cannot be looked at here, or nothing."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        return "no browser here: apt-get install chromium chromium-driver, and the pages are looked at"
    return ""


@contextmanager
def browser(profile: Path) -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
    try:
        yield driver
    finally:
        driver.quit()


def open_at(driver: Any, page: Path, width: int) -> None:
    """Open a page as a screen of a width shows it."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get(page.as_uri())


def overflows(driver: Any, width: int) -> bool:
    """True where the page is wider than the screen."""
    return int(driver.execute_script("return document.documentElement.scrollWidth")) > width


def asked_of_others(driver: Any) -> list[str]:
    """Everything the page fetched that does not lie on this disk."""
    names = driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    return [name for name in names if not name.startswith(("file:", "data:"))]


def faults_of_access(driver: Any) -> list[str]:
    """What axe-core finds serious or critical."""
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    found = driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run({resultTypes: ['violations']}).then(r => done(r.violations))"
    )
    return [
        f"{v['id']}: {v['nodes'][0]['target']} ({len(v['nodes'])})"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def printed(driver: Any) -> bytes:
    """The page as a PDF."""
    return base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})["data"])
