select
    'cqc_notifications.incident_code_not_known' as rule_id,
    submitter_id,
    record_key,
    'coded_value' as field,
    'in no value set' as value_seen,
    evidence
from {{ ref('cqc_notifications__listing') }}
where notification_type = 'code_not_known' and event_date <= as_at_date
