"""The answers of the tracing service, in the columns of its response file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from orchestration.synthetic.chance import stream
from orchestration.synthetic.records import PersonRecord
from orchestration.synthetic.tables import Row

NO_MATCH = "0000000000"
SEVERAL = "9999999999"


def compact(day: date | None) -> str:
    """Return a day as YYYYMMDD, or nothing."""
    return day.strftime("%Y%m%d") if day else ""


def trace_answers(seed: int, council: int, records: Iterable[PersonRecord], as_at: date) -> list[Row]:
    """Return one answer row for every person record that was sent to be traced."""
    rng = stream(seed, "tracing", council)
    as_at_text = compact(as_at - timedelta(days=25))
    rows = []
    for n, r in enumerate((r for r in records if r.answer), start=1):
        row: Row = {
            "unique_reference": r.key,
            "req_nhs_number": r.number.replace(" ", ""),
            "as_at_date": as_at_text,
            "local_patient_id": r.local_id,
            "internal_id": f"T{n:07d}",
            "error_success_code": r.answer,
            "matched_nhs_no": NO_MATCH,
            "matched_algorithm_indicator": "0",
            "matched_confidence_percentage": "0.00",
        }
        if r.answer in ("00", "90", "92"):
            _found(row, r, rng.randint(62, 97))
        elif r.answer in ("96", "97"):
            row |= {
                "matched_nhs_no": SEVERAL,
                "matched_algorithm_indicator": "3" if r.answer == "96" else "4",
            }
        elif r.answer == "98":
            row["matched_algorithm_indicator"] = "4"
        elif r.answer == "91":
            row["matched_algorithm_indicator"] = "1"
        rows.append(row)
    return rows


def _found(row: Row, r: PersonRecord, likeness: int) -> None:
    p = r.person
    row |= {
        "family_name": p.family,
        "given_name": p.given,
        "gender": p.sex,
        "date_of_birth": compact(p.born),
        "date_of_death": compact(p.died),
        "matched_nhs_no": p.nhs_number,
        "sensitivty_flag": "S" if r.answer == "92" else "",
    }
    if r.answer != "92":
        row |= {
            "address_line1": p.home.line_1,
            "address_line3": p.home.town,
            "postcode": p.home.postcode,
            "gp_practice_code": p.gp[0],
        }
    number = r.number.replace(" ", "")
    if number in (p.nhs_number, p.former_number) and number:
        row |= {"matched_algorithm_indicator": "1", "matched_confidence_percentage": "100.00"}
        if r.born != p.born:
            row["algorithmic_trace_dob_score_perc"] = "0.00"
    elif (r.given, r.family, r.born, r.sex) == (p.given, p.family, p.born, p.sex):
        row |= {"matched_algorithm_indicator": "3", "matched_confidence_percentage": "100.00"}
    else:
        row |= {
            "matched_algorithm_indicator": "4",
            "matched_confidence_percentage": f"{likeness}.00",
            "algorithmic_trace_family_name_score_perc": "100.00" if r.family == p.family else "82.00",
            "algorithmic_trace_given_name_score_perc": "100.00" if r.given == p.given else "74.00",
            "algorithmic_trace_dob_score_perc": "100.00" if r.born == p.born else "67.00",
            "algorithmic_trace_gender_score_perc": "100.00" if r.sex == p.sex else "0.00",
            "algorithmic_trace_postcode_score_perc": "100.00" if r.postcode == p.home.postcode else "0.00",
        }
