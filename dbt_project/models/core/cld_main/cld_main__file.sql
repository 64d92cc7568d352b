select
    la_code,
    {{ same_text('la_name') }} as la_name_key,
    import_time,
    min(la_name) as la_name,
    {{ first_of_month('import_time') }} as import_month,
    count(
        distinct concat(
            coalesce(cast(stated_start as varchar(10)), ''), '|', coalesce(cast(stated_end as varchar(10)), '')
        )
    ) as stated_periods,
    min(stated_start) as stated_start,
    max(stated_end) as stated_end,
    cast(sum(submitted_rows) as bigint) as submitted_rows
from {{ ref('cld_main__end_month') }}
group by la_code, {{ same_text('la_name') }}, import_time
