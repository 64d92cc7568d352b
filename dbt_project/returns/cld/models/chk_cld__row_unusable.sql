select
    'cld.row_unusable' as rule_id,
    submitter_id,
    record_key,
    header as field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    'blank' as evidence
from {{ ref('agg__cld_mandatory_field') }}
where
    not is_filled
    and database_column in ('Client_Type', 'Event_Start_Date')
