with sliced as (
    select
        *,
        'Total' as slice
    from {{ ref('ascof__2d_place') }}
    union all
    select
        *,
        age_group as slice
    from {{ ref('ascof__2d_place') }}
    union all
    select
        *,
        gender as slice
    from {{ ref('ascof__2d_place') }}
),

counted as (
    select
        period_id,
        area_key,
        client_type,
        slice,
        count(distinct event_key) as denominator,
        count(distinct case when role = 'numerator' then event_key end) as numerator,
        count(distinct case when has_died then event_key end) as died,
        count(distinct case when was_readmitted then event_key end) as readmitted,
        count(distinct case when entered_care_home then event_key end) as entered_lt_resnurs
    from sliced
    group by period_id, area_key, client_type, slice
)

select
    wanted.period_id,
    wanted.reporting_period,
    wanted.area,
    wanted.client_type,
    slice.label as slice,
    counted.denominator,
    counted.numerator,
    cast({{ rate('counted.numerator', 'counted.denominator', 100, 2) }} as decimal(9, 2)) as outcome_percent,
    counted.died,
    counted.readmitted,
    counted.entered_lt_resnurs
from {{ ref('ascof__2d_area') }} as wanted
inner join {{ ref('stg_cld__method_list') }} as slice on slice.list = 'slice_2d'
left join counted
    on
        wanted.period_id = counted.period_id
        and {{ same_text('wanted.area') }} = counted.area_key
        and wanted.client_type = counted.client_type
        and slice.label = counted.slice
