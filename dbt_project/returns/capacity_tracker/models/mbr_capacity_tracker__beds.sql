with roles as (
    select
        beds.location_id,
        'beds' as measure,
        case beds.measure when 'maximum_capacity' then 'max_capacity' else 'vacant_accepting' end as cell_id,
        beds.record_key,
        beds.quantity,
        beds.evidence,
        beds.care_category
    from {{ ref('agg__beds') }} as beds
    where beds.measure in ('maximum_capacity', 'vacant_accepting')

    union all

    select
        beds.location_id,
        'beds_by_type' as measure,
        cell.code as cell_id,
        beds.record_key,
        beds.quantity,
        beds.evidence,
        beds.care_category
    from {{ ref('agg__beds') }} as beds
    inner join {{ ref('core__return_code') }} as cell
        on
            beds.care_category = cell.from_code
            and cell.return_id = 'capacity_tracker'
            and cell.from_list = 'care_category'
    where beds.measure = 'beds_of_category'
)

select
    'capacity_tracker' as return_id,
    roles.location_id as submitter_id,
    roles.measure,
    roles.cell_id,
    cast(null as string) as person_key,
    roles.record_key as event_key,
    roles.record_key,
    case when roles.quantity is null then 'excluded' else 'numerator' end as role,
    case when roles.quantity is null then 'no_capacity_recorded' end as reason,
    roles.evidence,
    cast(coalesce(roles.quantity, 0) as decimal(18, 4)) as quantity,
    location.care_setting,
    roles.care_category
from roles
inner join {{ ref('agg__location_registered_now') }} as location on roles.location_id = location.location_id
where location.care_setting = 'care_home'
