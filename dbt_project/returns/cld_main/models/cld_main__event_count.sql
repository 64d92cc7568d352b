select
    event.submission_set,
    min(event.la_name) as la_name,
    min(event.event_type_raw) as event_type_raw,
    min(event.event_type_cleaned) as event_type_cleaned,
    event.ref_period_start_date,
    event.ref_period_end_date,
    count(*) as records,
    count(distinct event.person_key) as people,
    count(event.der_event_end_date) as with_end_date,
    sum(event.der_latest_age) as sum_latest_age
from {{ ref('cld_main__event') }} as event
group by
    event.submission_set,
    {{ same_text('event.la_name') }},
    case
        when event.event_type_source = 'raw' then {{ same_text('event.event_type_raw') }}
        else {{ same_text('event.event_type_cleaned') }}
    end,
    event.ref_period_start_date,
    event.ref_period_end_date
