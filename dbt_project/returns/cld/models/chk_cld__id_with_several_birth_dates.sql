select
    'cld.id_with_several_birth_dates' as rule_id,
    submitter_id,
    record_key,
    'Date of Birth' as field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    cast(birth_dates as {{ dbt.type_string() }}) || ' different dates' as evidence
from {{ ref('core__council_local_person') }}
where birth_dates > 1
