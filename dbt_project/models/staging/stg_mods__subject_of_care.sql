select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care_id as person_record_key,
    record_uid,
    version_number,
    subject_of_care_id,
    gender_identity,
    sex,
    ethnicity,
    sexual_orientation,
    religion,
    first_language,
    interpreter_required,
    deceased_date,
    is_deceased,
    local_authority
from {{ latest_version(source('raw', 'subject_of_care')) }}
