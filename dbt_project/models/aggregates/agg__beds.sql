with dated as (
    select
        occupancy.location_id,
        occupancy.record_key,
        occupancy.occupancy_date,
        occupancy.maximum_capacity,
        occupancy.occupied_or_used,
        occupancy.vacant_accepting_admissions,
        replace(replace(lower(trim(occupancy.care_category)), ' ', '_'), '-', '_') as care_category,
        occupancy.extract_as_at,
        run.reporting_period
    from {{ ref('stg_mods__occupancy') }} as occupancy
    cross join {{ ref('stg_run__parameters') }} as run
    where occupancy.occupancy_date <= run.as_at_date
),

newest as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by location_id, care_category
                order by occupancy_date desc nulls last, extract_as_at desc nulls last, record_key desc nulls last
            ) as newest_first
        from dated
    ) as ranked
    where newest_first = 1
),

figures as (
    select
        location_id,
        'maximum_capacity' as measure,
        cast(null as string) as care_category,
        maximum_capacity as quantity,
        record_key,
        'occupancy date ' || cast(occupancy_date as string) as evidence
    from newest
    where care_category is null and maximum_capacity is not null
    union all
    select
        registered.location_id,
        'maximum_capacity' as measure,
        cast(null as string) as care_category,
        location.registered_beds as quantity,
        location.record_key,
        'registered_beds, no capacity in the newest occupancy record' as evidence
    from {{ ref('agg__location_registered_now') }} as registered
    inner join {{ ref('core__location') }} as location on registered.location_id = location.location_id
    left join newest
        on
            registered.location_id = newest.location_id
            and newest.care_category is null
            and newest.maximum_capacity is not null
    where location.registered_beds is not null and newest.location_id is null
    union all
    select
        location_id,
        'recorded_occupied' as measure,
        cast(null as string) as care_category,
        occupied_or_used as quantity,
        record_key,
        'occupancy date ' || cast(occupancy_date as string) as evidence
    from newest
    where care_category is null and occupied_or_used is not null
    union all
    select
        location_id,
        'vacant_accepting' as measure,
        cast(null as string) as care_category,
        vacant_accepting_admissions as quantity,
        record_key,
        'occupancy date ' || cast(occupancy_date as string) as evidence
    from newest
    where
        care_category is null
        and vacant_accepting_admissions is not null
        and substring(cast(occupancy_date as string), 1, 7) = reporting_period
    union all
    select
        location_id,
        'beds_of_category' as measure,
        care_category,
        maximum_capacity as quantity,
        record_key,
        'occupancy date ' || cast(occupancy_date as string) as evidence
    from newest
    where care_category is not null
)

select
    location_id,
    measure,
    care_category,
    quantity,
    record_key,
    evidence
from figures
