select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    care_provider as location_id,
    service as service_record_uid,
    status as visit_status,
    planned_start,
    planned_end,
    actual_start,
    actual_end,
    contact_type,
    outcome_of_contact
from {{ latest_version(source('raw', 'visit')) }}
