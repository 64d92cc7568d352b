-- One setting per person and location: of several the one that says most about where the person lives.
with open_services as (
    select
        supported.person_key,
        supported.location_id,
        service.record_key,
        service.service_component
    from {{ ref('agg__person_supported_now') }} as supported
    inner join {{ ref('agg__service_now') }} as service
        on
            supported.person_key = service.person_key
            and supported.location_id = service.location_id
    where service.state = 'open' and (supported.care_setting <> 'home_care' or service.may_be_regulated)
),

services as (
    select
        supported.person_key,
        supported.location_id,
        supported.care_setting,
        substring(setting.value_set, 9) as setting,
        coalesce(service.record_key, supported.record_key) as record_key,
        service.service_component
    from {{ ref('agg__person_supported_now') }} as supported
    left join open_services as service
        on supported.person_key = service.person_key and supported.location_id = service.location_id
    left join {{ ref('core__value_set') }} as setting
        on
            lower(service.service_component) = setting.code
            and setting.code_list = 'cld_r2_service_component'
            and setting.value_set like 'setting%'
    where supported.is_counted
),

ranked as (
    select
        *,
        row_number() over (
            partition by person_key, location_id
            order by
                case setting
                    when 'extra_care' then 1
                    when 'supported_living' then 2
                    when 'shared_lives' then 3
                    when 'domiciliary' then 4
                    else 5
                end asc nulls last,
                record_key asc nulls last
        ) as says_most
    from services
)

select
    person_key,
    location_id,
    care_setting,
    coalesce(setting, 'not_known') as setting,
    record_key,
    'CLD service component ' || coalesce(service_component, 'not recorded') as evidence
from ranked
where says_most = 1
