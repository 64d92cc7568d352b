"""What moved a measure: who entered, left or changed between two periods, and by which change of data."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from orchestration.extracts.profile import STANDARDS, read_rows

# Fields whose values are never shown; that they changed is.
IDENTIFYING = {"der_birth_year", "der_birth_month"}
# What tells one event of a person apart from another; the rest may be corrected.
_SAME_EVENT = ("event_type", "event_start_date", "service_type", "service_component", "assessment_type")
_NOT_COMPARED = {
    *("der_unique_record_id", "la_code", "la_name", "importdate", "reporting_period_start_date"),
    *("reporting_period_end_date", "der_nhs_number_traced_pseudo", "der_nhs_number_pseudo"),
    *("der_age_event_start_date", *_SAME_EVENT),
}
MOVEMENT_COLUMNS = (
    *("item_id", "breakdown", "council", "person_key", "local_person_id", "movement", "role_before"),
    *("role_now", "why_before", "why_now", "cause"),
)
CHANGE_COLUMNS = (
    "person_key",
    "event",
    "change",
    "field",
    "before",
    "now",
    "submitted_before",
    "submitted_now",
)

# The person of a row as the official method knows it.
_PERSON = """lower(rtrim(coalesce(der_nhs_number_traced_pseudo, der_nhs_number_pseudo,
                la_code || '_' || la_person_unique_identifier)))"""
# A person may stand in one cell with several events: the most counted role is the person's.
_PEOPLE = """
    create or replace temp table stood as
    select cell.item_id, cell.breakdown, cell.council, cell.period_id, member.person_key,
        ['numerator', 'denominator', 'population', 'excluded'][
            min(case member.role when 'numerator' then 1 when 'denominator' then 2
                when 'population' then 3 else 4 end)
        ] as role,
        string_agg(distinct coalesce(member.reason, member.evidence), '; '
            order by coalesce(member.reason, member.evidence)) as why
    from member join cell using (cell_id)
    group by all
"""
_MOVED = """
    create or replace temp table moved as
    with earlier as (select * from stood where period_id = $before and role <> 'excluded'),
    later as (select * from stood where period_id = $now and role <> 'excluded'),
    left_out as (select * from stood where role = 'excluded')
    select coalesce(later.item_id, earlier.item_id) as item_id,
        coalesce(later.breakdown, earlier.breakdown) as breakdown,
        coalesce(later.council, earlier.council) as council,
        coalesce(later.person_key, earlier.person_key) as person_key,
        case when earlier.role is null then 'entered' when later.role is null then 'left' else 'changed' end
            as movement,
        coalesce(earlier.role, was.role, 'not in the measure') as role_before,
        coalesce(later.role, became.role, 'not in the measure') as role_now,
        coalesce(earlier.why, was.why) as why_before, coalesce(later.why, became.why) as why_now
    from earlier
    full join later using (item_id, breakdown, council, person_key)
    left join left_out as was
        on later.item_id = was.item_id and later.breakdown = was.breakdown and later.council = was.council
        and later.person_key = was.person_key and was.period_id = $before
    left join left_out as became
        on earlier.item_id = became.item_id and earlier.breakdown = became.breakdown
        and earlier.council = became.council and earlier.person_key = became.person_key
        and became.period_id = $now
    where earlier.role is distinct from later.role
"""
_CAUSES = """
    create or replace temp table cause as
    select person_key, min(local_id) as local_person_id, coalesce(min(told.cause), $unchanged) as cause
    from submitted
    left join (
        select person_key, string_agg(distinct what, '; ' order by what) as cause
        from (select person_key, change || coalesce(': ' || field, '') as what from data_change)
        group by person_key
    ) as told using (person_key)
    group by person_key
"""
UNCHANGED = "nothing the council sent: the period moved on"


def find_movement(
    connection: duckdb.DuckDBPyConnection, cells: str, members: str, now: str, before: str
) -> None:
    """Leave temp table `moved`: one row per measure, group and person whose role differs between two periods.

    `cells` and `members` name the relations of a return's cells and of who stands in them.
    """
    connection.execute(
        "create or replace temp table cell as"
        f" select cell_id, item_id, breakdown, council, period_id from {cells}"
    )
    connection.execute(f"create or replace temp view member as select * from {members}")
    connection.execute(_PEOPLE)
    connection.execute(_MOVED, {"now": now, "before": before})


def find_data_changes(connection: duckdb.DuckDBPyConnection, councils: Sequence[str]) -> None:
    """Leave temp table `data_change`: what the newest submission says otherwise than the one before it.

    Only for the people in `moved`. Events of one type, start and kind are one event; where several are alike
    they are paired in the order of their ends.
    """
    columns = [row["column"].lower() for row in read_rows(STANDARDS / "cld" / "store_columns.csv")]
    compared = [c for c in columns if c not in _NOT_COMPARED]
    same = ", ".join(_SAME_EVENT)
    texts = ", ".join(f"{c}::varchar as {c}" for c in compared)
    kinds = ", ".join(f"{c}::varchar as {c}" for c in _SAME_EVENT)
    connection.execute(
        f"""
        create or replace temp table submitted as
        with own as (
            select rows.*, {_PERSON} as person_key,
                dense_rank() over (partition by la_code order by importdate desc) as age
            from raw.cld_submission_row as rows cross join raw.cld_run as run
            where list_contains($councils, la_code) and importdate::date <= run.as_at
        ),
        reaching as (
            select *, min(case when age = 1 then reporting_period_start_date end)
                over (partition by la_code) as new_file_begins
            from own where age <= 2
        )
        select age, person_key, la_person_unique_identifier as local_id, importdate::date as submitted,
            coalesce(event_end_date < new_file_begins, false) as is_out_of_reach, {kinds},
            row_number() over (partition by age, person_key, {same}
                order by event_end_date nulls last, der_unique_record_id) as alike, {texts}
        from reaching where person_key in (select person_key from moved)
        """,
        {"councils": list(councils)},
    )
    joined = " and ".join(f"a.{c} is not distinct from b.{c}" for c in ("person_key", "alike", *_SAME_EVENT))
    event = f"concat_ws(' ', {', '.join(f'a.{c}' for c in _SAME_EVENT)})"
    alone = f"""
        select person_key, {event} as event,
            case when age = 1 then 'event is new'
                when is_out_of_reach then 'event ended before the new file begins'
                else 'event is gone' end as change, null as field, null as before, null as now,
            case when age = 2 then submitted end as submitted_before,
            case when age = 1 then submitted end as submitted_now
        from submitted as a
        where exists (select 1 from submitted where age = 2) and not exists (
            select 1 from submitted as b where b.age = 3 - a.age and {joined}
        )
    """
    fields = " union all ".join(
        f"""
        select a.person_key, {event} as event, 'field changed' as change, '{c}' as field,
            {"'(not shown)'" if c in IDENTIFYING else f"b.{c}"} as before,
            {"'(not shown)'" if c in IDENTIFYING else f"a.{c}"} as now,
            b.submitted as submitted_before, a.submitted as submitted_now
        from submitted as a join submitted as b on a.age = 1 and b.age = 2 and {joined}
        where lower(trim(a.{c})) is distinct from lower(trim(b.{c}))
        """
        for c in compared
    )
    connection.execute(f"create or replace temp table data_change as {fields}")
    connection.execute(f"insert into data_change {alone}")
    connection.execute(_CAUSES, {"unchanged": UNCHANGED})
