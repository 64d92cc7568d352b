select
    'core.service_ends_before_start' as rule_id,
    location_id as submitter_id,
    record_key,
    'service_end_date' as field,
    cast(service_end_date as string) as value_seen,
    'service_start_date ' || cast(service_start_date as string) as evidence
from {{ ref('core__service_episode') }}
where service_end_date < service_start_date and location_is_known
