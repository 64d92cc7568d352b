select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    assessment_type,
    status as assessment_status,
    start_date as assessment_start_date,
    date_completed as completed_at,
    eligible_needs_identified,
    method_of_assessment
from {{ latest_version(source('raw', 'assessment')) }}
