"""Extracts with one fault each, as a sender may send them, and the rule that must name it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from tests.unit.extracts.tiny_extract import (
    ALERT,
    ANSWER,
    COST,
    NHS_NUMBER,
    PERSON,
    REQUEST,
    SERVICE,
    TinyExtract,
    council,
    csv_bytes,
    ndjson_bytes,
    provider,
    second,
    trace,
)


class Fault(NamedTuple):
    """One planted fault and how it must be named."""

    rule_id: str
    exit_code: int
    extract: TinyExtract
    file: str = ""
    row: int | None = None
    field: str = ""


def in_person(**cells: str) -> TinyExtract:
    """Return the good extract with some cells of the second person (row 3) changed."""
    other = second(PERSON, subject_of_care_id="P2", nhs_number="") | cells
    return TinyExtract({"subject_of_care": [PERSON, other]})


def in_service(**cells: str) -> TinyExtract:
    """Return the good extract with some cells of the second service (row 3) changed."""
    return TinyExtract({"service": [SERVICE, second(SERVICE) | cells]})


def in_alert(**cells: str) -> TinyExtract:
    """Return the good extract with some cells of the second alert (row 3) changed."""
    return TinyExtract({"alert": [ALERT, second(ALERT) | cells]})


def in_request(**cells: str) -> TinyExtract:
    """Return the good council extract with some cells of the second request (row 3) changed."""
    return TinyExtract({"cld_request": [REQUEST, second(REQUEST) | cells]}, "council")


def referring(**cells: str) -> TinyExtract:
    """Return the good extract, people and home included, with other references in the second service."""
    return provider(service=[SERVICE, second(SERVICE) | cells])


def alerts(rows: list[dict[str, str]]) -> TinyExtract:
    """Return an extract of alerts alone."""
    return TinyExtract({"alert": rows})


def raw_services(content: bytes, rows: int = 1) -> TinyExtract:
    """Return the good extract with the bytes of service.csv replaced."""
    return TinyExtract({}, raw={"service.csv": content}, counts={"service.csv": rows})


TRAINING = (
    b"LOCALESTID,UNIQUEWORKERID,CATEGORY,TRAININGNAME,ACCREDITED,WHODELIVERED,PROVIDERNAME,HOWDELIVERED,"
    b"VALIDITY,DATECOMPLETED,EXPIRYDATE\r\n1-900000001,w-1,5,,,,,,,,\r\n"
)


def raw_alerts(name: str, content: bytes, rows: int = 1) -> TinyExtract:
    """Return the good extract with the alerts in another format."""
    return TinyExtract({}, raw={name: content}, counts={name: rows})


def with_manifest(text: bytes) -> TinyExtract:
    """Return the good extract with another manifest.json."""
    return replace(provider(), manifest_bytes=text)


def listing(**changes: object) -> TinyExtract:
    """Return the good extract with one more file listed."""
    entry = {"path": "care_plan.csv", "class": "care_plan", "rows": 0, "sha256": "0" * 64} | changes
    return replace(provider(), files=[entry])


GOOD = csv_bytes([SERVICE]).decode()
HEADER, ROW = GOOD.split("\r\n")[:2]
NHS_SPACED = f"{NHS_NUMBER[:3]} {NHS_NUMBER[3:6]} {NHS_NUMBER[6:]}"
SERVICES = "service.csv"
PEOPLE = "subject_of_care.csv"
REQUESTS = "cld_request.csv"
MANIFEST = "manifest.json"

FAULTS: dict[str, Fault] = {
    # rows that are set aside
    "a required value is blank": Fault(
        "required_blank", 1, in_person(date_of_birth=" "), PEOPLE, 3, "date_of_birth"
    ),
    "a record key is blank": Fault("key_blank", 1, in_service(record_uid=""), SERVICES, 3, "record_uid"),
    "a key is an NHS number": Fault("key_like_nhs_number", 1, in_service(record_uid=NHS_NUMBER), SERVICES, 3),
    "a person id is an NHS number with spaces": Fault(
        "key_like_nhs_number", 1, in_person(subject_of_care_id=NHS_SPACED), PEOPLE, 3, "subject_of_care_id"
    ),
    "a council person id is an NHS number": Fault(
        "key_like_nhs_number", 1, in_request(**{"LA Person Unique Identifier": NHS_NUMBER}), REQUESTS, 3
    ),
    "a British date": Fault("bad_date", 1, in_person(date_of_birth="28/02/1940"), PEOPLE, 3),
    "29 February of an ordinary year": Fault(
        "bad_date", 1, in_service(service_start_date="2025-02-29"), SERVICES, 3
    ),
    "a year before any living person": Fault("bad_date", 1, in_person(date_of_birth="1066-10-14"), PEOPLE, 3),
    "a time that does not exist": Fault(
        "bad_datetime", 1, in_alert(alert_start_date="2026-05-01T25:00:00Z"), "alert.csv", 3
    ),
    "a version in words": Fault("bad_integer", 1, in_service(version_number="one"), SERVICES, 3),
    "a version below one": Fault("version_below_one", 1, in_service(version_number="0"), SERVICES, 3),
    "money with a pound sign": Fault("bad_decimal", 1, in_service(unit_cost="£12.00"), SERVICES, 3),
    "money with five decimal places": Fault("bad_decimal", 1, in_service(unit_cost="1.00001"), SERVICES, 3),
    "text longer than its column": Fault("too_long", 1, in_person(person_first_name="x" * 101), PEOPLE, 3),
    "neither yes nor no": Fault("bad_yes_no", 1, in_service(regulated_care="perhaps"), SERVICES, 3),
    "a code outside a complete list": Fault("code_not_in_list", 1, in_person(gender_identity="7"), PEOPLE, 3),
    "a row sent twice": Fault("duplicate_row", 1, alerts([ALERT, ALERT]), "alert.csv", 3, "record_uid"),
    "one version that says two things": Fault(
        "conflicting_version", 1, alerts([ALERT, ALERT | {"status": "closed"}]), "alert.csv", 2
    ),
    "a service of nobody": Fault("reference_not_in_extract", 1, referring(subject_of_care="P9"), SERVICES, 3),
    "a service at no location": Fault(
        "reference_not_in_extract", 1, referring(care_provider="1-900000009"), SERVICES, 3
    ),
    "a cost of no service": Fault(
        "reference_not_in_extract",
        1,
        council(cld_cost=[COST, second(COST) | {"Service Record UID": "none"}]),
        "cld_cost.csv",
        3,
    ),
    "a trace answer about nobody": Fault(
        "key_blank",
        1,
        trace(trace_response=[ANSWER, ANSWER | {"UNIQUE_REFERENCE": ""}]),
        "trace_response.csv",
        3,
    ),
    "a required column is missing": Fault(
        "required_column_missing",
        1,
        alerts([{k: v for k, v in ALERT.items() if k != "status"}]),
        "alert.csv",
        None,
        "status",
    ),
    "a bar inside a list value": Fault(
        "bar_in_list",
        1,
        raw_alerts("alert.ndjson", ndjson_bytes([ALERT | {"informed": ["a|b"]}])),
        "alert.ndjson",
        1,
    ),
    # rows that are loaded with a warning
    "an NHS number of nine digits": Fault(
        "nhs_number_format", 0, in_person(nhs_number="999000018"), PEOPLE, 3
    ),
    "an NHS number with a wrong check digit": Fault(
        "nhs_number_check_digit", 0, in_person(nhs_number="9990000183"), PEOPLE, 3
    ),
    "an NHS number of one digit": Fault(
        "nhs_number_repeated_digit", 0, in_person(nhs_number="9999999999"), PEOPLE, 3
    ),
    "a code in other capitals": Fault("code_capitals", 0, in_service(care_funding_source="NHS"), SERVICES, 3),
    "a Release 1 label": Fault("code_release_1", 0, in_request(**{"Client Type": "Carer"}), REQUESTS, 3),
    "an end before its start": Fault(
        "end_before_start", 0, in_service(service_end_date="2025-12-31"), SERVICES, 3
    ),
    "a birth in the future": Fault("birth_after_as_at", 0, in_person(date_of_birth="2027-01-01"), PEOPLE, 3),
    "a person of 150 years": Fault("age_over_120", 0, in_person(date_of_birth="1876-01-01"), PEOPLE, 3),
    "a request in the future": Fault(
        "event_after_as_at",
        0,
        in_request(**{"Event Start Date": "2027-01-01", "Event End Date": ""}),
        REQUESTS,
        3,
    ),
    "a council code of two digits": Fault("la_code_format", 0, in_request(**{"LA Code": "50"}), REQUESTS, 3),
    "a postcode that is none": Fault("postcode_format", 0, in_person(postcode="LEEDS"), PEOPLE, 3),
    "a bulk upload file without one of its columns": Fault(
        "official_column_missing", 0, raw_alerts("asc_wds_training.csv", TRAINING), "asc_wds_training.csv"
    ),
    "a column nobody knows": Fault("unknown_column", 0, alerts([ALERT | {"mood": "calm"}]), "alert.csv"),
    "a class without rows": Fault("no_rows", 0, raw_services(HEADER.encode(), 0), SERVICES),
    "a file that is not listed": Fault("file_unlisted", 0, replace(in_alert(), extra={"notes.txt": b"x"})),
    "an archive inside the extract": Fault(
        "nested_archive", 0, replace(in_alert(), extra={"more.zip": b"PK"})
    ),
    "a manifest key nobody knows": Fault(
        "manifest_unknown_key", 0, replace(in_alert(), manifest={"mood": 1}), MANIFEST
    ),
    "a MODS version nobody knows": Fault(
        "mods_version_unknown", 0, replace(in_alert(), manifest={"mods_version": "9.9"}), MANIFEST
    ),
    # data files that cannot be read beyond doubt
    "an empty file": Fault("file_empty", 2, raw_services(b""), SERVICES),
    "a byte order mark and nothing else": Fault("file_empty", 2, raw_services(b"\xef\xbb\xbf"), SERVICES),
    "Latin-1 text": Fault("not_utf8", 2, raw_services(f"{HEADER}\n{ROW}é".encode("latin-1")), SERVICES, 2),
    "UTF-16 text": Fault("not_utf8", 2, raw_services(GOOD.encode("utf-16")), SERVICES, 1),
    "a NUL byte": Fault("nul_byte", 2, raw_services(f"{HEADER}\n{ROW}\0".encode()), SERVICES, 2),
    "a cell too many": Fault("ragged_row", 2, raw_services(f"{HEADER}\n{ROW},x".encode()), SERVICES, 2),
    "a cell too few": Fault(
        "ragged_row", 2, raw_services(f"{HEADER}\n{ROW}\nser-2,1".encode(), 2), SERVICES, 3
    ),
    "a blank line between rows": Fault(
        "ragged_row", 2, raw_services(f"{HEADER}\n\n{ROW}".encode()), SERVICES, 2
    ),
    "a quote that stays open": Fault(
        "open_quote", 2, raw_services(f'{HEADER}\n"{ROW}'.encode()), SERVICES, 2
    ),
    "a quote inside a cell": Fault(
        "stray_quote", 2, raw_services(f'{HEADER}\na"b"{ROW}'.encode()), SERVICES, 2
    ),
    "a lone carriage return": Fault("line_ending", 2, raw_services(f"{HEADER}\r{ROW}".encode()), SERVICES, 1),
    "a column twice": Fault(
        "header_duplicate", 2, raw_services(f"{HEADER},Record UID\n{ROW},x".encode()), SERVICES
    ),
    "a column without a name": Fault(
        "header_blank", 2, raw_services(f"{HEADER},\n{ROW},x".encode()), SERVICES
    ),
    "no header": Fault("header_missing", 2, raw_services(f"{ROW}\n{ROW}".encode()), SERVICES),
    "semicolons for commas": Fault("delimiter", 2, raw_services(GOOD.replace(",", ";").encode()), SERVICES),
    "2,001 columns": Fault("too_many_columns", 2, raw_services((HEADER + ",x" * 2000).encode(), 0), SERVICES),
    "a cell of two megabytes": Fault(
        "cell_too_large", 2, raw_services(f"{HEADER}\n{'x' * 2_000_000}{ROW}".encode()), SERVICES, 2
    ),
    "a row of nine megabytes": Fault(
        "row_too_large", 2, raw_services(f'{HEADER}\n"{"x" * 9_000_000}'.encode()), SERVICES, 2
    ),
    "a broken JSON line": Fault(
        "json_line_broken", 2, raw_alerts("alert.ndjson", ndjson_bytes([ALERT]) + b'{"a":'), "alert.ndjson", 2
    ),
    "a JSON line that is a list": Fault(
        "json_line_broken", 2, raw_alerts("alert.ndjson", b"[1]"), "alert.ndjson", 1
    ),
    "JSON nested 100,000 deep": Fault(
        "json_too_deep", 2, raw_alerts("alert.ndjson", b'{"a":' + b"[" * 100_000), "alert.ndjson", 1
    ),
    "a JSON key twice": Fault(
        "json_duplicate_key", 2, raw_alerts("alert.ndjson", b'{"a":1,"a":2}'), "alert.ndjson", 1
    ),
    "half a surrogate pair": Fault(
        "not_utf8", 2, raw_alerts("alert.ndjson", b'{"a":"\\ud800"}'), "alert.ndjson", 1
    ),
    "an escaped NUL": Fault("nul_byte", 2, raw_alerts("alert.ndjson", b'{"a":"\\u0000"}'), "alert.ndjson", 1),
    "a Parquet file that is none": Fault(
        "file_broken", 2, raw_alerts("alert.parquet", b"PAR1xxPAR1"), "alert.parquet"
    ),
    # manifests that lie or cannot be read
    "a row count that lies": Fault(
        "rows_differ", 2, replace(provider(), counts={"alert.csv": 2}), "alert.csv"
    ),
    "a file swapped after the manifest": Fault(
        "sha256_differs", 2, replace(provider(), extra={"alert.csv": csv_bytes([second(ALERT)])}), "alert.csv"
    ),
    "a listed file that is missing": Fault("file_missing", 2, listing(), "care_plan.csv"),
    "a file listed twice": Fault(
        "file_listed_twice", 2, listing(path="alert.csv", **{"class": "alert"}), "alert.csv"
    ),
    "a class listed twice": Fault(
        "class_listed_twice",
        2,
        replace(listing(path="more.csv", **{"class": "alert"}), extra={"more.csv": csv_bytes([ALERT])}),
        "more.csv",
    ),
    "a class nobody knows": Fault(
        "class_unknown", 2, listing(path="alert.csv", **{"class": "mood"}), "alert.csv"
    ),
    "a council class from a provider": Fault(
        "class_not_for_sender", 2, listing(path="alert.csv", **{"class": "cld_request"}), "alert.csv"
    ),
    "an absolute path": Fault("path_absolute", 2, listing(path="/etc/passwd"), "/etc/passwd"),
    "a path on a Windows disk": Fault("path_absolute", 2, listing(path="C:/a.csv"), "C:/a.csv"),
    "a path that climbs out": Fault("path_parent", 2, listing(path="../alert.csv"), "../alert.csv"),
    "a path with a backslash": Fault("path_backslash", 2, listing(path="..\\alert.csv"), "..\\alert.csv"),
    "a path with a control character": Fault("path_bad", 2, listing(path="a\x1b[2J.csv"), "a?[2J.csv"),
    "a spreadsheet": Fault("file_ending_unknown", 2, listing(path="alert.xlsx"), "alert.xlsx"),
    "a profile of the future": Fault(
        "profile_version_unknown", 2, replace(provider(), manifest={"profile_version": "2.0.0"}), MANIFEST
    ),
    "a sender id with spaces": Fault(
        "manifest_field_wrong", 2, replace(provider(), sender={"id": "Oak Field"}), MANIFEST
    ),
    "no sender name": Fault(
        "manifest_field_missing", 2, replace(provider(), sender={"name": None}), MANIFEST
    ),
    "files that are no list": Fault(
        "manifest_field_wrong", 2, replace(provider(), manifest={"files": {}}), MANIFEST
    ),
    "rows that are no number": Fault("manifest_field_wrong", 2, listing(rows=True), MANIFEST),
    "an as-at time that is no time": Fault(
        "as_at_not_iso", 2, replace(provider(), manifest={"as_at": "now"}), MANIFEST
    ),
    "an as-at day that does not exist": Fault(
        "as_at_not_iso", 2, replace(provider(), manifest={"as_at": "2026-02-30T00:00:00Z"}), MANIFEST
    ),
    "an as-at time without a zone": Fault(
        "as_at_no_zone", 2, replace(provider(), manifest={"as_at": "2026-10-11T23:00:00"}), MANIFEST
    ),
    "a manifest cut short": Fault("manifest_not_json", 2, with_manifest(b'{"profile_version":'), MANIFEST),
    "a manifest that is a list": Fault("manifest_not_json", 2, with_manifest(b"[]"), MANIFEST),
    "a manifest with NaN": Fault("manifest_not_json", 2, with_manifest(b'{"a":NaN}'), MANIFEST),
    "a manifest in Latin-1": Fault("manifest_not_utf8", 2, with_manifest(b'{"a":"\xe9"}'), MANIFEST),
    "a manifest with a key twice": Fault(
        "manifest_duplicate_key", 2, with_manifest(b'{"a":1,"a":1}'), MANIFEST
    ),
    "a manifest nested 100,000 deep": Fault("manifest_too_deep", 2, with_manifest(b"[" * 100_000), MANIFEST),
    "a manifest of two megabytes": Fault("manifest_too_large", 2, with_manifest(b" " * 2_000_000), MANIFEST),
}
