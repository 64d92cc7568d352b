select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':unpaid_carer:' || record_uid as person_record_key,
    _sender_id || ':' || person_cared_for as cared_for_person_record_key,
    record_uid,
    version_number,
    household_member,
    hours_caring_per_week
from {{ latest_version(source('raw', 'unpaid_carer')) }}
