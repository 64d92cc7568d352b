"""Files of the lake that a disk, a copy or a hand has spoiled: made anew where that can be, else named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from trials import Trial

Damage = Callable[[bytes], bytes]


def cut_short(content: bytes) -> bytes:
    """The first half: what a full disk or a broken copy leaves."""
    return content[: len(content) // 2]


def emptied(_: bytes) -> bytes:
    """Nothing: what a crash of the machine may leave of a file that was never flushed."""
    return b""


def bits_flipped(content: bytes) -> bytes:
    """The same length with a stretch of other bytes in the middle."""
    start = len(content) // 3
    stretch = max(1, min(64, len(content) // 8))
    return (
        content[:start]
        + bytes(b ^ 0x5A for b in content[start : start + stretch])
        + content[start + stretch :]
    )


def spoil(lake: Path, pattern: str, damage: Damage) -> Path:
    """Damage the first file that fits and return it."""
    file = next(path for path in sorted(lake.glob(pattern)) if path.stat().st_size > 8)
    file.write_bytes(damage(file.read_bytes()))
    return file


# What a run makes again without a word of help from anybody.
HEALED = {
    "a loaded file": "loaded/*/*/service.parquet",
    "a receipt": "loaded/*/*/receipt.json",
    "the links": "identity/*/link.parquet",
    "the person records": "identity/*/person_record.parquet",
    "the summary of the index": "identity/*/summary.json",
    "the warehouse": "warehouse/*/*.duckdb",
    "a landed file": "landing/*/*/service.csv",
    "a landed manifest": "landing/*/*/manifest.json",
    "the pointer to the latest pack": "packs/*/*/capacity_tracker/*/latest",
    "a sheet": "sheets/*/*/*/*.csv",
}
ITSELF = "complete: the run itself meets the damage and heals it"
DAMAGES = [cut_short, emptied, bits_flipped]


@pytest.mark.long
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("what", HEALED)
def test_healed_by_the_run(trial: Trial, what: str, damage: Damage) -> None:
    spoil(trial.lake, HEALED[what], damage)
    trial.note("fault", f"{what} {damage.__name__.replace('_', ' ')}")
    trial.note("first run", ITSELF)
    trial.rerun()


@pytest.mark.parametrize("damage", DAMAGES)
def test_all_that_a_run_heals_at_once(trial: Trial, damage: Damage) -> None:
    for pattern in HEALED.values():
        spoil(trial.lake, pattern, damage)
    trial.note("fault", f"{len(HEALED)} files of the lake {damage.__name__.replace('_', ' ')}")
    trial.note("first run", ITSELF)
    trial.rerun()


def test_quarantined_rows_that_were_lost_are_set_aside_again(trial: Trial) -> None:
    trial.rerun()
    spoil(trial.lake, "quarantine/*/*/*.parquet", cut_short)
    trial.note("first run", ITSELF)
    trial.note("fault", "quarantined rows cut short")
    trial.rerun()


def test_a_landed_extract_that_was_spoiled_and_is_offered_no_more(trial: Trial, tmp_path: Path) -> None:
    """Its rows may not be had again: the run stops, and goes on when the extract is offered again."""
    spoil(trial.lake, "landing/*/*/service.csv", bits_flipped)
    spoil(trial.lake, "loaded/*/*/service.parquet", cut_short)
    (tmp_path / "offered").mkdir()
    shutil.copytree(trial.ground.extracts / "second", tmp_path / "offered" / "second")
    said = trial.disturbed(extracts=tmp_path / "offered")
    landed = next((trial.lake / "landing").glob("*/*"))
    assert said.outcome is not None and not said.outcome.completed
    assert f"{landed.parent}" in said.words and "changed or damaged" in said.words
    assert "Put the same extract into" in said.words
    trial.rerun()


def test_a_load_whose_receipt_and_landed_copy_are_gone(trial: Trial, tmp_path: Path) -> None:
    (folder,) = (trial.lake / "loaded").glob("*/*")
    (folder / "receipt.json").unlink()
    shutil.rmtree(trial.lake / "landing")
    (tmp_path / "offered").mkdir()
    shutil.copytree(trial.ground.extracts / "second", tmp_path / "offered" / "second")
    said = trial.disturbed(extracts=tmp_path / "offered")
    assert said.outcome is not None and not said.outcome.completed
    assert f"{folder} has no receipt" in said.words and "again and run" in said.words
    trial.rerun()


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x89\xff\x00", "is not text; put it back from a copy"),
        (b"return_id,submitter_id,period_label,handed_in_on,note\nx,\x00,y,2026-10-01,\n", "damaged"),
        (b"return_id,submitter_id,per", "the header must be"),
        (b"return_id,submitter_id,period_label,handed_in_on,note\ncapacity_tracker,1-9,2026-10,202", "row 2"),
    ],
    ids=["no text", "NUL bytes", "header cut short", "row cut short"],
)
def test_confirmations_that_were_spoiled(trial: Trial, content: bytes, told: str) -> None:
    file = trial.lake / "confirmations" / "harbour.csv"
    file.parent.mkdir()
    file.write_bytes(content)
    said = trial.disturbed()
    assert said.outcome is not None and not said.outcome.completed
    assert f"{file}" in said.words and told in said.words
    file.unlink()
    trial.rerun()


@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        pytest.param("packs/*/*/capacity_tracker/2026-09/latest", cut_short, marks=pytest.mark.long),
        ("packs/*/*/capacity_tracker/2026-09/latest", emptied),
        pytest.param("packs/*/*/capacity_tracker/2026-09/*/figures.csv", emptied, marks=pytest.mark.long),
    ],
    ids=["pointer cut short", "pointer emptied", "figures emptied"],
)
def test_a_pack_of_the_month_before_that_was_spoiled(trial: Trial, pattern: str, damage: Damage) -> None:
    """What was handed in last month is not taken for nothing: the run asks for it."""
    (this_month,) = (trial.lake / "packs").glob("*/*/capacity_tracker/2026-10")
    shutil.copytree(this_month, this_month.with_name("2026-09"))
    file = spoil(trial.lake, pattern, damage)
    said = trial.disturbed(spoiled=file)
    assert said.outcome is not None and not said.outcome.completed
    assert f"{file} cannot be read" in said.words and "back from a copy" in said.words
    shutil.rmtree(this_month.with_name("2026-09"))
    trial.rerun()


@pytest.mark.parametrize("name", ["manifest.json", pytest.param("figures.csv", marks=pytest.mark.long)])
def test_a_pack_of_this_very_version_that_was_spoiled(trial: Trial, name: str) -> None:
    """A pack that somebody changed is left to be looked at; moved away, it is written anew, byte by byte."""
    trial.rerun()
    (pointer,) = (trial.lake / "packs").glob("*/*/capacity_tracker/*/latest")
    pack = pointer.parent / pointer.read_text(encoding="utf-8").strip()
    (pack / name).write_bytes(cut_short((pack / name).read_bytes()))
    spoiled = (pack / name).read_bytes()
    said = trial.again()
    assert said.outcome is not None and said.outcome.altered == 1
    assert (pack / name).read_bytes() == spoiled
    trial.note("fault", f"{name} of a pack cut short")
    trial.note("first run", "the pack was changed by hand and is left alone")
    shutil.rmtree(pack)
    trial.rerun()
