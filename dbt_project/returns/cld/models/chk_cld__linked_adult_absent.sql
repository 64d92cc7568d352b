select
    'cld.linked_adult_absent' as rule_id,
    submitter_id,
    record_key,
    field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    'no row of that id as a service user' as evidence
from {{ ref('agg__cld_linked_adult') }}
where not is_in_file
