"""Take the pictures of the documentation from a site that a run has written.

    python tests/journey/take_pictures.py [SITE] [--into docs/images]

SITE is the folder of a client's pages; the sample's, as `make run` leaves it, if not given.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import browser

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE_SITE = PROJECT / "data" / "lake" / "site" / "northmere"
WIDTH, HEAVIEST = 1280, 160 * 1024
PICTURES = {
    "overview.png": "index.html",
    "people.png": "people.html",
    "return.png": "returns/capacity-tracker/1-900000003.html",
    "tables.png": "tables/index.html",
}


def main() -> int:
    """Take every picture and say how heavy each is; 1 where one is too heavy, 2 where none can be taken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", nargs="?", type=Path, default=SAMPLE_SITE)
    parser.add_argument("--into", type=Path, default=PROJECT / "docs" / "images")
    chosen = parser.parse_args()
    if why_not := browser.missing():
        print(why_not, file=sys.stderr)
        return 2
    heavy = 0
    with tempfile.TemporaryDirectory(prefix="returns_pictures_", ignore_cleanup_errors=True) as scratch:
        opened = browser.Browser(Path(scratch))
        try:
            for name, page in PICTURES.items():
                picture = chosen.into / name
                opened.look((chosen.site / page).resolve(strict=True), WIDTH, _kept_as(picture))
                size = picture.stat().st_size
                heavy += size > HEAVIEST
                print(f"{picture}: {size // 1024} KB")
        finally:
            opened.quit()
    return 1 if heavy else 0


def _kept_as(picture: Path) -> Callable[[Any], object]:
    return lambda driver: driver.save_screenshot(str(picture))


if __name__ == "__main__":
    sys.exit(main())
