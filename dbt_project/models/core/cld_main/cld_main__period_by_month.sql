-- The latest run of months in which all three types are complete or bridged, however short the run.
with good_month as (
    select
        la_code,
        la_name_key,
        import_time,
        month_number,
        min(calendar_month) as calendar_month
    from {{ ref('cld_main__type_month') }}
    where is_allowed
    group by la_code, la_name_key, import_time, month_number
    having count(*) = 3
),

run_of_months as (
    select
        *,
        month_number - cast(row_number() over (
            partition by la_code, la_name_key, import_time order by month_number asc nulls last
        ) as bigint) as run_number
    from good_month
),

latest_run as (
    select
        la_code,
        la_name_key,
        import_time,
        min(calendar_month) as derived_start,
        last_day(max(calendar_month)) as derived_end,
        cast(row_number() over (
            partition by la_code, la_name_key, import_time order by max(month_number) desc nulls last
        ) as bigint) as position
    from run_of_months
    group by la_code, la_name_key, import_time, run_number
),

complete_range as (
    select
        la_code,
        la_name_key,
        import_time,
        event_class,
        max(month_number) - min(month_number) + 1 - count(*) as incomplete_months
    from {{ ref('cld_main__type_month') }}
    where is_complete
    group by la_code, la_name_key, import_time, event_class
),

gap as (
    select
        la_code,
        la_name_key,
        import_time,
        max(incomplete_months) as incomplete_months
    from complete_range
    group by la_code, la_name_key, import_time
),

total as (
    select
        la_code,
        la_name_key,
        import_time,
        min(type_rows) as fewest_rows
    from {{ ref('cld_main__type_month') }}
    group by la_code, la_name_key, import_time
)

select
    total.la_code,
    total.la_name_key,
    total.import_time,
    latest_run.derived_start,
    latest_run.derived_end,
    total.fewest_rows = 0 as lacks_event_type,
    coalesce(gap.incomplete_months, 0) > 0 as has_gaps
from total
left join latest_run
    on
        total.la_code = latest_run.la_code
        and total.la_name_key = latest_run.la_name_key
        and total.import_time = latest_run.import_time
        and latest_run.position = 1
left join gap
    on
        total.la_code = gap.la_code
        and total.la_name_key = gap.la_name_key
        and total.import_time = gap.import_time
