-- Whether the person was supported where a service of theirs is recorded, when they died: the service had begun and was
-- not over before the day, and (care homes) no discharge of an earlier day stood.
with services as (
    select
        service.person_key,
        service.location_id,
        service.care_setting,
        service.record_key,
        service.service_start_date,
        service.service_end_date,
        service.service_start_date <= person.death_date
        and (service.service_end_date is null or service.service_end_date >= person.death_date) as covers_death,
        person.death_date,
        person.death_source
    from {{ ref('core__service_episode') }} as service
    inner join {{ ref('core__person') }} as person on service.person_key = person.person_key
    where
        person.death_date is not null
        and service.location_id is not null
        and not service.entered_in_error
),

gone_before as (
    select services.record_key
    from services
    inner join {{ ref('core__stay_event') }} as discharge
        on
            services.person_key = discharge.person_key
            and services.location_id = discharge.location_id
            and services.service_start_date <= discharge.event_date
            and services.death_date > discharge.event_date
    left join {{ ref('core__stay_event') }} as admission
        on
            discharge.person_key = admission.person_key
            and discharge.location_id = admission.location_id
            and discharge.happened_at < admission.happened_at
            and services.death_date >= admission.event_date
            and admission.event_kind = 'admission'
    where
        services.care_setting = 'care_home'
        and discharge.event_kind = 'discharge'
        and admission.event_key is null
    group by services.record_key
),

ranked as (
    select
        services.*,
        coalesce(services.covers_death, false) and gone_before.record_key is null as was_supported,
        row_number() over (
            partition by services.person_key, services.location_id
            order by
                case
                    when coalesce(services.covers_death, false) and gone_before.record_key is null then 0
                    else 1
                end asc nulls last,
                services.service_start_date desc nulls last,
                services.record_key asc nulls last
        ) as deciding
    from services
    left join gone_before on services.record_key = gone_before.record_key
)

select
    person_key,
    location_id,
    care_setting,
    death_date,
    death_source,
    was_supported,
    record_key,
    'death_date ' || cast(death_date as string) || ' (' || death_source || ')'
    || ', service_start_date ' || coalesce(cast(service_start_date as string), 'not recorded')
    || ', service_end_date ' || coalesce(cast(service_end_date as string), 'not recorded') as evidence
from ranked
where deciding = 1
