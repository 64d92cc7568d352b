"""Our figures equal the official ones, cell by cell, for both methods."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.run_kit import EXPECTED, compare_kit


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    return compare_kit(tmp_path_factory.mktemp("conform"))


@pytest.mark.parametrize("section", sorted(EXPECTED))
def test_every_cell_equals_the_official_figure(compared, section: str) -> None:
    wrong = {t.name: (t.different, t.note) for t in compared[section] if t.different}
    assert not wrong
    assert sum(t.cells for t in compared[section]) > 900_000


def test_every_official_table_of_the_kit_is_compared(compared) -> None:
    for section, folder in EXPECTED.items():
        assert {t.name for t in compared[section]} == {Path(p).stem for p in folder.iterdir()}
