select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    care_provider as location_id,
    application_date,
    application_status,
    start_date_of_authorisation as authorised_from,
    planned_or_actual_end_date_of_authorisation as authorised_to,
    supervisory_body
from {{ latest_version(source('raw', 'deprivation_of_liberty_safeguards')) }}
