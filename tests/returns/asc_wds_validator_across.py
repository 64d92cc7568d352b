"""The rules between columns and between the three files of the bulk upload, for the second reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

Row = Mapping[str, str]
REGULATED = {
    "1",
    "2",
    "8",
    "17",
    "54",
    "55",
    "60",
    "61",
    "62",
    "63",
    "64",
    "66",
    "67",
    "68",
    "69",
    "70",
    "73",
    "74",
}
KNOWN_SERVICES = REGULATED | {
    "5",
    "6",
    "7",
    "10",
    "12",
    "13",
    "14",
    "15",
    "16",
    "18",
    "19",
    "20",
    "21",
    "52",
    "53",
}
KNOWN_SERVICES |= {"71", "72", "75"}
ASKS_CAPACITY = {"1", "2", "5", "6", "7", "17"}
ASKS_UTILISATION = ASKS_CAPACITY | {"8", "10", "12", "53", "54", "55", "73", "74"}
HEAD_OFFICE, REGISTERED_MANAGER, NURSE, SOCIAL_WORKER, BRITISH = "72", "4", "16", "6", "826"
DESCRIBED_JOBS = ("23", "27")


@dataclass(frozen=True)
class Context:
    """All rows of one provider's upload and the day it is judged on."""

    pages: Mapping[str, Sequence[Row]]
    day: date
    workplaces: Counter[str]

    def workers(self, row: Row) -> list[Row]:
        """Return the workers of a workplace that are not to be deleted."""
        return [
            w
            for w in self.pages["staff"]
            if w["LOCALESTID"] == row["LOCALESTID"] and w["STATUS"].upper() != "DELETE"
        ]


def entries(value: str) -> list[str]:
    return value.split(";")


def services(row: Row) -> list[str]:
    return [code for code in entries(row["ALLSERVICES"]) if code != "0"]


def counts(value: str) -> list[int]:
    return [int(e) if re.fullmatch("[0-9]{1,13}", e) else 0 for e in entries(value)]


def known(value: str) -> list[int]:
    """Return the counts of a list, with nothing for those not known."""
    return [0 if n == 999 else n for n in counts(value)]


def day_of(text: str) -> date | None:
    """Return the day a text says in British order, or nothing."""
    if not re.fullmatch("[0-9]{2}/[0-9]{2}/[0-9]{4}", text):
        return None
    try:
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))
    except ValueError:
        return None


def year(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


def age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def months_later(day: date, months: int) -> date | None:
    whole, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(whole, month + 1, number)
        except ValueError:
            continue
    return None


def length_differs(column: str) -> Callable[[Row, Context], bool]:
    def broken(row: Row, _: Context) -> bool:
        sizes = {len(services(row)), len(entries(row["ALLSERVICES"]))}
        return row[column] != "" and len(entries(row[column])) not in sizes

    return broken


def jobs_differ(column: str) -> Callable[[Row, Context], bool]:
    def broken(row: Row, _: Context) -> bool:
        if row["ALLJOBROLES"] == "" or row[column] == "999":
            return False
        return row[column] == "" or len(entries(row[column])) != len(entries(row["ALLJOBROLES"]))

    return broken


def not_asked(column: str, asks: set[str]) -> Callable[[Row, Context], bool]:
    def broken(row: Row, _: Context) -> bool:
        pairs = zip(entries(row["ALLSERVICES"]), entries(row[column]), strict=False)
        return any(value and code in KNOWN_SERVICES - asks for code, value in pairs)

    return broken


def _undescribed(row: Row) -> bool:
    words = entries(row["OTHERUSERDESC"])
    return any(
        code in ("3", "9", "21") and (place >= len(words) or not words[place])
        for place, code in enumerate(entries(row["SERVICEUSERS"]))
    )


def _no_manager(row: Row, context: Context) -> bool:
    if row["REGTYPE"] != "2" or row["MAINSERVICE"] == HEAD_OFFICE:
        return False
    wanted = zip(entries(row["ALLJOBROLES"]), counts(row["VACANCIES"]), strict=False)
    vacancy = any(role == REGISTERED_MANAGER and number > 0 for role, number in wanted)
    return not vacancy and all(w["MAINJOBROLE"] != REGISTERED_MANAGER for w in context.workers(row))


def _no_roles(row: Row, _: Context) -> bool:
    moves = [n for column in ("STARTERS", "LEAVERS", "VACANCIES") for n in known(row[column])]
    return row["ALLJOBROLES"] == "" and sum(moves) > 0


def _reasons(row: Row, _: Context) -> bool:
    left = sum(known(row["LEAVERS"]))
    return row["REASONS"] != "" and left > 0 and sum(counts(row["REASONNOS"])) != left


def _regulated_wrong(row: Row, _: Context) -> bool:
    main, kind = row["MAINSERVICE"], row["REGTYPE"]
    if main in ("", HEAD_OFFICE) or main not in KNOWN_SERVICES:
        return False
    return (kind == "2" and main not in REGULATED) or (kind == "0" and main in REGULATED)


def _workers_differ(row: Row, context: Context) -> bool:
    said = row["TOTALPERMTEMP"]
    mine = [w for w in context.pages["staff"] if w["LOCALESTID"] == row["LOCALESTID"]]
    if not context.workers(row) or not mine or not re.fullmatch("[0-9]{1,13}", said):
        return False
    return int(said) != len(context.workers(row))


def _workplace_of(row: Row, context: Context) -> list[Row]:
    return [w for w in context.pages["workplace"] if w["LOCALESTID"] == row["LOCALESTID"]]


def _before(row: Row, first: str, gap: int) -> bool:
    """Return whether a year of a worker is less than so many years after the birth."""
    born, found = day_of(row["DOB"]), year(row[first])
    return born is not None and found is not None and found < born.year + gap


def _started_young(row: Row, _: Context) -> bool:
    born, began = day_of(row["DOB"]), day_of(row["STARTDATE"])
    return born is not None and began is not None and age(born, began) < 14


def _wrong_age(row: Row, context: Context) -> bool:
    born = day_of(row["DOB"])
    return born is not None and not 14 <= age(born, context.day) <= 100


def _started_before_entry(row: Row, _: Context) -> bool:
    began, entered = day_of(row["STARTDATE"]), year(row["YEAROFENTRY"])
    return began is not None and entered is not None and began.year < entered


def _sector_after(row: Row, _: Context) -> bool:
    began, sector = day_of(row["STARTDATE"]), year(row["STARTINSECT"])
    return began is not None and sector not in (None, 999) and (sector or 0) > began.year


def _hours(row: Row, column: str) -> float:
    return float(row[column]) if re.fullmatch("[0-9]{1,13}([.][0-9]+)?", row[column]) else 0


def _not_of_validity(row: Row, _: Context) -> bool:
    done, ends, valid = day_of(row["DATECOMPLETED"]), day_of(row["EXPIRYDATE"]), year(row["VALIDITY"])
    if done is None or ends is None or valid is None:
        return False
    last = months_later(done, valid)
    return last is not None and ends != last - timedelta(days=1)


def _expires_early(row: Row, _: Context) -> bool:
    done, ends = day_of(row["DATECOMPLETED"]), day_of(row["EXPIRYDATE"])
    return done is not None and ends is not None and ends <= done


def _of_nobody(row: Row, context: Context) -> bool:
    me = (row["LOCALESTID"], row["UNIQUEWORKERID"])
    return all((w["LOCALESTID"], w["UNIQUEWORKERID"]) != me for w in context.pages["staff"])


def _same(column: str, page: str) -> Callable[[Row, Context], bool]:
    def broken(row: Row, context: Context) -> bool:
        return row[column] != "" and sum(other[column] == row[column] for other in context.pages[page]) > 1

    return broken


def _worker_twice(row: Row, context: Context) -> bool:
    me = (row["LOCALESTID"], row["UNIQUEWORKERID"])
    return sum((w["LOCALESTID"], w["UNIQUEWORKERID"]) == me for w in context.pages["staff"]) > 1


def later(column: str) -> Callable[[Row, Context], bool]:
    return lambda row, context: (day_of(row[column]) or date.min) > context.day


# Rule: the page whose rows it judges, the official code, and when a row breaks it.
ACROSS: dict[str, tuple[str, str, Callable[[Row, Context], bool]]] = {
    "other_type_ignored": ("workplace", "2070", lambda r, _: r["OTHERTYPE"] != "" and r["ESTTYPE"] != "8"),
    "other_type_missing": ("workplace", "2070", lambda r, _: r["OTHERTYPE"] == "" and r["ESTTYPE"] == "8"),
    "regulated_type_wrong": ("workplace", "1100", _regulated_wrong),
    "provider_number_missing": ("workplace", "1105", lambda r, _: r["REGTYPE"] == "2" and not r["PROVNUM"]),
    "provider_number_ignored": ("workplace", "2105", lambda r, _: r["REGTYPE"] == "0" and r["PROVNUM"] != ""),
    "location_id_ignored": ("workplace", "2110", lambda r, _: r["REGTYPE"] == "0" and r["LOCATIONID"] != ""),
    "main_service_not_listed": (
        "workplace",
        "1120",
        lambda r, _: r["MAINSERVICE"] not in entries(r["ALLSERVICES"]),
    ),
    "no_other_service_but_listed": (
        "workplace",
        "1121",
        lambda r, _: "0" in entries(r["ALLSERVICES"]) and len(services(r)) != 1,
    ),
    "description_of_group_missing": ("workplace", "2130", lambda r, _: _undescribed(r)),
    "delegated_activities_ignored": (
        "workplace",
        "2530",
        lambda r, _: r["DHAACTIVITIES"] != "" and r["DHA"] != "1",
    ),
    "delegated_activities_missing": (
        "workplace",
        "2530",
        lambda r, _: r["DHAACTIVITIES"] == "" and r["DHA"] == "1",
    ),
    "staff_zero": (
        "workplace",
        "1200",
        lambda r, _: r["TOTALPERMTEMP"] == "0" and r["MAINSERVICE"] != HEAD_OFFICE,
    ),
    "staff_records_differ": ("workplace", "2200", _workers_differ),
    "registered_manager_missing": ("workplace", "1280", _no_manager),
    "job_roles_missing": ("workplace", "1280", _no_roles),
    "reasons_sum": ("workplace", "1360", _reasons),
    "pathway_description_ignored": (
        "workplace",
        "2500",
        lambda r, _: r["CWPUSEDESC"] != "" and "10" not in entries(r["CWPUSE"]),
    ),
    "contribution_without_pension": (
        "workplace",
        "",
        lambda r, _: r["ACTUALCONT"] != "" and r["PENSION"] != "1",
    ),
    "sleep_in_pay_without_sleep_ins": (
        "workplace",
        "",
        lambda r, _: r["SLEEPINPAY"] != "" and r["SLEEPINS"] != "1",
    ),
    "travel_rate_without_travel_time": (
        "workplace",
        "",
        lambda r, _: r["TTDIFFRATE"] != "" and r["TRAVELTIME"] == "",
    ),
    "workplace_twice": ("workplace", "998", _same("LOCALESTID", "workplace")),
    "location_twice": ("workplace", "998", _same("LOCATIONID", "workplace")),
    "capacity_length": ("workplace", "1140", length_differs("CAPACITY")),
    "utilisation_length": ("workplace", "1140", length_differs("UTILISATION")),
    "service_description_length": ("workplace", "1120", length_differs("SERVICEDESC")),
    "group_description_length": (
        "workplace",
        "1130",
        lambda r, _: (
            r["OTHERUSERDESC"] != "" and len(entries(r["OTHERUSERDESC"])) != len(entries(r["SERVICEUSERS"]))
        ),
    ),
    "starters_length": ("workplace", "1310", jobs_differ("STARTERS")),
    "leavers_length": ("workplace", "1320", jobs_differ("LEAVERS")),
    "vacancies_length": ("workplace", "1300", jobs_differ("VACANCIES")),
    "reasons_length": (
        "workplace",
        "1360",
        lambda r, _: r["REASONS"] != "" and len(entries(r["REASONNOS"])) != len(entries(r["REASONS"])),
    ),
    "capacity_not_asked": ("workplace", "1140", not_asked("CAPACITY", ASKS_CAPACITY)),
    "utilisation_not_asked": ("workplace", "1140", not_asked("UTILISATION", ASKS_UTILISATION)),
    "age_out_of_range": ("staff", "3080", _wrong_age),
    "citizenship_ignored": (
        "staff",
        "3120",
        lambda r, _: r["BRITISHCITIZENSHIP"] != "" and r["NATIONALITY"] == BRITISH,
    ),
    "entry_in_future": ("staff", "1380", lambda r, c: (year(r["YEAROFENTRY"]) or 0) > c.day.year),
    "entry_before_birth": ("staff", "1380", lambda r, _: _before(r, "YEAROFENTRY", 0)),
    "entry_ignored": (
        "staff",
        "3380",
        lambda r, _: r["YEAROFENTRY"] != "" and r["COUNTRYOFBIRTH"] in ("", BRITISH),
    ),
    "start_in_future": ("staff", "3190", later("STARTDATE")),
    "start_before_14": ("staff", "3190", _started_young),
    "start_before_entry": ("staff", "3190", _started_before_entry),
    "sector_start_after_start": ("staff", "3200", _sector_after),
    "sector_start_before_14": (
        "staff",
        "3200",
        lambda r, _: r["STARTINSECT"] != "999" and _before(r, "STARTINSECT", 14),
    ),
    "hours_with_zero_hours": (
        "staff",
        "1230",
        lambda r, _: _hours(r, "CONTHOURS") > 0 and r["ZEROHRCONT"] in ("1", "999"),
    ),
    "contracted_hours_ignored": (
        "staff",
        "3300",
        lambda r, _: r["CONTHOURS"] != "" and (r["ZEROHRCONT"] == "1" or r["EMPLSTATUS"] in ("3", "4", "7")),
    ),
    "average_hours_ignored": (
        "staff",
        "3310",
        lambda r, _: r["AVGHOURS"] != "" and r["ZEROHRCONT"] != "1" and r["EMPLSTATUS"] in ("1", "2"),
    ),
    "salary_not_annual": ("staff", "1260", lambda r, _: r["SALARY"] != "" and r["SALARYINT"] != "1"),
    "hourly_rate_not_hourly": ("staff", "1270", lambda r, _: r["HOURLYRATE"] != "" and r["SALARYINT"] != "3"),
    "job_description_missing": (
        "staff",
        "1290",
        lambda r, _: r["MAINJRDESC"] == "" and r["MAINJOBROLE"] in DESCRIBED_JOBS,
    ),
    "job_description_ignored": (
        "staff",
        "3290",
        lambda r, _: r["MAINJRDESC"] != "" and r["MAINJOBROLE"] not in ("", *DESCRIBED_JOBS),
    ),
    "nurse_register_ignored": ("staff", "3340", lambda r, _: r["NMCREG"] != "" and r["MAINJOBROLE"] != NURSE),
    "mental_health_professional_ignored": (
        "staff",
        "3380",
        lambda r, _: r["AMHP"] != "" and r["MAINJOBROLE"] != SOCIAL_WORKER,
    ),
    "qualification_level_missing": (
        "staff",
        "1360",
        lambda r, _: entries(r["SCQUAL"])[0] == "1" and "".join(entries(r["SCQUAL"])[1:2]) == "",
    ),
    "manager_of_unregulated": (
        "staff",
        "1280",
        lambda r, c: (
            r["MAINJOBROLE"] == REGISTERED_MANAGER and any(w["REGTYPE"] == "0" for w in _workplace_of(r, c))
        ),
    ),
    "worker_twice": ("staff", "", _worker_twice),
    "worker_without_workplace": ("staff", "", lambda r, c: not _workplace_of(r, c)),
    "training_in_future": ("training", "1020", later("DATECOMPLETED")),
    "expiry_before_training": ("training", "1030", _expires_early),
    "expiry_not_of_validity": ("training", "", _not_of_validity),
    "training_of_nobody": ("training", "", _of_nobody),
}
# Lists that the merge makes as long as the services, and 0 that gives way: wrong only in what was sent.
JUDGED_ON_INPUT = {
    "capacity_length", "utilisation_length", "service_description_length", "group_description_length",
    "no_other_service_but_listed",
}  # fmt: skip
