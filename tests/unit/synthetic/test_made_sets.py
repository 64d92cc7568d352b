"""What holds for every made set: same bytes, true manifests, safe numbers, and the people it is about."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from orchestration.extracts.profile import load_profile
from orchestration.synthetic.maker import synthesise
from orchestration.synthetic.nhs_numbers import looks_like_a_number, number_block, passes_check
from orchestration.synthetic.samples import make_clean, make_faulty
from tests.unit.synthetic.conftest import all_rows, contents, extracts, read_csv

SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"
NUMBER_COLUMNS = ("nhs_number", "NHS Number", "REQ_NHS_NUMBER", "MATCHED_NHS_NO")
WANTED_CLASSES = {
    "subject_of_care",
    "care_provider",
    "service",
    "occupancy",
    "admission_details",
    "discharge_details",
    "visit",
    "incident",
    "deprivation_of_liberty_safeguards",
    "need",
    "risk",
    "unpaid_carer",
    "care_plan",
    "review",
    "assessment",
    "staff",
    "about_me",
    "medication",
    "allergies",
    "problem",
    "vaccination",
    "preference",
    "task",
    "document",
    "trace_response",
    "cld_request",
    "cld_assessment",
    "cld_service",
    "cld_review",
    "cld_cost",
    "cld_carer",
}
NO_NUMBER = {"0000000000", "9999999999"}


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed(made: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from orchestration.synthetic.maker import synthesise; "
        "synthesise(Path(sys.argv[1]), seed=3, people=150, providers=4, councils=1)"
    )
    again = tmp_path / "again"
    root = Path(__file__).resolve().parents[3]
    environment = os.environ | {"PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo", "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, "-c", script, str(again)], cwd=tmp_path, env=environment, check=True)
    assert contents(again) == contents(made)


def test_another_seed_gives_other_people(made: Path, tmp_path: Path) -> None:
    synthesise(tmp_path / "other", seed=4, people=150, providers=4, councils=1)
    name = Path("northmere_council") / "cld_request.csv"
    assert (tmp_path / "other" / name).read_bytes() != (made / name).read_bytes()


def test_the_clean_sample_is_what_the_maker_makes(tmp_path: Path) -> None:
    make_clean(tmp_path / "clean")
    assert contents(tmp_path / "clean") == contents(SAMPLES / "clean")


def test_the_faulty_samples_are_what_the_maker_makes(tmp_path: Path) -> None:
    make_faulty(tmp_path / "faulty")
    assert contents(tmp_path / "faulty") == contents(SAMPLES / "faulty")


def test_a_folder_with_something_in_it_is_never_written_into(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep me")
    with pytest.raises(FileExistsError):
        synthesise(tmp_path, seed=1, people=10, providers=1, councils=1)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_manifests_tell_the_truth(made: Path) -> None:
    classes = load_profile().classes
    for extract, manifest in extracts(made):
        listed = {f["path"] for f in manifest["files"]}
        assert listed == {p.name for p in extract.iterdir()} - {"manifest.json"}
        for file in manifest["files"]:
            assert hashlib.sha256((extract / file["path"]).read_bytes()).hexdigest() == file["sha256"]
            assert classes[file["class"]].sender_kind == manifest["sender"]["kind"]
    counts = {(sender, c): len(rows) for sender, c, rows in all_rows(made)}
    promised = {(m["sender"]["id"], f["class"]): f["rows"] for _, m in extracts(made) for f in m["files"]}
    assert counts == promised


def test_every_header_is_one_the_profile_knows(made: Path) -> None:
    for _, record_class, rows in all_rows(made):
        profile_class = load_profile().classes[record_class]
        assert all(profile_class.column_for(header) for header in rows[0])


def test_nhs_numbers_are_of_the_test_range_and_right_unless_listed_as_mistyped(made: Path) -> None:
    wrong = {"mistyped_number", "short_number", "placeholder_number"} | {
        f"trace_{c}" for c in (96, 97, 98, 15)
    }
    spoilt = {
        r["person_record_key"] for r in read_csv(made / "truth" / "troubles.csv") if r["trouble"] in wrong
    }
    seen = 0
    for sender, _, rows in all_rows(made):
        for row in rows:
            local = row.get("subject_of_care_id") or row.get("LA Person Unique Identifier")
            key = row.get("UNIQUE_REFERENCE") or f"{sender}:{local}"
            for column in NUMBER_COLUMNS:
                number = row.get(column, "").replace(" ", "")
                if not number or number in NO_NUMBER:
                    continue
                seen += 1
                assert number.startswith("999")
                assert passes_check(number) or key in spoilt, key
    assert seen > 300


def test_no_key_and_no_register_id_passes_for_an_nhs_number(made: Path) -> None:
    for _, record_class, rows in all_rows(made):
        keys = [
            c.name for c in load_profile().classes[record_class].columns if c.type in ("key", "reference")
        ]
        for row in rows:
            assert not any(looks_like_a_number(row[k]) for k in keys if k in row)


def test_postcodes_belong_to_no_place(made: Path) -> None:
    codes = {
        row[c]
        for _, _, rows in all_rows(made)
        for row in rows
        for c in ("postcode", "Postcode", "POSTCODE")
        if c in row
    }
    assert len(codes) > 50
    assert {code[:2] for code in codes} == {"ZY"}


def test_each_reader_has_a_file_to_read_and_each_wanted_class_is_there(made: Path) -> None:
    endings = {p.suffix for p in made.rglob("*.*") if p.parent.parent == made and p.name != "manifest.json"}
    assert {".csv", ".ndjson", ".parquet"} <= endings
    found = {record_class for _, record_class, _ in all_rows(SAMPLES / "clean")}
    assert found >= WANTED_CLASSES


def test_several_councils_are_several_clients_with_their_own_people_and_providers(tmp_path: Path) -> None:
    synthesise(tmp_path / "two", seed=5, people=90, providers=5, councils=2)
    clients = tomllib.loads((tmp_path / "two" / "clients.toml").read_text())["client"]
    first, second = (set(c["senders"]) for c in clients)
    assert not first & second
    assert first | second == {m["sender"]["id"] for _, m in extracts(tmp_path / "two")}
    who = read_csv(tmp_path / "two" / "truth" / "who_is_who.csv")
    people = [
        {r["person"] for r in who if r["person_record_key"].split(":")[0] in s} for s in (first, second)
    ]
    assert people[0] and people[1] and not people[0] & people[1]


def test_a_made_set_may_be_as_at_another_day(tmp_path: Path) -> None:
    synthesise(tmp_path / "then", seed=5, people=40, providers=2, councils=1, as_at=date(2025, 2, 3))
    manifest = next(m for _, m in extracts(tmp_path / "then"))
    assert manifest["as_at"] == "2025-02-02T23:00:00Z"


def test_blocks_of_numbers_never_overlap_and_leave_the_test_range_only_when_it_is_too_small() -> None:
    small = [number_block(n, 3, 500) for n in range(3)]
    numbers = [number for block in small for number in block]
    assert len(set(numbers)) == 1500
    assert all(passes_check(n) and n.startswith("999") for n in numbers)
    wide = number_block(149, 150, 9000)
    assert all(passes_check(n) and n.startswith("9") for n in wide)
    with pytest.raises(ValueError, match="more people"):
        number_block(0, 1000, 200_000)
