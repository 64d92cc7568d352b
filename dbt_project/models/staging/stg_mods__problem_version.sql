select
    _extract_id || ':' || _source_file || ':' || cast(_source_row as string) as version_key,
    _record_key as record_key,
    _sender_id as sender_id,
    {{ england_date('_as_at') }} as known_on,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    {{ newest_version_first() }} = 1 as is_newest,
    problem_coded_value as coded_value,
    onset_date
from {{ source('raw', 'problem') }}
