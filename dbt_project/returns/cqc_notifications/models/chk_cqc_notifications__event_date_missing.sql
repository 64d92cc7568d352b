select
    'cqc_notifications.event_date_missing' as rule_id,
    submitter_id,
    record_key,
    'date' as field,
    'not recorded' as value_seen,
    evidence
from {{ ref('cqc_notifications__listing') }}
where state = 'open' and event_date is null and what <> 'authorisation'
