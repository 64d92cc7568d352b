{%- set event_codes = cld_event_codes() -%}
{%- set coded = {
    'stg_cld__carer': cld_person_codes() + ['total_hrs_caring_per_week'],
    'stg_cld__cost': ['cost_frequency_unit_type']
} -%}
{%- for class, codes in event_codes.items() -%}
{%- do coded.update({'stg_' ~ class | replace('cld_', 'cld__'): cld_person_codes() + ['event_outcome'] + codes}) -%}
{%- endfor -%}
-- The labels that did not come exactly as Release 2 writes them.
{%- for relation, fields in coded.items() %}
select
    record_key,
    sender_id,
    source_class,
    field,
    raw_label,
    label,
    label_state
from (
    select
        record.record_key,
        record.sender_id,
        record.source_class,
        code_field.field,
        case code_field.field
            {%- for field in fields %}
            when '{{ field }}' then record.{{ field }}_raw
            {%- endfor %}
        end as raw_label,
        case code_field.field
            {%- for field in fields %}
            when '{{ field }}' then record.{{ field }}
            {%- endfor %}
        end as label,
        case code_field.field
            {%- for field in fields %}
            when '{{ field }}' then record.{{ field }}_label_state
            {%- endfor %}
        end as label_state
    from {{ ref(relation) }} as record
    cross join {{ ref('stg_cld__code_field') }} as code_field
    where code_field.field in ('{{ fields | join("', '") }}')
) as labelled
where label_state not in ('release 2', 'missing')
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
