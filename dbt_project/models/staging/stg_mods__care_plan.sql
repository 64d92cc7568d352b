select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    status as plan_status,
    date_completed as completed_at,
    date_this_plan_was_last_updated as updated_at,
    planned_review_date_interval as planned_review_date,
    assessment as assessment_record_uid
from {{ latest_version(source('raw', 'care_plan')) }}
