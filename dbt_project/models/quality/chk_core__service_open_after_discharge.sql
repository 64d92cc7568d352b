select
    'core.service_open_after_discharge' as rule_id,
    location_id as submitter_id,
    record_key,
    'service_end_date' as field,
    coalesce(cast(service_end_date as string), 'blank') as value_seen,
    'discharged ' || cast(discharged_on as string) as evidence
from {{ ref('agg__service_now') }}
where state = 'discharged'
