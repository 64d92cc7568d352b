-- A discharge stands until a later admission to the same location takes the person back in.
with standing_discharge as (
    select
        discharge.person_key,
        discharge.location_id,
        max(discharge.event_date) as discharged_on
    from {{ ref('core__stay_event') }} as discharge
    cross join {{ ref('stg_run__parameters') }} as run
    left join {{ ref('core__stay_event') }} as admission
        on
            discharge.person_key = admission.person_key
            and discharge.location_id = admission.location_id
            and discharge.happened_at < admission.happened_at
            and run.as_at_date >= admission.event_date
            and admission.event_kind = 'admission'
    where
        discharge.event_kind = 'discharge'
        and discharge.event_date <= run.as_at_date
        and admission.event_key is null
    group by discharge.person_key, discharge.location_id
),

judged as (
    select
        service.event_key,
        service.record_key,
        service.person_key,
        service.person_record_key,
        service.location_id,
        service.care_setting,
        service.service_start_date,
        service.service_end_date,
        service.care_funding_source,
        service.may_be_regulated,
        service.service_component,
        standing_discharge.discharged_on,
        case
            when service.entered_in_error then 'entered_in_error'
            when service.service_start_date is null then 'no_start_date'
            when service.service_start_date > run.as_at_date then 'not_started'
            when service.service_end_date <= run.as_at_date then 'ended'
            when
                service.care_setting = 'care_home'
                and standing_discharge.discharged_on >= service.service_start_date then 'discharged'
            else 'open'
        end as state
    from {{ ref('core__service_episode') }} as service
    cross join {{ ref('stg_run__parameters') }} as run
    left join standing_discharge
        on
            service.person_key = standing_discharge.person_key
            and service.location_id = standing_discharge.location_id
)

select
    event_key,
    record_key,
    person_key,
    person_record_key,
    location_id,
    care_setting,
    service_start_date,
    service_end_date,
    care_funding_source,
    may_be_regulated,
    service_component,
    discharged_on,
    state,
    case state
        when 'open' then 1
        when 'discharged' then 2
        when 'not_started' then 3
        when 'ended' then 4
        when 'no_start_date' then 5
        else 6
    end as state_rank
from judged
