"""An area copied to size holds other people in every copy, and everything that belongs to one follows."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from benchmarks.road import world
from orchestration.extracts.check import check
from orchestration.synthetic.nhs_numbers import passes_check

PEOPLE, COPIES = 60, 3


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("area") / "made"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "BASE_PEOPLE", PEOPLE)
        patch.setattr(world, "PROVIDERS", 3)
        world.make_area(out, PEOPLE * COPIES)
    return out / "extracts"


def table(extracts: Path, record_class: str) -> pl.DataFrame:
    """The rows of one class of every provider, as text, with the sender."""
    read = {".csv": pl.read_csv, ".ndjson": pl.read_ndjson, ".parquet": pl.read_parquet}
    frames = []
    for path in sorted(extracts.glob(f"*/{record_class}.*")):
        options = {"infer_schema": False} if path.suffix == ".csv" else {}
        frame = read[path.suffix](path, **options)  # type: ignore[operator]
        frames.append(frame.select(pl.all().cast(pl.String), pl.lit(path.parent.name).alias("sender")))
    return pl.concat(frames, how="diagonal")


def test_every_extract_passes_its_check(extracts: Path) -> None:
    folders = sorted(p for p in extracts.iterdir())
    assert len(folders) == 5
    assert {folder.name: check(folder).exit_code for folder in folders} == {f.name: 0 for f in folders}


def test_each_copy_has_people_of_its_own(extracts: Path) -> None:
    people = table(extracts, "subject_of_care")
    copy_of = people.with_columns(
        pl.col("subject_of_care_id").str.extract(r"c(\d+)$").fill_null("0").alias("copy")
    )
    assert copy_of["copy"].value_counts()["count"].n_unique() == 1
    assert copy_of["copy"].n_unique() == COPIES
    numbered = copy_of.drop_nulls("nhs_number").with_columns(pl.col("nhs_number").str.replace_all(r"\D", ""))
    numbered = numbered.filter(pl.col("nhs_number").map_elements(passes_check, return_dtype=pl.Boolean))
    assert numbered.group_by("nhs_number").agg(pl.col("copy").n_unique())["copy"].max() == 1
    made = [n for n in numbered.filter(pl.col("copy") != "0")["nhs_number"] if passes_check(n)]
    assert len(made) > PEOPLE / 2
    assert not [number for number in made if number.startswith("999")]


def test_references_follow_the_people_and_homes_of_their_copy(extracts: Path) -> None:
    known = set(table(extracts, "subject_of_care").select("sender", "subject_of_care_id").rows())
    homes = set(table(extracts, "care_provider")["cqc_location_id"])
    services = table(extracts, "service")
    assert set(services.select("sender", "subject_of_care").rows()) <= known
    assert set(services["care_provider"].drop_nulls()) <= homes
    assert len(homes) % COPIES == 0
    council = table(extracts, "cld_request")
    assert council.select("Record UID", "Version Number").n_unique() == council.height


def test_an_extract_sent_again_is_another_extract_of_the_same_records(extracts: Path, tmp_path: Path) -> None:
    world.send_again(extracts / "oakfield_care", tmp_path / "again")
    before, after = (
        json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for folder in (extracts / "oakfield_care", tmp_path / "again")
    )
    assert after["as_at"] > before["as_at"]
    assert after["files"] == before["files"]
    assert check(tmp_path / "again").exit_code == 0
