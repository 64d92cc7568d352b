select
    event.la_code,
    event.age_band,
    cast(date_trunc('quarter', event.event_start_date) as date) as statistical_reporting_period_start,
    cast(sum(case when event.event_type = 'request' then 1 else 0 end) as bigint) as all_request_count,
    cast(sum(case when event.event_type = 'assessment' then 1 else 0 end) as bigint) as all_assessment_count,
    cast(sum(case when event.event_type = 'service' then 1 else 0 end) as bigint) as all_service_count
from {{ ref('waiting_times__event') }} as event
cross join {{ ref('stg_cld__method_run') }} as run
where event.event_start_date >= run.first_request_waiting
group by event.la_code, event.age_band, cast(date_trunc('quarter', event.event_start_date) as date)
