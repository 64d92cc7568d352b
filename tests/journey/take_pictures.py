"""Take the pictures of the documentation from the pages of the sample, three months of it really filled.

    python tests/journey/take_pictures.py [SITE] [--into docs/images]

SITE is the folder of a client's pages. If it is not given, the months are filled in a lake made for this.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import browser

from orchestration.backfill import fill_client
from orchestration.batch import FAILED, offers_to
from orchestration.settings import DEFAULT_CLIENTS, SAMPLE, load_settings

PROJECT = Path(__file__).resolve().parents[2]
MONTHS, CLIENT = ("2026-08", "2026-09", "2026-10"), "northmere"
WIDTH, HEAVIEST = 1280, 160 * 1024
PICTURES = {
    "overview.png": "index.html",
    "people.png": "people.html",
    "return.png": "returns/capacity-tracker/1-900000003.html",
    "measure.png": "measures/capacity-tracker-people-supported-now.html",
    "tables.png": "tables/index.html",
}


def main() -> int:
    """Take every picture and say how heavy each is; 1 where one is too heavy, 2 where none can be taken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", nargs="?", type=Path)
    parser.add_argument("--into", type=Path, default=PROJECT / "docs" / "images")
    chosen = parser.parse_args()
    if why_not := browser.missing():
        print(why_not, file=sys.stderr)
        return 2
    heavy = 0
    with tempfile.TemporaryDirectory(prefix="returns_pictures_", ignore_cleanup_errors=True) as scratch:
        opened = browser.Browser(Path(scratch))
        site = chosen.site or months_of_the_sample(Path(scratch) / "lake")
        try:
            for name, page in PICTURES.items():
                picture = chosen.into / name
                opened.look((site / page).resolve(strict=True), WIDTH, _kept_as(picture))
                size = picture.stat().st_size
                heavy += size > HEAVIEST
                print(f"{picture}: {size // 1024} KB")
        finally:
            opened.quit()
    return 1 if heavy else 0


def months_of_the_sample(lake: Path) -> Path:
    """Fill three months of the sample in a lake and return the pages, which are of the last."""
    settings = load_settings(lake=lake, clients_file=DEFAULT_CLIENTS, extracts=SAMPLE, environment={})
    made = fill_client(MONTHS, (CLIENT, settings, offers_to(settings).of_client[CLIENT]))
    if failed := [f"{month.reporting_period}: {month.why}" for month in made if month.state == FAILED]:
        raise RuntimeError("; ".join(failed))
    return lake / "site" / CLIENT


def _kept_as(picture: Path) -> Callable[[Any], object]:
    return lambda driver: driver.save_screenshot(str(picture))


if __name__ == "__main__":
    sys.exit(main())
