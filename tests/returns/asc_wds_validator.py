"""A second reader of the ASC-WDS bulk upload, written from the official rule list alone.

It judges the three files of one provider as text, in plain Python, and knows neither the product's SQL nor
its rules.csv. What it finds is named as the rules are named, so that both can be compared row by row. Code
lists that nobody could read in full are given to it, as a person would supply them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tests.returns.asc_wds_validator_across import ACROSS, JUDGED_ON_INPUT, Context, day_of

Row = Mapping[str, str]
Pages = Mapping[str, Sequence[Row]]
Check = Callable[[str], bool]
Rule = tuple[str, str, Check]


def _columns(header: str) -> list[str]:
    return header.split()


WORKPLACE = _columns(
    """
    LOCALESTID STATUS ESTNAME ADDRESS1 ADDRESS2 ADDRESS3 POSTTOWN POSTCODE ESTTYPE OTHERTYPE PERMCQC
    PERMLA REGTYPE PROVNUM LOCATIONID MAINSERVICE ALLSERVICES CAPACITY UTILISATION SERVICEDESC
    SERVICEUSERS OTHERUSERDESC DHA DHAACTIVITIES TOTALPERMTEMP ALLJOBROLES STARTERS LEAVERS VACANCIES
    REASONS REASONNOS REPEATTRAINING CWPAWARE CWPUSE CWPUSEDESC SICKPAY PENSION ACTUALCONT OPTOUTPEN
    HOLIDAY SLEEPINS SLEEPINPAY TRAVELTIME TTDIFFRATE
    """
)
STAFF = _columns(
    """
    LOCALESTID UNIQUEWORKERID STATUS DISPLAYID NINUMBER POSTCODE DOB GENDER ETHNICITY NATIONALITY
    BRITISHCITIZENSHIP COUNTRYOFBIRTH YEAROFENTRY DISABLED CARECERT L2CARECERT RECSOURCE HANDCVISA
    INOUTUK STARTDATE STARTINSECT DHA APPRENTICE EMPLSTATUS ZEROHRCONT DAYSSICK SALARYINT SALARY
    HOURLYRATE MAINJOBROLE MAINJRDESC CONTHOURS AVGHOURS NMCREG AMHP SCQUAL NONSCQUAL CWPCATEGORY
    QUALACH01 QUALACH01NOTES QUALACH02 QUALACH02NOTES QUALACH03 QUALACH03NOTES
    """
)
TRAINING = _columns(
    """
    LOCALESTID UNIQUEWORKERID CATEGORY TRAININGNAME ACCREDITED WHODELIVERED PROVIDERNAME HOWDELIVERED
    VALIDITY DATECOMPLETED EXPIRYDATE NOTES
    """
)
MAY_FOLLOW_THE_WORKER_ID = ("CHGUNIQUEWRKID", "TRANSFERSTAFFRECORD")
NOT_JUDGED = ("UNCHECKED", "NOCHANGE", "DELETE")
ALWAYS_JUDGED = ("LOCALESTID", "UNIQUEWORKERID", "STATUS", "ESTNAME")


@dataclass(frozen=True, order=True)
class Breach:
    """One rule that one row breaks; `row` counts the rows of its page from 0."""

    rule: str
    page: str
    row: int


def _numbers(*spans: tuple[int, int] | int) -> frozenset[str]:
    found: set[str] = set()
    for span in spans:
        first, last = (span, span) if isinstance(span, int) else span
        found |= {str(n) for n in range(first, last + 1)}
    return frozenset(found)


def required(value: str) -> bool:
    return value != ""


def longest(most: int) -> Check:
    return lambda value: len(value) <= most


def each_longest(most: int) -> Check:
    return lambda value: all(len(entry) <= most for entry in value.split(";"))


def one_of(codes: frozenset[str]) -> Check:
    return lambda value: value == "" or value.upper() in codes


def each_of(codes: frozenset[str]) -> Check:
    return lambda value: value == "" or all(entry.upper() in codes for entry in value.split(";"))


def first_of(codes: frozenset[str]) -> Check:
    return lambda value: value == "" or value.split(";")[0].upper() in codes


def _whole(text: str, lowest: int, highest: int) -> bool:
    return re.fullmatch("[0-9]+", text) is not None and lowest <= int(text) <= highest


def whole(lowest: int, highest: int) -> Check:
    return lambda value: value == "" or _whole(value, lowest, highest)


def each_whole(lowest: int, highest: int) -> Check:
    return lambda value: all(e == "" or _whole(e, lowest, highest) for e in value.split(";"))


def each_count(lowest: int, highest: int) -> Check:
    return lambda value: value == "" or all(_whole(e, lowest, highest) for e in value.split(";"))


def amount(
    lowest: float, highest: float, unknown: str = "", halves: bool = False, above: bool = False
) -> Check:
    def check(value: str) -> bool:
        if value in ("", unknown):
            return True
        if not re.fullmatch(r"[0-9]+([.][0-9]+)?", value):
            return False
        number = float(value)
        fits = lowest < number <= highest if above else lowest <= number <= highest
        return fits and (not halves or number * 2 == int(number * 2))

    return check


def form(pattern: str) -> Check:
    return lambda value: value == "" or re.fullmatch(pattern, value, re.ASCII) is not None


def a_day(value: str) -> bool:
    return value == "" or day_of(value) is not None


STATUS = frozenset({"NEW", "UPDATE", "NOCHANGE", "UNCHECKED", "DELETE"})
YES_NO = frozenset({"1", "2", "999"})
BENEFIT = frozenset({"0", "1", "UNKNOWN"})
SERVICES = _numbers(0, (1, 2), (5, 8), 10, (12, 21), (52, 55), (60, 62), 63, 64, (66, 75))
USERS = _numbers((1, 9), (18, 23), (25, 29), 31, 45, 46) - {"24", "30"}
JOBS = _numbers((1, 11), (15, 17), (23, 27), (34, 40), (42, 52))
CATEGORIES = _numbers((1, 2), (5, 23), (25, 51))
CQC_ID = "[0-9]-[0-9]{8,12}"
POSTCODE = r"[A-Za-z]{1,2}[0-9]{1,2}[A-Za-z]?\s[0-9][A-Za-z]{2}"

WORKPLACE_RULES: Mapping[str, Sequence[Rule]] = {
    "LOCALESTID": [("max", "1010", longest(49))],
    "STATUS": [("required", "1020", required), ("code", "1020", one_of(STATUS))],
    "ESTNAME": [("required", "1030", required), ("max", "1030", longest(120))],
    "ADDRESS1": [("required", "1040", required), ("max", "1040", longest(40))],
    "ADDRESS2": [("max", "1045", longest(40))],
    "ADDRESS3": [("max", "1050", longest(40))],
    "POSTTOWN": [("max", "1055", longest(40))],
    "POSTCODE": [("required", "1060", required), ("max", "1060", longest(10))],
    "ESTTYPE": [("required", "1070", required), ("code", "1070", one_of(_numbers(1, 3, (6, 8))))],
    "OTHERTYPE": [("max", "1070", longest(240))],
    "PERMCQC": [("code", "1080", one_of(_numbers(0, 1)))],
    "PERMLA": [("code", "1090", one_of(_numbers(0, 1)))],
    "REGTYPE": [("code", "1100", one_of(_numbers(0, 2)))],
    "PROVNUM": [("pattern", "1105", form(CQC_ID))],
    "LOCATIONID": [("pattern", "1110", form(CQC_ID))],
    "MAINSERVICE": [("required", "1000", required), ("code", "1000", one_of(SERVICES))],
    "ALLSERVICES": [("required", "1120", required), ("codes", "1120", each_of(SERVICES))],
    "CAPACITY": [("each_integer", "1140", each_whole(0, 9998))],
    "UTILISATION": [("each_integer", "1140", each_whole(0, 9998))],
    "SERVICEDESC": [("each_max", "1120", each_longest(120))],
    "SERVICEUSERS": [("codes", "1130", each_of(USERS))],
    "OTHERUSERDESC": [("each_max", "1130", each_longest(120))],
    "DHA": [("code", "2510", one_of(YES_NO))],
    "DHAACTIVITIES": [("codes", "2530", each_of(_numbers((1, 8))))],
    "TOTALPERMTEMP": [("required", "1200", required), ("integer", "1200", whole(0, 999))],
    "ALLJOBROLES": [("codes", "1280", each_of(JOBS))],
    "STARTERS": [("each_integer", "1310", each_count(0, 999))],
    "LEAVERS": [("each_integer", "1320", each_count(0, 999))],
    "VACANCIES": [("each_integer", "1300", each_count(0, 999))],
    "REASONNOS": [("each_integer", "1360", each_count(0, 999))],
    "REPEATTRAINING": [("code", "2420", one_of(_numbers((1, 4))))],
    "CWPUSE": [("first", "2490", first_of(YES_NO))],
    "CWPUSEDESC": [("max", "2500", longest(120))],
    "SICKPAY": [("code", "2450", one_of(BENEFIT))],
    "PENSION": [("code", "2460", one_of(BENEFIT))],
    "ACTUALCONT": [("number", "", amount(3, 100, above=True))],
    "OPTOUTPEN": [("code", "", one_of(YES_NO))],
    "HOLIDAY": [("integer", "2470", whole(0, 9999))],
    "SLEEPINS": [("code", "", one_of(YES_NO))],
    "SLEEPINPAY": [("code", "", one_of(YES_NO))],
    "TRAVELTIME": [("code", "", one_of(_numbers((1, 5))))],
    "TTDIFFRATE": [("number", "", amount(2.5, 200))],
}
STAFF_RULES: Mapping[str, Sequence[Rule]] = {
    "LOCALESTID": [("required", "1010", required), ("max", "1010", longest(49))],
    "UNIQUEWORKERID": [("required", "1020", required), ("max", "1020", longest(49))],
    "CHGUNIQUEWRKID": [("max", "1030", longest(49))],
    "STATUS": [("required", "1040", required), ("code", "1040", one_of(STATUS))],
    "DISPLAYID": [("required", "1050", required), ("max", "1050", longest(49))],
    "NINUMBER": [("pattern", "1060", form(r"[a-zA-Z]{2}(\s*[0-9]\s*){6}[a-zA-Z]?"))],
    "POSTCODE": [("pattern", "1070", form(POSTCODE))],
    "DOB": [("date", "3080", a_day)],
    "GENDER": [("code", "1090", one_of(_numbers((1, 4))))],
    "ETHNICITY": [("code", "1100", one_of(_numbers((31, 47), 98, 99)))],
    "NATIONALITY": [("integer", "1110", whole(0, 999))],
    "BRITISHCITIZENSHIP": [("code", "1120", one_of(YES_NO))],
    "COUNTRYOFBIRTH": [("integer", "1230", whole(0, 999))],
    "YEAROFENTRY": [("pattern", "1380", form("[0-9]{4}"))],
    "DISABLED": [("code", "1150", one_of(_numbers((0, 3))))],
    "CARECERT": [("code", "1160", one_of(_numbers((1, 3))))],
    "L2CARECERT": [("first", "", first_of(_numbers((1, 3))))],
    "HANDCVISA": [("code", "", one_of(YES_NO))],
    "INOUTUK": [("code", "", one_of(YES_NO))],
    "STARTDATE": [("date", "3190", a_day)],
    "STARTINSECT": [("pattern", "3200", form("[0-9]{4}|999"))],
    "DHA": [("code", "", one_of(YES_NO))],
    "APPRENTICE": [("code", "3210", one_of(YES_NO))],
    "EMPLSTATUS": [("required", "1220", required), ("code", "1220", one_of(_numbers((1, 4), 7)))],
    "ZEROHRCONT": [("code", "1230", one_of(YES_NO))],
    "DAYSSICK": [("number", "1240", amount(0, 366, "999", halves=True))],
    "SALARYINT": [("code", "1260", one_of(_numbers(1, 3)))],
    "SALARY": [("integer", "1260", whole(501, 249_999))],
    "HOURLYRATE": [("pattern", "1270", form("[0-9]+([.][0-9]{1,2})?"))],
    "MAINJOBROLE": [("required", "1280", required), ("code", "1280", one_of(JOBS))],
    "MAINJRDESC": [("max", "1290", longest(119))],
    "CONTHOURS": [("number", "3300", amount(0, 75, "999", halves=True))],
    "AVGHOURS": [("number", "3310", amount(0, 75, "999", halves=True))],
    "AMHP": [("code", "3380", one_of(YES_NO))],
    "SCQUAL": [("first", "1360", first_of(YES_NO))],
    "NONSCQUAL": [("first", "1370", first_of(YES_NO))],
    "CWPCATEGORY": [("code", "", one_of(_numbers((1, 7), 998, 999)))],
}
TRAINING_RULES: Mapping[str, Sequence[Rule]] = {
    "LOCALESTID": [("required", "1000", required), ("max", "1000", longest(50))],
    "UNIQUEWORKERID": [("required", "1010", required), ("max", "1010", longest(50))],
    "CATEGORY": [("required", "1050", required), ("code", "1050", one_of(CATEGORIES))],
    "TRAININGNAME": [("max", "1040", longest(120))],
    "ACCREDITED": [("code", "1060", one_of(_numbers(0, 1, 999)))],
    "WHODELIVERED": [("code", "", one_of(_numbers(1, 2)))],
    "HOWDELIVERED": [("code", "", one_of(_numbers(1, 2)))],
    "VALIDITY": [("pattern", "", form("[1-9][0-9]{0,2}|none"))],
    "DATECOMPLETED": [("date", "1020", a_day)],
    "EXPIRYDATE": [("date", "1030", a_day)],
    "NOTES": [("max", "1070", longest(1000))],
}


def qualification(codes: frozenset[str], day: date) -> Check:
    def check(value: str) -> bool:
        year = "".join(value.split(";")[1:2])
        return first_of(codes)(value) and (year == "" or _whole(year, day.year - 100, day.year))

    return check


def rules(supplied: Mapping[str, frozenset[str]], day: date) -> dict[str, dict[str, list[Rule]]]:
    """Return the rules on single columns by page and column; `supplied` holds the lists nobody could read."""
    staff = {column: list(checks) for column, checks in STAFF_RULES.items()}
    staff["RECSOURCE"] = [("code", "1180", one_of(supplied["recruited_from"]))]
    codes = {1: ("5010", "5020"), 2: ("5030", "5040"), 3: ("5050", "5060")}
    for number in range(1, 21):
        name, (code, notes) = f"QUALACH{number:02d}", codes.get(number, ("", ""))
        staff[name] = [("first", code, qualification(supplied["qualification"], day))]
        staff[f"{name}NOTES"] = [("max", notes, longest(120))]
    pages = {"workplace": WORKPLACE_RULES, "staff": staff, "training": TRAINING_RULES}
    return {page: {c: list(checks) for c, checks in found.items()} for page, found in pages.items()}


def official_codes(supplied: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Return the official error code of every rule this reader knows, blank where none is published."""
    alone = {
        f"{page}.{column.lower()}_{name}": code
        for page, columns in rules(supplied, date(2000, 1, 1)).items()
        for column, checks in columns.items()
        for name, code, _ in checks
    }
    return alone | {rule: code for rule, (_, code, _) in ACROSS.items()}


def wrong_headers(page: str, header: Sequence[str]) -> str:
    """Return the header where it is not the official columns in their order, else a blank."""
    fixed = {"workplace": WORKPLACE, "staff": STAFF, "training": TRAINING}[page]
    expected = list(fixed)
    if page == "staff":
        given = [name for name in MAY_FOLLOW_THE_WORKER_ID if name in header]
        expected[2:2] = given
        extra = (len(header) - len(expected)) // 2
        expected += [f"QUALACH{n:02d}{end}" for n in range(4, 4 + extra) for end in ("", "NOTES")]
    return "" if list(header) == expected else f"{page}: {', '.join(header)}"


def breaches(
    pages: Pages, day: date, supplied: Mapping[str, frozenset[str]], as_sent: bool = False
) -> Iterator[Breach]:
    """Return every breach in the three files of one provider.

    `as_sent` judges the provider's own files, before the lists of the workplace were merged: only there can
    lists have another length than the services they go with.
    """
    context = Context(pages, day, Counter(row.get("LOCALESTID", "") for row in pages["workplace"]))
    for page, columns in rules(supplied, day).items():
        for number, row in enumerate(pages[page]):
            judged = page == "training" or row.get("STATUS", "").upper() not in NOT_JUDGED
            for column, checks in columns.items():
                for name, _, is_fine in checks:
                    if (judged or column in ALWAYS_JUDGED) and not is_fine(row.get(column, "")):
                        yield Breach(f"{page}.{column.lower()}_{name}", page, number)
            if judged:
                for rule, (where, _, is_broken) in ACROSS.items():
                    if where == page and (as_sent or rule not in JUDGED_ON_INPUT) and is_broken(row, context):
                        yield Breach(rule, page, number)
