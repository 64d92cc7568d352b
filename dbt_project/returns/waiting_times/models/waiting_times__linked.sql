-- Each request with the first assessment and the first service after it. Assessments that follow each other
-- without another event between them are one block, which leads to a service if one of them does.
with blocked as (
    select
        *,
        cast(sum(case when event_type <> 'assessment' then 1 else 0 end) over (
            partition by la_code, person_key order by event_order asc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as block_number,
        min(case when event_type = 'assessment' then event_order end) over (
            partition by la_code, person_key order by event_order asc nulls last
            rows between 1 following and unbounded following
        ) as next_assessment_order,
        min(case when event_type = 'service' then event_order end) over (
            partition by la_code, person_key order by event_order asc nulls last
            rows between 1 following and unbounded following
        ) as next_service_order
    from {{ ref('waiting_times__event') }}
    where person_has_request
),

flagged as (
    select
        *,
        max(
            case
                when event_type = 'assessment'
                    then case
                        when event_outcome in (
                            'progress to reablement/st-max', 'progress to support planning or services',
                            'continuation of support or services'
                        ) then 1
                        else 0
                    end
            end
        ) over (partition by la_code, person_key, block_number) as block_leads_to_service
    from blocked
)

select
    request.la_code,
    request.la_name,
    request.person_key,
    request.la_person_unique_identifier,
    request.der_unique_record_id as request_record_id,
    request.event_start_date as request_start_date,
    request.age_band as request_age_band,
    request.event_order as request_order,
    request.der_conversation,
    coalesce(
        request.event_outcome in (
            'progress to reablement/st-max', 'progress to assessment, review or reassessment',
            'progress to support planning or services', 'continuation of support or services',
            'release 1 specification only: not mapped'
        ),
        false
    ) as request_progresses,
    assessment.event_order as assessment_order,
    assessment.assessment_type,
    assessment.event_start_date as assessment_start_date,
    assessment.age_band as assessment_age_band,
    assessment.der_unique_record_id as assessment_record_id,
    assessment.block_leads_to_service,
    service.event_order as service_order,
    service.service_type,
    service.event_start_date as service_start_date,
    service.age_band as service_age_band,
    service.der_unique_record_id as service_record_id
from flagged as request
left join flagged as assessment
    on
        request.la_code = assessment.la_code
        and request.person_key = assessment.person_key
        and request.next_assessment_order = assessment.event_order
left join flagged as service
    on
        request.la_code = service.la_code
        and request.person_key = service.person_key
        and request.next_service_order = service.event_order
where request.event_type = 'request'
