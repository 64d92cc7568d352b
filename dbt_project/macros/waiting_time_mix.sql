{#- Councils' counts for one measure of waiting beside how many of its waits are of each kind. `kinds` are conditions on
    a wait by the column each is counted in. -#}
{% macro waiting_time_mix(measure, kinds) -%}
with mix as (
    select
        {%- for name, condition in kinds.items() %}
        cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ name }},
        {%- endfor %}
        submitter_id,
        age_band,
        statistical_reporting_period_start
    from {{ ref('mbr_waiting_times__wait') }} as wait
    where role = 'population' and measure = '{{ measure }}'
    group by submitter_id, age_band, statistical_reporting_period_start
)

select
    council.*,
    {%- for name in kinds %}
    mix.{{ name }},
    {%- endfor %}
    cohort.all_request_count,
    cohort.all_assessment_count,
    cohort.all_service_count
from {{ ref('waiting_times__council') }} as council
inner join mix
    on
        council.la_code = mix.submitter_id
        and council.age_band = mix.age_band
        and council.statistical_reporting_period_start = mix.statistical_reporting_period_start
left join {{ ref('waiting_times__cohort_count') }} as cohort
    on
        council.la_code = cohort.la_code
        and council.age_band = cohort.age_band
        and council.statistical_reporting_period_start = cohort.statistical_reporting_period_start
where council.metric = '{{ measure }}'
{%- endmacro %}
