"""Client Level Data: a planted fault for each rule, and the file as the official list of fields has it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from orchestration.extracts.profile import STANDARDS, read_rows
from tests.returns.example_warehouse import RETURNS, built, query

CLD = RETURNS / "cld"
FAULTS = CLD / "examples" / "planted_faults"
FIELDS = STANDARDS / "cld" / "R2" / "fields.csv"


def faulty_warehouse() -> Path:
    """Return the warehouse of the planted faults."""
    return built(FAULTS)


def planted(rule_id: str) -> int:
    return sum(row["rule_id"] == rule_id for row in read_rows(FAULTS / "expected" / "failing_rows.csv"))


def test_each_rule_has_a_planted_fault() -> None:
    assert [r["rule_id"] for r in read_rows(CLD / "rules.csv") if not planted(r["rule_id"])] == []


def test_each_rule_finds_its_fault_in_its_own_model_and_has_rows_it_judged() -> None:
    for rule in read_rows(CLD / "rules.csv"):
        found = query(
            faulty_warehouse(),
            f"select count(*) as failing from returns.{rule['model']} where rule_id = '{rule['rule_id']}'",
        )
        place = "core" if rule["population"].startswith("core__") else "returns"
        judged = query(faulty_warehouse(), f"select count(*) as judged from {place}.{rule['population']}")
        assert found[0]["failing"] == planted(rule["rule_id"]), rule["rule_id"]
        assert judged[0]["judged"] > 0, rule["rule_id"]


def test_the_figure_of_a_field_is_the_count_of_its_members() -> None:
    different = query(
        faulty_warehouse(),
        """
        with member as (
            select
                submitter_id,
                cell_id,
                count(*) filter (where role = 'numerator') as filled,
                count(*) as applicable
            from returns.mbr_cld__field group by submitter_id, cell_id
        )
        select figure.cell_id
        from returns.ret_cld__figure as figure
        left join member using (submitter_id, cell_id)
        where figure.cell_id like 'field.%' and figure.submitter_id = '999'
          and (figure.numerator, figure.denominator)
            is distinct from (coalesce(member.filled, 0), coalesce(member.applicable, 0))
        """,
    )
    assert different == []


def test_a_field_is_filled_in_the_figures_when_it_is_filled_in_the_file() -> None:
    columns = [row["database_column"] for row in read_rows(FIELDS)]
    counts = ", ".join(f"count({c}) as {c}" for c in columns)
    in_file = query(
        faulty_warehouse(), f"select {counts} from returns.ret_cld__file where submitter_id = '999'"
    )[0]
    flagged = ", ".join(
        f"count(*) filter (where has_{c}) as {c}"
        for c in ("nhs_number", "first_name", "last_name", "postcode", "date_of_birth", "event_description")
    )
    known = query(
        faulty_warehouse(), f"select {flagged} from returns.agg__cld_row where submitter_id = '999'"
    )[0]
    assert {k.lower(): v for k, v in in_file.items() if k.lower() in known} == known
    assert known["nhs_number"] > 0 and known["first_name"] == 0


def test_a_council_that_sent_nothing_has_no_figure_instead_of_zeros() -> None:
    outcomes = query(
        faulty_warehouse(),
        "select distinct outcome, numerator, value, reason "
        "from returns.ret_cld__figure where submitter_id = '998'",
    )
    assert outcomes == [
        {
            "outcome": "not_fillable",
            "numerator": None,
            "value": None,
            "reason": "no council extract was received",
        }
    ]


def test_the_layout_and_the_file_follow_the_official_list_of_fields() -> None:
    official = read_rows(FIELDS)
    layout = tomllib.loads((CLD / "layout" / "layout.toml").read_text(encoding="utf-8"))["file"][0]
    columns = [
        row["column_name"]
        for row in query(
            faulty_warehouse(),
            "select column_name from information_schema.columns "
            "where table_name = 'ret_cld__file' order by ordinal_position",
        )
    ]
    assert [c["header"] for c in layout["column"]] == [row["header"] for row in official]
    assert [c["column"] for c in layout["column"]] == [row["database_column"].lower() for row in official]
    assert columns == ["submitter_id", *(c["column"] for c in layout["column"]), "record_key"]
    assert len(official) == 50


def test_each_cell_of_a_field_is_a_field_of_the_official_list() -> None:
    cells = [row["cell_id"] for row in read_rows(CLD / "cells.csv") if row["measure"] == "field"]
    assert cells == [f"field.{row['database_column']}" for row in read_rows(FIELDS)]


def test_identifying_columns_stay_in_the_file_and_its_restricted_source() -> None:
    holders = query(
        faulty_warehouse(),
        "select distinct table_name from information_schema.columns where table_schema <> 'raw' "
        "and (table_name like '%cld%' or table_name like '%council%') "
        "and column_name in ('nhs_number', 'first_name', 'last_name', 'postcode', 'date_of_birth', "
        "'event_description') order by 1",
    )
    assert [row["table_name"] for row in holders] == [
        "ret_cld__file",
        "stg_cld__person_identifier",
        "stg_cld__person_number",
    ]
