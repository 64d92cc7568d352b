select
    'cqc_notifications.incident_uncoded' as rule_id,
    submitter_id,
    record_key,
    'coded_value' as field,
    'not recorded' as value_seen,
    evidence
from {{ ref('mbr_cqc_notifications__incident') }}
where cell_id = 'incidents.uncoded' and role = 'numerator'
