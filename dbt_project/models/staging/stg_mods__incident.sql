select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    date as incident_date,
    coded_value as incident_type,
    location as incident_location,
    service_provider
from {{ latest_version(source('raw', 'incident')) }}
