select
    'cld.no_person' as rule_id,
    submitter_id,
    record_key,
    'LA Person Unique Identifier' as field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    'no person in the person index' as evidence
from {{ ref('agg__cld_row') }}
where person_key is null
