"""Published figures stand beside ours only with a source and a date."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.returns.published import COLUMNS, PublishedFiguresError, newest_for, read_published

ROW = "2e_65,Total,901,2024-04-01,2025-03-31,84.1,a report of December 2025,2025-12-11,READ"
REVISED = "2e_65,Total,901,2024-04-01,2025-03-31,84.3,the report revised,2026-02-01,READ"
EARLIER = "2e_65,Total,901,2023-04-01,2024-03-31,80,a report of December 2024,2024-12-19,READ"


def written(folder: Path, *rows: str) -> Path:
    path = folder / "published.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return path


def test_the_file_that_comes_with_the_project_holds_no_figure() -> None:
    assert read_published() == []


def test_the_newest_revision_of_the_latest_period_is_shown(tmp_path: Path) -> None:
    figures = read_published(written(tmp_path, EARLIER, REVISED, ROW))
    found = newest_for(figures, "2e_65", "Total", "901")
    assert found is not None
    assert (found.outcome, found.source) == (Decimal("84.3"), "the report revised")
    assert newest_for(figures, "2e_65", "Total", "902") is None


def test_every_row_that_cannot_be_used_is_named_at_once(tmp_path: Path) -> None:
    no_source = ROW.replace("a report of December 2025", "")
    no_number = ROW.replace("84.1", "many")
    no_date = ROW.replace("2025-12-11", "soon")
    guessed = ROW.replace("READ", "GUESS")
    with pytest.raises(PublishedFiguresError) as refused:
        read_published(written(tmp_path, no_source, no_number, no_date, guessed))
    told = str(refused.value)
    assert "row 2: source is blank" in told
    assert "row 3: outcome is 'many'" in told
    assert "row 4: " in told and "soon" in told
    assert "row 5: evidence is 'GUESS'" in told
