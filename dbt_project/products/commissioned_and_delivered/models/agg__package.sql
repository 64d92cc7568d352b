-- A package is what a council has arranged for a person at a registered location, or what the location's own records
-- say a council pays for there. The two meet by person and location; several lines of either side are added up.
with costs as (
    select cost.*
    from {{ ref('core__council_cost') }} as cost
    cross join {{ ref('stg_run__parameters') }} as run
    where
        (cost.valid_from is null or run.as_at_date >= cost.valid_from)
        and (cost.valid_to is null or run.as_at_date <= cost.valid_to)
),

commissioned_lines as (
    select
        event.person_key,
        event.provider_cqc_location_id as location_id,
        event.record_key,
        cost.cost_frequency_unit_type,
        cost.unit_cost,
        cost.planned_units_per_week,
        row_number() over (
            partition by event.record_key
            order by cost.valid_from desc nulls last, cost.record_key asc nulls last
        ) as newest_cost
    from {{ ref('core__council_event') }} as event
    cross join {{ ref('stg_run__parameters') }} as run
    left join costs as cost on event.record_key = cost.service_record_key
    left join {{ ref('core__person') }} as person on event.person_key = person.person_key
    where
        event.event_type = 'Service'
        and event.person_key is not null
        and event.provider_cqc_location_id is not null
        and event.client_type = 'Service user'
        and coalesce(event.event_status, 'not recorded') not in ('cancelled', 'suspended')
        and event.event_start_date <= run.as_at_date
        and (event.event_end_date is null or event.event_end_date > run.as_at_date)
        and (person.death_date is null or person.death_date > run.as_at_date)
),

commissioned as (
    select
        person_key,
        location_id,
        count(*) as council_lines,
        {{ weekly_hours('cost_frequency_unit_type', 'planned_units_per_week') }} as commissioned_hours,
        {{ weekly_cost('cost_frequency_unit_type', 'unit_cost', 'planned_units_per_week') }} as commissioned_cost
    from commissioned_lines
    where newest_cost = 1
    group by person_key, location_id
),

provided as (
    select
        service.person_key,
        service.location_id,
        count(*) as provider_lines,
        {{ weekly_hours('service.cost_frequency', 'service.planned_units_per_week') }} as provider_hours,
        {{ weekly_cost('service.cost_frequency', 'service.unit_cost', 'service.planned_units_per_week') }}
            as provider_cost
    from {{ ref('core__service_episode') }} as service
    inner join {{ ref('agg__service_now') }} as now on service.event_key = now.event_key and now.state = 'open'
    inner join {{ ref('agg__person_supported_now') }} as supported
        on
            service.person_key = supported.person_key
            and service.location_id = supported.location_id
            and supported.is_supported
    where service.care_funding_source in ('local_authority', 'joint')
    group by service.person_key, service.location_id
)

select
    coalesce(commissioned.person_key, provided.person_key) as person_key,
    coalesce(commissioned.location_id, provided.location_id) as location_id,
    case
        when provided.person_key is null then 'council_only'
        when commissioned.person_key is null then 'provider_only'
        else 'both'
    end as known_to,
    commissioned.commissioned_hours,
    commissioned.commissioned_cost,
    provided.provider_hours,
    provided.provider_cost
from commissioned
full outer join provided
    on commissioned.person_key = provided.person_key and commissioned.location_id = provided.location_id
