-- Discharges are counted where the person lives and reablement where it is reported: more than 100 is possible.
-- Each discharge is written once for every row of the table it counts in: joining by "or" would compare all with all.
with placed as (
    select
        period_id,
        {{ same_text('home_area') }} as area_key,
        client_type,
        age_group,
        gender,
        apcs_ident
    from {{ ref('ascof__2d_discharge') }}
    union all
    select
        period_id,
        'england' as area_key,
        client_type,
        age_group,
        gender,
        apcs_ident
    from {{ ref('ascof__2d_discharge') }}
),

typed as (
    select
        period_id,
        area_key,
        client_type,
        age_group,
        gender,
        apcs_ident
    from placed
    union all
    select
        period_id,
        area_key,
        'Total' as client_type,
        age_group,
        gender,
        apcs_ident
    from placed
),

sliced as (
    select
        period_id,
        area_key,
        client_type,
        'Total' as slice,
        apcs_ident
    from typed
    union all
    select
        period_id,
        area_key,
        client_type,
        age_group as slice,
        apcs_ident
    from typed
    union all
    select
        period_id,
        area_key,
        client_type,
        gender as slice,
        apcs_ident
    from typed
),

discharge_count as (
    select
        period_id,
        area_key,
        client_type,
        slice,
        nullif(count(distinct apcs_ident), 0) as discharges
    from sliced
    group by period_id, area_key, client_type, slice
)

select
    part1.period_id,
    part1.reporting_period,
    part1.area,
    part1.client_type,
    part1.slice,
    discharge_count.discharges,
    part1.denominator as reablement_count,
    cast({{ rate('part1.denominator', 'discharge_count.discharges', 100, 2) }} as decimal(9, 2)) as outcome_percent
from {{ ref('ascof__2d_part1') }} as part1
left join discharge_count
    on
        part1.period_id = discharge_count.period_id
        and {{ same_text('part1.area') }} = discharge_count.area_key
        and part1.client_type = discharge_count.client_type
        and part1.slice = discharge_count.slice
