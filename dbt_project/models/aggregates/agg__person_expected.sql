with planned as (
    select
        service.person_key,
        service.location_id,
        max(service.care_setting) as care_setting,
        min(service.record_key) as record_key,
        min(service.service_start_date) as service_start_date
    from {{ ref('core__service_told_by_day') }} as service
    cross join {{ ref('stg_run__parameters') }} as run
    where
        not service.entered_in_error
        and service.service_start_date > run.as_at_date
        and service.person_key is not null
        and service.location_id is not null
    group by service.person_key, service.location_id
),

judged as (
    select
        planned.*,
        case
            when supported.is_supported then 'supported_now'
            when person.death_date <= run.as_at_date then 'died'
        end as reason
    from planned
    cross join {{ ref('stg_run__parameters') }} as run
    left join {{ ref('core__person') }} as person on planned.person_key = person.person_key
    left join {{ ref('agg__person_supported_now') }} as supported
        on planned.person_key = supported.person_key and planned.location_id = supported.location_id
)

select
    person_key,
    location_id,
    care_setting,
    reason is null as is_expected,
    reason,
    record_key,
    service_start_date,
    'service_start_date ' || cast(service_start_date as string) as evidence
from judged
