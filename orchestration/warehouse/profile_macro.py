"""The extract profile as a dbt macro: dbt compiles without asking a warehouse, so it is told in writing.

    python -m orchestration.warehouse.profile_macro

writes the macro anew after a class, a column or a code for "not known" was changed; a test holds it to
the data.
"""

from __future__ import annotations

import json
from pathlib import Path

from orchestration.extracts.profile import STANDARDS, load_profile, read_rows
from orchestration.warehouse.build import DBT_PROJECT

MACRO = DBT_PROJECT / "macros" / "profile_fields.sql"
NOT_SCORED = {"record_uid", "version_number"}
NOT_KNOWN = STANDARDS / "not_known_codes.csv"
_HEAD = (
    "{#- Written by orchestration/warehouse/profile_macro.py from the extract profile: the"
    "\n    fields of every class whose records have versions, each with its type and its code list. -#}"
)


def profile_macro() -> str:
    """Return the text of the macro file: fields by class, and by code list the codes for not known."""
    classes = {
        c.name: [[f.name, f.type, f.code_list] for f in c.columns if f.name not in NOT_SCORED]
        for c in load_profile().classes.values()
        if any(f.name == "record_uid" for f in c.columns)
    }
    lists: dict[str, list[str]] = {}
    for row in read_rows(NOT_KNOWN):
        lists.setdefault(row["code_list"], []).append(row["code"].lower())
    return "\n".join(
        [
            *(_HEAD, "{% macro profile_fields() -%}", "    {{ return({"),
            *(
                f"        {json.dumps(name)}: {json.dumps(fields)},"
                for name, fields in sorted(classes.items())
            ),
            *("    }) }}", "{%- endmacro %}", ""),
            "{#- By code list, the codes for an answer that is not known; under `*` of any field. -#}",
            *("{% macro not_known_codes() -%}", "    {{ return({"),
            *(
                f"        {json.dumps(name)}: {json.dumps(sorted(codes))},"
                for name, codes in sorted(lists.items())
            ),
            *("    }) }}", "{%- endmacro %}", ""),
        ]
    )


def write_profile_macro(path: Path = MACRO) -> None:
    """Write the macro file."""
    path.write_text(profile_macro(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_profile_macro()
