with members as (
    select
        submitter_id,
        cell_id,
        quantity
    from {{ ref('mbr_cqc_pir__people') }}
    union all
    select
        submitter_id,
        cell_id,
        quantity
    from {{ ref('mbr_cqc_pir__visit') }}
    union all
    select
        submitter_id,
        cell_id,
        quantity
    from {{ ref('mbr_cqc_pir__staff') }}
),

counted as (
    select
        submitter_id,
        cell_id,
        sum(quantity) as quantity
    from members
    group by submitter_id, cell_id
),

-- What a location keeps at all: a count of nothing is zero only where something was kept.
kept as (
    select distinct
        location_id as submitter_id,
        'staff' as measure
    from {{ ref('core__staff_member') }}
    union all
    select distinct
        location_id as submitter_id,
        'leavers' as measure
    from {{ ref('core__staff_member') }}
    where tells_who_left
    union all
    select distinct
        location_id as submitter_id,
        'visits' as measure
    from {{ ref('core__visit') }}
    union all
    -- Who keeps visits knows the late ones once somebody says from how many minutes a visit is late.
    select distinct
        visit.location_id as submitter_id,
        'late_visits' as measure
    from {{ ref('core__visit') }} as visit
    inner join {{ ref('core__return_code') }} as late
        on late.return_id = 'cqc_pir' and late.code = 'late_visit_minutes' and late.from_code is not null
),

judged as (
    select
        form.submitter_id,
        form.form,
        cell.cell_id,
        cell.applies_to,
        cell.measure,
        cell.missing_item,
        counted.quantity,
        case
            when form.form is null then 'not_fillable'
            when cell.applies_to = 'home_care' and form.form = 'residential' then 'not_applicable'
            when cell.applies_to = 'shared_lives' and form.form <> 'shared_lives' then 'not_applicable'
            when cell.measure = 'people' then 'count'
            when cell.measure in ('staff', 'leavers', 'visits', 'late_visits') and kept.measure is not null then 'count'
            when cell.measure = 'notice' and counted.quantity > 0 then 'count'
            else 'not_fillable'
        end as answer
    from {{ ref('cqc_pir__form') }} as form
    cross join {{ ref('core__return_cell') }} as cell
    left join counted on form.submitter_id = counted.submitter_id and cell.cell_id = counted.cell_id
    left join kept on form.submitter_id = kept.submitter_id and cell.measure = kept.measure
    where cell.return_id = 'cqc_pir'
)

select
    'cqc_pir' as return_id,
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
        when answer = 'not_applicable' and applies_to = 'home_care' then 'asked of community services only'
        when answer = 'not_applicable' then 'asked of Shared Lives schemes only'
        when answer = 'not_fillable' and form is null then 'missing: Care provider: Care setting'
        when answer = 'not_fillable' then 'missing: ' || missing_item
    end as reason
from judged
