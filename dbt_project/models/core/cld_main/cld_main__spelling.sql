{#- Each mapped text is normalised and mapped once per spelling, not once per row. -#}
{%- set fields = [
    'accommodation_status', 'assessment_type', 'client_funding_status', 'client_type', 'cost_frequency_unit_type',
    'delivery_mechanism', 'employment_status', 'ethnicity', 'event_outcome', 'event_type', 'gender',
    'has_unpaid_carer', 'hearing_impairment', 'method_of_assessment', 'method_of_review', 'primary_support_reason',
    'request_route_of_access', 'review_outcomes_achieved', 'review_reason', 'service_component', 'service_type',
    'total_hrs_caring_per_week', 'visual_impairment',
] -%}
with submitted as (
    {%- for field in fields %}
    select
        '{{ field }}' as field,
        {{ field }} as spelling,
        count(*) as submitted_rows
    from {{ ref('stg_cld__submission_row') }}
    where {{ field }} is not null
    group by {{ field }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

normalised as (
    select
        submitted.field,
        submitted.spelling,
        submitted.submitted_rows,
        case
            when run.text_null_is_null then nullif({{ same_text('submitted.spelling') }}, 'null')
            else {{ same_text('submitted.spelling') }}
        end as raw_key,
        run.event_key_source
    from submitted
    cross join {{ ref('stg_cld__method_run') }} as run
)

select
    normalised.field,
    normalised.spelling,
    normalised.submitted_rows,
    normalised.raw_key,
    map.cleaned,
    {{ same_text('map.cleaned') }} as cleaned_key,
    case normalised.event_key_source when 'raw' then normalised.raw_key else {{ same_text('map.cleaned') }} end
        as event_key_text,
    case
        when map.cleaned is not null
            then
                cast(dense_rank() over (order by normalised.field asc nulls last, map.cleaned asc nulls last) as bigint)
    end as label_id,
    map.grouped,
    case
        when map.grouped is not null
            then
                cast(dense_rank() over (order by normalised.field asc nulls last, map.grouped asc nulls last) as bigint)
    end as group_id,
    normalised.raw_key <> '' and map.cleaned is null as is_unmapped
from normalised
left join {{ ref('stg_cld__label_map') }} as map
    on normalised.field = map.field and normalised.raw_key = map.raw_key
