with asked as (
    select
        location.location_id as submitter_id,
        location.care_setting,
        cell.cell_id,
        cell.measure,
        cell.applies_to,
        cell.missing_item
    from {{ ref('agg__location_registered_now') }} as location
    cross join {{ ref('core__return_cell') }} as cell
    where cell.return_id = 'capacity_tracker'
),

members as (
    select
        submitter_id,
        cell_id,
        role,
        quantity
    from {{ ref('mbr_capacity_tracker__people') }}
    union all
    select
        submitter_id,
        cell_id,
        role,
        quantity
    from {{ ref('mbr_capacity_tracker__staff') }}
    union all
    select
        submitter_id,
        cell_id,
        role,
        quantity
    from {{ ref('mbr_capacity_tracker__beds') }}
),

counted as (
    select
        submitter_id,
        cell_id,
        sum(case when role = 'numerator' then quantity end) as quantity,
        count(case when role = 'excluded' then 1 end) as excluded
    from members
    group by submitter_id, cell_id
),

-- Which measures the records of a location can answer at all: a count of nothing is zero only where something was kept.
kept as (
    select distinct
        location_id as submitter_id,
        'staff' as measure
    from {{ ref('core__staff_member') }}
    union all
    select distinct
        submitter_id,
        measure
    from {{ ref('mbr_capacity_tracker__beds') }}
    where measure = 'beds_by_type'
),

judged as (
    select
        asked.*,
        counted.quantity,
        case
            when asked.care_setting is null then 'not_fillable'
            when asked.applies_to <> asked.care_setting then 'not_applicable'
            when asked.measure in ('people_supported_now', 'people_expected') then 'count'
            when asked.measure = 'staff' and kept.measure is not null then 'count'
            when
                asked.measure = 'beds_by_type'
                and kept.measure is not null
                and (counted.quantity is not null or coalesce(counted.excluded, 0) = 0) then 'count'
            when asked.measure = 'beds' and counted.quantity is not null then 'count'
            else 'not_fillable'
        end as answer
    from asked
    left join counted on asked.submitter_id = counted.submitter_id and asked.cell_id = counted.cell_id
    left join kept on asked.submitter_id = kept.submitter_id and asked.measure = kept.measure
)

select
    'capacity_tracker' as return_id,
    submitter_id,
    cell_id,
    case when answer = 'count' then cast(coalesce(quantity, 0) as decimal(18, 4)) end as numerator,
    cast(null as decimal(18, 4)) as denominator,
    case when answer = 'count' then cast(coalesce(quantity, 0) as decimal(18, 4)) end as value,
    cast(null as string) as value_text,
    case
        when answer <> 'count' then answer
        when coalesce(quantity, 0) = 0 then 'zero'
        else 'filled'
    end as outcome,
    case
        when answer = 'not_applicable' and applies_to = 'care_home' then 'asked of care homes only'
        when answer = 'not_applicable' then 'asked of home care only'
        when answer = 'not_fillable' and care_setting is null then 'missing: Care provider: Care setting'
        when answer = 'not_fillable' then 'missing: ' || missing_item
    end as reason
from judged
