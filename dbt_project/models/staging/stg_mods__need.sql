select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    needs_concerns_or_problems_coded_value as need_code,
    care_act_outcome,
    eligibility,
    date as need_date
from {{ latest_version(source('raw', 'need')) }}
