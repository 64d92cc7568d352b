select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    risk_category,
    start_date_of_risk as started_at,
    end_date_of_risk as ended_at
from {{ latest_version(source('raw', 'risk')) }}
