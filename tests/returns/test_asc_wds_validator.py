"""A second reader, written from the official rules alone, finds in the files what the product finds."""

from __future__ import annotations

from datetime import date

import pytest

from orchestration.extracts.profile import read_rows
from tests.returns.asc_wds_validator import Breach, breaches, official_codes, wrong_headers
from tests.returns.test_asc_wds_rules import FOLDER, NOTES, RULES, SOUND, faults

DAY = date(2026, 10, 11)
HERE = "1-900000901"
COLUMNS = {
    page: [r["cell_id"].partition(".")[2] for r in read_rows(FOLDER / "cells.csv") if r["table"] == page]
    for page in SOUND
}
SUPPLIED = {
    name: frozenset(r["code"] for r in read_rows(FOLDER / "codes.csv") if r["code_set"] == name)
    for name in ("recruited_from", "qualification")
}
# Ours: what only somebody who also has the records, or the packs, can see.
OURS = {name for name, rule in RULES.items() if rule["evidence"] == "OURS"}


def upload(page: str = "", changes: dict[str, str] | None = None) -> dict[str, list[dict[str, str]]]:
    """Return the three files of one sound workplace, one of them spoilt."""
    pages: dict[str, list[dict[str, str]]] = {}
    for name, sound in SOUND.items():
        row = sound | ({"locationid": HERE} if name == "workplace" else {})
        if name == page and changes:
            row |= {k: v.replace("1-9000HERE", HERE) for k, v in changes.items() if k not in NOTES}
        whole = dict.fromkeys(COLUMNS[name], "") | {k.upper(): v for k, v in row.items()}
        pages[name] = [whole, whole] if name == page and changes and "again" in changes else [whole]
    return pages


def found(pages: dict[str, list[dict[str, str]]]) -> set[str]:
    return {breach.rule for breach in breaches(pages, DAY, SUPPLIED, as_sent=True)}


def test_a_sound_upload_breaks_no_rule() -> None:
    assert found(upload()) == set()


@pytest.mark.parametrize("rule", sorted(set(RULES) - OURS))
def test_the_second_reader_catches_the_fault_planted_for_each_rule(rule: str) -> None:
    page, changes = faults()[rule]
    changes = {"provnum": ""} if rule == "provider_number_missing" else changes
    assert rule in found(upload(page, changes))


def test_both_know_the_same_rules_by_the_same_official_codes() -> None:
    assert official_codes(SUPPLIED) == {
        name: rule["official_code"] for name, rule in RULES.items() if name not in OURS
    }


def test_headers_in_another_order_missing_or_added_are_wrong() -> None:
    header = COLUMNS["training"]
    assert wrong_headers("training", header) == ""
    assert wrong_headers("training", header[::-1])
    assert wrong_headers("training", header[1:])
    assert wrong_headers("training", [*header, "SHOESIZE"])
    staff = [c for c in COLUMNS["staff"] if c not in ("CHGUNIQUEWRKID", "TRANSFERSTAFFRECORD")]
    assert wrong_headers("staff", [*staff, "QUALACH04", "QUALACH04NOTES"]) == ""
    assert wrong_headers("staff", [*staff, "QUALACH05", "QUALACH05NOTES"])


@pytest.mark.parametrize("year", ["2027", "1925", "soon", "20 19"])
def test_a_qualification_of_no_year_is_a_breach_by_itself(year: str) -> None:
    assert found(upload("staff", {"qualach01": f"20;{year}"})) == {"staff.qualach01_first"}
    assert found(upload("staff", {"qualach01": "20"})) == set()


def test_rows_that_the_service_would_skip_are_judged_on_their_ids_alone() -> None:
    pages = upload("staff", {"status": "NOCHANGE", "gender": "97", "uniqueworkerid": "x" * 50})
    trainings = [breach for breach in breaches(pages, DAY, SUPPLIED) if breach.page == "staff"]
    assert trainings == [Breach("staff.uniqueworkerid_max", "staff", 0)]
