"""Whose the extracts in a folder are, and those of which nobody can tell."""

from __future__ import annotations

import zipfile
from pathlib import Path

from orchestration.extracts.offered import offers
from tests.unit.extracts.tiny_extract import provider


def test_each_client_is_offered_the_extracts_of_its_senders_and_of_its_own_folder(tmp_path: Path) -> None:
    provider().write(tmp_path / "oak")
    (tmp_path / "elm").mkdir()
    (tmp_path / "elm" / "broken.zip").write_bytes(b"PK but no more")
    (tmp_path / "notes.txt").write_text("no extract", encoding="utf-8")
    found = offers(
        tmp_path, {"oak_group": ["oakfield_care", "ash"], "elm": ["elm_care"], "both": ["oakfield_care"]}
    )
    assert found.of_client == {
        "oak_group": (tmp_path / "oak",),
        "elm": (tmp_path / "elm" / "broken.zip",),
        "both": (tmp_path / "oak",),
    }
    assert found.of_nobody == ()


def test_an_extract_that_cannot_be_opened_is_named_with_why(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK but no more")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    found = offers(tmp_path, {"elm": ["elm_care"]})
    assert found.of_client == {"elm": ()}
    assert [name for name, why in found.of_nobody if why.startswith("The extract is unusable. ")] == [
        "broken.zip",
        "empty.zip",
    ]


def test_files_of_records_without_a_manifest_are_named_and_other_folders_are_not(tmp_path: Path) -> None:
    provider().write(tmp_path / "oak")
    (tmp_path / "oak" / "manifest.json").unlink()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.csv").write_text("no class of records", encoding="utf-8")
    ((name, why),) = offers(tmp_path, {"oak_group": ["oakfield_care"]}).of_nobody
    assert name == "oak"
    assert "still being written" in why
