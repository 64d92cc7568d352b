-- A count of nothing is zero only where something was kept.
with cell as (
    select
        cell_id,
        measure
    from {{ ref('core__return_cell') }}
    where return_id = 'capacity_tracker'
),

kept as (
    select
        location.location_id as submitter_id,
        cell.measure
    from {{ ref('agg__location_registered_now') }} as location
    cross join cell
    where cell.measure = 'people_supported_now'

    union

    select
        location_id as submitter_id,
        'people_expected' as measure
    from {{ ref('core__location_told_by_day') }}

    union

    select
        location_id as submitter_id,
        'staff' as measure
    from {{ ref('core__staff_member') }}

    union

    select
        submitter_id,
        measure
    from {{ ref('mbr_capacity_tracker__beds') }}
    where measure = 'beds_by_type'
),

-- A bed cell of which only a record without a number is there.
no_number as (
    select
        submitter_id,
        cell_id
    from {{ ref('mbr_capacity_tracker__beds') }}
    where role = 'excluded'
),

-- Homes whose own records hold a vaccination of this kind of anybody they serve or served, given or refused.
vaccinating as (
    select
        service.location_id as submitter_id,
        max(case when dose.is_flu then 1 else 0 end) as keeps_flu,
        max(case when dose.is_covid then 1 else 0 end) as keeps_covid
    from {{ ref('core__vaccination') }} as dose
    inner join {{ ref('core__service_episode') }} as service
        on dose.person_record_key = service.person_record_key
    group by service.location_id
),

words as (
    select count(*) as listed
    from {{ ref('core__value_set') }}
    where value_set = 'package_handed_back'
),

-- Agencies whose ended packages say why at least once, or none of whose packages ended; and the words must be listed.
explaining as (
    select
        submitter_id,
        max(case when ending in ('handed_back', 'ended_for_another_reason') then 1 else 0 end) as says_why,
        max(case when ending = 'end_reason_not_recorded' then 1 else 0 end) as is_silent
    from {{ ref('mbr_capacity_tracker__package') }}
    where role <> 'excluded'
    group by submitter_id
)

select
    kept.submitter_id,
    cell.cell_id
from kept
inner join cell on kept.measure = cell.measure
left join no_number on kept.submitter_id = no_number.submitter_id and cell.cell_id = no_number.cell_id
where no_number.cell_id is null

union

select
    submitter_id,
    cell_id
from {{ ref('mbr_capacity_tracker__beds') }}
where measure = 'beds' and role = 'numerator'

union

select
    vaccinating.submitter_id,
    cell.cell_id
from vaccinating
inner join cell
    on
        (cell.cell_id = 'residents_flu' and vaccinating.keeps_flu = 1)
        or (cell.cell_id = 'residents_covid' and vaccinating.keeps_covid = 1)

union

select
    explaining.submitter_id,
    cell.cell_id
from explaining
inner join cell on cell.measure = 'package'
cross join words
where words.listed > 0 and (explaining.says_why = 1 or explaining.is_silent = 0)
