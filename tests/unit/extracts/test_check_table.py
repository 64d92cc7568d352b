"""One table of Client Level Data is judged by itself: a submitted file, or a store of submissions."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.extracts.check import Judgement, check
from tests.unit.extracts.tiny_extract import NAME, NHS_NUMBER, csv_bytes

ROW = {
    "LA Code": "503", "NHS Number": NHS_NUMBER, "LA Person Unique Identifier": "L1", "First Name": NAME,
    "Client Type": "Carer", "Event Type": "Request", "Event Start Date": "2026-03-01",
}  # fmt: skip
STORED = {
    "Der_Unique_Record_ID": "1", "LA_Code": "503", "LA_Name": "Council", "ImportDate": "2026-04-12 09:00:00",
    "Der_NHS_Number_Pseudo": "N1", "Event_Type": "Request", "Event_Start_Date": "2026-03-01",
}  # fmt: skip


def judged(folder: Path, *rows: dict[str, str]) -> Judgement:
    (folder / "cld.csv").write_bytes(csv_bytes(list(rows)))
    return check(folder / "cld.csv")


@pytest.mark.parametrize("row", [ROW, STORED], ids=["file", "store"])
def test_a_sound_table_has_no_errors(row: dict[str, str], tmp_path: Path) -> None:
    judgement = judged(tmp_path, row)
    assert judgement.exit_code == 0, judgement.text()
    assert (judgement.files[0].rows, judgement.files[0].would_load) == (1, 1)


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([ROW, ROW | {"Event Start Date": "01/03/2026"}], "bad_date"),
        ([ROW, ROW | {"LA Code": ""}], "required_blank"),
        ([STORED, STORED | {"Event_Type": "Review"}], "conflicting_version"),
        ([STORED, STORED | {"Der_Unique_Record_ID": "2", "ImportDate": ""}], "required_blank"),
        ([STORED, STORED | {"Der_Unique_Record_ID": "2", "Event_Start_Date": "March"}], "bad_date"),
    ],
)
def test_a_faulty_row_is_named_and_shows_nobody(
    rows: list[dict[str, str]], rule: str, tmp_path: Path
) -> None:
    judgement = judged(tmp_path, *rows)
    assert rule in {g.rule.rule_id for g in judgement.problems}
    assert judgement.exit_code == 1
    assert NAME not in judgement.text() and NHS_NUMBER not in judgement.text()


def test_a_file_that_is_no_table_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "cld.csv").write_bytes(b"")
    assert check(tmp_path / "cld.csv").exit_code == 2
