"""What the interface shows are counts, figures and what to do: never a person, nor a key a sender made."""

from __future__ import annotations

import csv
from pathlib import Path

from orchestration.extracts.landing import land
from orchestration.extracts.loading import load
from orchestration.extracts.profile import load_profile
from orchestration.metadata import FIGURES_SHOWN, figures_table, packs_table, rows_by_sender, stops_table
from orchestration.quality.gate import Decision, StopReason
from orchestration.returns.packs import PackResult
from orchestration.run_tags import asked_for
from tests.unit.extracts.tiny_extract import FAMILY, NAME, NHS_NUMBER, PERSON, SERVICE, provider, second

PLANTED = (NAME, FAMILY, NHS_NUMBER, PERSON["date_of_birth"], PERSON["postcode"])


def is_clean(text: str) -> bool:
    return not any(secret in text for secret in PLANTED)


def test_rows_are_counted_by_sender_and_name_nobody(tmp_path: Path) -> None:
    faulty = provider(service=[SERVICE, second(SERVICE, service_start_date=f"{NAME} {FAMILY}")])
    receipt = load(land(faulty.write(tmp_path / "oak"), "oak", tmp_path), "oak", tmp_path, load_profile())
    assert receipt.quarantined == 1
    told = rows_by_sender([receipt]).value or ""
    assert "| oakfield_care | 1 | 2026-10-11T23:00:00Z | 6 | 5 | 1 |" in told and is_clean(told)


def pack(folder: Path, figures: list[dict[str, str]]) -> PackResult:
    folder.mkdir()
    with (folder / "figures.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, ["cell_id", "label", "value", "value_text", "outcome", "reason"])
        writer.writeheader()
        writer.writerows(figures)
    outcomes = {"filled": len(figures)}
    return PackResult(
        "cqc_pir", "PIR", "1-1", "Oak | House", "2026-10", "written", folder, "abc", (), outcomes
    )


def figure(cell: str, value: str = "", text: str = "") -> dict[str, str]:
    return {"cell_id": cell, "label": f"Label of {cell}", "value": value, "value_text": text,
            "outcome": "filled", "reason": ""}  # fmt: skip


def test_a_pack_shows_its_numbers_and_not_its_answers_in_words(tmp_path: Path) -> None:
    written = pack(tmp_path / "abc", [figure("beds", "12"), figure("manager", text=f"{NAME} {FAMILY}")])
    told = figures_table(written).value or ""
    assert "| beds | Label of beds | 12 | filled |" in told and is_clean(told) and "manager" not in told
    # A name with the table's own sign in it does not break the table.
    assert f"| Oak \\| House | 1-1 | 2026-10 | written | 2 | {written.folder} |" in (
        packs_table([written]).value or ""
    )


def test_a_pack_of_many_numbers_shows_the_first_and_says_where_the_others_are(tmp_path: Path) -> None:
    written = pack(tmp_path / "abc", [figure(f"cell{n}", str(n)) for n in range(FIGURES_SHOWN + 3)])
    told = figures_table(written).value or ""
    assert told.count("\n") == FIGURES_SHOWN + 2 and "and 3 more numbers in figures.csv" in told


def test_a_stop_says_what_is_wrong_and_who_acts_and_leaves_the_records_in_the_pack() -> None:
    keys = (f"oakfield_care:service:{NHS_NUMBER}",)
    reason = StopReason("rule.x", "failed", 10, 2, keys, "Too many people.", "the sender", "Close services.")
    told = stops_table([Decision("cld", "503", (reason,)), Decision("cld", "504", ())]).value or ""
    assert "| 503 | rule.x | 2 of 10 | Too many people. | the sender | Close services. |" in told
    assert is_clean(told) and "504" not in told
    assert stops_table([Decision("cld", "504", ())]).value == "none"


def test_a_run_says_in_words_why_it_was_made() -> None:
    final = {"returns/asked_by": "schedule", "returns/kind": "final", "returns/window_closes": "2026-10-14"}
    assert asked_for(final) == "final run: the window closes today (closes 2026-10-14)"
    assert asked_for({"returns/asked_by": "arrival", "returns/extracts": "oak"}) == "arrival of extracts: oak"
    assert asked_for({}) == "asked for by a person"
