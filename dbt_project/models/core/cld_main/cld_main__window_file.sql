-- A file imported at any time after midnight at the start of the window's last day passes, as in the official code.
with candidate as (
    select
        task.submission_set,
        task.window_start,
        task.window_end,
        period.la_name_key,
        period.la_name,
        period.import_time,
        cast(row_number() over (
            partition by task.submission_set, task.window_start, period.la_name_key
            order by period.import_time desc nulls last, period.la_code asc nulls last
        ) as bigint) as position
    from {{ ref('cld_main__window') }} as task
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join {{ ref('cld_main__reporting_period') }} as period
        on
            task.window_start >= period.derived_start
            and task.window_end <= period.derived_end
            and period.import_time > cast(task.window_end as timestamp)
    left join {{ ref('stg_cld__excluded_file') }} as excluded
        on run.method_id = excluded.method_id and period.import_time = excluded.import_time
    where cast(period.import_time as date) <= run.as_at and excluded.import_time is null
)

select
    submission_set,
    window_start,
    window_end,
    la_name_key,
    la_name,
    import_time
from candidate
where position = 1
