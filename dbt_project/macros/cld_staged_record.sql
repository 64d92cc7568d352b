{#- One class of a council's rows: newest version of each record, labels in Release 2, no identifying value. -#}
{% macro cld_staged_record(class, codes, texts, is_event=true) %}
{%- set all_codes = cld_person_codes() + (['event_outcome'] if is_event else []) + codes -%}
select
    record._record_key as record_key,
    record._sender_id as sender_id,
    record.record_uid,
    '{{ class }}' as source_class,
    record._sender_id || ':' || trim(record.la_person_unique_identifier) as person_record_key,
    trim(record.la_code) as la_code,
    trim(record.la_person_unique_identifier) as la_person_unique_identifier,
    record.gp_practice_name,
    record.gp_practice_code,
    {%- for column in cld_restricted_columns() %}
    record.{{ column }} is not null as has_{{ column }},
    {%- endfor %}
    {%- if is_event %}
    record.event_reference,
    record.event_start_date,
    record.event_end_date,
    record.event_description is not null as has_event_description,
    lower(trim(record.event_status)) as event_status,
    {%- endif %}
    {%- for column in texts %}
    record.{{ column }},
    {%- endfor %}
    {%- for field in all_codes %}
    {{ cld_label_columns(field) }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ latest_version(source('raw', class)) }} as record
{%- for field in all_codes %}
{{ cld_label_join(field) }}
{%- endfor %}
{% endmacro %}
