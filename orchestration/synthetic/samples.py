"""The committed samples, made again with `python -m orchestration.synthetic.samples`."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.synthetic.faulty import make_faulty
from orchestration.synthetic.maker import synthesise

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
CLEAN_SEED = 20261012


def make_clean(out: Path) -> None:
    """Write the clean sample: one council, four providers, four hundred people."""
    synthesise(out, seed=CLEAN_SEED, people=400, providers=4, councils=1)


def main() -> None:
    """Replace the committed samples with fresh ones."""
    for name, make in (("clean", make_clean), ("faulty", make_faulty)):
        folder = SAMPLES / name
        if folder.exists():
            shutil.rmtree(folder)
        make(folder)


if __name__ == "__main__":
    main()
