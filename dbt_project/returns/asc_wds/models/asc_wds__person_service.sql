-- Every service of a person at a location, with the service of ASC-WDS it is and whether it is open on the day.
with services as (
    select
        service.location_id,
        service.person_key,
        service.record_key,
        service.state,
        substring(named.value_set, 16) as service_code,
        service.service_component
    from {{ ref('agg__service_now') }} as service
    left join {{ ref('core__value_set') }} as named
        on
            lower(service.service_component) = named.code
            and named.code_list = 'cld_r2_service_component'
            and named.value_set like 'ascwds_service_%'
    where service.person_key is not null and service.state <> 'entered_in_error'
),

ranked as (
    select
        services.*,
        coalesce(supported.is_supported, false) as is_supported,
        supported.reason,
        row_number() over (
            partition by services.location_id, services.person_key, services.service_code
            order by
                case when services.state = 'open' then 0 else 1 end asc nulls last,
                services.record_key asc nulls last
        ) as first_service
    from services
    left join {{ ref('agg__person_supported_now') }} as supported
        on services.person_key = supported.person_key and services.location_id = supported.location_id
)

select
    location_id,
    person_key,
    record_key,
    service_code,
    service_component,
    state,
    state = 'open' and is_supported as is_open,
    case when state <> 'open' then state when not is_supported then reason end as reason
from ranked
where first_service = 1
