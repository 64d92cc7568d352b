select
    'cqc_notifications.no_longer_recorded' as rule_id,
    submitter_id,
    record_key,
    'version_number' as field,
    'an earlier version' as value_seen,
    evidence
from {{ ref('cqc_notifications__listing') }}
where state = 'open' and not still_recorded
