select
    'cld.association_with_event' as rule_id,
    submitter_id,
    record_key,
    'Client Type' as field,
    client_type as value_seen,
    'event type ' || event_type as evidence
from {{ ref('agg__cld_row') }}
where
    event_type is not null
    and {{ cld_says('client_type', 'Unpaid carer known by association') }}
