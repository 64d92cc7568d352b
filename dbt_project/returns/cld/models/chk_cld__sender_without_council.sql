select
    'cld.sender_without_council' as rule_id,
    cast(null as {{ dbt.type_string() }}) as submitter_id,
    cast(null as {{ dbt.type_string() }}) as record_key,
    'LA Code' as field,
    sender_id as value_seen,
    'no record carries the LA code of a council of this client' as evidence
from {{ ref('core__council_sender') }}
where submitter_id is null
