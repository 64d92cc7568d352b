"""The committed sample goes the whole road, and every figure equals the truth written beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from walking import CLIENT, Walk, files_below, read_rows

from orchestration.returns.definitions import load_definitions
from orchestration.returns.explain import explain_cell
from orchestration.settings import PROJECT, SAMPLE

TRUTH = SAMPLE / "truth"
# Answers the truth does not compute, by return and cell, each with the reason why it cannot.
WITHOUT_TRUTH: dict[tuple[str, str], str] = {}


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def test_the_walk_ends_well_with_a_pack_for_every_submitter(sample: Walk) -> None:
    assert sample.result.success
    kinds = {s.submitter_id: s.kind for s in sample.settings.client(CLIENT).submitters}
    owed = {
        (d.return_id, s) for d in load_definitions().values() for s in kinds if kinds[s] == d.submitted_by
    }
    assert set(sample.packs) == owed
    assert {p.state for p in sample.packs.values()} == {"written"}


def test_received_is_loaded_plus_quarantined_in_every_file(sample: Walk) -> None:
    files = [f for receipt in sample.narrator.receipts for f in receipt.files]
    assert sum(f.received for f in files) > 5000
    assert [f.path for f in files if f.received != f.loaded + f.quarantined] == []


def test_every_figure_equals_the_truth(sample: Walk) -> None:
    figures = {
        (r["return_id"], r["submitter_id"], r["cell_id"]): r
        for pack in sample.packs.values()
        for r in read_rows(pack.folder / "figures.csv")
    }
    wrong = []
    truth = read_rows(TRUTH / "figures.csv")
    for true in truth:
        key = (true["return_id"], true["submitter_id"], true["cell_id"])
        found = figures[key]
        names = [n for n in ("value", "numerator", "denominator") if true[n]]
        same = all(number(true[n]) == number(found[n]) for n in names)
        if true["outcome"] != found["outcome"] or not same:
            wrong.append(key)
    assert len(truth) > 100
    assert wrong == []


def test_every_filled_answer_has_a_true_figure(sample: Walk) -> None:
    true = {(r["return_id"], r["submitter_id"], r["cell_id"]) for r in read_rows(TRUTH / "figures.csv")}
    filled = {
        (r["return_id"], r["submitter_id"], r["cell_id"])
        for pack in sample.packs.values()
        for r in read_rows(pack.folder / "figures.csv")
        if r["outcome"] in ("filled", "zero")
    }
    untold = {key for key in filled - true if (key[0], key[2]) not in WITHOUT_TRUTH}
    assert untold == set()
    assert {(return_id, cell) for return_id, _, cell in filled} >= set(WITHOUT_TRUTH)


def test_the_people_in_a_figure_are_the_people_of_the_truth(sample: Walk) -> None:
    person_of = {row["person_record_key"]: row["person"] for row in read_rows(TRUTH / "who_is_who.csv")}
    true_people: dict[str, set[str]] = {}
    for record, key in sample.query("select person_record_key, person_key from raw.person_link"):
        true_people.setdefault(key, set()).add(person_of[record])
    assert [key for key, people in true_people.items() if len(people) > 1] == []
    occupied = {
        (row["submitter_id"], row["person"])
        for row in read_rows(TRUTH / "membership.csv")
        if row["cell_id"] == "occupied"
    }
    found = {
        (submitter, person)
        for submitter, key in sample.query(
            "select submitter_id, person_key from returns.mbr_capacity_tracker__people"
            " where cell_id = 'occupied' and role = 'numerator'"
        )
        for person in true_people[key]
    }
    assert occupied
    assert found == occupied


def test_every_cell_of_every_pack_opens(sample: Walk) -> None:
    opened = 0
    for pack in sample.packs.values():
        for row in read_rows(pack.folder / "figures.csv"):
            assert row["cell_id"] in explain_cell(pack.folder, row["cell_id"])
            opened += 1
    assert opened > 300


def test_a_second_run_says_the_same_and_leaves_every_byte_of_the_packs(sample: Walk) -> None:
    packs = sample.settings.lake / "packs"
    before = files_below(packs)
    second = subprocess.run(
        [sys.executable, "-c", "from orchestration.cli import main; main()", "run", "--lake",
         str(sample.settings.lake)],
        cwd=PROJECT, capture_output=True, text=True, check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith("RETURNS_")},
    )  # fmt: skip
    assert (second.returncode, second.stderr) == (0, "")
    assert f"{len(sample.packs)} unchanged" in second.stdout
    assert "explain cell" in second.stdout.splitlines()[-1]
    assert files_below(packs) == before


def test_no_file_of_a_pack_names_a_record_of_another_organisation(sample: Walk) -> None:
    by_location = "select cqc_location_id, _sender_id from raw.care_provider"
    senders = {sender for (sender,) in sample.query("select distinct sender_id from raw.extract_receipt")}
    own: dict[str, set[str]] = {"999": {"northmere_council"}}
    for location, sender in sample.query(by_location):
        own.setdefault(location, set()).add(sender)
    told = [
        (submitter, return_id, name, sender)
        for (return_id, submitter), pack in sample.packs.items()
        for name, content in files_below(pack.folder).items()
        for sender in senders - own[submitter] - {"pds_trace"}
        if f"{sender}:".encode() in content
    ]
    assert told == []
    assert any(
        b"oakfield_care:" in c for c in files_below(sample.packs["cqc_pir", "1-900000002"].folder).values()
    )


def test_packs_hold_nothing_of_the_machine(sample: Walk) -> None:
    told = [
        str(pack.folder / name)
        for pack in sample.packs.values()
        for name, content in files_below(pack.folder).items()
        if str(sample.settings.lake).encode() in content or str(PROJECT).encode() in content
    ]
    assert told == []


def test_what_names_people_can_be_read_by_its_owner_only(sample: Walk) -> None:
    lake = sample.settings.lake
    restricted = [
        *(lake / "identity" / CLIENT).glob("*.parquet"),
        lake / "warehouse" / f"{CLIENT}.duckdb",
        *lake.glob("packs/**/membership.csv"),
    ]
    assert len(restricted) > 8
    assert [p.name for p in restricted if Path(p).stat().st_mode & 0o077] == []
