select
    'cld.duplicate_removed' as rule_id,
    submitter_id,
    record_key,
    cast(null as {{ dbt.type_string() }}) as field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    evidence
from {{ ref('agg__cld_record') }}
where exclusion = 'duplicate'
