select
    'cld.person_with_several_ids' as rule_id,
    submitter_id,
    record_key,
    'LA Person Unique Identifier' as field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    cast(local_ids as {{ dbt.type_string() }}) || ' ids of one person' as evidence
from {{ ref('core__council_local_person') }}
where
    person_key is not null
    and local_ids > 1
