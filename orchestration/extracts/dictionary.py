"""Makes the reference page of the extract profile from the data that extracts are judged by."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from orchestration.extracts import limits
from orchestration.extracts.manifest_fields import FILE, SENDER, SUPPLIER, TOP, ManifestField
from orchestration.extracts.problems import Rule, load_rules
from orchestration.extracts.profile import (
    CURRENT_VERSION,
    STANDARDS,
    CodeList,
    Column,
    ExtractProfile,
    RecordClass,
    load_profile,
)

PAGE = STANDARDS.parents[1] / "docs" / "reference" / "extract-profile.md"

_FORMS = {
    "key": "text that names a record; never an NHS number",
    "reference": "the key of another record; never an NHS number",
    "text": "text",
    "code": "a code or label of its list",
    "coding": "a code of a terminology, as the sending system writes it",
    "yes_no": "`Yes` or `No`",
    "date": "`2026-10-31`; a calendar date between 1850 and 2200",
    "datetime": "`2026-10-31T14:05:00Z`, or with an offset; no zone means UTC, no time means midnight",
    "time": "`14:05` or `14:05:00`",
    "integer": "digits only, with a minus sign where needed",
    "decimal": "digits with a decimal point and at most four decimal places",
    "nhs_number": "ten digits, also written 3-3-4; a wrong check digit is a warning",
    "postcode": "a UK postcode",
}
_OUTCOMES = {
    "unusable": "nothing of the extract is loaded",
    "quarantine": "the row is set aside",
    "load": "the row is loaded",
}


_INTRODUCTION = """# Extract profile {version}

What a sender hands over. This page is generated from `data/standards/`; change the data, then run
`python -m orchestration.extracts.dictionary`. Evidence marks: READ was seen in the named source,
INFER follows from sources, BELIEF is from memory, OURS is defined here because no public source does.

## The folder or zip

`manifest.json` lies at the root, with one data file per class beside it: `.csv`, `.ndjson` (or `.jsonl`)
or `.parquet`. CSV is UTF-8 with commas, double quotes and a header row; a byte order mark is accepted.
NDJSON is one flat object per line. Headers are compared in lower case with runs of other characters as
one `_`; the column, its element name and its aliases all count. Unknown columns are kept aside. Several
values in a cell are parted by `|`. Outer blanks are cut, and a blank cell is no value.

Codes of a complete list are loaded in the capitals of the list; the labels of the council's classes are
kept as sent, because they are moved to Release 2 where the return is made.

Limits: {file} a file, {cell} a cell, {row} a row, {columns:,} columns; a zip unpacks to at most {total},
and to at most {ratio} times its own size beyond the first {free}.

## manifest.json

The JSON Schema is `data/standards/extract_profile/{version}/manifest.schema.json`.
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _table(header: str, rows: Iterable[Iterable[str]]) -> list[str]:
    columns = [part.strip() for part in header.split("|")]
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    return [*lines, *("| " + " | ".join(_cell(c) for c in row) + " |" for row in rows), ""]


def _manifest_rows(fields: tuple[ManifestField, ...], place: str) -> list[list[str]]:
    return [[f"`{place}{f.name}`", "yes" if f.required else "no", f.words] for f in fields]


def _column_row(column: Column, profile: ExtractProfile) -> list[str]:
    codes = profile.code_lists.get(column.code_list)
    listed = ""
    if codes:
        listed = f"[{codes.name}](#{codes.name})" + ("" if codes.complete else " (not known in full)")
    points = f"points to `{column.references}`" if column.references else ""
    length = f"at most {column.max_length} characters" if column.max_length else ""
    notes = "; ".join(part for part in (points, length, column.note) if part)
    aliases = ", ".join(f"`{a}`" for a in column.aliases)
    who = "yes" if column.identifying else ""
    return [f"`{column.name}`", column.type, column.occurs, listed, who, aliases, notes, column.evidence]


def _class_lines(record_class: RecordClass, profile: ExtractProfile) -> list[str]:
    return [
        f"### {record_class.name}",
        "",
        f"{record_class.label}: {record_class.grain}. Sent by: {record_class.sender_kind}. "
        f"Evidence: {record_class.evidence}.",
        "",
        *_table(
            "column | type | occurs | codes | identifying | also accepted | notes | evidence",
            (_column_row(column, profile) for column in record_class.columns),
        ),
    ]


def _list_lines(codes: CodeList) -> list[str]:
    known = "known in full" if codes.complete else "not known in full: other values are loaded, not judged"
    lines = [f"### {codes.name}", "", f"{known[0].upper()}{known[1:]}. Evidence: {codes.evidence}.", ""]
    return [*lines, *_table("code | label", ([f"`{c}`", label] for c, label in codes.codes.items()))]


def _rule_row(rule: Rule) -> list[str]:
    return [
        f"`{rule.rule_id}`",
        rule.severity,
        _OUTCOMES[rule.disposition],
        rule.guards,
        rule.message,
        rule.next_step,
    ]


def _used_lists(profile: ExtractProfile) -> list[CodeList]:
    used = {c.code_list for k in profile.classes.values() for c in k.columns}
    return [profile.code_lists[name] for name in sorted(used & set(profile.code_lists))]


def dictionary_page(version: str = CURRENT_VERSION) -> str:
    """Return the reference page of a profile version as Markdown."""
    profile = load_profile(version)
    intro = _INTRODUCTION.format(
        version=version,
        file=limits.spoken_size(limits.FILE_BYTES),
        cell=limits.spoken_size(limits.CELL_BYTES),
        row=limits.spoken_size(limits.ROW_BYTES),
        columns=limits.COLUMNS,
        total=limits.spoken_size(limits.ZIP_TOTAL_BYTES),
        ratio=limits.ZIP_RATIO,
        free=limits.spoken_size(limits.ZIP_RATIO_FREE_BYTES),
    )
    lines = [
        intro,
        *_table(
            "field | required | holds",
            [
                *_manifest_rows(TOP, ""),
                *_manifest_rows(SENDER, "sender."),
                *_manifest_rows(SUPPLIER, "supplier_system."),
                *_manifest_rows(FILE, "files[]."),
            ],
        ),
        "## Types",
        "",
        *_table("type | written as", ([kind, form] for kind, form in _FORMS.items())),
        "## Rules",
        "",
        "`returns check` ends with 0 when there are no errors, 1 when rows would be set aside, and 2 when",
        "the extract is unusable.",
        "",
        *_table(
            "rule | severity | outcome | guards | message | next step",
            map(_rule_row, load_rules(version).values()),
        ),
        "## Classes",
        "",
    ]
    for record_class in profile.classes.values():
        lines += _class_lines(record_class, profile)
    lines += ["## Code lists", ""]
    for codes in _used_lists(profile):
        lines += _list_lines(codes)
    return "\n".join(lines).rstrip() + "\n"


def write_dictionary(target: Path = PAGE) -> Path:
    """Write the reference page and return its path."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(dictionary_page(), encoding="utf-8")
    return target


if __name__ == "__main__":
    print(write_dictionary())
