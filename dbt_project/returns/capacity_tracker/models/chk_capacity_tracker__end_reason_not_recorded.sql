select
    'capacity_tracker.end_reason_not_recorded' as rule_id,
    submitter_id,
    record_key,
    'end_reason' as field,
    'not recorded' as value_seen,
    evidence
from {{ ref('mbr_capacity_tracker__package') }}
where reason = 'end_reason_not_recorded'
