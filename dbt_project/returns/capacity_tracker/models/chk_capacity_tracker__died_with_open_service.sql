select
    'capacity_tracker.died_with_open_service' as rule_id,
    submitter_id,
    record_key,
    'service_end_date' as field,
    'open' as value_seen,
    evidence
from {{ ref('mbr_capacity_tracker__people') }}
where cell_id in ('occupied', 'service_users') and reason = 'died'
