-- The one look at the whole store: everything that is said of a submission as a whole comes from here.
select
    la_code,
    la_name,
    importdate as import_time,
    reporting_period_start_date as stated_start,
    reporting_period_end_date as stated_end,
    event_type,
    {{ first_of_month('event_end_date') }} as end_month,
    count(*) as submitted_rows
from {{ ref('stg_cld__submission_row') }}
group by
    la_code, la_name, importdate, reporting_period_start_date, reporting_period_end_date, event_type,
    {{ first_of_month('event_end_date') }}
