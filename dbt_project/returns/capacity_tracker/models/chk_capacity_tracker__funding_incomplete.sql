select
    'capacity_tracker.funding_incomplete' as rule_id,
    submitter_id,
    record_key,
    'care_funding_source' as field,
    'not known' as value_seen,
    evidence
from {{ ref('mbr_capacity_tracker__people') }}
where cell_id = 'users_self' and reason = 'funding_not_known'
