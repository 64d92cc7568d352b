select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    advance_statement_coded_value as statement_code,
    date as decided_on
from {{ latest_version(source('raw', 'advance_statement')) }}
