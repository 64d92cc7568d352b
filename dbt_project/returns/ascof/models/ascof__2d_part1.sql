select
    wanted.period_id,
    wanted.reporting_period,
    wanted.area,
    wanted.client_type,
    slice.label as slice,
    nullif(count(distinct member.event_key), 0) as denominator,
    case
        when count(member.event_key) > 0
            then count(distinct case when member.role = 'numerator' then member.event_key end)
    end as numerator,
    cast({{ rate(
        "count(distinct case when member.role = 'numerator' then member.event_key end)",
        'count(distinct member.event_key)', 100, 2
    ) }} as decimal(9, 2)) as outcome_percent,
    {%- for flag, name in {
        'has_died': 'died', 'was_readmitted': 'readmitted', 'entered_care_home': 'entered_lt_resnurs'
    }.items() %}
    case
        when count(member.event_key) > 0
            then count(distinct case when member.{{ flag }} then member.event_key end)
    end as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('ascof__2d_area') }} as wanted
inner join {{ ref('stg_cld__method_list') }} as slice on slice.list = 'slice_2d'
left join {{ ref('mbr_ascof__2d') }} as member
    on
        wanted.period_id = member.period_id
        and (wanted.area = 'England' or {{ same_text('wanted.area') }} = {{ same_text('member.area') }})
        and (wanted.client_type = 'Total' or wanted.client_type = member.client_type)
        and (slice.label = 'Total' or slice.label = member.age_group or slice.label = member.gender)
group by wanted.period_id, wanted.reporting_period, wanted.area, wanted.client_type, slice.label
