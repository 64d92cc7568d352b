"""A browser without a window, and what it sees of a page that lies on disk."""

from __future__ import annotations

import base64
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil

T = TypeVar("T")

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)
WIDTHS = (360, 820, 1280)
CHANCES = 3
# The width of A4 within its margins, in the pixels of a style sheet.
PAPER = 688
ON_PAPER = """
const seen = e => e.checkVisibility({contentVisibilityAuto: true}) && e.getBoundingClientRect().width > 0;
const all = (parts, within) => [...within.querySelectorAll(parts)].filter(seen);
const named = e => e.tagName.toLowerCase() + ' ' + (e.className.baseVal ?? e.className);
return [
  arguments[0].filter(part => all(part, document).length),
  all('body *', document)
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(named),
  all('thead', document).filter(e => all('button, a, input, summary', e).length
    || getComputedStyle(e).display !== 'table-header-group').map(e => e.textContent.trim()),
];
"""
AXE = Path(__file__).parent / "third_party" / "axe.min.js"


def missing() -> str:
    """Why pages cannot be looked at here, or nothing."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        return "no browser here: apt-get install chromium chromium-driver, and the pages are looked at"
    return ""


class Browser:
    """A browser that starts itself anew where it fails; what a page shows is never asked twice."""

    def __init__(self, profile: Path) -> None:
        self._profile, self._driver, self._width = profile, None, 0
        self._processes: list[psutil.Process] = []

    def look(self, page: Path, width: int, see: Callable[[Any], T]) -> T:
        """What `see` says of a page as a screen of a width shows it.

        A browser on a busy machine may lose its page or not answer. That says nothing of the page, so it is
        opened again in a fresh browser, three times in all; what `see` itself asserts is never repeated.
        """
        from selenium.common.exceptions import WebDriverException

        for chance in range(CHANCES):
            try:
                return see(self._open(page, width))
            except WebDriverException:
                self.quit()
                if chance == CHANCES - 1:
                    raise
        raise AssertionError("a browser has at least one chance")

    def quit(self) -> None:
        from selenium.common.exceptions import WebDriverException

        if self._driver is not None:
            with suppress(WebDriverException, OSError):
                self._driver.quit()
        # Without its driver a browser would go on for ever.
        for process in self._processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._driver, self._width, self._processes = None, 0, []

    def _open(self, page: Path, width: int) -> Any:
        if self._driver is None:
            self._driver = _started(Path(tempfile.mkdtemp(dir=self._profile)))
            self._processes = psutil.Process(self._driver.service.process.pid).children(recursive=True)
        if width != self._width:
            size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
            self._driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            self._width = width
        self._driver.get(page.as_uri())
        return self._driver


def _started(profile: Path) -> Any:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))


@dataclass(frozen=True)
class Seen:
    width: int
    asked_of_others: list[str]


def seen(driver: Any, picture: Path) -> Seen:
    """How wide the open page is and what it fetched from elsewhere; a picture of it is kept."""
    driver.save_screenshot(str(picture))
    width = int(driver.execute_script("return document.documentElement.scrollWidth"))
    names = driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    return Seen(width, [name for name in names if not name.startswith(("file:", "data:"))])


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


@dataclass(frozen=True)
class Printed:
    """A page as it comes out on paper."""

    sheets: int
    shown: set[str]
    cut_off: list[str]
    heads_that_stand_once: list[str]


def printed(driver: Any, parts: Sequence[str]) -> Printed:
    """The page on A4: how many sheets, which of some parts are there, what is cut off or not repeated.

    A table's head stands on each sheet that the table reaches, but not where it holds something to press.
    """
    pdf = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False, "preferCSSPageSize": True})
    sheets = len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(pdf["data"])))
    wide = driver.execute_script("return innerWidth")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    size = {"width": PAPER, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        shown, cut_off, once = driver.execute_script(ON_PAPER, list(parts))
        return Printed(sheets, set(shown), cut_off, once)
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        size = {**size, "width": wide}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
