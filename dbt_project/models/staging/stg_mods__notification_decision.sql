select
    _record_key as record_key,
    _sender_id as sender_id,
    {{ england_date('_as_at') }} as known_on,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    work_list_code,
    notification_type,
    event_record,
    outcome,
    care_provider as location_id,
    decision,
    decided_on,
    cqc_reference
from {{ latest_version(source('raw', 'notification_decision')) }}
