select
    'cqc_notifications.person_not_known' as rule_id,
    submitter_id,
    record_key,
    'subject_of_care' as field,
    'no person record' as value_seen,
    evidence
from {{ ref('cqc_notifications__listing') }}
where state = 'open' and person_key is null
