select
    submitter_id,
    event_code,
    notification,
    regulation,
    to_do,
    person_code,
    event_date,
    days_since_event,
    known_on,
    days_since_known,
    detail,
    still_recorded,
    location_basis,
    record_key,
    evidence,
    state as decision,
    decided_on,
    cqc_reference,
    as_at_date
from {{ ref('cqc_notifications__list_row') }}
where state <> 'open'
