-- Every event the method puts in order: requests of new service users, assessments, and services.
with labelled as (
    select
        event.la_code, event.la_name, event.person_key, event.la_person_unique_identifier,
        event.der_unique_record_id,
        event.import_time,
        event_type.waiting_type as event_type,
        event.event_start_date,
        event.der_event_end_date,
        event.der_age_event_start_date,
        event.der_conversation,
        label_client_type.label_key as client_type, label_assessment_type.label_key as assessment_type,
        label_service_type.label_key as service_type,
        label_event_outcome.label_key as event_outcome,
        group_event_outcome.label_key as outcome_group,
        case
            when event.der_latest_age between 18 and 64 then '25 to 64'
            else {{ working_age_band_of('event.der_latest_age') }}
        end as age_band
    from {{ ref('cld_main__event') }} as event
    inner join {{ ref('cld_main__event_type') }} as event_type on event.event_type = event_type.event_type
    {%- for field in ['client_type', 'assessment_type', 'service_type', 'event_outcome'] %}
    left join {{ ref('cld_main__label') }} as label_{{ field }}
        on label_{{ field }}.kind = 'label' and event.{{ field }}_label = label_{{ field }}.label_id
    {%- endfor %}
    left join {{ ref('cld_main__label') }} as group_event_outcome
        on group_event_outcome.kind = 'group' and event.event_outcome_group = group_event_outcome.label_id
    where event.submission_set = 'joined'
),

follow_up as (
    select
        labelled.*,
        long_term.label_key is not null as is_long_term
    from labelled
    left join {{ ref('stg_cld__method_list') }} as service_rank
        on service_rank.list = 'service_rank' and labelled.service_type = service_rank.label_key
    left join {{ ref('stg_cld__method_list') }} as long_term
        on long_term.list = 'long_term_service' and labelled.service_type = long_term.label_key
    where
        (
            labelled.event_type = 'assessment'
            and labelled.assessment_type in ('short term assessment', 'long term assessment')
        )
        or (labelled.event_type = 'service' and service_rank.label_key is not null)
),

request as (
    select labelled.*
    from labelled
    cross join {{ ref('stg_cld__method_run') }} as run
    where
        labelled.event_type = 'request'
        and labelled.client_type = 'service user'
        and labelled.event_start_date >= run.first_request_waiting
        and labelled.der_age_event_start_date >= run.min_age_waiting
        and labelled.outcome_group not in ('nfa', 'admitted to hospital')
),

existing_client as (
    select distinct request.der_unique_record_id
    from request
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join follow_up as service
        on
            request.la_code = service.la_code
            and request.person_key = service.person_key
            and request.event_start_date > service.event_start_date
    where
        service.event_type = 'service'
        and (
            (
                service.is_long_term
                and (
                    service.der_event_end_date is null
                    or service.der_event_end_date
                    >= {{ add_months('request.event_start_date', '-run.long_term_months_waiting') }}
                )
            )
            or (
                service.service_type in ('short term support: st-max', 'short term support: other short term')
                and (
                    service.der_event_end_date is null
                    or service.der_event_end_date
                    >= {{ add_months('request.event_start_date', '-run.short_term_months_waiting') }}
                )
            )
        )
),

together as (
    select request.*
    from request
    left join existing_client on request.der_unique_record_id = existing_client.der_unique_record_id
    where existing_client.der_unique_record_id is null
    union all
    select
        follow_up.la_code, follow_up.la_name, follow_up.person_key, follow_up.la_person_unique_identifier,
        follow_up.der_unique_record_id, follow_up.import_time, follow_up.event_type, follow_up.event_start_date,
        follow_up.der_event_end_date, follow_up.der_age_event_start_date, follow_up.der_conversation,
        follow_up.client_type, follow_up.assessment_type, follow_up.service_type, follow_up.event_outcome,
        follow_up.outcome_group, follow_up.age_band
    from follow_up
    cross join {{ ref('stg_cld__method_run') }} as run
    where follow_up.der_age_event_start_date >= run.min_age_waiting
)

select
    *,
    cast(row_number() over (
        partition by la_code, person_key
        order by
            event_start_date asc nulls last,
            case event_type when 'request' then 1 when 'assessment' then 2 when 'service' then 3 else 4 end asc nulls last,
            import_time desc nulls last,
            der_unique_record_id desc nulls last
    ) as bigint) as event_order,
    max(case when event_type = 'request' then 1 else 0 end) over (partition by la_code, person_key) = 1
        as person_has_request
from together
