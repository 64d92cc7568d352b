-- Months count from the first to the last that holds enough of the file; gaps between them do not matter.
with month_count as (
    select
        la_code,
        {{ same_text('la_name') }} as la_name_key,
        import_time,
        end_month,
        count(distinct {{ same_text('event_type') }}) as event_types,
        cast(sum(submitted_rows) as bigint) as ended_rows
    from {{ ref('cld_main__end_month') }}
    where end_month < {{ first_of_month('import_time') }}
    group by la_code, {{ same_text('la_name') }}, import_time, end_month
),

with_file as (
    select
        *,
        max(event_types) over (partition by la_code, la_name_key, import_time) as most_event_types,
        cast(sum(ended_rows) over (partition by la_code, la_name_key, import_time) as bigint) as file_rows
    from month_count
)

select
    with_file.la_code,
    with_file.la_name_key,
    with_file.import_time,
    min(with_file.end_month) as derived_start,
    last_day(max(with_file.end_month)) as derived_end
from with_file
cross join {{ ref('stg_cld__method_run') }} as run
where
    with_file.file_rows < run.small_file_rows
    or (
        100 * with_file.ended_rows >= run.min_percent_of_file * with_file.file_rows
        and with_file.event_types >= with_file.most_event_types - run.missing_types_allowed
    )
group by with_file.la_code, with_file.la_name_key, with_file.import_time
