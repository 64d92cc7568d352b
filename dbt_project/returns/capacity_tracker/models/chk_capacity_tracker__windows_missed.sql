select
    'capacity_tracker.windows_missed' as rule_id,
    submitter_id,
    submitter_id as record_key,
    'handed_in_on' as field,
    missed as value_seen,
    limits as evidence
from {{ ref('stg_run__missed_window') }}
where return_id = 'capacity_tracker' and is_reached
