"""Each rule of ASC-WDS finds the fault planted for it, in a bulk upload that is otherwise without one."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from orchestration.extracts.profile import read_rows
from tests.returns.example_warehouse import RETURNS, build_example, query, rule_models

FOLDER = RETURNS / "asc_wds"
RULES = {row["rule_id"].removeprefix("asc_wds."): row for row in read_rows(FOLDER / "rules.csv")}
Row = dict[str, str]
WORKPLACE: Row = {
    "localestid": "site", "status": "UPDATE", "estname": "Alder House", "address1": "1 Alder Street",
    "posttown": "Fernbridge", "postcode": "ZY1 1AA", "esttype": "6", "permcqc": "1", "permla": "0",
    "regtype": "2", "provnum": "1-900000900", "mainservice": "2", "allservices": "2;13", "capacity": "20;",
    "utilisation": "0;", "servicedesc": ";", "serviceusers": "1;21", "otheruserdesc": ";Visitors",
    "dha": "1", "dhaactivities": "1;8", "totalpermtemp": "1", "alljobroles": "8;4", "starters": "1;0",
    "leavers": "2;0", "vacancies": "0;0", "reasons": "1;2", "reasonnos": "1;1", "repeattraining": "1",
    "cwpuse": "1;10", "cwpusedesc": "Words", "sickpay": "1", "pension": "1", "actualcont": "5",
    "optoutpen": "2", "holiday": "28", "sleepins": "1", "sleepinpay": "2", "traveltime": "1",
    "ttdiffrate": "12.50",
}  # fmt: skip
WORKER: Row = {
    "localestid": "site", "uniqueworkerid": "w-1", "status": "UPDATE", "displayid": "W1",
    "ninumber": "QQ123456C", "postcode": "ZY1 1AA", "dob": "01/02/1980", "gender": "2", "ethnicity": "31",
    "nationality": "372", "britishcitizenship": "2", "countryofbirth": "372", "yearofentry": "2001",
    "disabled": "0", "carecert": "1", "l2carecert": "1;2025", "recsource": "16", "handcvisa": "2",
    "inoutuk": "1", "startdate": "01/03/2020", "startinsect": "2010", "dha": "1", "apprentice": "2",
    "emplstatus": "1", "zerohrcont": "2", "dayssick": "2.5", "salaryint": "3", "hourlyrate": "12.50",
    "mainjobrole": "4", "conthours": "37.5", "scqual": "1;3", "nonscqual": "2", "cwpcategory": "999",
    "qualach01": "20;2019", "qualach01notes": "Words",
}  # fmt: skip
TRAINING: Row = {
    "localestid": "site", "uniqueworkerid": "w-1", "category": "5", "trainingname": "Moving people",
    "accredited": "1", "whodelivered": "1", "howdelivered": "2", "validity": "12",
    "datecompleted": "28/02/2025", "expirydate": "27/02/2026", "notes": "Words",
}  # fmt: skip
SOUND = {"workplace": WORKPLACE, "staff": WORKER, "training": TRAINING}
# Rules between columns: which columns of which file are spoilt, and how.
ACROSS: dict[str, tuple[str, Row]] = {
    "other_type_ignored": ("workplace", {"othertype": "A club"}),
    "other_type_missing": ("workplace", {"esttype": "8"}),
    "regulated_type_wrong": ("workplace", {"mainservice": "13"}),
    "provider_number_missing": ("workplace", {"provnum": "", "no_provider_id": "yes"}),
    "provider_number_ignored": ("workplace", {"regtype": "0"}),
    "location_id_ignored": ("workplace", {"regtype": "0"}),
    "main_service_not_listed": ("workplace", {"mainservice": "1"}),
    "no_other_service_but_listed": ("workplace", {"allservices": "2;13;0"}),
    "description_of_group_missing": ("workplace", {"otheruserdesc": ";"}),
    "delegated_activities_ignored": ("workplace", {"dha": "2"}),
    "delegated_activities_missing": ("workplace", {"dhaactivities": ""}),
    "staff_zero": ("workplace", {"totalpermtemp": "0"}),
    "staff_records_differ": ("workplace", {"totalpermtemp": "7"}),
    "registered_manager_missing": ("staff", {"mainjobrole": "8"}),
    "job_roles_missing": ("workplace", {"alljobroles": ""}),
    "reasons_sum": ("workplace", {"reasonnos": "1;2"}),
    "pathway_description_ignored": ("workplace", {"cwpuse": "1;2"}),
    "contribution_without_pension": ("workplace", {"pension": "0"}),
    "sleep_in_pay_without_sleep_ins": ("workplace", {"sleepins": "2"}),
    "travel_rate_without_travel_time": ("workplace", {"traveltime": ""}),
    "workplace_twice": ("workplace", {"again": "yes"}),
    "location_twice": ("workplace", {"again": "yes"}),
    "capacity_length": ("workplace", {"capacity": "20;;5"}),
    "utilisation_length": ("workplace", {"utilisation": "1;;5"}),
    "service_description_length": ("workplace", {"servicedesc": ";;"}),
    "group_description_length": ("workplace", {"otheruserdesc": "Visitors"}),
    "starters_length": ("workplace", {"starters": "1"}),
    "leavers_length": ("workplace", {"leavers": "2;0;0"}),
    "vacancies_length": ("workplace", {"vacancies": "0"}),
    "reasons_length": ("workplace", {"reasonnos": "2"}),
    "capacity_not_asked": ("workplace", {"capacity": "20;5"}),
    "utilisation_not_asked": ("workplace", {"utilisation": "0;5"}),
    "age_out_of_range": ("staff", {"dob": "12/10/2012", "startdate": "", "startinsect": ""}),
    "citizenship_ignored": ("staff", {"nationality": "826"}),
    "entry_in_future": ("staff", {"yearofentry": "2027"}),
    "entry_before_birth": ("staff", {"yearofentry": "1979"}),
    "entry_ignored": ("staff", {"countryofbirth": "826"}),
    "start_in_future": ("staff", {"startdate": "12/10/2026"}),
    "start_before_14": ("staff", {"startdate": "31/01/1994"}),
    "start_before_entry": ("staff", {"yearofentry": "2021"}),
    "sector_start_after_start": ("staff", {"startinsect": "2021"}),
    "sector_start_before_14": ("staff", {"startinsect": "1993"}),
    "hours_with_zero_hours": ("staff", {"zerohrcont": "1"}),
    "contracted_hours_ignored": ("staff", {"emplstatus": "3"}),
    "average_hours_ignored": ("staff", {"avghours": "20"}),
    "salary_not_annual": ("staff", {"salary": "20000"}),
    "hourly_rate_not_hourly": ("staff", {"salaryint": "1"}),
    "job_description_missing": ("staff", {"mainjobrole": "23"}),
    "job_description_ignored": ("staff", {"mainjrdesc": "Words"}),
    "nurse_register_ignored": ("staff", {"nmcreg": "1"}),
    "mental_health_professional_ignored": ("staff", {"amhp": "1"}),
    "qualification_level_missing": ("staff", {"scqual": "1"}),
    "manager_of_unregulated": ("workplace", {"regtype": "0"}),
    "worker_twice": ("staff", {"again": "yes"}),
    "worker_without_workplace": ("staff", {"localestid": "1-9000HERE"}),
    "training_in_future": ("training", {"datecompleted": "12/10/2026", "expirydate": "", "validity": ""}),
    "expiry_before_training": ("training", {"expirydate": "28/02/2025"}),
    "expiry_not_of_validity": ("training", {"expirydate": "28/02/2026"}),
    "training_of_nobody": ("training", {"uniqueworkerid": "w-9"}),
    "file_and_records_differ": ("workplace", {"estname": "Another name"}),
    "row_of_no_location": ("training", {"localestid": "nowhere"}),
    "column_not_in_layout": ("staff", {"_overflow": '{"SHOESIZE": "7"}'}),
    "id_like_a_formula": ("workplace", {"localestid": "=site"}),
    "service_type_not_known": ("service", {}),
}  # fmt: skip


def spoilt(rule: dict[str, str]) -> Row:
    """Return the value that breaks a rule on one column, read off what the rule says a value must be."""
    kind, _, terms = rule["threshold"].partition(" ")
    wrong = {
        "required": "",
        "max": "x" * (int(terms) + 1 if kind == "max" else 1),
        "each_max": ";" + "x" * 121,
        "code": "97",
        "codes": "2;97" if rule["fields"] == "ALLSERVICES" else "1;97",
        "first": "97;2019",
        "integer": "-1",
        "each_integer": "1;many",
        "each_count": "1;many",
        "number": "400.25",
        "pattern": "?",
        "date": "31/02/2020",
    }
    return {rule["fields"].lower(): wrong[kind]}


def page_of(rule: dict[str, str]) -> str:
    return rule["model"].removeprefix("chk_asc_wds__").partition("_")[0]


def faults() -> dict[str, tuple[str, Row]]:
    alone = {
        name: (page_of(rule), OTHERWISE.get(name) or spoilt(rule))
        for name, rule in RULES.items()
        if rule["model"].endswith("_value")
    }
    return alone | ACROSS


def write(path: Path, rows: list[Row]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def location_of(number: int) -> str:
    return f"1-9000{number:05d}"


@cache
def planted() -> tuple[Path, dict[str, str]]:
    """Return a warehouse with one location per rule, each spoilt for that rule alone, and who is who."""
    example = Path(mkdtemp(prefix="faults-")) / "asc_wds" / "examples" / "faults"
    (example / "extract").mkdir(parents=True)
    tables: dict[str, list[Row]] = {"workplace": [], "staff": [], "training": []}
    sites: list[Row] = []
    services: list[Row] = []
    where: dict[str, str] = {}
    for number, (name, (page, changes)) in enumerate([("none", ("", {})), *faults().items()], start=1):
        location = where[name] = location_of(number)
        sender = f"sender_{number}"
        about = {"_sender_id": sender}
        sites.append(
            {
                "record_uid": f"loc-{number}",
                "cqc_location_id": location,
                "cqc_location_name": "" if "no_location_name" in changes else "Alder House",
                "cqc_provider_id": "" if "no_provider_id" in changes else "1-900000900",
                "care_setting": "care_home",
                "registered_beds": "20",
                **about,
            }
        )
        for table, sound in SOUND.items():
            row = sound | about | ({"locationid": location} if table == "workplace" else {})
            if table == page:
                row |= {k: v.replace("1-9000HERE", location) for k, v in changes.items() if k not in NOTES}
            tables[table] += [row, row] if table == page and "again" in changes else [row]
        if page == "service":
            services.append(
                {"record_uid": "s-1", "subject_of_care": "p", "care_provider": location,
                 "service_start_date": "2026-01-01", **about}
            )  # fmt: skip
            (example / "person.csv").write_text(
                f"person_record_key,person_key,birth_date,death_date\n{sender}:p,p,1940-01-01,\n"
            )
    for table, rows in tables.items():
        write(example / "extract" / f"asc_wds_{table}.csv", rows)
    write(example / "extract" / "care_provider.csv", sites)
    write(example / "extract" / "service.csv", services)
    (example / "run.toml").write_text(
        'client_id = "example"\nreporting_period = "2026-10"\nas_at_date = 2026-10-11\n'
        '[period]\nlabel = "2026-10-11"\nstart = 2026-10-11\nend = 2026-10-11\n'
    )
    return build_example(example, Path(mkdtemp(prefix="faults-built-"))), where


NOTES = ("again", "no_provider_id", "no_location_name")
# A row of the staff or training file that names no workplace is in no pack; it is told of by another rule.
PLACELESS = {f"{page}.localestid_{kind}" for page in ("staff", "training") for kind in ("required", "max")}
OTHERWISE: dict[str, Row] = {
    "workplace.locationid_pattern": {"locationid": "?", "localestid": "1-9000HERE"},
    "workplace.estname_required": {"estname": "", "no_location_name": "yes"},
}


@cache
def found() -> dict[tuple[str, str], int]:
    file, _ = planted()
    parts = " union all by name ".join(f"select * from returns.{m}" for m in rule_models("asc_wds"))
    rows = query(file, f"select rule_id, submitter_id, count(*) as failing from ({parts}) group by all")
    return {(str(r["rule_id"]).removeprefix("asc_wds."), str(r["submitter_id"])): r["failing"] for r in rows}


@pytest.mark.parametrize("rule", sorted(set(faults()) - PLACELESS))
def test_each_rule_finds_its_planted_fault(rule: str) -> None:
    assert (rule, planted()[1][rule]) in found()


def test_every_rule_has_a_planted_fault() -> None:
    assert set(faults()) == set(RULES)


def test_a_sound_upload_breaks_no_rule() -> None:
    location = planted()[1]["none"]
    assert [rule for rule, submitter in found() if submitter == location] == []


def test_a_row_that_names_no_workplace_is_told_of() -> None:
    for rule in PLACELESS:
        assert ("row_of_no_location", planted()[1][rule]) in found()


def test_nothing_that_names_a_worker_is_in_a_failing_row() -> None:
    file, _ = planted()
    for model in rule_models("asc_wds"):
        if model.startswith("chk_asc_wds__staff"):
            seen = query(file, f"select distinct field, value_seen from returns.{model}")
            named = {"DOB", "NINUMBER", "POSTCODE", "DISPLAYID", "UNIQUEWORKERID"}
            assert {r["value_seen"] for r in seen if r["field"] in named} <= {"not shown"}
