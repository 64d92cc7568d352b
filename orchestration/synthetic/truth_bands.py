"""Which service user bands a provider's own records put its people into, by the value sets."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from orchestration.synthetic.tables import Tables
from orchestration.synthetic.truth_knowledge import Knowledge

VALUE_SETS = Path(__file__).resolve().parents[2] / "data" / "standards" / "value_sets"
SNOMED = "snomed_ct"
CONCEPT = re.compile(r"(?<![0-9.])[0-9]{6,18}(?![0-9.])")
# Class, element, its code list, the elements that say from when it holds (the first filled), until when.
FACTS = (
    ("problem", "problem_coded_value", SNOMED, ("onset_date", "date"), "end_date"),
    ("problem", "impairment_category", SNOMED, ("onset_date", "date"), "end_date"),
    ("problem", "hearing_impairment", "cld_r2_hearing_impairment", ("onset_date", "date"), "end_date"),
    ("need", "needs_concerns_or_problems_coded_value", SNOMED, ("date",), ""),
    (
        "mental_health_act",
        "legal_status_coded_value",
        "ukcore_legal_status_classification_england",
        ("section_start_date",),
        "section_end_date",
    ),
    (
        "service",
        "primary_support_reason",
        "cld_r2_primary_support_reason",
        ("service_start_date",),
        "service_end_date",
    ),
)


@cache
def bands_of_codes() -> dict[tuple[str, str], set[str]]:
    """Return the bands each code of a code list stands for."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in sorted(VALUE_SETS.glob("band_*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                found[row["code_list"], row["code"].lower()].add(path.stem.removeprefix("band_"))
    return dict(found)


def people_in_bands(tables: Tables, sender: str, knowledge: Knowledge, day: str) -> dict[str, set[str]]:
    """Return the people of each band by codes that hold on a day, as one provider recorded them."""
    known = bands_of_codes()
    people: dict[str, set[str]] = {band: set() for bands in known.values() for band in bands}
    for record_class, element, code_list, begins, ends in FACTS:
        for row in tables.newest(record_class):
            code = row.get(element, "").lower()
            concept = CONCEPT.search(code)
            if code_list == SNOMED:
                code = concept.group() if concept else ""
            begun = next((row[b] for b in begins if b in row), "")
            if begun <= day < row.get(ends, "9999"):
                for band in known.get((code_list, code), ()):
                    people[band].add(knowledge.person(sender, row["subject_of_care"]).key)
    return people
