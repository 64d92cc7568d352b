-- Discharges are counted where the person lives and reablement where it is reported: more than 100 is possible.
with discharge_count as (
    select
        wanted.period_id,
        wanted.area,
        wanted.client_type,
        slice.label as slice,
        nullif(count(distinct discharge.apcs_ident), 0) as discharges
    from {{ ref('ascof__2d_area') }} as wanted
    inner join {{ ref('stg_cld__method_list') }} as slice on slice.list = 'slice_2d'
    left join {{ ref('ascof__2d_discharge') }} as discharge
        on
            wanted.period_id = discharge.period_id
            and (wanted.area = 'England' or {{ same_text('wanted.area') }} = {{ same_text('discharge.home_area') }})
            and (wanted.client_type = 'Total' or wanted.client_type = discharge.client_type)
            and (slice.label = 'Total' or slice.label = discharge.age_group or slice.label = discharge.gender)
    group by wanted.period_id, wanted.area, wanted.client_type, slice.label
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
inner join discharge_count
    on
        part1.period_id = discharge_count.period_id
        and part1.area = discharge_count.area
        and part1.client_type = discharge_count.client_type
        and part1.slice = discharge_count.slice
