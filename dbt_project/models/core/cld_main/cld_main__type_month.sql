-- Reviews are left out: councils do not submit them alike. Open services count in the type's total only.
with required_type as (
    select 'request' as event_class union all select 'assessment' union all select 'service'
),

classified as (
    select
        ended.la_code,
        {{ same_text('ended.la_name') }} as la_name_key,
        ended.import_time,
        required_type.event_class,
        ended.end_month,
        cast(sum(ended.submitted_rows) as bigint) as type_rows
    from {{ ref('cld_main__end_month') }} as ended
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join required_type on lower(ended.event_type) like concat(required_type.event_class, '%')
    where
        (ended.end_month >= run.calendar_start and ended.end_month < {{ first_of_month('ended.import_time') }})
        or (required_type.event_class = 'service' and ended.end_month is null)
    group by
        ended.la_code, {{ same_text('ended.la_name') }}, ended.import_time, required_type.event_class,
        ended.end_month
),

type_total as (
    select
        file.la_code,
        file.la_name_key,
        file.import_time,
        file.import_month,
        required_type.event_class,
        coalesce(cast(sum(classified.type_rows) as bigint), 0) as type_rows,
        {{ median_of('case when classified.end_month is not null then classified.type_rows end') }} as median_month
    from {{ ref('cld_main__file') }} as file
    cross join required_type
    left join classified
        on
            file.la_code = classified.la_code
            and file.la_name_key = classified.la_name_key
            and file.import_time = classified.import_time
            and required_type.event_class = classified.event_class
    group by file.la_code, file.la_name_key, file.import_time, file.import_month, required_type.event_class
),

file_median as (
    select
        la_code,
        la_name_key,
        import_time,
        {{ median_of('type_rows') }} as median_total
    from type_total
    group by la_code, la_name_key, import_time
),

month_status as (
    select
        type_total.la_code,
        type_total.la_name_key,
        type_total.import_time,
        type_total.event_class,
        number.n as month_number,
        {{ add_months('run.calendar_start', 'number.n') }} as calendar_month,
        type_total.type_rows,
        file_median.median_total,
        type_total.median_month,
        coalesce(classified.type_rows, 0) as month_rows,
        type_total.type_rows >= file_median.median_total * run.min_percent_of_median_type / 100.0
        and (
            coalesce(classified.type_rows, 0) >= run.min_month_rows
            or type_total.la_code = run.few_events_la_code
        )
        and coalesce(
            100.0 * coalesce(classified.type_rows, 0) / nullif(type_total.median_month, 0)
            >= run.min_percent_of_median_month,
            false
        ) as is_complete
    from type_total
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join file_median
        on
            type_total.la_code = file_median.la_code
            and type_total.la_name_key = file_median.la_name_key
            and type_total.import_time = file_median.import_time
    inner join {{ ref('cld_main__number') }} as number
        on
            {{ add_months('run.calendar_start', 'number.n') }} < type_total.import_month
            and (
                run.calendar_today is null
                or {{ add_months('run.calendar_start', 'number.n') }} <= run.calendar_today
            )
    left join classified
        on
            type_total.la_code = classified.la_code
            and type_total.la_name_key = classified.la_name_key
            and type_total.import_time = classified.import_time
            and type_total.event_class = classified.event_class
            and {{ add_months('run.calendar_start', 'number.n') }} = classified.end_month
)

select
    *,
    is_complete
    or (
        coalesce(lag(is_complete) over (
            partition by la_code, la_name_key, import_time, event_class order by month_number asc nulls last
        ), false)
        and coalesce(lead(is_complete) over (
            partition by la_code, la_name_key, import_time, event_class order by month_number asc nulls last
        ), false)
    ) as is_allowed
from month_status
