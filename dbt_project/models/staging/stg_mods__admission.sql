select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    admitted_to as location_id,
    date_of_admission as admitted_at,
    source_of_admission,
    admission_method,
    planned_length_of_stay,
    service as service_record_uid
from {{ latest_version(source('raw', 'admission_details')) }}
