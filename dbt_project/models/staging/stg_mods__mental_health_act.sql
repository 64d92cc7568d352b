select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    legal_status_coded_value as legal_status,
    section_start_date,
    section_end_date
from {{ latest_version(source('raw', 'mental_health_act')) }}
