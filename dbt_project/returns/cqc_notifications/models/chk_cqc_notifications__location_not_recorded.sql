select
    'cqc_notifications.location_not_recorded' as rule_id,
    submitter_id,
    record_key,
    'location' as field,
    location_basis as value_seen,
    'listed at every location it may belong to' as evidence
from {{ ref('cqc_notifications__listing') }}
where state = 'open' and location_basis in ('in care there at another time', 'any location of the sender')
