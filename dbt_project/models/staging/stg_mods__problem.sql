select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    problem_coded_value as problem_code,
    impairment_category as impairment_code,
    hearing_impairment,
    visual_impairment,
    onset_date,
    end_date,
    date as recorded_on
from {{ latest_version(source('raw', 'problem')) }}
