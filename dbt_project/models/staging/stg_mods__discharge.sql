select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    discharge_location as location_id,
    date_of_discharge as discharged_at,
    discharge_method,
    discharge_destination,
    admission as admission_record_uid
from {{ latest_version(source('raw', 'discharge_details')) }}
