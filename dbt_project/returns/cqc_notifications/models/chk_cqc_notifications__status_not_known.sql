select
    'cqc_notifications.status_not_known' as rule_id,
    submitter_id,
    record_key,
    'application_status' as field,
    'not known' as value_seen,
    evidence
from {{ ref('cqc_notifications__listing') }}
where state = 'open' and outcome = 'not_known'
