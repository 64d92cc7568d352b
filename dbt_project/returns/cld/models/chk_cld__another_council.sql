select
    'cld.another_council' as rule_id,
    submitter_id,
    record_key,
    'LA Code' as field,
    la_code as value_seen,
    evidence
from {{ ref('agg__cld_record') }}
where exclusion = 'another_council'
