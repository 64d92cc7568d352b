-- Support began when a service started and no other service of the person there ran the day before.
with services as (
    select
        service.person_key,
        service.location_id,
        service.care_setting,
        service.record_key,
        service.service_start_date,
        service.service_end_date
    from {{ ref('core__service_episode') }} as service
    cross join {{ ref('stg_run__parameters') }} as run
    where
        service.person_key is not null
        and service.location_id is not null
        and not service.entered_in_error
        and service.service_start_date <= run.as_at_date
        and (coalesce(service.care_setting, 'not recorded') <> 'home_care' or service.may_be_regulated)
),

continued as (
    select later.record_key
    from services as later
    inner join services as earlier
        on
            later.person_key = earlier.person_key
            and later.location_id = earlier.location_id
            and later.service_start_date > earlier.service_start_date
    where earlier.service_end_date is null or later.service_start_date <= earlier.service_end_date
    group by later.record_key
),

begun as (
    select
        services.person_key,
        services.location_id,
        services.care_setting,
        services.service_start_date as started_on,
        min(services.record_key) as record_key
    from services
    left join continued on services.record_key = continued.record_key
    where continued.record_key is null
    group by services.person_key, services.location_id, services.care_setting, services.service_start_date
)

select
    person_key,
    location_id,
    care_setting,
    started_on,
    record_key,
    'service_start_date ' || cast(started_on as string) as evidence
from begun
