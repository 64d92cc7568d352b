{%- set combinations = {
    'total_death': 'member.has_died',
    'death_only': 'member.has_died and not member.was_readmitted and not member.entered_care_home',
    'death_readmission': 'member.has_died and member.was_readmitted and not member.entered_care_home',
    'death_lts': 'member.has_died and not member.was_readmitted and member.entered_care_home',
    'total_readmission': 'member.was_readmitted',
    'readmission_only': 'not member.has_died and member.was_readmitted and not member.entered_care_home',
    'readmission_lts': 'not member.has_died and member.was_readmitted and member.entered_care_home',
    'total_lts': 'member.entered_care_home',
    'lts_only': 'not member.has_died and not member.was_readmitted and member.entered_care_home',
    'all_3_outcomes': 'member.has_died and member.was_readmitted and member.entered_care_home',
} -%}
select
    {%- for name, condition in combinations.items() %}
    cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ name }},
    {%- endfor %}
    wanted.period_id,
    wanted.reporting_period,
    wanted.area,
    wanted.client_type
from {{ ref('ascof__2d_area') }} as wanted
left join {{ ref('ascof__2d_place') }} as member
    on
        wanted.period_id = member.period_id
        and {{ same_text('wanted.area') }} = member.area_key
        and wanted.client_type = member.client_type
group by wanted.period_id, wanted.reporting_period, wanted.area, wanted.client_type
