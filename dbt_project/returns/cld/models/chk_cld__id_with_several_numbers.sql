select
    'cld.id_with_several_numbers' as rule_id,
    submitter_id,
    record_key,
    'NHS Number' as field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    cast(nhs_numbers as {{ dbt.type_string() }}) || ' different numbers' as evidence
from {{ ref('core__council_local_person') }}
where nhs_numbers > 1
