"""The committed samples, made again with `python -m orchestration.synthetic.samples`."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.synthetic.maker import synthesise

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
CLEAN_SEED = 20261012


def make_clean(out: Path) -> None:
    """Write the clean sample: one council, four providers, four hundred people."""
    synthesise(out, seed=CLEAN_SEED, people=400, providers=4, councils=1)


def main() -> None:
    """Replace the committed samples with fresh ones."""
    clean = SAMPLES / "clean"
    if clean.exists():
        shutil.rmtree(clean)
    make_clean(clean)


if __name__ == "__main__":
    main()
