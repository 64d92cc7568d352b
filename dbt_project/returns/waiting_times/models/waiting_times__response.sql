-- The response is the next assessment, or the request itself (a conversation, Release 1 only), or an earlier service.
with conversation as (
    select
        linked.*,
        linked.der_conversation = 1
        and linked.request_progresses
        and linked.request_start_date < run.release_2_from_waiting
        and (linked.assessment_start_date is null or linked.request_start_date < linked.assessment_start_date)
            as request_is_response
    from {{ ref('waiting_times__linked') }} as linked
    cross join {{ ref('stg_cld__method_run') }} as run
),

first_response as (
    select
        *,
        case when request_is_response then request_order else assessment_order end as first_order
    from conversation
),

response as (
    select
        *,
        service_order is not null and (first_order is null or first_order > service_order) as service_is_response
    from first_response
),

resolved as (
    select
        la_code,
        la_name,
        person_key,
        la_person_unique_identifier,
        request_record_id,
        request_start_date,
        request_order,
        case
            when service_is_response then service_order
            else first_order
        end as response_order,
        case
            when service_is_response then 'Service'
            when request_is_response then 'Request'
            when assessment_order is not null then 'Assessment'
        end as response_event_type,
        case
            when service_is_response or request_is_response then null
            else assessment_type
        end as response_assessment_type,
        case
            when service_is_response then service_start_date
            when request_is_response then request_start_date
            else assessment_start_date
        end as response_start_date,
        case
            when service_is_response then service_age_band
            when request_is_response then request_age_band
            else assessment_age_band
        end as response_age_band,
        case
            when service_is_response then service_record_id
            when request_is_response then request_record_id
            else assessment_record_id
        end as response_record_id,
        coalesce(
            not service_is_response and not coalesce(request_is_response, false) and block_leads_to_service = 0, false
        ) as assessment_ends_there,
        service_order,
        service_type,
        service_start_date,
        service_age_band,
        service_record_id
    from response
)

select
    {%- for column in ['order', 'type', 'start_date', 'age_band', 'record_id'] %}
    case when not assessment_ends_there then service_{{ column }} end as followed_service_{{ column }},
    {%- endfor %}
    *
from resolved
