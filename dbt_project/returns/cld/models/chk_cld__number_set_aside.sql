select
    'cld.number_set_aside' as rule_id,
    submitter_id,
    record_key,
    'NHS Number' as field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    'number ' || number_state as evidence
from {{ ref('agg__cld_row') }}
where
    number_state not in ('verified', 'valid', 'missing')
    and not has_nhs_number
