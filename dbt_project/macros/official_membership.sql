{#- The leading columns of every membership relation, in the order the contracts fix. -#}
{% macro membership_columns(measure, submitter, person, event, record, role, reason, evidence) -%}
    'ascof' as return_id,
    {{ submitter }} as submitter_id,
    {{ measure }} as measure,
    cast(null as varchar(100)) as cell_id,
    {{ person }} as person_key,
    cast({{ event }} as varchar(100)) as event_key,
    cast({{ record }} as varchar(40)) as record_key,
    {{ role }} as role,
    {{ reason }} as reason,
    {{ evidence }} as evidence,
    cast(1 as decimal(18, 4)) as quantity
{%- endmacro %}
