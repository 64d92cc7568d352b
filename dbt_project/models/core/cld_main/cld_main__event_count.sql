select
    event.submission_set,
    min(event.la_name) as la_name,
    min(event.event_type) as event_type_raw,
    min(event_type.event_type_cleaned) as event_type_cleaned,
    event.ref_period_start_date,
    event.ref_period_end_date,
    count(*) as records,
    count(distinct event.person_key) as people,
    count(event.der_event_end_date) as with_end_date,
    cast(sum(event.der_latest_age) as bigint) as sum_latest_age
from {{ ref('cld_main__event') }} as event
inner join {{ ref('cld_main__event_type') }} as event_type on event.event_type = event_type.event_type
group by
    event.submission_set,
    {{ same_text('event.la_name') }},
    event_type.count_key,
    event.ref_period_start_date,
    event.ref_period_end_date
