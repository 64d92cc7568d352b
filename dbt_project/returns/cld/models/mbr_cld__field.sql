{{ config(materialized='view') }}
{%- set fields = cld_fields() -%}
-- Fifty times the rows of the file, so a view: whoever opens a field's figure reads only that field of it.
with judged as (
    select
        record.submitter_id,
        record.record_key,
        record.person_key,
        record.event_type,
        record.client_type,
        field.database_column,
        field.field_type,
        case field.database_column
            {%- for name, applies, mandatory in fields %}
            when '{{ name }}' then {{ applies }}
            {%- endfor %}
        end as is_applicable,
        case field.database_column
            {%- for name, applies, mandatory in fields if mandatory %}
            when '{{ name }}' then {{ mandatory }}
            {%- endfor %}
            else false
        end as is_mandatory,
        case field.database_column
            {%- for name, applies, mandatory in fields %}
            when '{{ name }}' then {{ cld_is_filled(name) }}
            {%- endfor %}
        end as is_filled
    from {{ ref('agg__cld_row') }} as record
    cross join {{ ref('stg_cld__field') }} as field
)

select
    'cld' as return_id,
    submitter_id,
    'field' as measure,
    'field.' || database_column as cell_id,
    person_key,
    case when event_type is not null then record_key end as event_key,
    record_key,
    case when is_filled then 'numerator' else 'denominator' end as role,
    case when not is_filled then 'blank' end as reason,
    case when not is_filled and is_mandatory then 'mandatory' end as evidence,
    cast(1 as decimal(18, 4)) as quantity,
    database_column,
    field_type,
    is_mandatory,
    event_type,
    client_type
from judged
where is_applicable
