select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    reviewed_record,
    planned_review_date,
    start_date as review_start_date,
    completed_date as review_completed_date,
    review_reason,
    method_of_review,
    review_outcomes_achieved,
    event_outcome
from {{ latest_version(source('raw', 'review')) }}
