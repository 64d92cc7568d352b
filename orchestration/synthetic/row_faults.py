"""Faults in single rows: each is an added row that must be set aside, so the true figures stay true."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.synthetic.tables import Row

FAULT_COLUMNS = ("file", "row", "field", "fault", "rule_id", "expected")
NUMBER_AS_KEY = "9990000018"
TWICE, TWO_STORIES = "(sent twice)", "(two stories)"


@dataclass(frozen=True, slots=True)
class RowFault:
    """One fault: the class and field it spoils, the value put there, and the rule that must name it."""

    record_class: str
    field: str
    value: str
    rule_id: str
    fault: str
    expected: str
    # A typed file format cannot hold the value.
    text_only: bool = False


ROW_FAULTS = (
    RowFault("incident", "date", "2026-02-31", "bad_date", "a day that is not in the calendar",
             "the row is set aside: not a date", text_only=True),
    RowFault("incident", "date", "", "required_blank", "a required value is blank",
             "the row is set aside: a required value is missing"),
    RowFault("visit", "planned_start", "2026-10-05 25:61", "bad_datetime", "a moment that does not exist",
             "the row is set aside: not a date and time"),
    RowFault("need", "record_uid", "", "key_blank", "no record key",
             "the row is set aside: the record cannot be told from others"),
    RowFault("need", "subject_of_care", "NOBODY-1", "reference_not_in_extract", "points to nobody",
             "the row is set aside: the person is not in the extract"),
    RowFault("need", "care_act_outcome", "CA-FLYING", "code_not_in_list", "a code outside a complete list",
             "the row is set aside: the list is complete and does not hold the code"),
    RowFault("need", TWICE, "", "duplicate_row", "one row sent twice",
             "the second row is set aside: the first is kept"),
    RowFault("risk", "record_uid", NUMBER_AS_KEY, "key_like_nhs_number", "an NHS number as record key",
             "the row is set aside: a key must not be an NHS number"),
    RowFault("risk", TWO_STORIES, "", "conflicting_version", "one version that says two things",
             "both rows are set aside: nobody can tell which one holds"),
    RowFault("subject_of_care", "subject_of_care_id", NUMBER_AS_KEY, "key_like_nhs_number",
             "an NHS number as person id", "the row is set aside: a key must not be an NHS number"),
    RowFault("vaccination", "not_given_flag", "Perhaps", "bad_yes_no", "neither yes nor no",
             "the row is set aside: neither Yes nor No"),
    RowFault("care_plan", "version_number", "two", "bad_integer", "a number in words",
             "the row is set aside: not a whole number", text_only=True),
    RowFault("care_plan", "version_number", "0", "version_below_one", "version nought",
             "the row is set aside: versions begin at 1"),
    RowFault("preference", "free_text", "tea " * 1001, "too_long", "more text than the column holds",
             "the row is set aside: too long"),
    RowFault("cld_cost", "unit_cost", "12,50 pounds", "bad_decimal", "money in words",
             "the row is set aside: not a number", text_only=True),
    RowFault("cld_cost", "service_record_uid", "lsv-999999", "reference_not_in_extract", "a cost of nothing",
             "the row is set aside: the service is not in the extract"),
    RowFault("cld_request", "event_start_date", "", "required_blank", "no start date",
             "the row is set aside: a required value is missing"),
    RowFault("cld_assessment", "event_end_date", "31/03/2026", "bad_date", "a date in British order",
             "the row is set aside: not an ISO date", text_only=True),
    RowFault("cld_service", "service_type", "Long term support: By post", "code_not_in_list",
             "a label outside a complete list", "the row is set aside: neither a Release 1 nor 2 label"),
    RowFault("trace_response", "unique_reference", "", "key_blank", "an answer about nobody",
             "the row is set aside: no record is named"),
    RowFault("trace_response", "error_success_code", "", "required_blank", "an answer without its code",
             "the row is set aside: a required value is missing"),
)  # fmt: skip


def plant(fault: RowFault, rows: list[Row], file_format: str) -> list[int]:
    """Add the faulty row or rows at the end; return the numbers a person sees for those set aside."""
    before = len(rows) + (2 if file_format == "csv" else 1)
    key = "unique_reference" if fault.record_class == "trace_response" else "record_uid"
    row = dict(rows[0])
    if fault.field == TWICE:
        rows.append(row)
        return [before]
    row[key] = f"{rows[0][key].split(':')[0]}:flt" if key == "unique_reference" else f"flt-{before:06d}"
    if fault.field == TWO_STORIES:
        rows += [row, row | {"free_text": "Another story about the same risk"}]
        return [before, before + 1]
    row[fault.field] = fault.value
    if not fault.value:
        del row[fault.field]
    rows.append(row)
    return [before]


def plant_all(tables: dict[str, list[Row]], folder: str, file_format: str) -> list[tuple[str, ...]]:
    """Plant every fault an extract can hold and return the lines that list them."""
    listed: list[tuple[str, ...]] = []
    for fault in ROW_FAULTS:
        rows = tables.get(fault.record_class)
        if not rows or (fault.text_only and file_format == "parquet"):
            continue
        for number in plant(fault, rows, file_format):
            field = "" if fault.field in (TWICE, TWO_STORIES) else fault.field
            file = f"{folder}/{fault.record_class}.{file_format}"
            listed.append((file, str(number), field, fault.fault, fault.rule_id, fault.expected))
    return listed
