select
    'cld.unit_cost_missing' as rule_id,
    submitter_id,
    record_key,
    header as field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    'blank' as evidence
from {{ ref('agg__cld_mandatory_cost') }}
where
    not is_filled
    and database_column in ('Unit_Cost', 'Cost_Frequency_Unit_Type')
