select
    'cld.age_over_115' as rule_id,
    submitter_id,
    record_key,
    'Date of Birth' as field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    'age over 115 at the end of the period' as evidence
from {{ ref('agg__cld_row') }}
where age_at_period_end > 115
