{{ config(materialized='table') }}

{#- The types of the method's parameters; what they mean is said in data/standards/cld/method_parameters.csv. -#}
{%- set parameters = {
    'integer': [
        'small_file_rows', 'min_percent_of_file', 'missing_types_allowed', 'min_month_rows',
        'min_percent_of_median_month', 'min_percent_of_median_type', 'cluster_gap_days', 'new_client_days_2a',
        'sequel_days_2a', 'death_days_2a', 'nested_review_days_2a', 'unusable_outcome_penalty',
        'new_admission_days_2b2c', 'min_age_2d', 'days_before_2d', 'days_after_2d', 'follow_up_days_2d',
        'min_age_waiting', 'long_term_months_waiting', 'short_term_months_waiting',
    ],
    'date': ['calendar_start', 'first_admission_2d', 'first_request_waiting', 'release_2_from_waiting'],
    'switch': [
        'text_null_is_null', 'self_funders_in_history_2b2c', 'blank_component_2b2c', 'count_local_ids_2b2c',
        'settled_needs_local_id_2e', 'blank_component_3d_carers',
    ],
    'varchar(200)': [
        'period_rule', 'few_events_la_code', 'stated_period_la_code', 'death_source', 'ignored_death_number',
        'event_type_source', 'event_key_source', 'population_source', 'population_gender', 'population_pub_flag',
    ],
} -%}
select
    {%- for type, names in parameters.items() %}{% for name in names %}
    {% if type == 'switch' -%}
    max(case when parameter.parameter = '{{ name }}' then parameter.value end) = '1'
    {%- else -%}
    cast(max(case when parameter.parameter = '{{ name }}' then parameter.value end) as {{ type }})
    {%- endif %} as {{ name }},
    {%- endfor %}{% endfor %}
    run.method_id,
    run.history_start,
    run.period_start,
    run.period_end,
    run.as_at,
    run.population_year,
    run.calendar_today
from {{ source('cld_store', 'cld_run') }} as run
inner join {{ source('cld_store', 'cld_method_parameter') }} as parameter on run.method_id = parameter.method_id
group by
    run.method_id, run.history_start, run.period_start, run.period_end, run.as_at, run.population_year,
    run.calendar_today
