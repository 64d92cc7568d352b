-- A request made while an earlier one is still followed up is left out of the waits.
with compared as (
    select
        *,
        lag(greatest(response_order, followed_service_order)) over (
            partition by la_code, person_key order by request_order asc nulls last
        ) as previous_last_order,
        coalesce(max(response_order) over (
            partition by la_code, person_key order by request_order asc nulls last
            rows between unbounded preceding and 1 preceding
        ), 0) as latest_response_order,
        coalesce(max(followed_service_order) over (
            partition by la_code, person_key order by request_order asc nulls last
            rows between unbounded preceding and 1 preceding
        ), 0) as latest_service_order
    from {{ ref('waiting_times__response') }}
),

judged as (
    select
        *,
        case
            when previous_last_order > request_order then 1
            when response_order <= latest_response_order then 1
            when followed_service_order <= latest_service_order then 1
            else 0
        end as overlaps_earlier_request
    from compared
)

select
    la_code,
    la_name,
    person_key,
    la_person_unique_identifier,
    request_record_id,
    request_start_date,
    response_event_type,
    response_assessment_type,
    response_start_date,
    response_age_band,
    response_record_id,
    followed_service_type as service_type,
    followed_service_start_date as service_start_date,
    followed_service_age_band as service_age_band,
    followed_service_record_id as service_record_id,
    overlaps_earlier_request,
    case when overlaps_earlier_request = 0 then {{ days_between('request_start_date', 'response_start_date') }} end
        as part1_wait_time,
    case
        when overlaps_earlier_request = 0
            then {{ days_between('request_start_date', 'followed_service_start_date') }}
    end as part2_wait_time
from judged
